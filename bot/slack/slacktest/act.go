package slacktest

import (
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
)

func unmarshal(data []byte, v any) error { return json.Unmarshal(data, v) }

// Press presses the button with a label under a message, and returns when the app
// has acknowledged or did not in time. It fails the test if the user sees no such
// button.
func (u *User) Press(m Message, label string, twists ...Twist) *Delivery {
	u.s.tb.Helper()
	return u.act(u.onMessage(m), func(e object) object { return pressed(e, label) }, "button "+label, "", twists)
}

// PressView is Press in the open modal or, if there is none, in the App Home.
func (u *User) PressView(label string, twists ...Twist) *Delivery {
	u.s.tb.Helper()
	return u.act(u.onView(), func(e object) object { return pressed(e, label) }, "button "+label, "", twists)
}

// Choose chooses in a menu, by its action ID: the value of an option, the ID of a
// user or channel, or a date.
func (u *User) Choose(m Message, action, value string, twists ...Twist) *Delivery {
	u.s.tb.Helper()
	return u.act(u.onMessage(m), func(e object) object { return chosen(e, action, value) }, "choice of "+action, value, twists)
}

// ChooseView is Choose in the open modal or, if there is none, in the App Home.
func (u *User) ChooseView(action, value string, twists ...Twist) *Delivery {
	u.s.tb.Helper()
	return u.act(u.onView(), func(e object) object { return chosen(e, action, value) }, "choice of "+action, value, twists)
}

// stage is where somebody acts: a message or a view.
type stage struct {
	blocks  []object
	payload object
	chosen  *choices
}

// keep remembers what was chosen.
func (at stage) keep(user, action, value string) {
	if *at.chosen == nil {
		*at.chosen = make(choices)
	}
	(*at.chosen)[[2]string{user, action}] = value
}

func (u *User) onMessage(m Message) func() stage {
	return func() stage {
		ch := u.s.channels[m.Channel]
		live := ch.find(m.TS)
		if live == nil || !u.sees(ch, live) {
			return stage{}
		}
		container := object{"type": "message", "message_ts": m.TS, "channel_id": ch.ID, "is_ephemeral": live.OnlyTo != ""}
		set(container, "thread_ts", live.ThreadTS)
		p := object{
			"container": container, "channel": object{"id": ch.ID, "name": ch.display()},
			"response_url": u.s.newHook(u, ch, live),
		}
		if live.OnlyTo == "" { // Slack keeps no ephemeral message that it could send
			p["message"] = u.s.messageObject(live, true)
		}
		return stage{live.Blocks, p, &live.chosen}
	}
}

func (u *User) onView() func() stage {
	return func() stage {
		v := u.home
		if n := len(u.stack); n > 0 {
			v = u.stack[n-1]
		}
		if v == nil {
			return stage{}
		}
		return stage{v.Blocks, object{"container": object{"type": "view", "view_id": v.ID}, "view": v.object()}, &v.chosen}
	}
}

// act sends the action that pick makes of one of the elements.
// value is what it chooses, empty for a press.
func (u *User) act(where func() stage, pick func(object) object, what, value string, twists []Twist) *Delivery {
	u.s.tb.Helper()
	var d *Delivery
	u.s.locked(func() {
		at := where()
		for _, b := range at.blocks {
			for _, e := range elements(b) {
				if a := pick(e); a != nil && d == nil {
					a["block_id"], a["action_ts"] = b["block_id"], u.s.ts()
					if value != "" {
						at.keep(u.ID, a["action_id"].(string), value)
					}
					p := at.payload
					u.putState(at)
					p["type"], p["actions"] = "block_actions", []object{a}
					d = u.queueInteraction(p, twists)
				}
			}
		}
	})
	if d == nil {
		u.s.tb.Fatalf("%s sees no %s", u.Name, what)
		return nil
	}
	d.run(nil)
	return d
}

// putState adds what stands in the fields to a payload, in the view if it is one.
func (u *User) putState(at stage) {
	values, _ := stateOf(at.blocks, at.chosen.with(u.ID, nil), false)
	where := at.payload
	if view, ok := where["view"].(object); ok {
		where = view
	}
	where["state"] = object{"values": values}
}

func pressed(e object, label string) object {
	for _, name := range []string{"positive_button", "negative_button"} {
		if b, ok := e[name].(object); ok && textOf(b["text"]) == label {
			return object{"type": e["type"], "action_id": e["action_id"], "text": b["text"], "value": b["value"]}
		}
	}
	if kind := e["type"]; (kind != "button" && kind != "icon_button") || textOf(e["text"]) != label {
		return nil
	}
	a := object{"type": e["type"], "action_id": e["action_id"], "text": e["text"]}
	for _, name := range []string{"value", "style"} {
		if e[name] != nil {
			a[name] = e[name]
		}
	}
	return a
}

func chosen(e object, action, value string) object {
	if e["action_id"] != action {
		return nil
	}
	a := object{"action_id": action}
	if !fill(a, e, value) {
		return nil
	}
	return a
}

// fill writes a chosen value into an action or a state, under the name that the
// kind of element has for it.
func fill(a, e object, value string) bool {
	a["type"] = e["type"]
	kind, _ := e["type"].(string)
	switch kind {
	case "static_select", "radio_buttons", "overflow":
		a["selected_option"] = option(e, value)
		return a["selected_option"] != nil
	case "external_select":
		a["selected_option"] = object{"text": object{"type": "plain_text", "text": value, "emoji": true}, "value": value}
	case "checkboxes", "multi_static_select":
		return fillMany(a, e, value)
	case "users_select", "conversations_select", "channels_select":
		a["selected_"+strings.TrimSuffix(kind, "s_select")] = value
	case "datepicker":
		a["selected_date"] = value
	case "timepicker":
		a["selected_time"] = value
	case "button", "feedback_buttons", "icon_button":
		return false
	default:
		a["value"] = value
	}
	return true
}

// fillMany takes values with commas between them, none for an empty string.
func fillMany(a, e object, value string) bool {
	selected := []any{}
	for v := range strings.SplitSeq(value, ",") {
		if o := option(e, v); o != nil {
			selected = append(selected, o)
		} else if v != "" {
			return false
		}
	}
	a["selected_options"] = selected
	return true
}

// option finds an option by its value.
func option(e object, value string) any {
	lists := []any{e["options"]}
	groups, _ := e["option_groups"].([]any)
	for _, g := range groups {
		o, _ := g.(object)
		lists = append(lists, o["options"])
	}
	for _, l := range lists {
		options, _ := l.([]any)
		for _, o := range options {
			if o, ok := o.(object); ok && o["value"] == value {
				return o
			}
		}
	}
	return nil
}

// queueInteraction adds what all interaction payloads say.
func (u *User) queueInteraction(p object, twists []Twist) *Delivery {
	p["token"], p["api_app_id"], p["enterprise"], p["is_enterprise_install"] = VerificationToken, AppID, nil, false
	p["team"] = object{"id": u.w.ID, "domain": u.w.domain()}
	name := strings.ToLower(u.Name)
	p["user"] = object{"id": u.ID, "username": name, "name": name, "team_id": u.w.ID}
	if p["type"] != "view_closed" && p["type"] != "block_suggestion" {
		p["trigger_id"] = u.s.newTrigger(u)
	}
	kind, _ := p["type"].(string)
	d := &Delivery{Kind: "interactive", Event: kind, twists: twists, payload: encode(p)}
	form := url.Values{"payload": {string(d.payload)}}
	d.out = Outbound{Path: u.s.cfg.InteractionPath, Body: []byte(form.Encode()), Header: formHeader()}
	return u.s.queue(d)
}

// interact sends a payload and waits for the acknowledgement.
func (u *User) interact(payload func() object, twists []Twist) *Delivery {
	var d *Delivery
	u.s.locked(func() { d = u.queueInteraction(payload(), twists) })
	d.run(nil)
	return d
}

// Shortcut uses a message shortcut of the app, by its callback ID.
func (u *User) Shortcut(m Message, callback string, twists ...Twist) *Delivery {
	return u.interact(func() object {
		ch := u.s.channels[m.Channel]
		p := object{
			"type": "message_action", "callback_id": callback, "message_ts": m.TS, "action_ts": u.s.ts(),
			"channel": object{"id": ch.ID, "name": ch.display()}, "response_url": u.s.newHook(u, ch, nil),
		}
		if live := ch.find(m.TS); live != nil {
			p["message"] = u.s.messageObject(live, true)
		}
		return p
	}, twists)
}

// GlobalShortcut uses a shortcut that belongs to no message.
func (u *User) GlobalShortcut(callback string, twists ...Twist) *Delivery {
	return u.interact(func() object {
		return object{"type": "shortcut", "callback_id": callback, "action_ts": u.s.ts()}
	}, twists)
}

// OpenHome opens a tab of the app's page, "home" or "messages".
func (u *User) OpenHome(tab string) {
	u.s.locked(func() {
		e := object{"type": "app_home_opened", "user": u.ID, "channel": u.im.ID, "tab": tab}
		if u.home != nil && tab == "home" {
			e["view"] = u.home.object()
		}
		u.s.emit(u.w, "app_home_opened", e)
	})
}

// Suggest types into a menu whose options come from the app, in the open modal or
// the App Home, and returns the labels that it offers.
func (u *User) Suggest(action, typed string) (labels []string) {
	u.s.tb.Helper()
	d := u.interact(func() object {
		at := u.onView()()
		p := object{"type": "block_suggestion", "action_id": action, "value": typed}
		maps.Copy(p, at.payload)
		for _, b := range at.blocks {
			if slices.ContainsFunc(elements(b), func(e object) bool { return e["action_id"] == action }) {
				p["block_id"] = b["block_id"]
			}
		}
		return p
	}, nil)
	var offered struct {
		Options []any `json:"options"`
	}
	if err := unmarshal(d.Last().Body, &offered); err != nil {
		u.s.tb.Fatalf("a block_suggestion was answered by no options: %v", err)
	}
	u.s.locked(func() {
		found := blockKit().check(any(offered.Options), []shape{{items: []shape{{name: "PlainTextOption"}}}}, "/options")
		if found = append(found, (limit{0, 100}).check(offered.Options, "/options")...); len(found) > 0 {
			_ = u.s.violation("block_suggestion", "invalid_options", found...) // the violation is all there is to it
		}
	})
	for _, o := range offered.Options {
		o, _ := o.(object)
		labels = append(labels, textOf(o["text"]))
	}
	return labels
}
