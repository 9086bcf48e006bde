-- A database as the first version of the schema has made it, with a row or two. It is
-- history: it never changes.
CREATE TABLE goose_db_version (
		id INTEGER PRIMARY KEY AUTOINCREMENT,
		version_id INTEGER NOT NULL,
		is_applied INTEGER NOT NULL,
		tstamp TIMESTAMP DEFAULT (datetime('now'))
	);
INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1), (1, 1);
-- "Suhb" in ASCII: whose file this is (sqlite.org/pragma.html#pragma_application_id).
PRAGMA application_id = 1400203362;

-- One row for each thing that came in. body is there until it is finished, and only
-- if the network will not deliver it again.
CREATE TABLE inbox (
    network  TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    seq      BIGINT  NOT NULL DEFAULT 0,  -- the order in which bodies came
    space    TEXT    NOT NULL DEFAULT '', -- the conversation of a body
    chat     TEXT    NOT NULL DEFAULT '',
    thread   TEXT    NOT NULL DEFAULT '',
    body     BLOB,
    at       BIGINT  NOT NULL,            -- when it was first seen
    part     INTEGER NOT NULL DEFAULT 0,  -- the part that was about to be sent last
    tries    INTEGER NOT NULL DEFAULT 0,  -- how often that part was; 0: none was
    finished BIGINT  NOT NULL DEFAULT 0,
    PRIMARY KEY (network, id)
) WITHOUT ROWID;
CREATE INDEX inbox_at ON inbox (at);
CREATE INDEX inbox_kept ON inbox (network, seq) WHERE body IS NOT NULL;

CREATE TABLE talks (
    network TEXT   NOT NULL,
    space   TEXT   NOT NULL,
    chat    TEXT   NOT NULL,
    thread  TEXT   NOT NULL,
    state   BLOB   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (network, space, chat, thread)
) WITHOUT ROWID;
CREATE INDEX talks_at ON talks (at);

CREATE TABLE preferences (
    network TEXT   NOT NULL,
    space   TEXT   NOT NULL,
    chat    TEXT   NOT NULL,
    thread  TEXT   NOT NULL, -- always empty
    lang    TEXT   NOT NULL,
    zone    TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (network, space, chat, thread)
) WITHOUT ROWID;

-- Places that take no messages.
CREATE TABLE gone (
    network TEXT   NOT NULL,
    space   TEXT   NOT NULL,
    chat    TEXT   NOT NULL,
    thread  TEXT   NOT NULL,
    why     TEXT   NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (network, space, chat, thread)
) WITHOUT ROWID;

-- Without an author, and with no more of a time than the day.
CREATE TABLE notes (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    verdict TEXT NOT NULL,
    fact    TEXT NOT NULL,
    text    TEXT NOT NULL,
    lang    TEXT NOT NULL,
    day     TEXT NOT NULL
);
CREATE INDEX notes_day ON notes (day);

INSERT INTO inbox (network, id, seq, space, chat, thread, body, at) VALUES ('telegram', '7', 1793437200000000, '', '1', '', x'7175657374696f6e', 1793437200000000);
INSERT INTO preferences (network, space, chat, thread, lang, zone, at) VALUES ('telegram', '', '1', '', 'ky', '', 1793437200000000);
