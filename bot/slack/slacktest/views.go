package slacktest

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// View is a modal or the App Home of one user.
type View struct {
	ID, ExternalID, Hash        string
	Type                        string // "modal" or "home"
	CallbackID, PrivateMetadata string
	Title, Submit, Close        string
	Blocks                      []object
	NotifyOnClose, ClearOnClose bool

	user           *User
	chosen         choices
	root, previous string
	raw            object
}

// trigger is the permission to open a modal: it holds for three seconds, once.
type trigger struct {
	user *User
	ends time.Time
	used bool
}

const triggerLife = 3 * time.Second

func (s *Slack) newTrigger(u *User) string {
	id := s.id("1000.2000." + Mark + "-trigger-")
	s.triggers[id] = &trigger{user: u, ends: s.cfg.Now().Add(triggerLife)}
	return id
}

// pull uses a trigger up.
func (s *Slack) pull(c *call) (*User, error) {
	t := s.triggers[c.arg("trigger_id")]
	switch {
	case t == nil || t.user.w != c.w:
		return nil, fail("invalid_trigger_id")
	case t.used:
		return nil, fail("exchanged_trigger_id")
	case s.cfg.Now().After(t.ends):
		return nil, fail("expired_trigger_id")
	}
	t.used = true
	return t.user, nil
}

// parseView checks a view and takes it in, without an ID yet.
func (s *Slack) parseView(method string, raw []byte) (*View, error) {
	var o object
	if err := json.Unmarshal(raw, &o); err != nil || o == nil {
		return nil, s.violation(method, "invalid_arguments", finding{"/view", "this is no JSON object"})
	}
	list, _ := o["blocks"].([]any)
	found := blockKit().check(o, []shape{{name: "HomeView"}, {name: "ModalView"}}, "/view")
	found = append(found, checkTogether(list, "/view/blocks")...)
	if len(found) > 0 {
		return nil, s.violation(method, "invalid_arguments", found...)
	}
	v := &View{raw: o, Blocks: s.named(list), Title: textOf(o["title"]), Submit: textOf(o["submit"]), Close: textOf(o["close"])}
	v.Type, _ = o["type"].(string)
	v.CallbackID, _ = o["callback_id"].(string)
	v.PrivateMetadata, _ = o["private_metadata"].(string)
	v.ExternalID, _ = o["external_id"].(string)
	v.NotifyOnClose, _ = o["notify_on_close"].(bool)
	v.ClearOnClose, _ = o["clear_on_close"].(bool)
	return v, nil
}

// textOf is the text of a text object.
func textOf(v any) string {
	o, _ := v.(object)
	text, _ := o["text"].(string)
	return text
}

// give makes a view that of a user.
func (s *Slack) give(u *User, v *View) *View {
	v.user, v.ID, v.Hash = u, s.id("V"), s.hash()
	v.root = v.ID
	s.views[v.ID] = v
	return v
}

func (s *Slack) hash() string {
	s.seq["hash"]++
	return strconv.FormatInt(s.cfg.Now().Unix(), 10) + "." + strconv.Itoa(s.seq["hash"])
}

func (s *Slack) viewsOpen(c *call) (object, error) {
	v, err := s.parseView(c.Method, []byte(c.arg("view")))
	if err != nil {
		return nil, err
	}
	u, err := s.pull(c)
	if err != nil {
		return nil, err
	}
	u.stack = []*View{s.give(u, v)}
	return object{"view": v.object()}, nil
}

func (s *Slack) viewsPush(c *call) (object, error) {
	v, err := s.parseView(c.Method, []byte(c.arg("view")))
	if err != nil {
		return nil, err
	}
	u, err := s.pull(c)
	if err != nil {
		return nil, err
	}
	if err := s.push(u, v); err != nil {
		return nil, err
	}
	return object{"view": v.object()}, nil
}

// push puts a modal onto those that are open, of which there may be three.
func (s *Slack) push(u *User, v *View) error {
	switch {
	case len(u.stack) == 0:
		return fail("not_found")
	case len(u.stack) == 3:
		return fail("push_limit_reached")
	}
	s.give(u, v)
	v.root, v.previous = u.stack[0].ID, u.stack[len(u.stack)-1].ID
	u.stack = append(u.stack, v)
	return nil
}

func (s *Slack) viewsUpdate(c *call) (object, error) {
	next, err := s.parseView(c.Method, []byte(c.arg("view")))
	if err != nil {
		return nil, err
	}
	for _, v := range s.views {
		named := v.ID == c.arg("view_id") || (v.ExternalID != "" && v.ExternalID == c.arg("external_id"))
		if !named || v.user.w != c.w || v.Type != "modal" || !slices.Contains(v.user.stack, v) {
			continue
		}
		if h := c.arg("hash"); h != "" && h != v.Hash {
			return nil, fail("hash_conflict")
		}
		s.change(v, next)
		return object{"view": v.object()}, nil
	}
	return nil, fail("not_found")
}

// change puts what another view says into one that is open.
func (s *Slack) change(v, next *View) {
	next.ID, next.user, next.root, next.previous, next.Hash = v.ID, v.user, v.root, v.previous, s.hash()
	*v = *next
}

func (s *Slack) viewsPublish(c *call) (object, error) {
	v, err := s.parseView(c.Method, []byte(c.arg("view")))
	if err != nil {
		return nil, err
	}
	u := c.w.user(c.arg("user_id"))
	switch {
	case u == nil:
		return nil, fail("user_not_found")
	case u.gone:
		return nil, fail("not_enabled")
	case v.Type != "home":
		return nil, s.violation(c.Method, "invalid_arguments", finding{"/view/type", "must be home"})
	}
	if h := c.arg("hash"); h != "" && u.home != nil && h != u.home.Hash {
		return nil, fail("hash_conflict")
	}
	id := ""
	if u.home != nil {
		id = u.home.ID
		delete(s.views, id)
	}
	u.home = s.give(u, v)
	if id != "" { // a home keeps its ID
		delete(s.views, v.ID)
		v.ID, v.root = id, id
		s.views[id] = v
	}
	return object{"view": v.object()}, nil
}

// object is a view as methods and payloads give it.
func (v View) object() object {
	o := object{
		"id": v.ID, "team_id": v.user.w.ID, "app_id": AppID, "app_installed_team_id": v.user.w.ID, "bot_id": v.user.w.BotID, "hash": v.Hash,
		"root_view_id": v.root, "previous_view_id": nil, "state": object{"values": object{}}, "blocks": v.Blocks,
		"callback_id": "", "private_metadata": "", "external_id": "", "clear_on_close": false, "notify_on_close": false,
		"title": nil, "submit": nil, "close": nil,
	}
	if v.previous != "" {
		o["previous_view_id"] = v.previous
	}
	for name, value := range v.raw {
		if name != "blocks" {
			o[name] = value
		}
	}
	return o
}
