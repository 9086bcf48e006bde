package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"
)

// lock makes sure that one process at a time uses a database file, by a lock on
// FILE.lock. The kernel takes it from a process that ends, however it ends; the file
// stays, and holds the process id for whoever comes second.
func lock(file string) (*flock.Flock, error) {
	dir := filepath.Dir(file)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("store: the folder of the database, %s, does not exist: expected a folder that may be written to", dir)
	}
	name := file + ".lock"
	l := flock.New(name)
	locked, err := l.TryLock()
	switch {
	case errors.Is(err, fs.ErrPermission):
		return nil, fmt.Errorf("store: no right to write to the folder of the database, %s: expected a folder that may be written to: %w", dir, err)
	case err != nil:
		return nil, fmt.Errorf("store: lock the database: %w", err)
	case !locked:
		return nil, fmt.Errorf("store: another suhbat uses this database, %s: pid %s: expected to be the only one", file, holder(name))
	}
	// Advisory: who reads a broken or an old one is told a wrong pid, no more.
	_ = os.WriteFile(name, []byte(strconv.Itoa(os.Getpid())), 0o600)
	return l, nil
}

// holder reads who has the lock.
func holder(name string) string {
	b, err := os.ReadFile(name)
	if pid := strings.TrimSpace(string(b)); err == nil && pid != "" {
		return pid
	}
	return "unknown"
}
