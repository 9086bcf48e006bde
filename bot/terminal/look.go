package terminal

import (
	"regexp"
	"strings"
	"sync"

	"github.com/rivo/uniseg"

	"suhbat/bot/message"
)

// look is how the conversation is shown.
type look struct {
	prompt string
	style  message.Style
}

var (
	plainLook = look{prompt: "> "}
	colours   = look{
		prompt: sgr("1;36")(">") + " ",
		style: message.Style{
			Strong: sgr("1"),
			Cite:   sgr("2"),
			Note:   sgr("2"),
			Choice: sgr("36"),
		},
	}
)

// sgr returns a func that gives a text the attributes of an ECMA-48 "select
// graphic rendition" code, and takes them off again.
func sgr(code string) func(string) string {
	return func(s string) string { return "\x1b[" + code + "m" + s + "\x1b[0m" }
}

// escape is what sgr adds; it takes no room on the screen.
var escape = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("\x1b\\[[0-9;]*m") })

// render writes a message for a screen of the given width, in columns.
func (l look) render(m message.Message, width int) string {
	lines := strings.Split(message.Styled(m, l.style), "\n")
	for i, line := range lines {
		lines[i] = wrap(line, width)
	}
	return strings.Join(lines, "\n")
}

// wrap breaks a line between words so that it is narrower than width: a terminal
// breaks a full line by itself, and some leave an empty line then. A word that is
// wider stays whole, and so can be clicked if it is an address.
func wrap(line string, width int) string {
	var b strings.Builder
	column := 0
	for i, word := range strings.Split(line, " ") {
		w := uniseg.StringWidth(escape().ReplaceAllString(word, ""))
		switch {
		case i == 0:
		case column+1+w < width:
			b.WriteByte(' ')
			column++
		default:
			b.WriteByte('\n')
			column = 0
		}
		b.WriteString(word)
		column += w
	}
	return b.String()
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
