package store

import (
	"context"
	"database/sql"
	"time"

	"suhbat/bot"
)

// noteLasts is how long notes are kept: the curators have a year to read them.
const noteLasts = 365 * 24 * time.Hour

// Note keeps a note; see [bot.Notebook]. What somebody says is on the disk when it
// returns. A question without an answer was promised to nobody, and the reply to it does
// not wait: Note returns before it is committed.
func (s *Store) Note(ctx context.Context, n bot.Note) error {
	const what = "keep a note"
	do := func(t *tx) error {
		_, err := t.exec("INSERT INTO notes (verdict, fact, text, lang, day) VALUES (?1, ?2, ?3, ?4, ?5)",
			encode(string(n.Verdict)), encode(n.Fact), encode(n.Text), encode(n.Lang), encode(n.Day))
		return err
	}
	if n.Verdict == bot.Unanswered {
		return s.writer.soon(ctx, what, do, nil)
	}
	return s.writer.write(ctx, what, do)
}

// Notes returns the newest notes first; see [bot.Notebook].
func (s *Store) Notes(ctx context.Context, most int) ([]bot.Note, error) {
	if err := s.writer.settle(ctx); err != nil {
		return nil, err
	}
	var notes []bot.Note
	err := s.rows(ctx, "read notes", "SELECT verdict, fact, text, lang, day FROM notes ORDER BY id DESC LIMIT ?1",
		[]any{max(most, 0)}, func(rows *sql.Rows) error {
			var verdict, fact, text, lang, day string
			err := rows.Scan(&verdict, &fact, &text, &lang, &day)
			notes = append(notes, bot.Note{
				Verdict: bot.Verdict(decode(verdict)),
				Fact:    decode(fact), Text: decode(text), Lang: decode(lang), Day: decode(day),
			})
			return err
		})
	return notes, err
}
