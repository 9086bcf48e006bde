//go:build unix

package main

import (
	"bytes"
	"debug/elf"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

const repository = "../.."

// instruction is one of a Dockerfile: its name and what follows.
type instruction struct{ name, args string }

// readDockerfile returns the instructions of each stage, without comments and
// with continued lines joined.
func readDockerfile(t *testing.T) (stages [][]instruction) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(repository, "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	text := regexp.MustCompile(`(?m)^\s*#.*\n`).ReplaceAllString(string(data), "")
	text = strings.ReplaceAll(text, "\\\n", " ")
	for line := range strings.Lines(text) {
		name, args, ok := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case !ok:
			continue
		case name == "FROM":
			stages = append(stages, nil)
		case len(stages) == 0:
			t.Fatalf("%s before FROM", name)
		}
		last := len(stages) - 1
		stages[last] = append(stages[last], instruction{name, strings.TrimSpace(args)})
	}
	if len(stages) != 2 {
		t.Fatalf("%d stages, want 2", len(stages))
	}
	return stages
}

// all returns what follows each instruction of the given name.
func all(stage []instruction, name string) []string {
	var found []string
	for _, in := range stage {
		if in.name == name {
			found = append(found, in.args)
		}
	}
	return found
}

// only returns what follows the single instruction of the given name.
func only(t *testing.T, stage []instruction, name string) string {
	t.Helper()
	found := all(stage, name)
	if len(found) != 1 {
		t.Fatalf("%d %s instructions, want 1: %q", len(found), name, found)
	}
	return found[0]
}

// execForm reads ["/suhbat", "health"]: a form that needs no shell.
func execForm(t *testing.T, s string) []string {
	t.Helper()
	var args []string
	if err := json.Unmarshal([]byte(s), &args); err != nil || len(args) == 0 {
		t.Fatalf("%s is not in exec form", s)
	}
	return args
}

func TestDockerfile(t *testing.T) {
	final := readDockerfile(t)[1]
	if base := only(t, final, "FROM"); !strings.HasPrefix(base, "gcr.io/distroless/static-debian13:nonroot") {
		t.Errorf("base %s is not distroless, static and nonroot", base)
	}
	if user := only(t, final, "USER"); !regexp.MustCompile(`^[1-9]\d*:[1-9]\d*$`).MatchString(user) {
		t.Errorf("user %s is not a number other than root", user)
	}
	if run := all(final, "RUN"); len(run) > 0 {
		t.Errorf("%q cannot run without a shell", run)
	}
	binary := execForm(t, only(t, final, "ENTRYPOINT"))[0]
	_, check, _ := strings.Cut(only(t, final, "HEALTHCHECK"), " CMD ")
	if args := execForm(t, check); args[0] != binary {
		t.Errorf("health check by %s, want the binary %s itself", args[0], binary)
	}
}

// TestImage builds the binary as the Dockerfile does, lays out the files of the
// image in an empty root directory and runs the program there.
func TestImage(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	stages := readDockerfile(t)
	binary := buildAsIn(t, stages[0])
	checkStatic(t, binary)
	if os.Getuid() != 0 {
		t.Skip("only root may change the root directory: run this test as root")
	}
	root := layOut(t, stages[1], binary)
	entry := execForm(t, only(t, stages[1], "ENTRYPOINT"))
	_, check, _ := strings.Cut(only(t, stages[1], "HEALTHCHECK"), " CMD ")
	for _, tt := range []struct {
		args []string
		want string
	}{
		{execForm(t, check), "healthy"},
		{slices.Concat(entry, []string{"version"}), "suhbat "},
		{slices.Concat(entry, []string{"facts", "check"}), "nothing wrong"},
		{slices.Concat(entry, []string{"ask", "who chaired in 2022?"}), "Turkmenistan"},
	} {
		out, err := inside(root, tt.args).CombinedOutput()
		if err != nil || !strings.Contains(string(out), tt.want) {
			t.Errorf("%q: %v, got %q, want %q", tt.args, err, out, tt.want)
		}
	}
}

// buildAsIn runs the line of the Dockerfile that builds the program.
func buildAsIn(t *testing.T, stage []instruction) string {
	t.Helper()
	i := slices.IndexFunc(all(stage, "RUN"), func(s string) bool { return strings.Contains(s, "go build") })
	if i < 0 {
		t.Fatal("no RUN with go build")
	}
	line := all(stage, "RUN")[i]
	for _, want := range []string{"CGO_ENABLED=0", "-trimpath"} {
		if !strings.Contains(line, want) {
			t.Errorf("%q lacks %s", line, want)
		}
	}
	binary := filepath.Join(t.TempDir(), "suhbat")
	cmd := exec.CommandContext(t.Context(), "sh", "-c", strings.Replace(line, " /out/suhbat ", " "+binary+" ", 1))
	cmd.Dir = repository
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", line, err, out)
	}
	return binary
}

// checkStatic checks that the binary needs no other file.
func checkStatic(t *testing.T, binary string) {
	t.Helper()
	if f, err := elf.Open(binary); err == nil { // elsewhere than on Linux it is no ELF file
		defer f.Close()
		if libs, err := f.ImportedLibraries(); err != nil || len(libs) > 0 {
			t.Errorf("needs the libraries %q, %v", libs, err)
		}
	}
	data, err := os.ReadFile(binary)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(data, []byte("Asia/Almaty")) {
		t.Error("holds no time zones")
	}
}

// layOut copies what the last stage copies, and nothing else: what its base holds
// the program has to do without.
func layOut(t *testing.T, stage []instruction, binary string) (root string) {
	t.Helper()
	root = t.TempDir()
	if err := os.Chmod(root, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, line := range all(stage, "COPY") {
		words := strings.Fields(line)
		if strings.Contains(line, " --chown=") {
			ownFolder(t, root, words)
			continue
		}
		from := filepath.Join(repository, words[0])
		if strings.HasPrefix(words[0], "--from=") {
			from, words = binary, words[1:]
		}
		if len(words) != 2 {
			t.Fatalf("COPY %s: want one source and one target", line)
		}
		data, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, words[1]), data, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// ownFolder makes an empty folder that belongs to whom --chown names.
func ownFolder(t *testing.T, root string, words []string) {
	t.Helper()
	owner, ok := strings.CutPrefix(words[1], "--chown=")
	if !ok || owner != strconv.Itoa(nonroot)+":"+strconv.Itoa(nonroot) || len(words) != 4 {
		t.Fatalf("COPY %s: want a folder of the build that belongs to the user", words)
	}
	dir := filepath.Join(root, words[3])
	if err := errors.Join(os.Mkdir(dir, 0o755), os.Chown(dir, nonroot, nonroot)); err != nil {
		t.Fatal(err)
	}
}

// nonroot is the user that the base image calls so.
const nonroot = 65532

// inside makes a command that sees root as its root directory, as the user
// nonroot and with no environment.
func inside(root string, args []string) *exec.Cmd {
	return &exec.Cmd{
		Path: args[0],
		Args: args,
		Dir:  "/",
		Env:  []string{},
		SysProcAttr: &syscall.SysProcAttr{
			Chroot:     root,
			Credential: &syscall.Credential{Uid: nonroot, Gid: nonroot},
		},
	}
}
