-- What an app that many workspaces install keeps. What is secret in it arrives here
-- sealed.

-- +goose Up

CREATE TABLE installations (
    enterprise TEXT   NOT NULL,
    team       TEXT   NOT NULL,
    meta       TEXT   NOT NULL, -- JSON, nothing secret
    sealed     BLOB   NOT NULL,
    expires    BIGINT NOT NULL, -- 0: never
    PRIMARY KEY (enterprise, team)
) WITHOUT ROWID;

CREATE TABLE states (
    state   TEXT   NOT NULL PRIMARY KEY,
    data    BLOB   NOT NULL,
    expires BIGINT NOT NULL
) WITHOUT ROWID;
