package terminal

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"suhbat/bot/message"
)

// MaxLine is the greatest length of a line of a transcript, in bytes.
const MaxLine = 1 << 20

// transcript reads questions and writes them with their answers.
func (t *Terminal) transcript(ctx context.Context) error {
	lines := bufio.NewScanner(t.In)
	lines.Buffer(nil, MaxLine)
	gap := ""
	number := 0
	for ctx.Err() == nil && lines.Scan() {
		number++
		question, ok := questionOf(lines.Text())
		if !ok {
			continue
		}
		if leaves(question) {
			return nil
		}
		if err := t.turn(ctx, gap, question); err != nil {
			return err
		}
		gap = "\n"
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return fmt.Errorf("line %d is longer than %d bytes", number+1, MaxLine)
	case err != nil:
		return fmt.Errorf("reading questions: %w", err)
	default:
		return ctx.Err()
	}
}

// questionOf returns what a line of a transcript asks: nothing if it is blank, a
// comment or an answer.
func questionOf(line string) (question string, ok bool) {
	line = strings.TrimSuffix(line, "\r")
	if strings.TrimSpace(line) == "" || line[0] == '#' || line[0] == '<' {
		return "", false
	}
	if after, marked := strings.CutPrefix(line, ">"); marked {
		return strings.TrimPrefix(after, " "), true
	}
	return line, true
}

// turn writes one question and its answer.
func (t *Terminal) turn(ctx context.Context, gap, question string) error {
	reply, err := t.reply(ctx, question)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString(gap)
	writePrefixed(&b, ">", message.Clean(question))
	for line := range strings.SplitSeq(message.Plain(reply.Message), "\n") {
		writePrefixed(&b, "<", line)
	}
	if _, err := t.Out.Write([]byte(b.String())); err != nil {
		return fmt.Errorf("writing an answer: %w", err)
	}
	return nil
}

// writePrefixed writes "< line", or "<" where the line is empty.
func writePrefixed(b *strings.Builder, prefix, line string) {
	b.WriteString(prefix)
	if line != "" {
		b.WriteString(" " + line)
	}
	b.WriteByte('\n')
}
