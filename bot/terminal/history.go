package terminal

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxHistory is how many lines are remembered.
const maxHistory = 500

// history remembers the lines that were typed, the newest last, in a file that
// only its owner may read. It implements term.History. A line that begins with a
// space is not remembered, as in most shells. Failures to read or write the file
// are no reason to disturb the conversation: the lines of this one are remembered
// all the same.
type history struct {
	file  string
	lines []string
}

// openHistory reads the file, if there is one.
func openHistory(file string) *history {
	h := &history{file: file}
	if file == "" {
		return h
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return h
	}
	for line := range strings.Lines(string(data)) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			h.lines = append(h.lines, line)
		}
	}
	h.trim()
	return h
}

// Add remembers a line.
func (h *history) Add(line string) {
	if blank(line) || line[0] == ' ' || (len(h.lines) > 0 && h.lines[len(h.lines)-1] == line) {
		return
	}
	h.lines = append(h.lines, line)
	h.trim()
	if h.file != "" {
		_ = h.save()
	}
}

// Len returns the number of lines.
func (h *history) Len() int { return len(h.lines) }

// At returns the i-th newest line, from 0.
func (h *history) At(i int) string { return h.lines[len(h.lines)-1-i] }

func (h *history) trim() {
	h.lines = slices.Delete(h.lines, 0, max(0, len(h.lines)-maxHistory))
}

// save writes the file aside and renames it, so that a second conversation, or a
// full disk, leaves a whole one.
func (h *history) save() error {
	dir := filepath.Dir(h.file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	aside, err := os.CreateTemp(dir, filepath.Base(h.file)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(aside.Name()) }() // does nothing once it is renamed
	_, err = aside.WriteString(strings.Join(h.lines, "\n") + "\n")
	if closed := aside.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	return os.Rename(aside.Name(), h.file)
}
