package floors_test

import (
	"errors"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// module is the import path of the repository.
const module = "suhbat"

// room is a package and what its code may import.
type room struct {
	// floor: a room may import rooms of lower floors only.
	floor int
	// never lists imports that stay forbidden although they lie lower, or outside
	// the module; "net/..." stands for net and all beneath it. Tests are exempt:
	// they set the stage with what a room must not know.
	never []string
	// tests lists rooms that its tests may import although they do not lie lower.
	tests []string
	// why says what the floor and the bans are for.
	why string
}

// world is what a room that only computes must not touch.
var world = []string{"log/...", "net/...", "os/...", "syscall"}

// embedded is what a room must take from its caller, so that a test or an
// operator may give it other files.
var embedded = []string{"suhbat/facts/data", "suhbat/bot/lang/packs"}

// understanding is what an adapter must leave to the core.
var understanding = []string{"suhbat/bot/ask", "suhbat/bot/lang", "suhbat/bot/say"}

// adapters are the rooms that know a network.
var adapters = []string{"suhbat/bot/slack/...", "suhbat/bot/telegram/...", "suhbat/bot/terminal/..."}

var rooms = map[string]room{
	"facts/fold": {
		floor: 0, never: world,
		why: "one comparable form of names and questions; everything may rest on it, so it rests on nothing",
	},
	"facts/flat": {
		floor: 0, never: world,
		why: "values as one string and back; it knows neither facts nor languages, which describe themselves to it",
	},
	"facts/data": {
		floor: 0,
		why:   "the curated files; a test loads any other folder in their place",
	},
	"facts/factstest": {
		floor: 0,
		why:   "large stores out of small ones; it copies files and knows no facts",
	},
	"bot/lang/packs": {
		floor: 0,
		why:   "the files of the languages; a test loads any other folder in their place",
	},
	"bot/wire": {
		floor: 0, never: slices.Concat(world, []string{"suhbat/..."}),
		why: "texts and numbers as bytes, for what is kept a short time; whatever they mean is their owner's matter",
	},
	"facts": {
		floor: 1, never: slices.Concat(world, embedded),
		why: "what is known, read from any file system; it answers the same on each machine and each day",
	},
	"bot/lang": {
		floor: 1, never: slices.Concat(world, embedded, []string{"suhbat/facts"}),
		why: "what words mean and how things are said; facts change without a language changing, and the reverse",
	},
	"bot/message": {
		floor: 2, never: slices.Concat(world, []string{"suhbat/..."}),
		why: "content without markup; every room above may speak it, so it knows none",
	},
	"bot/ask": {
		floor: 2, never: slices.Concat(world, embedded),
		tests: []string{"suhbat/bot/message", "suhbat/bot/say"}, // they measure the whole way of a question
		why:   "question to answer, a pure function; it has no part in how things are said",
	},
	"bot/say": {
		floor: 3, never: slices.Concat(world, embedded),
		why: "answer to message, a pure function; it lies below bot since reminders speak by it too",
	},
	"bot": {
		floor: 4, never: slices.Concat(embedded, []string{"net/...", "os/..."}),
		why: "the core and its ports; networks, files and the clock come from above",
	},
	"bot/terminal": {
		floor: 5, never: slices.Concat(embedded, []string{"net/..."}, understanding),
		tests: []string{"suhbat/bot/bottest"},
		why:   "an adapter: it renders what the core says and understands no question itself",
	},
	"bot/telegram": {
		floor: 5, never: slices.Concat(embedded, []string{"os/..."}, understanding),
		tests: []string{"suhbat/bot/telegram/telegramtest", "suhbat/bot/bottest"},
		why:   "an adapter: it talks to the Bot API and understands no question itself; settings and the clock come from above",
	},
	"bot/slack": {
		floor: 5, never: slices.Concat(embedded, []string{"os/..."}, understanding),
		tests: []string{"suhbat/bot/slack/slacktest", "suhbat/bot/bottest"},
		why:   "an adapter: it talks to Slack and understands no question itself; settings and the clock come from above",
	},
	"bot/bottest": {
		floor: 5, never: slices.Concat(embedded, understanding),
		why: "what each adapter has to pass; it knows what is said, and no adapter",
	},
	"bot/telegram/telegramtest": {
		floor: 5, never: []string{"suhbat/..."},
		why: "stands in for api.telegram.org in tests; it knows the Bot API, and nothing of who uses it",
	},
	"cmd/internal/store": {
		floor: 7, never: slices.Concat(adapters, embedded, []string{"net/http"}),
		why: "SQL behind the ports of the rooms below; an adapter declares the port that it wants in basic types",
	},
	"cmd/internal/store/storetest": {
		floor: 6, never: []string{"suhbat/..."},
		why: "a PostgreSQL to throw away, for tests; it knows how to start one, and nothing of what is kept there",
	},
	"bot/slack/slacktest": {
		floor: 5, never: []string{"suhbat/..."},
		why: "Slack as the adapter's tests see it; it knows the network and nothing of ours, so it cannot share our mistakes",
	},
	"cmd/internal/queue": {
		floor: 7, never: slices.Concat(adapters, embedded, understanding, []string{"net/http"}),
		tests: []string{"suhbat/cmd/internal/store"}, // it is tried on the real database
		why:   "when the scheduler looks where; River's jobs know channels by name and nothing of what is said there",
	},
	"cmd/internal/web": {
		floor: 7, never: slices.Concat(adapters, []string{"suhbat/bot/ask", "suhbat/bot/lang", "suhbat/facts/..."}),
		why: "what the program shows over HTTP; it opens the doors of adapters without knowing what is behind them",
	},
	"cmd/internal/trace": {
		floor: 7, never: slices.Concat(adapters, embedded, understanding, []string{"suhbat/facts/..."}),
		why: "where time goes, as spans; it is put around the ports of others, and none of them knows it",
	},
	"scheduler": {
		floor: 5, never: slices.Concat(embedded, []string{
			"database/sql/...", "net/...", "os/...", "suhbat/bot/ask", "suhbat/bot/slack", "suhbat/bot/telegram", "suhbat/bot/terminal",
		}),
		tests: []string{"suhbat/scheduler/schedulertest"},
		why:   "who gets which reminder when, and what is known of each; networks, stores, files and the clock are ports",
	},
	"scheduler/ical": {
		floor: 6, never: slices.Concat(world, embedded),
		why: "the calendar feed, a pure function of the facts; who serves it is not its business",
	},
	"scheduler/schedulertest": {
		floor: 6, never: []string{"database/sql/...", "net/...", "os/..."},
		why: "the suite of every store of deliveries, and one that keeps them in memory",
	},
	"cmd/internal/app": {
		floor: 8,
		why:   "the one room that wires the others, reads settings and looks at the clock",
	},
	"cmd/internal/floors": {
		floor: 8, never: []string{"suhbat/..."},
		why: "this test; it reads the files of the others, not their code",
	},
	"cmd/suhbat": {
		floor: 9, never: []string{"suhbat/bot/...", "suhbat/facts/..."},
		why: "main: it starts app and exits with its code",
	},
}

// keepers are the rooms that alone may import something, tests apart: it could then be
// replaced by changing one room.
var keepers = map[string]string{
	"go.opentelemetry.io/...": "cmd/internal/trace",
}

func TestFloors(t *testing.T) {
	root := repository(t)
	seen := make(map[string]bool)
	for _, file := range goFiles(t, root) {
		dir := path.Dir(file)
		from, ok := rooms[dir]
		if !ok {
			t.Errorf("%s: package %s has no row in the table of rooms", file, dir)
			continue
		}
		seen[dir] = true
		for _, imported := range imports(t, filepath.Join(root, file)) {
			if what := forbidden(from, dir, imported, strings.HasSuffix(file, "_test.go")); what != "" {
				t.Errorf("%s: %s: %s; %s: %s", file, imported, what, dir, from.why)
			}
			for kept, keeper := range keepers {
				if bans(kept, imported) && dir != keeper && !strings.HasSuffix(file, "_test.go") {
					t.Errorf("%s: %s: only %s may import that", file, imported, keeper)
				}
			}
		}
	}
	for dir := range rooms {
		if !seen[dir] {
			t.Errorf("the table of rooms has a row for %s, which holds no Go file", dir)
		}
	}
}

// TestForbidden checks that the table would catch what it is for.
func TestForbidden(t *testing.T) {
	tests := []struct {
		from, imported string
		test, want     bool
	}{
		{"facts", "net/http", false, true},
		{"facts", "os", false, true},
		{"facts", "os", true, false},
		{"facts", "suhbat/bot/message", false, true},
		{"facts", "suhbat/bot/message", true, true},
		{"facts", "suhbat/facts/fold", false, false},
		{"facts", "suhbat/facts/factstest", false, true},
		{"facts", "suhbat/facts/factstest", true, false},
		{"bot/message", "suhbat/facts", false, true},
		{"bot/message", "golang.org/x/text/language", false, false},
		{"bot/ask", "suhbat/bot/say", false, true},
		{"bot/ask", "suhbat/bot/say", true, false},
		{"bot/say", "suhbat/bot", false, true},
		{"bot/terminal", "suhbat/bot", false, false},
		{"bot/terminal", "suhbat/bot/ask", false, true},
		{"bot/telegram", "suhbat/bot/say", false, true},
		{"bot/telegram", "suhbat/bot/terminal", false, true},
		{"bot/telegram", "suhbat/bot/bottest", false, true},
		{"bot/telegram", "suhbat/bot/bottest", true, false},
		{"bot/lang", "suhbat/facts", false, true},
		{"cmd/internal/store", "suhbat/bot", false, false},
		{"cmd/internal/store", "suhbat/bot/telegram", false, true},
		{"cmd/internal/app", "suhbat/bot/terminal", false, false},
		{"cmd/suhbat", "suhbat/cmd/internal/app", false, false},
		{"cmd/suhbat", "suhbat/facts", false, true},
	}
	for _, tt := range tests {
		if got := forbidden(rooms[tt.from], tt.from, tt.imported, tt.test); (got != "") != tt.want {
			t.Errorf("%s imports %s (test: %v): got %q, want forbidden: %v", tt.from, tt.imported, tt.test, got, tt.want)
		}
	}
}

// forbidden says why a room must not import something, or nothing.
func forbidden(from room, dir, imported string, test bool) string {
	if !test {
		for _, ban := range from.never {
			if bans(ban, imported) {
				return "forbidden"
			}
		}
	}
	target, ours := strings.CutPrefix(imported, module+"/")
	if !ours || target == dir {
		return ""
	}
	to, ok := rooms[target]
	switch {
	case !ok:
		return "no such room"
	case !test && strings.HasSuffix(target, "test"):
		return "it is for tests"
	case test && slices.Contains(from.tests, imported):
		return ""
	case to.floor >= from.floor:
		return "floor " + strconv.Itoa(to.floor) + " is not below floor " + strconv.Itoa(from.floor)
	default:
		return ""
	}
}

// bans reports whether ban means imported: "net" means itself, "net/..." also all
// that lies beneath.
func bans(ban, imported string) bool {
	folder, deep := strings.CutSuffix(ban, "/...")
	return imported == folder || (deep && strings.HasPrefix(imported, folder+"/"))
}

// repository returns the folder that holds go.mod.
func repository(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		_, err := os.Stat(filepath.Join(dir, "go.mod"))
		if err == nil {
			return dir
		}
		if !errors.Is(err, fs.ErrNotExist) || dir == filepath.Dir(dir) {
			t.Fatalf("no go.mod above the test: %v", err)
		}
		dir = filepath.Dir(dir)
	}
}

// goFiles returns all Go files by their slashed path, those of folders that Go
// leaves out excepted.
func goFiles(t *testing.T, root string) []string {
	t.Helper()
	var files []string
	err := fs.WalkDir(os.DirFS(root), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && p != "." && (name == "testdata" || name == "vendor" || strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")) {
			return fs.SkipDir
		}
		if !d.IsDir() && path.Ext(p) == ".go" {
			files = append(files, p)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("no Go files found")
	}
	return files
}

func imports(t *testing.T, file string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, spec := range f.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, p)
	}
	return paths
}
