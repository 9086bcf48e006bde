package scheduler

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"

	"suhbat/bot"
	"suhbat/facts"
)

// Load makes the subscriptions of the operator's file those of data. If anything is
// wrong with it, nothing changes: what was there stays, and the error is a
// [facts.Findings] that names everything with its place. name is for these.
func (g *Registry) Load(ctx context.Context, name string, data []byte) error {
	subs, found := g.Parse(name, data)
	if len(found) > 0 {
		return found
	}
	return g.Sync(ctx, subs)
}

// Parse reads an operator's file:
//
//	subscriptions:
//	  - to: telegram:-1001234567890/45   # or telegram:@channel, slack:T0123/C0456
//	    zone: Asia/Almaty
//	    at: "09:00"                      # from here on, what is left out is as usual
//	    lang: ru
//	    topics: [wps, dialogue, observances]
//	    ahead: [7, 1, 0]                 # exact
//	    quiet: "22:00-08:00"
//	    weekend: before                  # or after, keep
//	    round: true                      # round years only
//
// It returns everything that is wrong, in the order of the file.
func (g *Registry) Parse(name string, data []byte) ([]Subscription, facts.Findings) {
	f := &file{name: name, langs: g.Langs, topics: g.Planner.Calendar.topics()}
	root := f.document(data)
	if root == nil {
		return nil, f.found
	}
	var subs []Subscription
	f.mapping(root, "the file", map[string]func(*yaml.Node){
		"subscriptions": func(n *yaml.Node) { subs = f.subscriptions(n) },
	}, "subscriptions")
	slices.SortStableFunc(f.found, func(a, b facts.Finding) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Col, b.Pos.Col))
	})
	return subs, f.found
}

// file is an operator's file while it is read.
type file struct {
	name          string
	langs, topics []string
	found         facts.Findings
}

func (f *file) find(n *yaml.Node, what, want string) {
	f.found = append(f.found, facts.Finding{Pos: facts.Pos{File: f.name, Line: max(1, n.Line), Col: max(1, n.Column)}, What: what, Want: want})
}

// maxDepth is how deeply the file may nest: more than its format needs.
const maxDepth = 16

// document returns what the file holds, or nil after a finding.
func (f *file) document(data []byte) *yaml.Node {
	loader, err := yaml.NewLoader(bytes.NewReader(data), yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	var doc yaml.Node
	if err == nil {
		err = loader.Load(&doc)
	}
	switch wrong, _ := errors.AsType[*yaml.LoadError](err); {
	case errors.Is(err, io.EOF):
		f.find(&yaml.Node{}, "the file is empty", "the key subscriptions")
		return nil
	case wrong != nil:
		f.find(&yaml.Node{Line: wrong.Mark.Line, Column: wrong.Mark.Column}, "not readable as YAML: "+wrong.Message, "YAML")
		return nil
	case err != nil:
		f.find(&yaml.Node{}, "not readable as YAML: "+err.Error(), "YAML")
		return nil
	}
	return doc.Content[0]
}

// mapping reads the keys of a mapping, and notes those that are unknown, repeated or
// missing.
func (f *file) mapping(n *yaml.Node, what string, keys map[string]func(*yaml.Node), must ...string) {
	names := make([]string, 0, len(keys))
	for name := range keys {
		names = append(names, name)
	}
	slices.Sort(names)
	if n.Kind != yaml.MappingNode {
		f.find(n, what+" is no mapping", "one with the keys "+strings.Join(names, ", "))
		return
	}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, ok := keys[key.Value]
		switch {
		case !ok:
			f.find(key, fmt.Sprintf("unknown key %q in %s", key.Value, what), "one of "+strings.Join(names, ", "))
		case seen[key.Value]:
			f.find(key, fmt.Sprintf("the key %q stands twice", key.Value), "each key once")
		default:
			seen[key.Value] = true
			read(value)
		}
	}
	for _, key := range must {
		if !seen[key] {
			f.find(n, fmt.Sprintf("%s without %q", what, key), "that key")
		}
	}
}

// list calls each for the items of a list.
func (f *file) list(n *yaml.Node, what string, each func(*yaml.Node)) {
	if n.Kind != yaml.SequenceNode {
		f.find(n, "no list of "+what, "one such as [a, b]")
		return
	}
	for _, item := range n.Content {
		each(item)
	}
}

// word returns the text of a scalar, or nothing after a finding.
func (f *file) word(n *yaml.Node, want string) string {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Value == "" {
		f.find(n, "no text here", want)
		return ""
	}
	return n.Value
}

func (f *file) subscriptions(n *yaml.Node) []Subscription {
	var subs []Subscription
	places := make(map[bot.Address]int)
	f.list(n, "subscriptions", func(item *yaml.Node) {
		s, at := f.subscription(item)
		if s.To == (bot.Address{}) {
			return
		}
		if line, twice := places[s.To]; twice {
			f.find(at, fmt.Sprintf("%s stands in line %d already", s.ID, line), "each place once")
			return
		}
		places[s.To] = at.Line
		subs = append(subs, s)
	})
	return subs
}

// subscription reads one item; at is where it says where to.
func (f *file) subscription(item *yaml.Node) (s Subscription, at *yaml.Node) {
	s.Origin = FromFile
	at = item
	places := make(map[string]*yaml.Node)
	text := func(key, want string, into *string) func(*yaml.Node) {
		return func(n *yaml.Node) { places[key], *into = n, f.word(n, want) }
	}
	weekend := ""
	f.mapping(item, "a subscription", map[string]func(*yaml.Node){
		"to": func(n *yaml.Node) {
			at = n
			to, err := ParseTo(f.word(n, "a place such as telegram:@channel"))
			if err != nil && n.Value != "" {
				f.find(n, err.Error(), "telegram:-1001234567890/45, telegram:@channel or slack:T0123/C0456")
			}
			s.To, s.ID = to, IDOf(to)
		},
		"zone":    text("zone", "an IANA time zone", &s.Zone),
		"at":      text("at", "a time of day such as 09:00", &s.At),
		"lang":    text("lang", "a language", &s.Lang),
		"weekend": text("weekend", "before, after or keep", &weekend),
		"topics": func(n *yaml.Node) {
			places["topics"] = n
			f.list(n, "topics", func(item *yaml.Node) { s.Topics = append(s.Topics, f.word(item, "a topic")) })
		},
		"ahead": func(n *yaml.Node) {
			places["ahead"] = n
			s.Ahead = f.days(n)
		},
		"quiet": func(n *yaml.Node) {
			places["quiet"] = n
			s.QuietFrom, s.QuietTo, _ = strings.Cut(f.word(n, "hours such as 22:00-08:00"), "-")
		},
		"round": func(n *yaml.Node) {
			yes, err := strconv.ParseBool(n.Value)
			if err != nil {
				f.find(n, fmt.Sprintf("%q is neither true nor false", n.Value), "true or false")
			}
			s.RoundOnly = yes
		},
	}, "to", "zone")
	if weekend != "keep" {
		s.Weekend = bot.Weekend(weekend)
	}
	s.Reminder = normal(s.Reminder)
	for _, wrong := range check(s.Reminder, f.langs, f.topics) {
		if n, written := places[wrong.field]; written && n.Kind != 0 && (n.Kind != yaml.ScalarNode || n.Value != "") {
			what, want, _ := strings.Cut(wrong.err.Error(), ", expected ")
			f.find(n, wrong.field+": "+what, want)
		}
	}
	return s, at
}

// days reads the days ahead; at least one, since what is given is exact.
func (f *file) days(n *yaml.Node) []int {
	var all []int
	f.list(n, "days", func(item *yaml.Node) {
		days, err := strconv.Atoi(item.Value)
		if err != nil {
			f.find(item, fmt.Sprintf("%q is no number of days", item.Value), fmt.Sprintf("days from 0 to %d", maxLead))
			return
		}
		all = append(all, days)
	})
	if n.Kind == yaml.SequenceNode && len(n.Content) == 0 {
		f.find(n, "no days ahead", "at least one, such as [0]; without the key they are 7, 1 and 0")
	}
	return all
}

// ParseTo reads a place as the operator writes it: "telegram:-1001234567890/45" with
// a topic of a forum, "telegram:@channel", "slack:T0123/C0456".
func ParseTo(s string) (bot.Address, error) {
	name, rest, _ := strings.Cut(s, ":")
	parts := strings.Split(rest, "/")
	bad := fmt.Errorf("%q is no place that anything can be sent to", s)
	for _, p := range parts {
		if p == "" || strings.ContainsAny(p, " \t\n|%") {
			return bot.Address{}, bad
		}
	}
	switch {
	case name == "telegram" && len(parts) <= 2:
		a := bot.Address{Network: name, Chat: parts[0]}
		if _, err := strconv.ParseInt(a.Chat, 10, 64); err != nil && (a.Chat[0] != '@' || len(a.Chat) == 1) {
			return bot.Address{}, bad
		}
		if len(parts) == 2 {
			if n, err := strconv.Atoi(parts[1]); err != nil || n <= 0 {
				return bot.Address{}, bad
			}
			a.Thread = parts[1]
		}
		return a, nil
	case name == "slack" && len(parts) == 2:
		return bot.Address{Network: name, Space: parts[0], Chat: parts[1]}, nil
	default:
		return bot.Address{}, bad
	}
}
