-- Who has taken what in. One process has the file, so that there is one replica; the
-- tables are those of migrations/postgres, but for the slots, which nobody shares here.

-- +goose Up

CREATE TABLE replicas (
    id      TEXT   NOT NULL PRIMARY KEY,
    since   BIGINT NOT NULL,
    expires BIGINT NOT NULL
) WITHOUT ROWID;

CREATE TABLE locks (
    name    TEXT NOT NULL PRIMARY KEY,
    replica TEXT NOT NULL
) WITHOUT ROWID;

-- What those who run the program were told, and until when it need not be said again.
CREATE TABLE told (
    what  TEXT   NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL
) WITHOUT ROWID;

-- The replica that answers it; nobody's if that is not in replicas.
ALTER TABLE inbox ADD COLUMN replica TEXT NOT NULL DEFAULT '';
