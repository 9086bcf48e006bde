-- What an app that many workspaces install keeps. What is secret in it arrives here
-- sealed.

-- +goose Up

CREATE TABLE installations (
    enterprise TEXT COLLATE "C" NOT NULL,
    team       TEXT COLLATE "C" NOT NULL,
    meta       TEXT COLLATE "C" NOT NULL,
    sealed     BYTEA  NOT NULL,
    expires    BIGINT NOT NULL,
    PRIMARY KEY (enterprise, team)
);

CREATE TABLE states (
    state   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    data    BYTEA  NOT NULL,
    expires BIGINT NOT NULL
);
