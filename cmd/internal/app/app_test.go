package app

import (
	"bufio"
	"errors"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot/lang/packs"
	"suhbat/facts/data"
)

// start runs the program in this process.
func start(t *testing.T, in string, args ...string) (code int, out, errs string) {
	t.Helper()
	var o, e strings.Builder
	code = Main(Process{
		Args: args, In: strings.NewReader(in), Out: &o, Err: &e,
		Getenv: func(string) string { return "" },
		Now:    func() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) },
	})
	return code, o.String(), e.String()
}

func TestMainInProcess(t *testing.T) {
	if code, out, errs := start(t, "", "upcoming", "--days", "2"); code != exitOK || !strings.HasPrefix(out, "2026-11-25") || errs != "" {
		t.Errorf("got %d, %q, %q", code, out, errs)
	}
	if code, _, errs := start(t, "", "nonsense"); code != exitUsage || strings.Count(errs, "\n") != 1 {
		t.Errorf("got %d, %q", code, errs)
	}
}

// TestStaleForms: where the flat forms are not those of the YAML files, the files
// themselves count.
func TestStaleForms(t *testing.T) {
	_, want, _ := start(t, "", "ask", "who chaired in 2022?")
	facts, languages := data.Flat, packs.Flat
	defer func() { data.Flat, packs.Flat = facts, languages }()
	for _, broken := range []string{"", facts[:100], strings.Replace(facts, "\n", "\nx", 1)} {
		data.Flat, packs.Flat = broken, broken
		if code, got, errs := start(t, "", "ask", "who chaired in 2022?"); code != exitOK || got != want || errs != "" {
			t.Errorf("got %d, %q, %q", code, got, errs)
		}
	}
}

// TestMessagesAreClean checks that what was typed cannot move the cursor of
// whoever reads the message about it.
func TestMessagesAreClean(t *testing.T) {
	const evil = "\x1b[2J\u202e\n"
	for _, args := range [][]string{{evil}, {"--" + evil}, {"ask", "--at", evil, "x"}, {"facts", "show", evil}, {"facts", "check", evil}} {
		code, _, errs := start(t, "", args...)
		if code == exitOK || strings.Count(errs, "\n") != 1 || strings.ContainsAny(errs, "\x1b\u202e") {
			t.Errorf("%q: exit code %d, %q", args, code, errs)
		}
	}
}

// failing is a stream that breaks.
type failing struct{}

func (failing) Read([]byte) (int, error)  { return 0, errors.New("torn") }
func (failing) Write([]byte) (int, error) { return 0, errors.New("full") }

func TestMainBrokenStreams(t *testing.T) {
	for _, args := range [][]string{
		{"version"}, {"facts", "schema"}, {"facts", "list"}, {"facts", "check"}, {"upcoming", "--days", "99"}, {"ask", "help"}, {"chat"}, {"ask", "--jsonl"}, {"health"}, {"explain", "x"},
	} {
		var errs strings.Builder
		code := Main(Process{Args: args, In: failing{}, Out: failing{}, Err: &errs, Getenv: func(string) string { return "" }, Now: time.Now})
		if code != exitWrong || errs.Len() == 0 {
			t.Errorf("%q: exit code %d, %q", args, code, errs.String())
		}
	}
}

func TestReadLine(t *testing.T) {
	const limit = 20
	long := strings.Repeat("x", limit+1)
	in := "a\n\nb\r\n" + long + "\n" + strings.Repeat(long, 9) + "\n" + long[:limit] + "\nlast"
	want := []string{"a", "", "b", "long", "long", long[:limit], "last"}
	r := bufio.NewReaderSize(strings.NewReader(in), 16)
	var got []string
	for {
		line, err := readLine(r, limit)
		if errors.Is(err, io.EOF) {
			break
		}
		if errors.Is(err, errLong) {
			line = []byte("long")
		} else if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(line))
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLocale(t *testing.T) {
	tests := []struct {
		env  map[string]string
		want language.Tag
	}{
		{nil, language.Und},
		{map[string]string{"LANG": "ru_RU.UTF-8"}, language.MustParse("ru-RU")},
		{map[string]string{"LC_ALL": "C.UTF-8", "LANG": "en"}, language.English},
		{map[string]string{"LANG": "no such thing"}, language.Und},
	}
	for _, tt := range tests {
		if got := locale(func(name string) string { return tt.env[name] }); got != tt.want {
			t.Errorf("%v: got %v, want %v", tt.env, got, tt.want)
		}
	}
}

func TestHistoryFile(t *testing.T) {
	tests := []struct {
		env  map[string]string
		want string
	}{
		{nil, ""},
		{map[string]string{"HOME": "/home/a"}, "/home/a/.local/state/suhbat/history"},
		{map[string]string{"HOME": "/home/a", "XDG_STATE_HOME": "/s"}, "/s/suhbat/history"},
		{map[string]string{"XDG_STATE_HOME": "relative"}, ""},
	}
	for _, tt := range tests {
		if got := historyFile(func(name string) string { return tt.env[name] }); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.env, got, tt.want)
		}
	}
}

func TestVersion(t *testing.T) {
	info := &debug.BuildInfo{
		GoVersion: "go1.26.0", Main: debug.Module{Version: "v1.2.3"},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "true"}},
	}
	if got, want := version(info, true), "suhbat v1.2.3 (0123456789ab, changed) go1.26.0"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := version(nil, false); got == "" {
		t.Error("got nothing")
	}
}
