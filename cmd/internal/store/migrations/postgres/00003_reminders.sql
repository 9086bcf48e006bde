-- Reminders: who gets what, how far it is planned, and what became of each.

-- +goose Up

CREATE TABLE subscriptions (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    network    TEXT COLLATE "C" NOT NULL,
    space      TEXT COLLATE "C" NOT NULL,
    chat       TEXT COLLATE "C" NOT NULL,
    thread     TEXT COLLATE "C" NOT NULL,
    origin     TEXT COLLATE "C" NOT NULL,
    at         BIGINT NOT NULL,
    wall       TEXT COLLATE "C" NOT NULL,
    zone       TEXT COLLATE "C" NOT NULL,
    lang       TEXT COLLATE "C" NOT NULL,
    topics     TEXT COLLATE "C" NOT NULL,
    ahead      TEXT COLLATE "C" NOT NULL,
    quiet_from TEXT COLLATE "C" NOT NULL,
    quiet_to   TEXT COLLATE "C" NOT NULL,
    weekend    TEXT COLLATE "C" NOT NULL,
    round_only BIGINT NOT NULL,
    asked_by   TEXT COLLATE "C" NOT NULL,
    paused     TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX subscriptions_place ON subscriptions (network, space, chat, thread);

CREATE TABLE cursors (
    channel TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    until   BIGINT NOT NULL,
    print   TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE deliveries (
    key         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    event       TEXT COLLATE "C" NOT NULL,
    year        BIGINT NOT NULL,
    channel     TEXT COLLATE "C" NOT NULL,
    lead        BIGINT NOT NULL,
    topic       TEXT COLLATE "C" NOT NULL,
    due_at      BIGINT NOT NULL,
    not_after   BIGINT NOT NULL,
    wall        TEXT COLLATE "C" NOT NULL,
    zone        TEXT COLLATE "C" NOT NULL,
    print       TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL,
    reason      TEXT COLLATE "C" NOT NULL,
    note        TEXT COLLATE "C" NOT NULL,
    wake_at     BIGINT NOT NULL,
    post        TEXT COLLATE "C" NOT NULL,
    epoch       BIGINT NOT NULL,
    owner       TEXT COLLATE "C" NOT NULL,
    intent_at   BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    tries       BIGINT NOT NULL,
    sent_at     BIGINT NOT NULL,
    receipt     TEXT COLLATE "C" NOT NULL,
    body_hash   TEXT COLLATE "C" NOT NULL,
    lang        TEXT COLLATE "C" NOT NULL,
    version     BIGINT NOT NULL
);
CREATE INDEX deliveries_channel ON deliveries (channel, wake_at);
CREATE INDEX deliveries_wake ON deliveries (wake_at, channel) WHERE wake_at > 0;
CREATE INDEX deliveries_due ON deliveries (due_at);
CREATE INDEX deliveries_post ON deliveries (post) WHERE post <> '';
