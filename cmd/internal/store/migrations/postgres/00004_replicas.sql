-- What several replicas of the program share: which of them are alive, what only one may
-- do, who answers what came in, and when something may be sent. All instants are of the
-- server's clock, in microseconds since 1970.

-- +goose Up

-- A replica is alive as long as its row is here. It moves expires ahead every few
-- seconds; the others delete a row that has expired.
CREATE TABLE replicas (
    id      TEXT COLLATE "C" PRIMARY KEY,
    since   BIGINT NOT NULL, -- since when it has done so without a gap
    expires BIGINT NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Who does what only one may. A lock of a replica that is not alive is free.
CREATE TABLE locks (
    name    TEXT COLLATE "C" PRIMARY KEY,
    replica TEXT COLLATE "C" NOT NULL
);

CREATE TABLE told (
    what  TEXT COLLATE "C" PRIMARY KEY,
    until BIGINT NOT NULL
);

ALTER TABLE inbox ADD COLUMN replica TEXT COLLATE "C" NOT NULL DEFAULT '';

-- When something was sent under a limit last, the oldest first, and until when the
-- network takes nothing.
CREATE TABLE slots (
    name   TEXT COLLATE "C" PRIMARY KEY,
    taken  BIGINT[] NOT NULL DEFAULT '{}',
    closed BIGINT   NOT NULL DEFAULT 0
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- What is sent and not answered yet, or was answered less than a window ago.
CREATE TABLE flights (
    id    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name  TEXT COLLATE "C" NOT NULL,
    until BIGINT NOT NULL -- when it does not count any more; far away while it is not answered
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX flights_until ON flights (name, until);

-- reserve_slot takes a slot under all limits or none, see Store.Reserve. The rows are
-- locked in the order that is given, the one that everybody wants last and shortest, and
-- the clock is read when all are: one who has waited for a row has not waited for
-- nothing. It is one statement of the client, so the way to the server and back is not
-- part of the time for which a row is locked.
-- +goose StatementBegin
CREATE FUNCTION reserve_slot(names TEXT[], most INT[], windows BIGINT[], ahead BIGINT,
    fly TEXT, flies INT, lease BIGINT, OUT ok BOOLEAN, OUT wait BIGINT, OUT held TEXT, OUT flight BIGINT) AS $$
DECLARE
    n       CONSTANT INT := cardinality(names);
    sane    CONSTANT BIGINT := 120000000; -- a slot further away is of a time before the clock was put back
    line    RECORD;
    first   BIGINT[]; -- when each limit has a slot
    shut    BIGINT[];
    instant BIGINT;
    slot    BIGINT;
    many    INT;
    due     BIGINT;
BEGIN
    FOR i IN 1..n LOOP
        LOOP
            SELECT s.taken, s.closed INTO line FROM slots s WHERE s.name = names[i] FOR UPDATE;
            EXIT WHEN FOUND;
            INSERT INTO slots (name) VALUES (names[i]) ON CONFLICT (name) DO NOTHING;
        END LOOP;
        first[i] := 0;
        shut[i] := line.closed;
        IF most[i] > 0 AND cardinality(line.taken) >= most[i] THEN
            first[i] := line.taken[cardinality(line.taken) - most[i] + 1] + windows[i];
        END IF;
    END LOOP;
    instant := CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT);
    FOR i IN 1..n LOOP
        IF first[i] > instant + windows[i] + sane THEN
            first[i] := 0;
        END IF;
        first[i] := GREATEST(instant, first[i], shut[i]);
    END LOOP;
    slot := first[n];
    ok := FALSE;
    FOR i IN 1..n - 1 LOOP
        IF first[i] > slot THEN
            wait := first[i] - instant;
            held := names[i];
            RETURN;
        END IF;
    END LOOP;
    IF fly <> '' THEN -- one of flies that are on their way, or were a window ago, has to be over by then
        DELETE FROM flights f WHERE f.name = fly AND f.until <= instant;
        SELECT COUNT(*) INTO many FROM flights f WHERE f.name = fly AND f.until > slot;
        IF many >= flies THEN
            SELECT f.until INTO due FROM flights f WHERE f.name = fly AND f.until > slot ORDER BY f.until OFFSET many - flies LIMIT 1;
            IF due > instant + lease / 2 THEN -- nobody knows when it will be answered
                wait := 15000;
                held := names[n];
                RETURN;
            END IF;
            slot := due;
        END IF;
    END IF;
    IF slot - instant > ahead THEN
        wait := slot - instant - ahead;
        held := names[n];
        RETURN;
    END IF;
    FOR i IN 1..n LOOP
        IF most[i] > 0 THEN
            UPDATE slots s SET taken = (s.taken || slot)[GREATEST(1, cardinality(s.taken) + 2 - most[i]):] WHERE s.name = names[i];
        END IF;
    END LOOP;
    IF fly <> '' THEN
        INSERT INTO flights (name, until) VALUES (fly, instant + lease) RETURNING id INTO flight;
    END IF;
    ok := TRUE;
    wait := slot - instant;
END
$$ LANGUAGE plpgsql;
-- +goose StatementEnd
