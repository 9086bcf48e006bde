package slacktest

import (
	"html"
	"mime"
	"net/url"
	"strings"
)

// Say is a message that the user types into a channel or into her direct message.
// What she types is escaped as Slack does; names stay as they are.
func (u *User) Say(ch *Channel, text string) Message { return u.write(ch, escape(text), "") }

// Reply is Say in the thread of a message.
func (u *User) Reply(to Message, text string) Message {
	return u.write(u.s.channel(to.Channel), escape(text), or(to.ThreadTS, to.TS))
}

// Mention is Say with the bot's name before it.
func (u *User) Mention(ch *Channel, text string) Message {
	return u.write(ch, "<@"+u.w.BotUser+"> "+escape(text), "")
}

// MentionIn is Mention in the thread of a message.
func (u *User) MentionIn(to Message, text string) Message {
	return u.write(u.s.channel(to.Channel), "<@"+u.w.BotUser+"> "+escape(text), or(to.ThreadTS, to.TS))
}

// escape is what Slack does to the three characters of its own markup.
func escape(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}

func (s *Slack) channel(id string) *Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.channels[id]
}

func (u *User) write(ch *Channel, text, thread string) (out Message) {
	u.s.locked(func() {
		m := &Message{Channel: ch.ID, TS: u.s.ts(), ThreadTS: thread, User: u.ID, Text: text, At: u.s.cfg.Now(), ClientMsgID: u.s.id("msg-")}
		m.Blocks = []object{{"type": "rich_text", "block_id": u.s.id("b"), "elements": []any{object{
			"type": "rich_text_section", "elements": []any{object{"type": "text", "text": html.UnescapeString(text)}},
		}}}}
		u.s.add(ch, m)
		out = *m
	})
	return out
}

// Edit gives a message of the user other words. A mention that it began with stays.
func (u *User) Edit(m Message, text string) {
	u.s.locked(func() {
		ch := u.s.channels[m.Channel]
		if live := ch.find(m.TS); live != nil {
			before := *live
			mention, _, _ := strings.Cut(live.Text, " ")
			if live.Text = escape(text); strings.HasPrefix(mention, "<@") {
				live.Text = mention + " " + live.Text
			}
			live.Edits, live.edited = live.Edits+1, u.s.ts()
			u.s.tellChanged(ch, live, &before)
		}
	})
}

// Delete takes a message of the user away.
func (u *User) Delete(m Message) {
	u.s.locked(func() {
		ch := u.s.channels[m.Channel]
		if live := ch.find(m.TS); live != nil {
			live.Deleted = true
			u.s.tellDeleted(ch, live)
		}
	})
}

// Slash is a slash command. It returns when the app has acknowledged, or did not
// within three seconds; then the user reads a notice of Slack, see [Message.Failed].
// What the acknowledgement says becomes a message.
func (u *User) Slash(ch *Channel, command, text string, twists ...Twist) *Delivery {
	d := &Delivery{Kind: "slash_commands", Event: command, twists: twists}
	u.s.locked(func() {
		fields := u.commandFields(ch, command, text)
		form, payload := url.Values{}, object{}
		for name, value := range fields {
			form.Set(name, value)
			payload[name] = value
		}
		d.payload = encode(payload)
		d.out = Outbound{Path: u.s.cfg.CommandPath, Body: []byte(form.Encode()), Header: formHeader()}
		u.s.queue(d)
	})
	d.run(nil)
	u.s.locked(func() { u.readCommand(ch, command, d.lastLocked()) })
	return d
}

func (u *User) commandFields(ch *Channel, command, text string) map[string]string {
	s := u.s
	text = escape(text)
	if s.cfg.Escape {
		text = u.resolve(text)
	}
	return map[string]string{
		"token": VerificationToken, "team_id": u.w.ID, "team_domain": u.w.domain(), "channel_id": ch.ID, "channel_name": ch.display(),
		"user_id": u.ID, "user_name": strings.ToLower(u.Name), "command": command, "text": text, "api_app_id": AppID,
		"is_enterprise_install": "false", "response_url": s.newHook(u, ch, nil), "trigger_id": s.newTrigger(u),
	}
}

// resolve makes references of the names in a command, as should_escape does.
func (u *User) resolve(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		for _, other := range u.w.users {
			if strings.EqualFold(word, "@"+other.Name) {
				words[i] = "<@" + other.ID + "|" + strings.ToLower(other.Name) + ">"
			}
		}
		for _, ch := range u.s.channels {
			if ch.Name != "" && word == "#"+ch.Name {
				words[i] = "<#" + ch.ID + "|" + ch.Name + ">"
			}
		}
	}
	return strings.Join(words, " ")
}

// readCommand shows the user what came of a command.
func (u *User) readCommand(ch *Channel, command string, a Attempt) {
	switch {
	case !a.Acked() && a.Status == 0 && a.Took >= ackTime:
		u.notice(ch, command+` failed with the error "operation_timeout"`)
		return
	case !a.Acked():
		u.notice(ch, command+` failed with the error "dispatch_failed"`)
		return
	case len(strings.TrimSpace(string(a.Body))) == 0:
		return
	}
	r := &response{Text: string(a.Body)}
	if kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type")); kind == "application/json" {
		r = new(response)
		if err := unmarshal(a.Body, r); err != nil {
			_ = u.s.violation("acknowledgement of "+command, "invalid_json", finding{"/", "this is no message"})
			return
		}
	}
	// An acknowledgement that Slack cannot use is shown to nobody, and written down.
	if err := u.s.respond(&hook{w: u.w, ch: ch, user: u}, "acknowledgement of "+command, r); err != nil && err.Error() != "no_text" {
		u.notice(ch, command+` failed with the error "`+err.Error()+`"`)
	}
}

// notice is what Slack itself says to one user.
func (u *User) notice(ch *Channel, text string) {
	ch.messages = append(ch.messages, &Message{
		Channel: ch.ID, TS: u.s.ts(), User: "USLACKBOT", Text: text, OnlyTo: u.ID, At: u.s.cfg.Now(), failed: true,
	})
}

// Failed reports whether this is Slack's own word that the app did not answer.
func (m Message) Failed() bool { return m.failed }
