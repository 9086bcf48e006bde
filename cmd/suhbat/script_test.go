package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain puts the program into the PATH of the tests. It is the test's own binary;
// under the race detector it is one without: these tests start it hundreds of times,
// and the rooms below have their own tests for races.
func TestMain(m *testing.M) {
	programs := map[string]func(){"suhbat": main, "suhbat-echo": echo, "suhbat-mailing": mailing, "suhbat-skewed": skewed}
	if raced && filepath.Base(os.Args[0]) == "suhbat.test" {
		dir, err := buildPlain()
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		delete(programs, "suhbat")
		testscript.Main(cleaning{m, dir}, programs)
	}
	testscript.Main(m, programs)
}

// cleaning runs tests and removes a folder behind them.
type cleaning struct {
	testscript.TestingM
	dir string
}

// Run implements [testscript.TestingM].
func (c cleaning) Run() int {
	defer os.RemoveAll(c.dir)
	return c.TestingM.Run()
}

// buildPlain builds the program into a folder, which it puts first into the PATH.
func buildPlain() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "suhbat"); err != nil {
		return "", err
	}
	out, err := exec.Command("go", "build", "-o", dir, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building the program: %w\n%s", err, out)
	}
	return dir, os.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
}

// TestScripts runs the whole program by the scripts in testdata/script, which
// anyone can read: see the package testscript for their commands, and scriptCommands
// for ours.
func TestScripts(t *testing.T) {
	data, err := filepath.Abs(filepath.Join(repository, "facts", "data"))
	if err != nil {
		t.Fatal(err)
	}
	packs, err := filepath.Abs(filepath.Join(repository, "bot", "lang", "packs"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:  filepath.Join("testdata", "script"),
		Cmds: scriptCommands,
		Setup: func(env *testscript.Env) error {
			env.Setenv("DATA", data)
			env.Setenv("PACKS", packs)
			return nil
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}

var scriptCommands = map[string]func(ts *testscript.TestScript, neg bool, args []string){
	"exit":  exitCommand,
	"write": writeCommand,
	"copy":  copyCommand,
}

// exitCommand runs a program and checks its exit code: exit CODE PROGRAM ARG….
func exitCommand(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exit CODE PROGRAM ARG…")
	}
	got := 0
	err := ts.Exec(args[1], args[2:]...)
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		got, err = failed.ExitCode(), nil
	}
	ts.Check(err)
	if strconv.Itoa(got) != args[0] {
		ts.Fatalf("exit code %d, want %s", got, args[0])
	}
}

// writeCommand writes a file of text with the escapes of Go: write FILE TEXT
// [TIMES].
func writeCommand(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: write FILE TEXT [TIMES]")
	}
	text, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	times := 1
	if len(args) > 2 {
		times, err = strconv.Atoi(args[2])
		ts.Check(err)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat([]byte(text), times), 0o600))
}

// copyCommand copies a folder: copy FROM TO.
func copyCommand(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: copy FROM TO")
	}
	ts.Check(os.CopyFS(ts.MkAbs(args[1]), os.DirFS(ts.MkAbs(args[0]))))
}
