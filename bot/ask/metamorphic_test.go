package ask_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"suhbat/bot/ask"
)

// The tests in this file change questions of the transcripts in ways whose
// effect is known, so that each question stands for dozens.

// year matches what may be a year.
var year = regexp.MustCompile(`\b(?:19|20)\d\d\b`)

// TestAnotherYear: whoever asks about 2035 must never get the facts of 2022.
func TestAnotherYear(t *testing.T) {
	t.Parallel()
	p := load(t)
	tried := 0
	for _, q := range talks(t) {
		was := p.ask(q.text)
		if gist(&was) == "" || openSpan(&was) || comesRound(&was) {
			continue
		}
		moved := year.ReplaceAllStringFunc(q.text, func(y string) string {
			if n, _ := strconv.Atoi(y); isResolution(p, n) {
				return y
			}
			return "2035"
		})
		if moved == q.text {
			continue
		}
		tried++
		is := p.ask(moved)
		if gist(&is) == gist(&was) && !denies(&is) {
			t.Errorf("%q and %q have the same answer: %s", q.text, moved, gist(&is))
		}
	}
	if tried*sampled < 50 {
		t.Errorf("only %d questions with a year", tried)
	}
}

// isResolution reports whether people call a resolution by n.
func isResolution(p program, n int) bool {
	for _, e := range p.store.Entities {
		if e.Number == n {
			return true
		}
	}
	return false
}

// openSpan reports whether the question speaks of a time without an end, in
// which another year may make no difference.
func openSpan(a *ask.Answer) bool {
	for i := range a.Results {
		form := a.Results[i].Form.String()
		if strings.Contains(form, "until ") || strings.Contains(form, "since ") || strings.Contains(form, "..") {
			return true
		}
	}
	return false
}

// comesRound reports whether all that is asked for are days that come round each year.
func comesRound(a *ask.Answer) bool {
	return !slices.ContainsFunc(a.Results, func(r ask.Result) bool { return r.Form.Property == nil || r.Form.Property.ID != "observed-on" })
}

// denies reports whether every part says that something is not so; the facts that
// show it may then stay the same.
func denies(a *ask.Answer) bool {
	for i := range a.Results {
		if k := a.Results[i].Kind; k != ask.No && k != ask.Instead {
			return false
		}
	}
	return true
}

// TestNegated: a "not" that is dropped turns an answer into its opposite.
func TestNegated(t *testing.T) {
	t.Parallel()
	p := load(t)
	insert(t, p, map[string]string{"en": "not", "ru": "не", "ky": "эмес", "tk": "däl", "kk": "емес", "tg": "не", "uz": "emas", "uz-Cyrl": "эмас"}, func(q asked, changed string, was, is *ask.Answer) {
		if gist(is) == gist(was) && !same(was, is) {
			t.Errorf("%q is answered as %q: %s", changed, q.text, gist(is))
		}
	})
}

// same reports whether the answer is to a form that has the negation in it.
func same(was, is *ask.Answer) bool {
	for i := range is.Results {
		if is.Results[i].Form.Not != was.Results[i].Form.Not {
			return true
		}
	}
	return false
}

// TestUnknownWord: a word that nobody knows may be the one that matters: "the
// zorblax conference" is not ours.
func TestUnknownWord(t *testing.T) {
	t.Parallel()
	p := load(t)
	insert(t, p, map[string]string{"en": "zorblax", "ru": "бурмалда", "ky": "бурмалда", "tk": "zorblaks", "kk": "бурмалда", "tg": "бурмалда", "uz": "burmalda", "uz-Cyrl": "бурмалда"}, func(_ asked, changed string, _, is *ask.Answer) {
		if gist(is) != "" {
			t.Errorf("%q is answered: %s", changed, gist(is))
		}
	})
}

// insert puts a word between the words of every question that has an answer and
// calls check with what came of it.
func insert(t *testing.T, p program, words map[string]string, check func(q asked, changed string, was, is *ask.Answer)) {
	t.Helper()
	tried := 0
	for _, q := range talks(t, "sources", "corrections") {
		was := p.ask(q.text)
		if gist(&was) == "" {
			continue
		}
		before := strings.Fields(q.text)
		for i := 1; i < len(before); i++ {
			tried++
			changed := strings.Join(slices.Insert(slices.Clone(before), i, words[q.lang]), " ")
			is := p.ask(changed)
			check(q, changed, &was, &is)
		}
	}
	if tried*sampled < 2000 {
		t.Errorf("only %d questions were changed", tried)
	}
}

// TestSpelling: capitals, punctuation, apostrophes, spaces and the keyboard's
// layout say nothing about what was asked.
func TestSpelling(t *testing.T) {
	t.Parallel()
	p := load(t)
	for name, tt := range map[string]struct {
		change func(q asked) string
		except []string
		// fits leaves out questions that lose their sense; nil fits all.
		fits func(q asked, a *ask.Answer) bool
	}{
		"upper case":      {func(q asked) string { return strings.ToUpper(q.text) }, nil, nil},
		"lower case":      {func(q asked) string { return strings.ToLower(q.text) }, nil, nil},
		"no punctuation":  {func(q asked) string { return bare(q.text) }, []string{"two-in-one", "dates"}, saysThatItAsks},
		"spaces":          {func(q asked) string { return "\u00a0 " + strings.ReplaceAll(q.text, " ", " \u2009 ") + "\n" }, nil, nil},
		"apostrophes":     {func(q asked) string { return strings.ReplaceAll(q.text, "'", "’") }, nil, nil},
		"more of them":    {func(q asked) string { return strings.ReplaceAll(q.text, "'", "ʼ") }, nil, nil},
		"zero width":      {func(q asked) string { return "\u200b" + q.text + "\u200f" }, nil, nil},
		"ё as е":          {func(q asked) string { return strings.NewReplacer("ё", "е", "Ё", "Е").Replace(q.text) }, nil, nil},
		"other keyboard":  {otherKeyboard, []string{"corrections", "typos", "two-in-one", "dates"}, survivesKeyboard},
		"courtesy before": {courtesy, nil, inItsLetters},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tried := 0
			for _, q := range talks(t, append(tt.except, "sources")...) {
				was := p.ask(q.text)
				if gist(&was) == "" || tt.fits != nil && !tt.fits(q, &was) {
					continue
				}
				changed := tt.change(q)
				if changed == q.text {
					continue
				}
				tried++
				if is := p.ask(changed); gist(&is) != gist(&was) {
					t.Errorf("%q is answered by %s\n%q by %s %s %q", q.text, gist(&was), changed, gist(&is), is.Reason, is.Words)
				}
			}
			if tried*sampled < 10 {
				t.Errorf("only %d questions were changed", tried)
			}
		})
	}
}

// saysThatItAsks reports whether a question is one without its question mark. In
// most languages a statement is turned into a question by nothing else.
func saysThatItAsks(q asked, a *ask.Answer) bool {
	return q.lang == "en" || !checks(a)
}

// checks reports whether a part of the answer is a yes or a no.
func checks(a *ask.Answer) bool {
	return slices.ContainsFunc(a.Results, func(r ask.Result) bool {
		return r.Kind == ask.Yes || r.Kind == ask.No || r.Form.Act == ask.Check
	})
}

// survivesKeyboard leaves out what another keyboard types as other marks, and
// texts that are found by their own words: these are read as they are typed only.
// The letters of Uzbek are not all on the two layouts.
func survivesKeyboard(q asked, a *ask.Answer) bool {
	return !checks(a) && a.Results[0].Form.Words == "" && (q.lang == "en" || q.lang == "ru")
}

// inItsLetters leaves out what is typed in other letters than those of the courtesy
// before it.
func inItsLetters(_ asked, a *ask.Answer) bool { return a.Reading == "" }

// courtesy greets before the question.
func courtesy(q asked) string {
	return map[string]string{
		"en": "Hello! ", "ru": "Здравствуйте! ", "kk": "Сәлеметсіз бе! ", "ky": "Саламатсызбы! ", "uz": "Xayrli kun! ",
		"uz-Cyrl": "Хайрли кун! ", "tg": "Салом! ", "tk": "Salam! ",
	}[q.lang] + q.text
}

// bare leaves out the marks that are no part of a word.
func bare(s string) string {
	return strings.TrimSpace(strings.NewReplacer("?", "", "!", "", ",", "", ": ", " ", "“", "", "”", "", "«", "", "»", "").Replace(s))
}

// The keys of the two layouts.
const (
	latinKeys    = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
	cyrillicKeys = "йцукенгшщзхъфывапролджэячсмитьбю"
)

// otherKeyboard types the question with the keyboard set to the other language.
// A text that mixes the scripts cannot be typed so by mistake.
func otherKeyboard(q asked) string {
	text := strings.ToLower(bare(q.text))
	from, to := []rune(latinKeys), []rune(cyrillicKeys)
	if q.lang == "ru" {
		from, to = to, from
	}
	out := []rune(text)
	for i, r := range out {
		switch at := slices.Index(from, r); {
		case at >= 0:
			out[i] = to[at]
		case r != ' ' && r != '-' && (r < '0' || r > '9'):
			return q.text
		}
	}
	return string(out)
}
