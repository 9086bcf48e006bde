package slacktest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"
)

// hook is a response URL: five uses within thirty minutes.
type hook struct {
	w    *Workspace
	ch   *Channel
	user *User
	at   *Message // the message of the pressed button, nil for a slash command
	ends time.Time
	uses int
}

const (
	hookLife = 30 * time.Minute
	hookUses = 5
)

func (s *Slack) newHook(u *User, ch *Channel, at *Message) string {
	id := s.id(Mark + "-hook-")
	s.hooks[id] = &hook{w: u.w, ch: ch, user: u, at: at, ends: s.cfg.Now().Add(hookLife), uses: hookUses}
	return s.host("hooks.slack.com") + "/hook/" + id
}

// response is what an app may say through a response URL, or in the
// acknowledgement of a slash command.
type response struct {
	Text            string          `json:"text"`
	Blocks          json.RawMessage `json:"blocks"`
	Attachments     []object        `json:"attachments"`
	ResponseType    string          `json:"response_type"`
	ThreadTS        string          `json:"thread_ts"`
	ReplaceOriginal bool            `json:"replace_original"`
	DeleteOriginal  bool            `json:"delete_original"`
	Metadata        *Metadata       `json:"metadata"`
}

// serveHook is a response URL.
func (s *Slack) serveHook(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client hung up
	}
	c := Request{Method: ResponseURL, Args: url.Values{"id": {r.PathValue("id")}, "body": {string(body)}}, At: s.cfg.Now()}
	s.broken(c, w, r, func(w http.ResponseWriter, _ *http.Request) {
		s.locked(func() {
			c.Status = http.StatusOK
			if err := s.respondBy(s.hooks[r.PathValue("id")], body); err != nil {
				c.Status, c.Error = http.StatusNotFound, err.Error()
			}
			s.requests = append(s.requests, c)
			if c.Error == "" {
				write(w, c.Status, "text/html", "ok")
				return
			}
			writeJSON(w, c.Status, object{"ok": false, "error": c.Error})
		})
	})
}

func (s *Slack) respondBy(h *hook, body []byte) error {
	switch {
	case h == nil:
		return fail("invalid_url")
	case s.cfg.Now().After(h.ends):
		return fail("expired_url")
	case h.uses == 0:
		return fail("used_url")
	}
	h.uses--
	var r response
	if err := json.Unmarshal(body, &r); err != nil {
		return s.violation(ResponseURL, "invalid_payload", finding{"/", "this is no JSON of a message"})
	}
	return s.respond(h, ResponseURL, &r)
}

// respond does what a response says, in the place that it answers.
func (s *Slack) respond(h *hook, where string, r *response) error {
	if r.DeleteOriginal {
		if h.at == nil {
			return fail("no_original")
		}
		h.at.Deleted = true
		s.tellDeleted(h.ch, h.at)
		return nil
	}
	m := s.botMessage(h.w, h.ch)
	m.Text, m.ThreadTS, m.Attachments, m.Metadata = r.Text, r.ThreadTS, r.Attachments, r.Metadata
	if len(r.Blocks) > 0 && string(r.Blocks) != "null" {
		var err error
		if m.Blocks, err = s.checkBlocks(where, "invalid_blocks", r.Blocks); err != nil {
			return err
		}
	}
	if m.Text == "" && len(m.Blocks) == 0 && len(m.Attachments) == 0 {
		return fail("no_text")
	}
	if r.ReplaceOriginal && h.at != nil {
		before := *h.at
		rewrite(h.at, m)
		s.tellChanged(h.ch, h.at, &before)
		return nil
	}
	switch r.ResponseType {
	case "", "ephemeral":
		m.OnlyTo = h.user.ID
	case "in_channel":
	default:
		return s.violation(where, "invalid_response_type", finding{"/response_type", "must be ephemeral or in_channel"})
	}
	s.add(h.ch, m)
	return nil
}
