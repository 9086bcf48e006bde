package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/bot/say"
	"suhbat/facts"
)

// lists are what commands show: found once, since the facts never change.
type lists struct {
	chairs, pillars, resolutions ask.Form
	// popular are forms that the facts answer, to begin with.
	popular []ask.Form
	// timeline holds the dated facts of the Dialogue, the earliest first; sources all
	// that the facts rest on, the newest first.
	timeline []*facts.Fact
	sources  []*facts.Source
}

// pageSize is how many entries stand on a page: with the sources of each, as many
// as one message holds.
const pageSize = 5

// The types and properties that lists are about.
const (
	platformType, agendaType, resolutionType, eventType = "platform", "agenda", "resolution", "event"

	chairedBy, component, adopted, partOf = "chaired-by", "component", "adopted", "part-of"
)

// findLists finds what commands show. A store of other facts may lack some of it.
func (c *Core) findLists() lists {
	var l lists
	find := func(property facts.ID, subject ask.Term, role ask.Role) ask.Form {
		return ask.Form{Act: ask.Find, Property: c.store.Property(property), Subject: subject, Ask: role}
	}
	platform, agenda := c.first(platformType), c.first(agendaType)
	if platform.Entity != nil {
		l.chairs = find(chairedBy, platform, ask.ValueRole)
		l.timeline = c.datedFacts(platform.Entity)
	}
	if agenda.Entity != nil {
		l.pillars = find(component, agenda, ask.ValueRole)
		if t := c.store.Type(resolutionType); t != nil {
			l.resolutions = find(adopted, ask.Term{Class: &ask.Class{Type: t, Of: []*facts.Entity{agenda.Entity}}}, ask.SubjectRole)
			l.resolutions.Want = t
		}
	}
	for _, f := range []ask.Form{
		l.chairs, l.pillars, find("summary", c.first(resolutionType), ask.ValueRole),
		{Act: ask.About, Subject: platform},
		find("held-on", c.first(eventType), ask.TimeRole), find("member", platform, ask.ValueRole),
	} {
		if c.answers(f) {
			l.popular = append(l.popular, f)
		}
	}
	l.sources = slices.Clone(c.store.Sources)
	slices.SortStableFunc(l.sources, func(a, b *facts.Source) int { return b.Date.Compare(a.Date) })
	return l
}

// answers reports whether the facts answer a form.
func (c *Core) answers(f ask.Form) bool {
	if f.Subject.IsZero() || f.Property == nil && f.Act != ask.About {
		return false
	}
	a := c.engine.Resolve(ask.Question{}, f)
	return a.Outcome == ask.Answered
}

// first returns the best known thing of a type: the prominent one, or else the
// first.
func (c *Core) first(of facts.ID) ask.Term {
	t := c.store.Type(of)
	if t == nil {
		return ask.Term{}
	}
	all := c.store.OfType(t)
	if i := slices.IndexFunc(all, func(e *facts.Entity) bool { return e.Prominent }); i >= 0 {
		return ask.Term{Entity: all[i]}
	}
	if len(all) == 0 {
		return ask.Term{}
	}
	return ask.Term{Entity: all[0]}
}

// datedFacts returns what is known to the year or better of a platform and of what
// took place under it, in the order of time.
func (c *Core) datedFacts(platform *facts.Entity) []*facts.Fact {
	all := c.datedOf(platform)
	if of := c.store.Property(partOf); of != nil {
		for _, f := range c.store.Naming(platform, of) {
			all = append(all, c.datedOf(f.Subject)...)
		}
	}
	slices.SortStableFunc(all, func(a, b *facts.Fact) int { return date(a).Compare(date(b)) })
	return all
}

// datedOf returns the facts about e whose value is a date, or that say who chaired
// it, or took it over, at a date.
func (c *Core) datedOf(e *facts.Entity) []*facts.Fact {
	var out []*facts.Fact
	for _, f := range c.store.About(e) {
		_, isDate := f.Value.(facts.Date)
		if chairs := f.Property.ID == chairedBy || f.Property.ID == "handover"; isDate || chairs && e.Type.ID == platformType && !date(f).IsZero() {
			out = append(out, f)
		}
	}
	return out
}

// date is the day of a dated fact.
func date(f *facts.Fact) facts.Date {
	if d, ok := f.Value.(facts.Date); ok {
		return d
	}
	return f.Qualifiers.Time
}

func (t *turn) chairs(context.Context, string) (Reply, error) { return t.form(t.lists.chairs), nil }

func (t *turn) pillars(context.Context, string) (Reply, error) { return t.form(t.lists.pillars), nil }

func (t *turn) resolutions(context.Context, string) (Reply, error) {
	return t.form(t.lists.resolutions), nil
}

// form answers a form of the menu as if it had been asked.
func (t *turn) form(f ask.Form) Reply {
	if f.Property == nil {
		return t.nothing()
	}
	q := t.asking("")
	q.Lang = t.pack.Code
	a := t.engine.Resolve(q, f)
	r := t.told(&a)
	t.remember(&a, r.Message.Choices)
	if r.Outcome == Answered {
		r.Buttons = t.feedbackRows(r.Facts, say.Question(t.pack, f))
	}
	return r
}

// nothing says that the facts do not say.
func (t *turn) nothing() Reply {
	r := t.chat(t.pack.Phrase("gap-", nil))
	r.Outcome = Unknown
	return r
}

// timeline, upcoming and sources are lists of several pages. A number behind the
// command is that of the page.

func (t *turn) timeline(_ context.Context, arg string) (Reply, error) {
	all := t.lists.timeline
	return t.paged("timeline", arg, len(all), func(from, to int, where string) Reply {
		return t.listed(say.Facts(t.pack, heading(t.pack.Phrase("timeline", nil), where), all[from:to]), all[from:to])
	}), nil
}

func (t *turn) upcoming(ctx context.Context, arg string) (Reply, error) {
	posts, paused, err := t.comingPosts(ctx)
	if err != nil {
		return Reply{}, err
	}
	all := t.coming()
	r := t.paged("upcoming", arg, len(all), func(from, to int, where string) Reply {
		then := heading(t.pack.Phrase("upcoming", nil), where)
		if from > 0 || len(posts) == 0 {
			return t.ahead(then, all[from:to])
		}
		return t.posting(posts, then, all[:to])
	})
	if paused != "" {
		r.Message.Body = slices.Insert(r.Message.Body, 0, message.Block(message.Paragraph{message.Text(paused)}))
	}
	r.Buttons = slices.Concat(t.calendarLink(), r.Buttons)
	return r, nil
}

// calendarLink is a button that leads to the calendar, where there is one.
func (t *turn) calendarLink() [][]Button {
	if t.calendar == "" {
		return nil
	}
	return [][]Button{{{Kind: Open, Label: t.pack.Phrase("button-calendar", nil), URL: t.calendar + "/calendar/" + t.pack.Code + ".ics"}}}
}

// ahead lists anniversaries.
func (t *turn) ahead(heading string, all []facts.Occurrence) Reply {
	return t.listed(say.Anniversaries(t.pack, heading, all), factsOf(all))
}

// posting lists the posts that the place is going to get above anniversaries.
func (t *turn) posting(posts []say.Coming, then string, all []facts.Occurrence) Reply {
	of := factsOf(all)
	for _, post := range posts {
		for _, f := range factsOf(post.Of) {
			if !slices.Contains(of, f) {
				of = append(of, f)
			}
		}
	}
	return t.listed(say.Posts(t.pack, t.pack.Phrase("remind-posts", nil), posts, then, all), of)
}

func factsOf(all []facts.Occurrence) []*facts.Fact {
	out := make([]*facts.Fact, 0, len(all))
	for _, o := range all {
		out = append(out, o.Fact)
	}
	return out
}

// coming returns the anniversaries of a year from today.
func (t *turn) coming() []facts.Occurrence {
	today := facts.On(t.in.At)
	return t.store.Occurrences(today, facts.On(t.in.At.AddDate(1, 0, -1)))
}

func (t *turn) sources(_ context.Context, arg string) (Reply, error) {
	all := t.lists.sources
	return t.paged("sources", arg, len(all), func(from, to int, where string) Reply {
		title := t.pack.Phrase("sources-all", func(string, string) lang.Filled {
			return lang.Filled{Text: strconv.Itoa(len(all)), Class: t.pack.Plural(len(all))}
		})
		r := t.chat()
		r.Message = say.Published(t.pack, heading(title, where), from+1, all[from:to])
		return r
	}), nil
}

// listed is a reply that states facts.
func (t *turn) listed(m message.Message, all []*facts.Fact) Reply {
	r := Reply{Message: m, Outcome: Answered}
	for _, f := range all {
		r.Facts = append(r.Facts, f.ID)
		for _, ref := range f.References {
			if !slices.Contains(r.Sources, ref.Source) {
				r.Sources = append(r.Sources, ref.Source)
			}
		}
	}
	return r
}

// heading says where in a list the page is.
func heading(title, where string) string {
	if where == "" {
		return title
	}
	return strings.TrimSuffix(title, ":") + " (" + where + "):"
}

// paged shows one page of a list of n entries, and buttons that turn pages in
// place. A page that there is not is the nearest one that there is.
func (t *turn) paged(name, page string, n int, show func(from, to int, where string) Reply) Reply {
	if n == 0 {
		return t.nothing()
	}
	last := (n + pageSize - 1) / pageSize
	at, _ := strconv.Atoi(page)
	at = min(max(at, 1), last)
	where := ""
	if last > 1 {
		where = fmt.Sprintf("%d/%d", at, last)
	}
	r := show((at-1)*pageSize, min(at*pageSize, n), where)
	r.Edit = t.in.Kind == Press
	if last > 1 {
		turns := func(label string, to int) Button {
			return action{verb: doPage, arg: name, n: min(max(to, 1), last)}.button(label)
		}
		r.Buttons = append(r.Buttons, []Button{turns("‹", at-1), turns(where, at), turns("›", at+1)})
	}
	r.Buttons = append(r.Buttons, t.back("help"))
	return r
}
