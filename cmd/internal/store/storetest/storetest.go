// Package storetest starts a throw-away PostgreSQL for tests. [Database] gives a test an
// empty database on a server that all tests of the binary share; [Start] gives it a
// server of its own, to be stopped, killed and started again. Where there is no
// PostgreSQL the test is skipped, and says how to run it.
//
// The server belongs to a shell that waits for its standard input to end. The kernel ends
// that with the test binary, however this one ends, so no server outlives it and no test
// has to tidy up.
package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// EnvServer is the setting that names a server to use in place of one that is started:
// a URL whose user may make databases.
const EnvServer = "SUHBAT_TEST_POSTGRES"

// errMissing says that there is nothing to start, and what to do about it.
var errMissing = errors.New("no PostgreSQL was found: to run this test, install one (Debian: apt-get install postgresql) or set " +
	EnvServer + " to the URL of one, such as postgres://postgres@localhost/postgres")

// shared is the server of the test binary.
var shared = sync.OnceValues(func() (*Server, error) {
	if url := os.Getenv(EnvServer); url != "" {
		return &Server{url: url}, nil
	}
	return start()
})

// Database returns the URL of an empty database of the test's own. It is dropped when the
// test ends.
func Database(tb testing.TB) string {
	tb.Helper()
	tooSlow(tb)
	s, err := shared()
	if err != nil {
		skipOrFail(tb, err)
	}
	return s.Database(tb)
}

// Start returns a server of the test's own, with further settings such as
// "max_connections=20". It ends with the test.
func Start(tb testing.TB, settings ...string) *Server {
	tb.Helper()
	tooSlow(tb)
	s, err := start(settings...)
	if err != nil {
		skipOrFail(tb, err)
	}
	tb.Cleanup(s.close)
	return s
}

// tooSlow skips a test under the race detector, where a server and all that waits for it
// take minutes.
func tooSlow(tb testing.TB) {
	tb.Helper()
	if raced && os.Getenv("SUHBAT_TEST_LONG") == "" {
		tb.Skip("PostgreSQL is tested without the race detector, or with SUHBAT_TEST_LONG=1")
	}
}

func skipOrFail(tb testing.TB, err error) {
	tb.Helper()
	if errors.Is(err, errMissing) {
		tb.Skip(err)
	}
	tb.Fatal("start PostgreSQL: ", err)
}

// Server is a PostgreSQL on a port of the loopback interface, where everybody may log in
// as postgres.
type Server struct {
	url      string // of the database postgres
	bin, dir string // of its programs, and of its data; empty if it was not started here
	settings []string
	watch    *exec.Cmd
	hold     io.WriteCloser // the shell's standard input
}

// Database makes an empty database and returns its URL.
func (s *Server) Database(tb testing.TB) string {
	tb.Helper()
	name := "test_" + strings.ToLower(rand.Text())
	s.exec(tb, "CREATE DATABASE "+name)
	tb.Cleanup(func() {
		if s.watch != nil && s.pid() == 0 {
			return // it is stopped
		}
		s.exec(tb, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	})
	config, err := pgx.ParseConfig(s.url)
	if err != nil {
		tb.Fatal(err)
	}
	before, after, _ := strings.Cut(s.url, "?")
	url := strings.TrimSuffix(before, "/"+config.Database) + "/" + name
	if after != "" {
		url += "?" + after
	}
	return url
}

// exec runs a statement on the database postgres.
func (s *Server) exec(tb testing.TB, statement string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(tb.Context()), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.url)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, statement); err != nil {
		tb.Fatalf("%s: %v", statement, err)
	}
}

// Address is where the server listens, as host:port.
func (s *Server) Address() string {
	_, rest, _ := strings.Cut(s.url, "@")
	address, _, _ := strings.Cut(rest, "/")
	return address
}

// Stop ends the server as an operator does who is in a hurry: open connections are
// closed, what was committed is kept.
func (s *Server) Stop(tb testing.TB) {
	tb.Helper()
	s.end(tb, syscall.SIGINT)
}

// Kill ends the server as a crash does: all its processes at once.
func (s *Server) Kill(tb testing.TB) {
	tb.Helper()
	s.end(tb, syscall.SIGKILL)
}

// Start starts the server again, on the same port and with the same data.
func (s *Server) Start(tb testing.TB) {
	tb.Helper()
	if err := s.run(); err != nil {
		tb.Fatal(err)
	}
}

// Restart stops the server and starts it again.
func (s *Server) Restart(tb testing.TB) {
	tb.Helper()
	s.Stop(tb)
	s.Start(tb)
}

func (s *Server) end(tb testing.TB, signal syscall.Signal) {
	tb.Helper()
	pid := s.pid()
	if s.watch == nil || pid == 0 {
		tb.Fatal("there is no server that the test has started")
	}
	victims := []int{pid}
	if signal == syscall.SIGKILL {
		victims = append(victims, children(pid)...)
	}
	for _, pid := range victims {
		if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			tb.Fatal(err)
		}
	}
	_, _ = io.WriteString(s.hold, "keep\n")
	_ = s.watch.Wait() // the exit status is that of a server that was killed
	s.watch = nil
}

// children lists the processes that a process has started.
func children(of int) (pids []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		b, _ := os.ReadFile(file)
		_, after, _ := strings.Cut(string(b), ") ") // behind the name: state, parent
		fields := strings.Fields(after)
		if len(fields) > 1 && fields[1] == strconv.Itoa(of) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// close ends the server for good and deletes its data.
func (s *Server) close() {
	if s.watch != nil {
		_ = s.hold.Close()
		_ = s.watch.Wait()
		s.watch = nil
	}
	_ = os.RemoveAll(s.dir)
}

// pid is the process id of the server, 0 if there is none.
func (s *Server) pid() int {
	b, err := os.ReadFile(filepath.Join(s.dir, "data", "postmaster.pid"))
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(b), "\n")
	pid, _ := strconv.Atoi(line)
	return pid
}

// start makes a new server and runs it.
func start(settings ...string) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(quickest(), "postgres")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	who, err := owner(dir)
	if err != nil {
		return nil, err
	}
	s := &Server{bin: bin, dir: dir, url: "postgres://postgres@127.0.0.1:" + port + "/postgres?sslmode=disable"}
	// Nothing has to survive the machine: the disk is not waited for.
	s.settings = slices.Concat([]string{
		"port=" + port, "listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off", "full_page_writes=off",
		"wal_level=minimal", "max_wal_senders=0", "max_connections=200", "shared_buffers=32MB", "autovacuum_naptime=600", "log_min_messages=fatal", "log_checkpoints=off",
	}, settings)
	initdb := command(who, filepath.Join(bin, "initdb"), "-D", filepath.Join(dir, "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8",
		"--locale=C", "--no-sync", "--no-instructions")
	if out, err := initdb.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	return s, s.run()
}

// quickest is the folder for the data: memory, where there is enough of it.
func quickest() string {
	const memory, enough = "/dev/shm", 1 << 30
	var free syscall.Statfs_t
	if err := syscall.Statfs(memory, &free); err != nil || free.Bavail*uint64(free.Bsize) < enough {
		return ""
	}
	return memory
}

// script runs the server until the standard input ends, and then takes its data away;
// or until the server ends, if it reads "keep".
const script = `dir=$1; shift
"$@" 2>"$dir/log" </dev/null &
read word
[ "$word" = keep ] || kill -QUIT $!
wait $!
[ "$word" = keep ] || rm -rf "$dir"`

// run starts the server and waits until it takes connections.
func (s *Server) run() error {
	who, err := owner(s.dir)
	if err != nil {
		return err
	}
	args := []string{"-c", script, "sh", s.dir, filepath.Join(s.bin, "postgres"), "-D", filepath.Join(s.dir, "data")}
	for _, setting := range s.settings {
		args = append(args, "-c", setting)
	}
	cmd := command(who, "sh", args...)
	if s.hold, err = cmd.StdinPipe(); err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	s.watch = cmd
	return s.await()
}

// await waits until the server takes connections.
func (s *Server) await() error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	for {
		conn, err := pgx.Connect(ctx, s.url)
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(s.dir, "log"))
			return fmt.Errorf("it takes no connections: %w; its log: %s", err, log)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// programs finds the folder of PostgreSQL's programs, the newest if there are several.
func programs() (string, error) {
	var candidates []string
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		candidates = append(candidates, strings.TrimSpace(string(out)))
	}
	debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	slices.Reverse(debian)
	candidates = append(candidates, debian...)
	if path, err := exec.LookPath("postgres"); err == nil {
		candidates = append(candidates, filepath.Dir(path))
	}
	for _, dir := range candidates {
		if executable(filepath.Join(dir, "postgres")) && executable(filepath.Join(dir, "initdb")) {
			return dir, nil
		}
	}
	return "", errMissing
}

func executable(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// owner gives a folder to the user that the server is to run as: PostgreSQL refuses to
// run as root. It returns nil if that is the user of the test.
func owner(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil //nolint:nilnil // exec.Cmd takes it so
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		who, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, _ := strconv.ParseUint(who.Uid, 10, 32)
	gid, _ := strconv.ParseUint(who.Gid, 10, 32)
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(dir, int(uid), int(gid))
}

// command is a process group of another user.
func command(who *syscall.Credential, name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who, Setpgid: true}
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	return cmd
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}
