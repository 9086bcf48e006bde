-- Reminders: who gets what, how far it is planned, and what became of each.
-- Instants are microseconds since 1970, 0 for none.

-- +goose Up

CREATE TABLE subscriptions (
    id         TEXT    NOT NULL PRIMARY KEY, -- stays when the place moves
    network    TEXT    NOT NULL,
    space      TEXT    NOT NULL,
    chat       TEXT    NOT NULL,
    thread     TEXT    NOT NULL,
    origin     TEXT    NOT NULL,
    at         BIGINT  NOT NULL, -- when it was last set
    wall       TEXT    NOT NULL, -- time of day
    zone       TEXT    NOT NULL,
    lang       TEXT    NOT NULL,
    topics     TEXT    NOT NULL, -- JSON
    ahead      TEXT    NOT NULL, -- JSON
    quiet_from TEXT    NOT NULL,
    quiet_to   TEXT    NOT NULL,
    weekend    TEXT    NOT NULL,
    round_only INTEGER NOT NULL, -- 0 or 1
    asked_by   TEXT    NOT NULL,
    paused     TEXT    NOT NULL
);
CREATE UNIQUE INDEX subscriptions_place ON subscriptions (network, space, chat, thread);

CREATE TABLE cursors (
    channel TEXT   NOT NULL PRIMARY KEY,
    until   BIGINT NOT NULL,
    print   TEXT   NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE deliveries (
    key         TEXT    NOT NULL PRIMARY KEY,
    event       TEXT    NOT NULL,
    year        INTEGER NOT NULL,
    channel     TEXT    NOT NULL,
    lead        INTEGER NOT NULL,
    topic       TEXT    NOT NULL,
    due_at      BIGINT  NOT NULL,
    not_after   BIGINT  NOT NULL,
    wall        TEXT    NOT NULL,
    zone        TEXT    NOT NULL,
    print       TEXT    NOT NULL,
    state       TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    note        TEXT    NOT NULL,
    wake_at     BIGINT  NOT NULL,
    post        TEXT    NOT NULL,
    epoch       INTEGER NOT NULL,
    owner       TEXT    NOT NULL,
    intent_at   BIGINT  NOT NULL,
    lease_until BIGINT  NOT NULL,
    tries       INTEGER NOT NULL,
    sent_at     BIGINT  NOT NULL,
    receipt     TEXT    NOT NULL,
    body_hash   TEXT    NOT NULL,
    lang        TEXT    NOT NULL,
    version     BIGINT  NOT NULL
);
CREATE INDEX deliveries_channel ON deliveries (channel, wake_at);
CREATE INDEX deliveries_wake ON deliveries (wake_at, channel) WHERE wake_at > 0;
CREATE INDEX deliveries_due ON deliveries (due_at);
CREATE INDEX deliveries_post ON deliveries (post) WHERE post <> '';
