package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"golang.org/x/text/language"
)

// maxLine is the greatest length of a line of JSON, in bytes.
const maxLine = 1 << 20

// request is a question of a line.
type request struct {
	conversation, text string
	lang               language.Tag
}

// failure stands in the output for a line that could not be read.
type failure struct {
	Error string `json:"error"`
}

// many answers JSON lines. An answer leaves as soon as no more input is waiting,
// so that the program can be asked through a pipe.
func (a *asking) many(ctx context.Context, in io.Reader, out io.Writer) error {
	lines := bufio.NewReaderSize(in, 64<<10)
	buffered := bufio.NewWriter(out)
	wrong, err := a.lines(ctx, lines, buffered)
	if err = errors.Join(err, buffered.Flush()); err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("lines that were no question: %d, see their \"error\"", wrong)
	}
	return nil
}

// lines answers all lines and counts those that were wrong.
func (a *asking) lines(ctx context.Context, in *bufio.Reader, out *bufio.Writer) (wrong int, err error) {
	encoder := newEncoder(out)
	for number := 1; ; number++ {
		line, err := readLine(in, maxLine)
		switch {
		case errors.Is(err, io.EOF):
			return wrong, nil
		case err != nil && !errors.Is(err, errLong):
			return wrong, fmt.Errorf("reading line %d: %w", number, err)
		case err == nil && len(bytes.TrimSpace(line)) == 0:
			continue
		}
		var r request
		if err == nil {
			r, err = a.parse(line)
		}
		var answer any = failure{fmt.Sprintf("line %d: %v", number, err)}
		if err != nil {
			wrong++
		} else if answer, err = a.ask(ctx, r.conversation, r.text, r.lang); err != nil {
			return wrong, fmt.Errorf("line %d: %w", number, err)
		}
		if err := encoder.Encode(answer); err != nil {
			return wrong, err
		}
		if in.Buffered() == 0 {
			if err := out.Flush(); err != nil {
				return wrong, err
			}
		}
	}
}

// parse reads a line that has to hold one object and nothing else.
func (a *asking) parse(line []byte) (request, error) {
	const want = `expected {"conversation":"…","text":"…"}`
	var keys struct {
		Conversation string
		Text         *string // nil where the key is missing
		Lang         string
	}
	if err := json.Unmarshal(line, &keys); err != nil {
		return request{}, fmt.Errorf("%w, %s", err, want)
	}
	if keys.Text == nil {
		return request{}, errors.New("no text, " + want)
	}
	r := request{keys.Conversation, *keys.Text, a.lang}
	if keys.Lang == "" {
		return r, nil
	}
	tag, ok := find(a.parts.set.Codes(), keys.Lang)
	if !ok {
		return request{}, fmt.Errorf("lang: %q is no language of mine", keys.Lang)
	}
	r.lang = tag
	return r, nil
}

var errLong = fmt.Errorf("longer than %d bytes", maxLine)

// readLine returns the next line without its end. A line longer than limit bytes
// is passed over; its error is errLong.
func readLine(r *bufio.Reader, limit int) ([]byte, error) {
	var line []byte
	long := false
	for {
		piece, err := r.ReadSlice('\n')
		if line = append(line, piece...); len(line) > limit+1 {
			line, long = line[:0], true
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err != nil && (!errors.Is(err, io.EOF) || (len(line) == 0 && !long)):
			return nil, err
		case long:
			return nil, errLong
		default:
			return bytes.TrimRight(line, "\r\n"), nil
		}
	}
}
