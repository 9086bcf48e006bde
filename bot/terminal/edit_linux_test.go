package terminal

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"strconv"
	"testing"
	"time"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// openTerminal opens a pseudo-terminal: keys are written to, and the screen read
// from, its keyboard side.
func openTerminal(t *testing.T) (keyboard, tty *os.File) {
	t.Helper()
	keyboard, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals here: %v", err)
	}
	t.Cleanup(func() { keyboard.Close() })
	if err := unix.IoctlSetPointerInt(int(keyboard.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(keyboard.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tty.Close() })
	return keyboard, tty
}

// TestRunAtTerminal talks through a real terminal and leaves it as it was.
func TestRunAtTerminal(t *testing.T) {
	keyboard, tty := openTerminal(t)
	before, err := term.GetState(int(tty.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	talk := Terminal{Handler: &echo{}, In: tty, Out: tty, Now: func() time.Time { return noon }}
	done := make(chan error, 1)
	go func() { done <- talk.Run(t.Context()) }()
	screen := bufio.NewReader(keyboard)
	if _, err := screen.ReadString('>'); err != nil { // the prompt: raw mode is on
		t.Fatal(err)
	}
	if _, err := io.WriteString(keyboard, "whot\x7f\x7fat?\r\x04"); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	after, err := term.GetState(int(tty.Fd()))
	if err != nil || *after != *before {
		t.Errorf("the terminal is not as it was: %v", err)
	}
	tty.Close() // the end of what there is to read
	if seen, _ := io.ReadAll(screen); !bytes.Contains(seen, []byte("ask what?\r\n")) {
		t.Errorf("no answer on the screen: %q", seen)
	}
}
