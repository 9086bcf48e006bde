package slack

import (
	"encoding/json"
	"strconv"

	slackgo "github.com/slack-go/slack"

	"suhbat/bot/wire"
)

// encoder writes messages as JSON. The few kinds of blocks that answers are made of are
// written by hand, for encoding/json takes a fifth of a command's time for them; all
// others are left to it. A test compares the two.
type encoder struct {
	json []byte
	err  error
}

// encode returns what an acknowledgement or a response_url takes.
func (r *response) encode() ([]byte, error) {
	b, err := r.appendTo(make([]byte, 0, 3*len(r.Text)+1024))
	return r.end(b), err
}

// appendTo appends the beginning of what holds a page.
func (p page) appendTo(dst []byte) ([]byte, error) {
	e := encoder{json: dst}
	e.text(`{"text":`, p.Text)
	if len(p.Blocks) > 0 {
		e.raw(`,"blocks":`)
		elements(&e, p.Blocks, e.block)
	}
	return e.json, e.err
}

// end appends what stands behind the page.
func (r *response) end(dst []byte) []byte {
	e := encoder{json: dst}
	e.optional(`,"response_type":`, r.ResponseType)
	e.optional(`,"thread_ts":`, r.ThreadTS)
	e.truth(`,"replace_original":`, r.ReplaceOriginal)
	if r.DeleteOriginal {
		e.raw(`,"delete_original":true`)
	}
	e.raw("}")
	return e.json
}

// maxEnd is more than end appends.
const maxEnd = 200

func (e *encoder) raw(s string) { e.json = append(e.json, s...) }

// text writes a field, what is before its value included.
func (e *encoder) text(before, s string) {
	e.json = wire.AppendJSON(append(e.json, before...), s)
}

// optional writes a field unless it is empty.
func (e *encoder) optional(before, s string) {
	if s != "" {
		e.text(before, s)
	}
}

func (e *encoder) truth(before string, b bool) {
	e.json = strconv.AppendBool(append(e.json, before...), b)
}

// value leaves a value to encoding/json.
func (e *encoder) value(v any) {
	b, err := json.Marshal(v)
	if err != nil && e.err == nil {
		e.err = err
	}
	e.json = append(e.json, b...)
}

func (e *encoder) block(b slackgo.Block) {
	switch b := b.(type) {
	case *richText:
		e.text(`{"type":`, string(b.Type))
		e.raw(`,"elements":`)
		elements(e, b.Elements, e.richText)
		e.raw("}")
	case *actions:
		e.text(`{"type":`, string(b.Type))
		e.optional(`,"block_id":`, b.BlockID)
		e.raw(`,"elements":`)
		elements(e, b.Elements, e.button)
		e.raw("}")
	default:
		e.value(b)
	}
}

func (e *encoder) richText(b slackgo.RichTextElement) {
	switch b := b.(type) {
	case *passage:
		e.passage(*b)
	case *list:
		e.text(`{"type":`, string(b.Type))
		e.text(`,"style":`, string(b.Style))
		e.raw(`,"elements":`)
		elements(e, b.Elements, e.passage)
		e.raw("}")
	default:
		e.value(b)
	}
}

func (e *encoder) passage(p passage) {
	e.text(`{"type":`, string(p.Type))
	e.raw(`,"elements":`)
	elements(e, p.Elements, e.run)
	e.raw("}")
}

func (e *encoder) run(r run) {
	e.text(`{"type":`, string(r.Type))
	e.optional(`,"url":`, r.URL)
	e.optional(`,"text":`, r.Text)
	if r.Timestamp != 0 {
		e.raw(`,"timestamp":`)
		e.json = strconv.AppendInt(e.json, r.Timestamp, 10)
	}
	e.optional(`,"format":`, r.Format)
	e.optional(`,"fallback":`, r.Fallback)
	switch {
	case r.Style == bold:
		e.raw(`,"style":{"bold":true}`)
	case r.Style != nil:
		e.raw(`,"style":`)
		e.value(r.Style)
	}
	e.raw("}")
}

// button writes what stands in a row of buttons.
func (e *encoder) button(b button) {
	e.text(`{"type":`, string(b.Type))
	e.text(`,"text":{"type":`, b.Text.Type)
	e.text(`,"text":`, b.Text.Text)
	e.truth(`,"emoji":`, b.Text.Emoji)
	e.text(`},"action_id":`, b.ActionID)
	e.optional(`,"url":`, b.URL)
	e.optional(`,"value":`, b.Value)
	e.raw("}")
}

// elements writes a list.
func elements[T any](e *encoder, all []T, each func(T)) {
	e.raw("[")
	for i, one := range all {
		if i > 0 {
			e.raw(",")
		}
		each(one)
	}
	e.raw("]")
}
