package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"suhbat/bot"
	"suhbat/cmd/internal/app"
	"suhbat/cmd/internal/store"
	"suhbat/cmd/internal/store/storetest"
)

// TestStoreCopy is how an operator moves to a server: what the program says, and its exit
// codes, by which a script goes on or stops.
func TestStoreCopy(t *testing.T) {
	file, server := "sqlite:"+t.TempDir()+"/suhbat.db", storetest.Database(t)
	db, err := store.Open(t.Context(), file, store.Options{Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	for _, chat := range []string{"1", "2", "3"} {
		if err := db.SetPreference(t.Context(), bot.Address{Network: "telegram", Chat: chat}, bot.Preference{Lang: "ky"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, env  string
		args       []string
		code       int
		said, told string // on standard output, and on the other
	}{
		{"nowhere to", "", []string{"--from", file}, 2, "", "wants --from, and --to or SUHBAT_DATABASE_URL"},
		{"to a file", "", []string{"--from", file, "--to", "sqlite:other.db"}, 2, "", "a copy goes to postgres://"},
		{"no server", "postgres://u:secret@127.0.0.1:1/d", []string{"--from", file}, 1, "", "nothing was copied: the server cannot be reached"},
		{"all", server, []string{"--from", file}, 0, "3  preferences\n", ""},
		{"twice", server, []string{"--from", file}, 1, "", "expected an empty database"},
	} {
		var out, errs bytes.Buffer
		code := app.Main(app.Process{
			Args: append([]string{"store", "copy"}, tt.args...), In: strings.NewReader(""), Out: &out, Err: &errs, Now: time.Now,
			Getenv: func(name string) string { return map[string]string{"SUHBAT_DATABASE_URL": tt.env}[name] },
		})
		if code != tt.code || !strings.Contains(out.String(), tt.said) || !strings.Contains(errs.String(), tt.told) || strings.Contains(errs.String(), "secret") {
			t.Errorf("%s: got %d, %q, %q", tt.name, code, &out, &errs)
		}
	}
}
