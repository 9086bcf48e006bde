package store

import (
	"errors"
	"fmt"
	"strings"
)

// ErrURL is a database URL that is none. It deliberately repeats nothing of the URL: there may be a password in it.
var ErrURL = errors.New("store: wrong database URL: expected sqlite:FILE")

// sqliteFile returns the file that a URL such as "sqlite:suhbat.db" or
// "sqlite:/var/lib/suhbat/suhbat.db" names, or ":memory:".
func sqliteFile(url string) (string, error) {
	scheme, file, ok := strings.Cut(url, ":")
	switch {
	case !ok:
		return "", ErrURL
	case scheme == "postgres" || scheme == "postgresql":
		return "", fmt.Errorf("%w; PostgreSQL is not supported yet by this version", ErrURL)
	case scheme != "sqlite" || file == "" || strings.HasPrefix(file, "//") || strings.ContainsRune(file, 0):
		return "", ErrURL
	}
	return file, nil
}
