package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"suhbat": main})
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
