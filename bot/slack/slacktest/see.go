package slacktest

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
)

// sees reports whether a message is on the user's screen.
func (u *User) sees(ch *Channel, m *Message) bool {
	inside := ch.has(u.ID) || (!ch.Private && ch.with == nil)
	return inside && !m.Deleted && (m.OnlyTo == "" || m.OnlyTo == u.ID)
}

// Sees returns what the user sees in a channel, threads included, oldest first.
func (u *User) Sees(ch *Channel) []Message {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	var out []Message
	for _, m := range ch.messages {
		if u.sees(ch, m) {
			out = append(out, *m)
		}
	}
	return out
}

// Thread returns what the user sees in the thread of a message, without the message.
func (u *User) Thread(of Message) []Message {
	root := or(of.ThreadTS, of.TS)
	return slices.DeleteFunc(u.Sees(u.s.channel(of.Channel)), func(m Message) bool { return m.ThreadTS != root || m.TS == root })
}

// Reload starts the user's Slack anew: ephemeral messages are gone.
func (u *User) Reload() {
	u.s.locked(func() {
		for _, ch := range u.s.channels {
			for _, m := range ch.messages {
				m.Deleted = m.Deleted || m.OnlyTo == u.ID
			}
		}
	})
}

// Home returns the user's App Home, and false if the app has published none.
func (u *User) Home() (View, bool) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if u.home == nil {
		return View{}, false
	}
	return *u.home, true
}

// Modal returns the modal that the user sees, and false if none is open.
func (u *User) Modal() (View, bool) {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	if len(u.stack) == 0 {
		return View{}, false
	}
	return *u.stack[len(u.stack)-1], true
}

// FieldErrors returns what stands under the fields of the submitted modal, by block
// ID; by "" what Slack itself says.
func (u *User) FieldErrors() map[string]string {
	u.s.mu.Lock()
	defer u.s.mu.Unlock()
	return maps.Clone(u.fieldErrors)
}

// Messages returns all that was said in a channel and is not deleted, ephemeral
// messages included, oldest first.
func (ch *Channel) Messages() []Message {
	ch.s.mu.Lock()
	defer ch.s.mu.Unlock()
	var out []Message
	for _, m := range ch.messages {
		if !m.Deleted {
			out = append(out, *m)
		}
	}
	return out
}

// Await waits until the user sees a message in the channel that match takes, and
// returns the first.
func (u *User) Await(ch *Channel, what string, match func(Message) bool) (found Message) {
	u.s.tb.Helper()
	u.s.Await(what, func() bool {
		i := slices.IndexFunc(u.Sees(ch), match)
		if i >= 0 {
			found = u.Sees(ch)[i]
		}
		return i >= 0
	})
	return found
}

// ByApp matches what the app says.
func ByApp(m Message) bool { return m.BotID != "" }

// Labels returns the labels of the buttons under the message.
func (m Message) Labels() []string { return labels(m.Blocks) }

// Labels returns the labels of the buttons in the view.
func (v View) Labels() []string { return labels(v.Blocks) }

func labels(blocks []object) []string {
	var out []string
	for _, b := range blocks {
		for _, e := range elements(b) {
			for _, button := range []any{e, e["positive_button"], e["negative_button"]} {
				if o, _ := button.(object); textOf(o["text"]) != "" {
					out = append(out, textOf(o["text"]))
				}
			}
		}
	}
	return out
}

// Texts returns all texts that the blocks show, in order, without those of buttons.
func Texts(blocks []map[string]any) []string {
	var out []string
	for _, b := range blocks {
		if text, ok := b["text"].(string); ok {
			out = append(out, text)
		}
		for _, name := range []string{"text", "title", "label"} {
			if t := textOf(b[name]); t != "" {
				out = append(out, t)
			}
		}
		for _, name := range []string{"fields", "elements"} {
			list, _ := b[name].([]any)
			for _, e := range list {
				out = append(out, shown(e)...)
			}
		}
	}
	return out
}

// shown are the texts of a text object or of rich text.
func shown(e any) []string {
	o, _ := e.(object)
	if text, ok := o["text"].(string); ok {
		return []string{text}
	}
	var out []string
	list, _ := o["elements"].([]any)
	for _, inner := range list {
		out = append(out, shown(inner)...)
	}
	return out
}

// ping is markup that asks for the attention of people or of a channel.
var ping = regexp.MustCompile(`<(?:!(?:channel|here|everyone|subteam\^[^>]*)|@[UW][^>]*)>`)

// Pings returns what in the message asks for somebody's attention: the mentions in
// its text and in mrkdwn, and those of rich text.
func (m Message) Pings() []string {
	out := ping.FindAllString(m.Text, -1)
	for _, b := range m.Blocks {
		out = append(out, pings(b)...)
	}
	return out
}

// pings looks at a block or a part of it.
func pings(v any) []string {
	var out []string
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			out = append(out, pings(item)...)
		}
	case object:
		switch v["type"] {
		case "plain_text", "text":
			return nil
		case "broadcast":
			return []string{fmt.Sprint(v["range"])}
		case "user":
			return []string{fmt.Sprint(v["user_id"])}
		case "usergroup":
			return []string{fmt.Sprint(v["usergroup_id"])}
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if text, ok := v[name].(string); ok && name == "text" {
				out = append(out, ping.FindAllString(text, -1)...)
			}
			out = append(out, pings(v[name])...)
		}
	}
	return out
}
