package say

import (
	"time"

	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/facts"
)

// Anniversary makes the message of a reminder that is read on a day: what is
// remembered, how long ago it was, and what the facts state, with their sources. How
// far a day is off is counted from the day of reading, so that a post that was moved
// says nothing false. The occurrences stand in the order of their days; late is the
// time of day at which the post should have gone out, if it is late.
func Anniversary(p *lang.Pack, on facts.Date, all []facts.Occurrence, late string) message.Message {
	t := newTeller(p)
	for len(all) > 0 {
		n := 1
		for n < len(all) && all[n].Day == all[0].Day {
			n++
		}
		t.paragraph(t.when(on, all[0].Day))
		t.remember(all[:n])
		all = all[n:]
	}
	if late != "" {
		t.paragraph(p.Phrase("remind-late", place("time", late)))
	}
	return message.Message{Lang: p.Tag, Body: t.body, Notes: t.notes}
}

// when introduces a day by how far it is off.
func (t *teller) when(on, day facts.Date) string {
	key, off := "remind-ahead", int(day.Time().Sub(on.Time())/(24*time.Hour))
	switch {
	case day.Day == 0 && day.Year == on.Year && day.Month == on.Month:
		key = "remind-month"
	case day.Day == 0:
		key = "remind-month-ahead"
	case off < 0:
		key = "remind-past"
	case off == 0:
		key = "remind-today"
	case off == 1:
		key = "remind-tomorrow"
	}
	return t.pack.Phrase(key, func(name, form string) lang.Filled {
		if name == "n" {
			return t.number(off)
		}
		return t.date(day, form)
	})
}

// remember says what is remembered on one day: one as a paragraph, several as a list.
func (t *teller) remember(all []facts.Occurrence) {
	items := make([][]message.Inline, len(all))
	for i, o := range all {
		items[i] = t.occurrence(o)
	}
	if len(items) == 1 {
		t.body = append(t.body, message.Paragraph(items[0]))
		return
	}
	t.body = append(t.body, message.List{Items: items})
}

// occurrence names an anniversary and states its fact, and those beside it.
func (t *teller) occurrence(o facts.Occurrence) []message.Inline {
	out := []message.Inline{message.Strong(t.headline(o)), message.Text(". ")}
	for i, f := range append([]*facts.Fact{o.Fact}, o.Fact.Anniversary.Beside...) {
		if i > 0 {
			out = append(out, message.Text(" "))
		}
		out = append(out, t.sentence(group{facts: []*facts.Fact{f}})...)
	}
	return out
}

// headline is what the day is and how long ago it was. Nobody counts the years of an
// observance: since when it is kept is another matter than since when it is counted.
func (t *teller) headline(o facts.Occurrence) string {
	title := t.text(o.Fact.Anniversary.Title)
	if o.Fact.Anniversary.Topic == facts.Observed {
		return title
	}
	key := "remind-item"
	if o.Round() {
		key = "remind-round"
	}
	return t.pack.Part(key, func(name, _ string) lang.Filled {
		if name == "title" {
			return lang.Filled{Text: title}
		}
		return lang.Filled{Text: t.pack.Part("years", func(string, string) lang.Filled { return t.number(o.Years) })}
	})
}

// Title is what an anniversary is, without its year, in the letters of a language.
func Title(p *lang.Pack, f *facts.Fact) string { return newTeller(p).text(f.Anniversary.Title) }

// Remembered states a fact whose day comes round, and the facts beside it.
func Remembered(p *lang.Pack, f *facts.Fact) message.Message {
	t := newTeller(p)
	for _, f := range append([]*facts.Fact{f}, f.Anniversary.Beside...) {
		t.body = append(t.body, message.Paragraph(t.sentence(group{facts: []*facts.Fact{f}})))
	}
	return message.Message{Lang: p.Tag, Body: t.body, Notes: t.notes}
}
