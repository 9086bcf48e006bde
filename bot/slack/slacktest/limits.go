package slacktest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// limit is how long something may be: a text in characters, a list in items.
type limit struct{ least, most int }

// limits are those of docs.slack.dev/reference/block-kit and of the views, by
// object of the schema and field; "options[]" means each item. A field that holds a
// text object is as long as its text.
var limits = map[string]map[string]limit{
	"ActionsBlock":             {"elements": {1, 25}},
	"AlertBlock":               {"text": {1, 200}},
	"Button":                   {"text": {1, 75}, "value": {0, 2000}, "url": {1, 3000}, "accessibility_label": {1, 75}},
	"CardBlock":                {"title": {1, 150}, "subtitle": {1, 150}, "body": {1, 200}, "actions": {1, 3}},
	"CarouselBlock":            {"elements": {1, 10}},
	"Checkboxes":               {"options": {1, 10}},
	"ConfirmationDialog":       {"title": {1, 100}, "text": {1, 300}, "confirm": {1, 30}, "deny": {1, 30}},
	"ContainerBlock":           {"title": {1, 150}, "subtitle": {1, 150}, "child_blocks": {1, 10}},
	"ContextActionsBlock":      {"elements": {1, 5}},
	"ContextBlock":             {"elements": {1, 10}},
	"DataTableBlock":           {"rows": {2, 201}, "rows[]": {1, 20}},
	"HeaderBlock":              {"text": {1, 150}},
	"HomeView":                 {"blocks": {0, 100}, "private_metadata": {0, 3000}, "callback_id": {0, 255}, "external_id": {0, 255}},
	"IconButton":               {"text": {1, 75}, "value": {0, 2000}, "accessibility_label": {1, 75}},
	"Image&Block&*":            {"alt_text": {1, 2000}, "title": {1, 2000}, "image_url": {1, 3000}},
	"Image&*":                  {"alt_text": {1, 2000}, "image_url": {1, 3000}},
	"InputBlock":               {"label": {1, 2000}, "hint": {1, 2000}},
	"MarkdownBlock":            {"text": {1, 12_000}},
	"ModalView":                {"blocks": {0, 100}, "title": {1, 24}, "submit": {1, 24}, "close": {1, 24}, "private_metadata": {0, 3000}, "callback_id": {0, 255}, "external_id": {0, 255}},
	"MrkdwnElement":            {"text": {1, 3000}},
	"MrkdwnOption":             {"text": {1, 75}, "value": {1, 150}, "description": {1, 75}, "url": {1, 3000}},
	"MultiStaticSelect":        {"options": {1, 100}, "option_groups": {1, 100}},
	"Overflow":                 {"options": {1, 5}},
	"PlainTextElement":         {"text": {1, 3000}},
	"PlainTextInput":           {"min_length": {0, 3000}, "max_length": {1, 3000}, "initial_value": {0, 3000}},
	"PlainTextOption":          {"text": {1, 75}, "value": {1, 150}, "description": {1, 75}, "url": {1, 3000}},
	"RadioButtons":             {"options": {1, 10}},
	"SectionBlock":             {"text": {1, 3000}, "fields": {1, 10}, "fields[]": {1, 2000}},
	"StaticSelect":             {"options": {1, 100}, "option_groups": {1, 100}},
	"TableBlock":               {"rows": {1, 100}, "rows[]": {1, 20}, "column_settings": {0, 20}},
	"VideoBlock":               {"title": {1, 199}, "author_name": {0, 49}},
	"WorkflowButton":           {"text": {1, 75}, "accessibility_label": {1, 75}},
	"FeedbackButtons.*":        {"text": {1, 75}, "value": {1, 2000}, "accessibility_label": {1, 75}},
	"StaticSelect.*":           {"label": {1, 75}, "options": {1, 100}},
	"MultiStaticSelect.*":      {"label": {1, 75}, "options": {1, 100}},
	"*":                        {"block_id": {0, 255}, "action_id": {0, 255}, "placeholder": {1, 150}},
	"TableBlockColumnSettings": {},
}

// limitOf finds the limit of a field, by the object's name, by what the name starts
// with, or for all.
func limitOf(name, field string) (limit, bool) {
	for _, key := range []string{name, before(name, "&Block&"), before(name, "&"), before(name, "."), "*"} {
		if l, ok := limits[key][field]; ok {
			return l, true
		}
	}
	return limit{}, false
}

func before(name, cut string) string {
	head, _, ok := strings.Cut(name, cut)
	if !ok {
		return name
	}
	return head + cut + "*"
}

func checkLimits(name, field string, v any, at string) []finding {
	var out []finding
	if l, ok := limitOf(name, field); ok {
		out = append(out, l.check(v, at)...)
	}
	items, _ := v.([]any)
	if l, ok := limitOf(name, field+"[]"); ok {
		for i, item := range items {
			out = append(out, l.check(item, at+"/"+strconv.Itoa(i))...)
		}
	}
	return out
}

func (l limit) check(v any, at string) []finding {
	var n int
	what := "characters"
	switch v := v.(type) {
	case string:
		n = utf8.RuneCountInString(v)
	case float64:
		n, what = int(v), "as a value"
	case []any:
		n, what = len(v), "items"
	case object:
		text, _ := v["text"].(string)
		n = utf8.RuneCountInString(text)
	default:
		return nil
	}
	if n < l.least || n > l.most {
		return []finding{{at, fmt.Sprintf("must be from %d to %d %s, not %d", l.least, l.most, what, n)}}
	}
	return nil
}

// checkRules checks what neither types nor limits say.
func checkRules(name string, v object, at string) []finding {
	var out []finding
	miss := func(bad bool, what string) {
		if bad {
			out = append(out, finding{at, what})
		}
	}
	switch name {
	case "SectionBlock":
		miss(v["text"] == nil && v["fields"] == nil, "a section needs text or fields")
	case "StaticSelect", "MultiStaticSelect":
		miss((v["options"] == nil) == (v["option_groups"] == nil), "a menu needs either options or option_groups")
	case "ContainerBlock":
		miss(v["title"] == nil && v["rich_text_title"] == nil, "a container needs a title")
	case "CardBlock":
		miss(v["hero_image"] == nil && v["title"] == nil && v["actions"] == nil && v["body"] == nil, "a card needs something to show")
	case "ModalView":
		miss(v["submit"] == nil && hasInput(v["blocks"]), "a modal with an input block needs submit")
	}
	return out
}

func hasInput(blocks any) bool {
	list, _ := blocks.([]any)
	for _, b := range list {
		if o, ok := b.(object); ok && o["type"] == "input" {
			return true
		}
	}
	return false
}

// maxBlocks is how many blocks a message may have; a view has its own limit.
const maxBlocks = 50

// checkBlocks checks the blocks of a message. Those that have no IDs get them, as
// Slack does.
func (s *Slack) checkBlocks(method, code string, raw []byte) ([]object, error) {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return nil, s.violation(method, code+"_format", finding{"/blocks", "this is no JSON"})
	}
	found := blockKit().check(v, []shape{{items: []shape{{name: "KnownBlock"}}}}, "/blocks")
	list, _ := v.([]any)
	found = append(found, limit{0, maxBlocks}.check(list, "/blocks")...)
	found = append(found, checkTogether(list, "/blocks")...)
	if len(found) > 0 {
		return nil, s.violation(method, code, found...)
	}
	return s.named(list), nil
}

// checkTogether checks what blocks must have in common or must not.
func checkTogether(list []any, at string) []finding {
	var out []finding
	blocks := make(map[string]bool)
	markdown := 0
	for i, b := range list {
		o, _ := b.(object)
		here := at + "/" + strconv.Itoa(i)
		if id, _ := o["block_id"].(string); id != "" {
			if blocks[id] {
				out = append(out, finding{here + "/block_id", "another block has it, too"})
			}
			blocks[id] = true
		}
		if text, ok := o["text"].(string); ok && o["type"] == "markdown" {
			markdown += utf8.RuneCountInString(text)
		}
		if o["type"] == "alert" {
			out = append(out, finding{here, "an alert is for streamed messages only"})
		}
		out = append(out, checkActions(o, here)...)
	}
	if markdown > 12_000 {
		out = append(out, finding{at, "markdown blocks hold more than 12,000 characters together"})
	}
	return out
}

// checkActions finds action IDs that a block has twice.
func checkActions(block object, at string) []finding {
	var out []finding
	seen := make(map[string]bool)
	for _, e := range elements(block) {
		if id, _ := e["action_id"].(string); id != "" {
			if seen[id] {
				out = append(out, finding{at, "an action_id is used twice in one block"})
			}
			seen[id] = true
		}
	}
	return out
}

// elements are the parts of a block that somebody can press, choose or fill in.
func elements(block object) []object {
	var out []object
	for _, name := range []string{"elements", "actions"} {
		list, _ := block[name].([]any)
		for _, e := range list {
			if o, ok := e.(object); ok {
				out = append(out, o)
			}
		}
	}
	for _, name := range []string{"accessory", "element"} {
		if o, ok := block[name].(object); ok {
			out = append(out, o)
		}
	}
	return out
}

// interactive says which elements have an action_id of their own.
func interactive(e object) bool {
	switch kind, _ := e["type"].(string); kind {
	case "", "image", "plain_text", "mrkdwn", "card":
		return false
	default:
		return !strings.HasPrefix(kind, "rich_text_") || kind == "rich_text_input"
	}
}

// named gives IDs to blocks and elements that have none.
func (s *Slack) named(list []any) []object {
	out := make([]object, 0, len(list))
	for _, b := range list {
		o, _ := b.(object)
		if id, _ := o["block_id"].(string); id == "" {
			o["block_id"] = s.id("b")
		}
		for _, e := range elements(o) {
			if id, _ := e["action_id"].(string); id == "" && interactive(e) {
				e["action_id"] = s.id("a")
			}
		}
		out = append(out, o)
	}
	return out
}

// violation writes down what the app did wrong and returns the error for it.
func (s *Slack) violation(method, code string, found ...finding) error {
	messages := make([]string, 0, len(found))
	for _, f := range found {
		messages = append(messages, "[ERROR] "+f.String())
		s.violations = append(s.violations, method+": "+code+": "+f.String())
	}
	return &failure{code, object{"errors": messages, "response_metadata": object{"messages": messages}}}
}
