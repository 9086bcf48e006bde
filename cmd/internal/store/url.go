package store

import (
	"errors"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ErrURL is a database URL that is none. It deliberately repeats nothing of the URL: there may be a password in it.
var ErrURL = errors.New("store: wrong database URL: expected sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE")

// parseURL reads a URL. It returns the file that one such as "sqlite:suhbat.db" or
// "sqlite:/var/lib/suhbat/suhbat.db" names, or ":memory:"; or how to connect to the server
// that one such as "postgres://suhbat@db.example.org/suhbat?sslmode=verify-full" names.
func parseURL(text string) (file string, server *pgx.ConnConfig, err error) {
	scheme, file, ok := strings.Cut(text, ":")
	switch {
	case !ok:
		return "", nil, ErrURL
	case scheme == "postgres" || scheme == "postgresql":
		server, err = parseServer(text)
		return "", server, err
	case scheme != "sqlite" || file == "" || strings.HasPrefix(file, "//") || strings.ContainsRune(file, 0):
		return "", nil, ErrURL
	}
	return file, nil, nil
}

// parseServer reads the URL of a PostgreSQL server
// (postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS). The errors of
// the libraries are left out, since they repeat parts of it.
func parseServer(text string) (*pgx.ConnConfig, error) {
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" || strings.Trim(u.Path, "/") == "" && !u.Query().Has("dbname") {
		return nil, ErrURL
	}
	config, err := pgx.ParseConfig(text)
	if err != nil {
		return nil, ErrURL
	}
	return config, nil
}
