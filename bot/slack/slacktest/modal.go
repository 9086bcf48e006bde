package slacktest

import (
	"encoding/json"
	"maps"
	"slices"
)

// Submit fills the open modal, a value for each action ID, and submits it. Slack
// does not let a required field stay empty; then the test fails, and so it does for a
// field that is not there. It returns when the app has acknowledged or did not in
// time; the modal is then what the app said.
func (u *User) Submit(values map[string]string, twists ...Twist) *Delivery {
	u.s.tb.Helper()
	var v *View
	var d *Delivery
	var why string
	u.s.locked(func() {
		if len(u.stack) == 0 {
			why = "no modal is open"
			return
		}
		v = u.stack[len(u.stack)-1]
		var state object
		if state, why = stateOf(v.Blocks, v.chosen.with(u.ID, values), true); why == "" {
			o := v.object()
			o["state"] = object{"values": state}
			d = u.queueInteraction(object{"type": "view_submission", "view": o, "response_urls": []any{}}, twists)
		}
	})
	if why != "" {
		u.s.tb.Fatalf("%s cannot submit: %s", u.Name, why)
		return nil
	}
	d.run(nil)
	u.s.locked(func() { u.submitted(v, d.lastLocked()) })
	return d
}

// choices are values of fields by user and action ID.
type choices map[[2]string]string

// with returns what a user has chosen, and what she fills in besides.
func (c choices) with(user string, values map[string]string) map[string]string {
	out := make(map[string]string)
	for key, value := range c {
		if key[0] == user {
			out[key[1]] = value
		}
	}
	maps.Copy(out, values)
	return out
}

// stateOf is what stands in the fields of a message or view, by block and action
// ID. If it is to be submitted, nothing that is required may be missing.
func stateOf(blocks []object, values map[string]string, submit bool) (out object, why string) {
	out = object{}
	used := 0
	for _, b := range blocks {
		optional, _ := b["optional"].(bool)
		for _, e := range elements(b) {
			action, _ := e["action_id"].(string)
			if !hasState(e) {
				continue
			}
			value, given := values[action]
			if given {
				used++
			}
			field, filled := fieldState(e, value, given)
			if given && value != "" && !filled {
				return nil, action + " has no option " + value
			}
			if submit && !filled && !optional && b["type"] == "input" {
				return nil, action + " is required"
			}
			block, _ := b["block_id"].(string)
			fields, _ := out[block].(object)
			if fields == nil {
				fields = object{}
				out[block] = fields
			}
			fields[action] = field
		}
	}
	if used < len(values) {
		return nil, "it has no such field"
	}
	return out, ""
}

// hasState says which elements hold a value.
func hasState(e object) bool {
	switch e["type"] {
	case "button", "overflow", "icon_button", "feedback_buttons", "workflow_button":
		return false
	default:
		return interactive(e)
	}
}

// fieldState is what stands in one field: what was typed, or else what stood there
// at first.
func fieldState(e object, value string, given bool) (field object, filled bool) {
	field = object{"type": e["type"]}
	if given {
		filled = value != "" && fill(field, e, value)
		if !filled {
			field = emptyState(e)
		}
		return field, filled
	}
	for initial, name := range map[string]string{
		"initial_value": "value", "initial_option": "selected_option", "initial_options": "selected_options", "initial_date": "selected_date",
		"initial_time": "selected_time", "initial_user": "selected_user", "initial_conversation": "selected_conversation",
		"initial_channel": "selected_channel",
	} {
		if e[initial] != nil {
			field[name] = e[initial]
			return field, true
		}
	}
	return emptyState(e), false
}

// emptyState is a field with nothing in it: null, or an empty list.
func emptyState(e object) object {
	switch e["type"] {
	case "static_select", "radio_buttons", "external_select":
		return object{"type": e["type"], "selected_option": nil}
	case "checkboxes", "multi_static_select":
		return object{"type": e["type"], "selected_options": []any{}}
	default:
		return object{"type": e["type"], "value": nil}
	}
}

// submitted does what the app wants of a submitted modal.
func (u *User) submitted(v *View, a Attempt) {
	u.fieldErrors = nil
	if !a.Acked() {
		u.fieldErrors = map[string]string{"": "We had some trouble connecting. Try again?"}
		return
	}
	var r struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   json.RawMessage   `json:"view"`
	}
	if len(a.Body) > 0 && unmarshal(a.Body, &r) != nil {
		_ = u.s.violation("view_submission", "invalid_json", finding{"/", "the answer is neither empty nor JSON"})
		return
	}
	switch r.Action {
	case "":
		u.stack = slices.DeleteFunc(u.stack, func(o *View) bool { return o == v })
	case "clear":
		u.stack = nil
	case "errors":
		u.refuse(v, r.Errors)
	case "update", "push":
		u.follow(v, r.Action, r.View)
	default:
		_ = u.s.violation("view_submission", "invalid_response_action", finding{"/response_action", "must be errors, update, push or clear"})
	}
}

func (u *User) refuse(v *View, errors map[string]string) {
	for block := range errors {
		if !slices.ContainsFunc(v.Blocks, func(b object) bool { return b["block_id"] == block && b["type"] == "input" }) {
			_ = u.s.violation("view_submission", "invalid_errors", finding{"/errors", "there is no input block of that ID"})
		}
	}
	u.fieldErrors = errors
}

func (u *User) follow(v *View, action string, raw []byte) {
	next, err := u.s.parseView("view_submission", raw)
	if err != nil {
		return // it is written down
	}
	if action == "update" {
		u.s.change(v, next)
		return
	}
	if err := u.s.push(u, next); err != nil {
		_ = u.s.violation("view_submission", err.Error(), finding{"/view", "it cannot be pushed"})
	}
}

// CloseModal closes the open modal. The app hears of it only if the view has
// notify_on_close; otherwise nil is returned.
func (u *User) CloseModal() *Delivery {
	var d *Delivery
	u.s.locked(func() {
		n := len(u.stack)
		if n == 0 {
			return
		}
		v := u.stack[n-1]
		u.stack = u.stack[:n-1]
		if v.NotifyOnClose {
			d = u.queueInteraction(object{"type": "view_closed", "view": v.object(), "is_cleared": false}, nil)
		}
	})
	if d != nil {
		d.run(nil)
	}
	return d
}
