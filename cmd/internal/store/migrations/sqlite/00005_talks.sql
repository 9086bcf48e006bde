-- Each turn of a conversation changes its row, and the index on when cost as much as the
-- row. What is too old is found by reading the table, which holds half an hour.

-- +goose Up

DROP INDEX talks_at;
