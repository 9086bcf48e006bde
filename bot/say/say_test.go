package say_test

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"suhbat/bot/ask"
	"suhbat/bot/lang"
	"suhbat/bot/lang/packs"
	"suhbat/bot/message"
	"suhbat/bot/say"
	"suhbat/facts"
	"suhbat/facts/data"
)

// program is what an answer is made of.
type program struct {
	store  *facts.Store
	set    *lang.Set
	engine *ask.Engine
}

// whole builds the program once for all tests.
var whole = sync.OnceValues(func() (program, error) {
	store, err := facts.Load(data.FS)
	if err != nil {
		return program{}, err
	}
	set, err := lang.Load(packs.FS)
	if err != nil {
		return program{}, err
	}
	e, err := ask.New(store, set)
	return program{store, set, e}, err
})

func load(tb testing.TB) program {
	tb.Helper()
	p, err := whole()
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// about is a result that tells one fact.
func about(f *facts.Fact, kind ask.Kind) ask.Answer {
	form := ask.Form{Act: ask.Find, Property: f.Property, Subject: ask.Term{Entity: f.Subject}, Ask: ask.ValueRole}
	return ask.Answer{Outcome: ask.Answered, Results: []ask.Result{{Form: form, Kind: kind, Facts: []*facts.Fact{f}}}}
}

// lines lists the lines of the body that say something: paragraphs and items.
func lines(m message.Message) [][]message.Inline {
	var out [][]message.Inline
	for _, b := range m.Body {
		switch b := b.(type) {
		case message.Paragraph:
			out = append(out, b)
		case message.List:
			out = append(out, b.Items...)
		case message.Quote:
		}
	}
	return out
}

// TestEveryFact tells each fact of the store by itself in every language: a whole
// sentence, with its source, without a trace of how it is made.
func TestEveryFact(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, pack := range p.set.Packs {
		t.Run(pack.Code, func(t *testing.T) {
			t.Parallel()
			for _, f := range p.store.Facts {
				a := about(f, ask.Statements)
				m := say.Answer(pack, &a)
				if len(m.Body) == 0 {
					t.Errorf("%s says nothing", f.ID)
					continue
				}
				first := lines(m)[0]
				text := message.Plain(message.Message{Body: []message.Block{message.Paragraph(first)}})
				if what := wrong(text); what != "" {
					t.Errorf("%s: %s: %q", f.ID, what, text)
				}
				cited(t, f, first, m.Notes)
			}
		})
	}
}

// citation matches the marks at the end of a sentence.
var citation = regexp.MustCompile(`( ?\[\d+\])+$`)

// wrong says what is wrong with a sentence that cites its source.
func wrong(text string) string {
	bare := citation.ReplaceAllString(text, "")
	switch {
	case bare == text:
		return "no citation at the end"
	case !strings.HasSuffix(bare, ".") && !strings.HasSuffix(bare, ")") && !strings.HasSuffix(bare, "!"):
		return "no full stop before the citation"
	case strings.Contains(bare, "  "), strings.Contains(bare, " ."), strings.Contains(bare, " ,"), strings.Contains(bare, ".."):
		return "spaces or marks that are doubled"
	case strings.ContainsAny(bare, "{}[]|#"):
		return "a trace of a template"
	case strings.Contains(bare, "( ") || strings.Contains(bare, "()"), strings.Contains(bare, "“”"), strings.Contains(bare, "«»"):
		return "an empty pair"
	default:
		return ""
	}
}

// cited checks that a statement cites sources of its fact, each with a note.
func cited(t *testing.T, f *facts.Fact, line []message.Inline, notes []message.Note) {
	t.Helper()
	n := 0
	for _, in := range line {
		c, ok := in.(message.Cite)
		if !ok {
			continue
		}
		n++
		if c < 1 || int(c) > len(notes) {
			t.Errorf("%s cites [%d] of %d notes", f.ID, c, len(notes))
			continue
		}
		note := notes[c-1]
		if !slices.ContainsFunc(f.References, func(r facts.Reference) bool {
			return r.Source.Publisher == note.Publisher && r.Source.Title == note.Title && r.Source.URL == note.URL
		}) {
			t.Errorf("%s cites %+v, which is no source of it", f.ID, note)
		}
		if note.Date == "" {
			t.Errorf("%s cites %+v without a date", f.ID, note)
		}
	}
	if n == 0 || n > 3 {
		t.Errorf("%s has %d citations", f.ID, n)
	}
}

// TestPrecision: a month that is told as a day, or a year as a month, is an
// invention with a source beneath it.
func TestPrecision(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, pack := range p.set.Packs {
		for _, f := range p.store.Facts {
			d, ok := f.Value.(facts.Date)
			if !ok || d.Day > 0 {
				continue
			}
			a := about(f, ask.Statements)
			text := message.Plain(message.Message{Body: say.Answer(pack, &a).Body})
			text = strings.ReplaceAll(text, f.Subject.Names[facts.Lang(pack.Code)].Text, "")
			for day := 1; day <= 31; day++ {
				if full := pack.Date(d.Year, max(1, int(d.Month)), day, ""); strings.Contains(text, full) && !strings.Contains(text, "1"+full) {
					t.Errorf("%s, %s is told as %s: %s", pack.Code, f.ID, full, text)
				}
			}
			if month := pack.Date(d.Year, max(1, int(d.Month)), 0, ""); d.Month == 0 && strings.Contains(text, month) {
				t.Errorf("%s, %s is told as %s: %s", pack.Code, f.ID, month, text)
			}
		}
	}
}

// TestLaunch: December 2020 is what the sources say of the launch.
func TestLaunch(t *testing.T) {
	t.Parallel()
	p := load(t)
	for question, want := range map[string]string{
		"When was the Dialogue launched?": "December 2020", "Когда запущен Диалог?": "2020 года",
	} {
		a := p.engine.Ask(ask.Question{Text: question, Today: facts.Date{Year: 2026, Month: 11, Day: 23}})
		text := message.Plain(say.Answer(p.set.Pack(a.Lang), &a))
		first, _, _ := strings.Cut(text, "\n")
		if !strings.Contains(first, want) || regexp.MustCompile(`\d (December|декабр)`).MatchString(first) {
			t.Errorf("%q: %s", question, first)
		}
	}
}

// TestDisputed: where sources disagree, a reader must see all versions with the
// source of each, and that they disagree.
func TestDisputed(t *testing.T) {
	t.Parallel()
	p := load(t)
	tried := 0
	for _, pack := range p.set.Packs {
		for _, e := range p.store.Entities {
			for _, property := range p.store.Properties {
				all := p.store.Of(e, property)
				if len(all) < 2 || slices.ContainsFunc(all, func(f *facts.Fact) bool { return !f.Disputed }) {
					continue
				}
				tried++
				a := about(all[0], ask.Statements)
				a.Results[0].Facts = all
				m := say.Answer(pack, &a)
				text := message.Plain(m)
				if !strings.Contains(text, pack.Phrase("disputed", nil)) {
					t.Errorf("%s, %s of %s: nothing says that sources disagree: %s", pack.Code, property.ID, e.ID, text)
				}
				if items := lines(m); len(items) < len(all) {
					t.Errorf("%s, %s of %s: %d lines for %d versions: %s", pack.Code, property.ID, e.ID, len(items), len(all), text)
				}
			}
		}
	}
	if tried < 4 {
		t.Errorf("only %d disputes", tried)
	}
}

// TestAnnounced: what a source said in advance is told in other words than what
// it reported; it may not have come about.
func TestAnnounced(t *testing.T) {
	t.Parallel()
	p := load(t)
	tried := 0
	for _, pack := range p.set.Packs {
		mark := pack.Part("announced", nil)
		for _, f := range p.store.Facts {
			a := about(f, ask.Statements)
			text := message.Plain(say.Answer(pack, &a))
			reported := *f
			reported.Qualifiers.Announced = false
			b := about(&reported, ask.Statements)
			plain := message.Plain(say.Answer(pack, &b))
			if (text != plain) != f.Qualifiers.Announced || strings.Contains(plain, mark) {
				t.Errorf("%s, %s: announced is %v: %s", pack.Code, f.ID, f.Qualifiers.Announced, text)
			}
			if f.Qualifiers.Announced {
				tried++
			}
		}
	}
	if tried == 0 {
		t.Error("no fact was announced")
	}
}

// TestRolesAreDated: "is" for what a source said three years ago would be a claim
// about today.
func TestRolesAreDated(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, pack := range p.set.Packs {
		for _, f := range p.store.With(p.store.Property("role")) {
			a := about(f, ask.Statements)
			text, _, _ := strings.Cut(message.Plain(say.Answer(pack, &a)), "\n")
			if year := pack.Date(f.Qualifiers.Time.Year, 0, 0, ""); !strings.Contains(text, strings.Fields(year)[0]) {
				t.Errorf("%s, %s has no year: %s", pack.Code, f.ID, text)
			}
		}
	}
}

// TestTranslated: words of a source that stand in another language are shown in
// the original, too, so that a translation passes for nothing else.
func TestTranslated(t *testing.T) {
	t.Parallel()
	p := load(t)
	tried := 0
	for _, pack := range p.set.Packs {
		for _, f := range p.store.Facts {
			v, ok := f.Value.(facts.Text)
			if !ok || v.Original == "" {
				continue
			}
			a := about(f, ask.Statements)
			quoted := strings.Contains(message.Plain(say.Answer(pack, &a)), pack.Phrase("translated", nil))
			if foreign := v.Original != facts.Lang(pack.Code); quoted != foreign {
				t.Errorf("%s, %s, whose original is %s: quoted: %v", pack.Code, f.ID, v.Original, quoted)
			} else if foreign {
				tried++
			}
		}
	}
	if tried == 0 {
		t.Error("no text is a translation")
	}
}

// TestFirstLine: the first line is the answer and can be quoted by itself, so it
// is no heading and cites its source, but for lists and counts, whose first line
// says what follows.
func TestFirstLine(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, question := range []string{
		"Who chaired in 2022?", "When was resolution 1325 adopted?", "Did Kazakhstan chair in 2022?", "Where is UNRCCA based?",
		"Who abstained on 1820?", "Was 1325 adopted unanimously?", "What does UNRCCA stand for?", "Why did Kazakhstan chair in 2022?",
		"Кто председательствовал в 2022 году?", "Когда принята резолюция 1325?", "Кто воздержался по резолюции 2467?",
	} {
		a := p.engine.Ask(ask.Question{Text: question, Today: facts.Date{Year: 2026, Month: 11, Day: 23}})
		text := message.Plain(say.Answer(p.set.Pack(a.Lang), &a))
		first, _, _ := strings.Cut(text, "\n")
		if !citation.MatchString(first) {
			t.Errorf("%q: the first line is %q", question, first)
		}
	}
}

// TestEmpty: an answer that is empty by some bug of ours must not crash the
// program.
func TestEmpty(t *testing.T) {
	t.Parallel()
	p := load(t)
	for _, pack := range p.set.Packs {
		for _, a := range []ask.Answer{
			{},
			{Outcome: ask.Answered},
			{Outcome: ask.Unknown, Results: []ask.Result{{}}},
			{Outcome: ask.Ambiguous},
			{Outcome: ask.Chat, Chat: "greeting"},
			{Reason: "no-such-reason"},
			{Reason: ask.OddWord, Words: slices.Repeat([]string{"word"}, 100)},
		} {
			text := message.Plain(say.Answer(pack, &a))
			if a.Outcome != ask.Answered && text == "" {
				t.Errorf("%s: %+v says nothing", pack.Code, a)
			}
		}
	}
}
