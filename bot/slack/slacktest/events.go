package slacktest

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// emit tells the app of events in a workspace, one after the other, if it is
// installed there and subscribed: to sub, or where that is empty to the event's own
// type. The caller holds the lock; the delivery goes on behind it.
func (s *Slack) emit(w *Workspace, sub string, events ...object) {
	if !s.reachableApp() {
		return // there is no app yet that could have missed it
	}
	var queued []*Delivery
	for _, e := range events {
		kind, _ := e["type"].(string)
		if w.installed && slices.Contains(s.cfg.Events, or(sub, kind)) {
			queued = append(queued, s.queue(s.event(w, kind, e)))
		}
	}
	if len(queued) == 0 {
		return
	}
	s.wg.Go(func() {
		for _, d := range queued {
			s.wg.Go(func() { d.run(retries) })
			select {
			case <-d.tried:
			case <-s.ctx.Done():
			}
		}
	})
}

// reachableApp reports whether there ever was an app to deliver to.
func (s *Slack) reachableApp() bool {
	if s.cfg.SocketMode {
		return s.sockets.ever
	}
	return s.connected.Load() != nil
}

// event wraps an event as docs.slack.dev/apis/events-api says.
func (s *Slack) event(w *Workspace, kind string, e object) *Delivery {
	now := s.cfg.Now()
	id := s.id("Ev")
	if e["event_ts"] == nil {
		e["event_ts"] = stamp(now.UnixMicro())
	}
	channel, _ := e["channel"].(string)
	ch := s.channels[channel]
	o := object{
		"token": VerificationToken, "team_id": w.ID, "context_team_id": w.ID, "context_enterprise_id": nil, "api_app_id": AppID,
		"type": "event_callback", "event": e, "event_id": id, "event_time": now.Unix(), "event_context": "4-" + id,
		"is_ext_shared_channel": ch != nil && len(ch.teams) > 1,
		"authorizations": []object{{
			"enterprise_id": nil, "team_id": w.ID, "user_id": w.BotUser, "is_bot": true, "is_enterprise_install": false,
		}},
	}
	return s.jsonDelivery(&Delivery{Kind: "events_api", Event: kind, EventID: id}, o)
}

func (s *Slack) jsonDelivery(d *Delivery, payload object) *Delivery {
	d.payload = encode(payload)
	d.out = Outbound{Path: s.cfg.EventPath, Body: d.payload, Header: http.Header{"Content-Type": {"application/json"}}}
	return d
}

// tell tells the apps of a new message: as a message event, and as an app_mention
// as well if it names the bot. In a shared channel each workspace tells its own.
func (s *Slack) tell(ch *Channel, m *Message, subtype string) {
	e := s.messageObject(m, false)
	set(e, "subtype", subtype)
	s.eachTeam(ch, func(w *Workspace) {
		s.emitMessage(w, ch, e)
		if m.BotID == "" && ch.with == nil && strings.Contains(m.Text, "<@"+w.BotUser+">") {
			s.emit(w, "app_mention", s.inChannel(w, ch, e, "app_mention"))
		}
	})
}

// tellChanged tells of a message with new words.
func (s *Slack) tellChanged(ch *Channel, m, before *Message) {
	if m.OnlyTo != "" {
		return
	}
	s.eachTeam(ch, func(w *Workspace) {
		s.emitMessage(w, ch, object{
			"type": "message", "subtype": "message_changed", "hidden": true, "ts": s.ts(),
			"message": s.messageObject(m, false), "previous_message": s.messageObject(before, false),
		})
	})
}

// tellDeleted tells of a message that is gone.
func (s *Slack) tellDeleted(ch *Channel, m *Message) {
	if m.OnlyTo != "" {
		return
	}
	s.eachTeam(ch, func(w *Workspace) {
		s.emitMessage(w, ch, object{
			"type": "message", "subtype": "message_deleted", "hidden": true, "ts": s.ts(), "deleted_ts": m.TS,
			"previous_message": s.messageObject(m, false),
		})
	})
}

// eachTeam calls f for each workspace whose bot is in the channel.
func (s *Slack) eachTeam(ch *Channel, f func(*Workspace)) {
	for _, w := range ch.teams {
		if ch.has(w.BotUser) {
			f(w)
		}
	}
}

func (s *Slack) emitMessage(w *Workspace, ch *Channel, e object) {
	scope, _ := ch.kind()
	out := s.inChannel(w, ch, e, "message")
	_, out["channel_type"] = ch.kind()
	s.emit(w, "message."+scope, out)
}

// inChannel copies an event and says where it happened.
func (s *Slack) inChannel(w *Workspace, ch *Channel, e object, kind string) object {
	out := object{"team": w.ID}
	maps.Copy(out, e)
	out["type"], out["channel"], out["event_ts"] = kind, ch.ID, e["ts"]
	return out
}

// Verify sends what Slack sends when a Request URL is entered, and reports whether
// the app proved that it is there.
func (s *Slack) Verify(twists ...Twist) (ok bool, a Attempt) {
	const challenge = "3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"
	d := &Delivery{Event: "url_verification", twists: twists}
	s.jsonDelivery(d, object{"token": VerificationToken, "type": "url_verification", "challenge": challenge})
	s.locked(func() { s.queue(d) })
	d.run(nil)
	a = d.Last()
	return a.Acked() && strings.Contains(string(a.Body), challenge), a
}

// CheckSSL sends the request, without a signature, by which Slack looks at the
// certificate of a command's URL.
func (s *Slack) CheckSSL() Attempt {
	d := &Delivery{Event: "ssl_check", twists: []Twist{Unsigned}}
	d.out = Outbound{Path: s.cfg.CommandPath, Body: []byte("ssl_check=1&token=" + VerificationToken), Header: formHeader()}
	s.locked(func() { s.queue(d) })
	d.run(nil)
	return d.Last()
}

func formHeader() http.Header {
	return http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
}

// Emit tells the app of any event in this workspace, subscribed or not.
func (w *Workspace) Emit(event map[string]any, twists ...Twist) *Delivery {
	kind, _ := event["type"].(string)
	var d *Delivery
	w.s.locked(func() {
		d = w.s.event(w, kind, event)
		d.twists = twists
		w.s.queue(d)
	})
	w.s.wg.Go(func() { d.run(retries) })
	return d
}
