package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// rows runs a query on a connection that reads and hands each row to scan. what is for
// an error: what could not be done.
func (s *Store) rows(ctx context.Context, what, query string, args []any, scan func(*sql.Rows) error) error {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return s.failed(what, err)
	}
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return s.failed(what, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return s.failed(what, err)
		}
	}
	if err := rows.Err(); err != nil {
		return s.failed(what, err)
	}
	return nil
}

// get scans the one row of a query into dest, which stays as it is if there is none.
func (s *Store) get(ctx context.Context, what, query string, args []any, dest ...any) error {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return s.failed(what, err)
	}
	err = stmt.QueryRowContext(ctx, args...).Scan(dest...)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return s.failed(what, err)
	}
	return nil
}

// statement is a prepared statement. It is closed with its connections.
type statement interface {
	ExecContext(ctx context.Context, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, args ...any) *sql.Row
}

// prepare returns the statement of a query, which is prepared once.
func (s *Store) prepare(ctx context.Context, query string) (statement, error) {
	s.preparing.Lock()
	defer s.preparing.Unlock()
	if stmt := s.stmts[query]; stmt != nil {
		return stmt, nil
	}
	stmt, err := s.reads.PrepareContext(ctx, s.kind.rebind(query))
	if err != nil {
		return nil, err
	}
	s.stmts[query] = stmt
	return stmt, nil
}

// failed says what could not be done, and why.
func (s *Store) failed(what string, err error) error {
	if s.writer.isClosed() {
		return ErrClosed
	}
	return fmt.Errorf("store: %s: %w", what, s.kind.explain(err))
}
