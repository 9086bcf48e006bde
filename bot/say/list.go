package say

import (
	"time"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/facts"
)

// Facts states facts below a heading, which may be empty.
func Facts(p *lang.Pack, heading string, all []*facts.Fact) message.Message {
	t := newTeller(p)
	t.paragraph(heading)
	t.states(all)
	return t.message()
}

// Sources lists what the sources of facts say, in their own words.
func Sources(p *lang.Pack, all []*facts.Fact) message.Message {
	t := newTeller(p)
	t.sources(all)
	return t.message()
}

// Anniversaries lists days below a heading: each with what happened, how long ago
// that will be, and where it can be read.
func Anniversaries(p *lang.Pack, heading string, all []facts.Occurrence) message.Message {
	t := newTeller(p)
	t.anniversaries(heading, all)
	return t.message()
}

func (t *teller) anniversaries(heading string, all []facts.Occurrence) {
	t.paragraph(heading)
	var items [][]message.Inline
	for _, o := range all {
		years := t.pack.Part("years", func(string, string) lang.Filled { return t.number(o.Years) })
		item := []message.Inline{t.onDay(o.Day), message.Text(": " + t.text(o.Fact.Anniversary.Title) + " (" + years + ")")}
		for _, c := range t.cite(nil, o.Fact) {
			item = append(item, c)
		}
		items = append(items, item)
	}
	if len(items) > 0 {
		t.body = append(t.body, message.List{Items: items})
	}
}

// Coming is a post to come: when, in words, and the anniversaries that it is about.
type Coming struct {
	When string
	At   time.Time
	Of   []facts.Occurrence
}

// Posts lists posts to come, and below them anniversaries as [Anniversaries] does.
func Posts(p *lang.Pack, heading string, posts []Coming, then string, all []facts.Occurrence) message.Message {
	t := newTeller(p)
	t.paragraph(heading)
	var items [][]message.Inline
	for _, post := range posts {
		item := []message.Inline{message.Day{Text: post.When, At: post.At}, message.Text(": ")}
		for i, o := range post.Of {
			if i > 0 {
				item = append(item, message.Text("; "))
			}
			item = append(item, message.Text(t.headline(o)))
			for _, c := range t.cite(nil, o.Fact) {
				item = append(item, c)
			}
		}
		items = append(items, item)
	}
	t.body = append(t.body, message.List{Items: items})
	t.anniversaries(then, all)
	return t.message()
}

// onDay writes a date so that a network may show it in the reader's own way, if it
// is known to the day.
func (t *teller) onDay(d facts.Date) message.Inline {
	text := t.date(d, "").Text
	if d.Precision() != facts.ToTheDay {
		return message.Text(text)
	}
	return message.Day{Text: text, Day: d.Time()}
}

// Published lists sources below a heading, numbered from first.
func Published(p *lang.Pack, heading string, first int, all []*facts.Source) message.Message {
	t := newTeller(p)
	t.paragraph(heading)
	list := message.List{Ordered: true, First: first}
	for _, s := range all {
		n := t.note(s)
		list.Items = append(list.Items, []message.Inline{message.Text(n.Publisher + ", " + n.Date + ": "), message.Link{Text: n.Title, URL: n.URL}})
	}
	t.body = append(t.body, list)
	return t.message()
}

// Choices offers forms as questions, those that the pack has words for.
func Choices(p *lang.Pack, forms []ask.Form) []message.Choice {
	var out []message.Choice
	for i := range forms {
		if q := Question(p, forms[i]); q != "" {
			out = append(out, message.Choice{Label: q, Value: q})
		}
	}
	return out
}

func (t *teller) message() message.Message {
	return message.Message{Lang: t.pack.Tag, Body: t.body, Notes: t.notes}
}
