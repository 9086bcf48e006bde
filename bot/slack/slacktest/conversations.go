package slacktest

import (
	"encoding/base64"
	"slices"
	"strings"
)

// reachable finds the channel of a call that reads, with the scope for its kind.
func (s *Slack) reachable(c *call, right string) (*Channel, error) {
	ch := s.lookup(c)
	if ch == nil || (ch.Private && !ch.has(c.w.BotUser)) {
		return nil, fail("channel_not_found")
	}
	scope, _ := ch.kind()
	return ch, c.need(scope + ":" + right)
}

func (s *Slack) conversationsInfo(c *call) (object, error) {
	ch, err := s.reachable(c, "read")
	if err != nil {
		return nil, err
	}
	return object{"channel": s.channelObject(c.w, ch)}, nil
}

func (s *Slack) channelObject(w *Workspace, ch *Channel) object {
	shared := len(ch.teams) > 1
	o := object{
		"id": ch.ID, "is_archived": ch.archived, "is_im": ch.with != nil, "is_mpim": false, "is_member": ch.has(w.BotUser),
		"is_channel": ch.with == nil && !ch.Private, "is_group": ch.Private, "is_private": ch.Private || ch.with != nil,
		"is_shared": shared, "is_ext_shared": shared, "is_org_shared": false, "context_team_id": w.ID,
	}
	if ch.with != nil {
		o["user"] = ch.with.ID
		return o
	}
	o["name"], o["name_normalized"] = ch.Name, ch.Name
	return o
}

func (s *Slack) conversationsOpen(c *call) (object, error) {
	ids := strings.Split(c.arg("users"), ",")
	if len(ids) > 1 {
		return nil, fail("method_not_supported_for_channel_type") // group messages are not faked
	}
	u := c.w.user(ids[0])
	switch {
	case c.arg("users") == "":
		return nil, fail("users_list_not_supplied")
	case u == nil:
		return nil, fail("user_not_found")
	case u.gone:
		return nil, fail("user_disabled")
	}
	return object{"channel": object{"id": u.im.ID}}, nil
}

func (s *Slack) conversationsMembers(c *call) (object, error) {
	ch, err := s.reachable(c, "read")
	if err != nil {
		return nil, err
	}
	ids, cursor, err := page(c, slices.Clone(ch.members), 100, 1000, func(id string) string { return id })
	return object{"members": ids, "response_metadata": object{"next_cursor": cursor}}, err
}

// page cuts what a call asks for out of all, and says where it goes on.
func page[T any](c *call, all []T, usual, most int, key func(T) string) (part []T, cursor string, err error) {
	if at := c.arg("cursor"); at != "" {
		start, err := base64.StdEncoding.DecodeString(at)
		i := slices.IndexFunc(all, func(v T) bool { return key(v) == string(start) })
		if err != nil || i < 0 {
			return nil, "", fail("invalid_cursor")
		}
		all = all[i:]
	}
	limit := c.number("limit", usual)
	if limit < 1 || limit > most {
		limit = min(usual, most)
	}
	if len(all) <= limit {
		return all, "", nil
	}
	return all[:limit], base64.StdEncoding.EncodeToString([]byte(key(all[limit]))), nil
}

// readable is reachable for those who read messages: they have to be members.
func (s *Slack) readable(c *call) (*Channel, error) {
	ch, err := s.reachable(c, "history")
	if err == nil && !ch.has(c.w.BotUser) {
		err = fail("not_in_channel")
	}
	return ch, err
}

func (s *Slack) conversationsHistory(c *call) (object, error) {
	ch, err := s.readable(c)
	if err != nil {
		return nil, err
	}
	found := c.between(ch, func(m *Message) bool { return m.ThreadTS == "" || m.ThreadTS == m.TS })
	slices.Reverse(found)
	return s.messagePage(c, found)
}

func (s *Slack) conversationsReplies(c *call) (object, error) {
	ch, err := s.readable(c)
	if err != nil {
		return nil, err
	}
	root := c.arg("ts")
	if ch.find(root) == nil {
		return nil, fail("thread_not_found")
	}
	return s.messagePage(c, c.between(ch, func(m *Message) bool { return m.TS == root || m.ThreadTS == root }))
}

// between returns the messages of a channel that everybody sees, from oldest to
// latest. Timestamps compare as text, once all have ten digits before the point.
func (c *call) between(ch *Channel, ok func(*Message) bool) []*Message {
	oldest, latest := padded(c.arg("oldest"), "0"), padded(c.arg("latest"), "9999999999")
	var out []*Message
	for _, m := range ch.messages {
		at := padded(m.TS, "0")
		edge, inside := at == oldest || at == latest, at > oldest && at < latest
		if !m.Deleted && m.OnlyTo == "" && ok(m) && (inside || edge && c.flag("inclusive")) {
			out = append(out, m)
		}
	}
	return out
}

func padded(ts, missing string) string {
	seconds, rest, _ := strings.Cut(or(ts, missing), ".")
	return strings.Repeat("0", max(0, 10-len(seconds))) + seconds + "." + rest + "000000"[min(6, len(rest)):]
}

func (s *Slack) messagePage(c *call, found []*Message) (object, error) {
	usual, most := 100, 999
	if s.cfg.Distributed {
		usual, most = 15, 15
	}
	found, cursor, err := page(c, found, usual, most, func(m *Message) string { return m.TS })
	if err != nil {
		return nil, err
	}
	out := make([]object, 0, len(found))
	for _, m := range found {
		out = append(out, s.messageObject(m, c.flag("include_all_metadata")))
	}
	return object{"messages": out, "has_more": cursor != "", "response_metadata": object{"next_cursor": cursor}}, nil
}

func (s *Slack) usersInfo(c *call) (object, error) {
	u := c.w.user(c.arg("user"))
	switch {
	case u != nil:
		return object{"user": s.userObject(u, c.flag("include_locale"))}, nil
	case c.arg("user") == c.w.BotUser:
		return object{"user": object{"id": c.w.BotUser, "team_id": c.w.ID, "name": "suhbat", "is_bot": true, "deleted": false}}, nil
	default:
		return nil, fail("user_not_found")
	}
}

func (s *Slack) teamInfo(c *call) (object, error) {
	return object{"team": object{"id": c.w.ID, "name": c.w.Name, "domain": c.w.domain()}}, nil
}

func (s *Slack) botsInfo(c *call) (object, error) {
	if id := or(c.arg("bot"), c.w.BotID); id != c.w.BotID {
		return nil, fail("bot_not_found")
	}
	return object{"bot": object{"id": c.w.BotID, "deleted": false, "name": "Suhbat", "app_id": AppID, "user_id": c.w.BotUser}}, nil
}
