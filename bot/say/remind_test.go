package say_test

import (
	"strings"
	"testing"

	"suhbat/bot/message"
	"suhbat/bot/say"
	"suhbat/facts"
)

func parse(t *testing.T, s string) facts.Date {
	t.Helper()
	d, err := facts.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// reminder is the text of a post about the anniversaries of some days.
func reminder(t *testing.T, code, on, first, last, late string) string {
	t.Helper()
	p := load(t)
	m := say.Anniversary(p.set.Pack(code), parse(t, on), p.store.Occurrences(parse(t, first), parse(t, last)), late)
	return message.Plain(m)
}

// TestAnniversary: a reminder must say how far the day is off as of the day on which
// it is read, count the years right, and name its source.
func TestAnniversary(t *testing.T) {
	for _, tt := range []struct {
		name, code, on, day, late string
		want                      []string
	}{
		{"the day", "en", "2026-10-31", "2026-10-31", "", []string{
			"Today, 31 October 2026, is a day to remember:",
			"Adoption of Security Council resolution 1325 on women, peace and security — 26 years.", "was adopted on 31 October 2000", "[1]",
		}},
		{"a week ahead", "en", "2026-10-24", "2026-10-31", "", []string{"In 7 days, on 31 October 2026, comes"}},
		{"the day before", "en", "2026-10-30", "2026-10-31", "", []string{"Tomorrow, 31 October 2026,"}},
		{"moved behind a weekend", "en", "2026-11-02", "2026-10-31", "", []string{"31 October 2026 was a day to remember:"}},
		{"late", "en", "2026-10-31", "2026-10-31", "09:00", []string{"it was due at 09:00"}},
		{"round", "en", "2025-10-31", "2025-10-31", "", []string{"25 years, a round anniversary"}},
		{"16 Days", "en", "2026-11-25", "2026-11-25", "", []string{"25 November – 10 December each year", "Violence against Women. ", "1 year."}},
		{"a week ahead", "ru", "2026-10-24", "2026-10-31", "", []string{"Через 7 дней, 31 октября 2026 года, — памятный день:", "26 лет"}},
		{"two days ahead", "ru", "2026-10-29", "2026-10-31", "", []string{"Через 2 дня,"}},
		{"the day", "kk", "2026-10-31", "2026-10-31", "", []string{"Бүгін, 2026 жылғы 31 қазан, — атаулы күн:", "26 жыл"}},
		{"a week ahead", "ky", "2026-10-24", "2026-10-31", "", []string{"7 күндөн кийин, 2026-жылдын 31-октябрында, эскерилүүчү күн болот:", "26 жыл"}},
		{"a week ahead", "uz", "2026-10-24", "2026-10-31", "", []string{"7 kundan keyin, 2026-yil 31-oktabr kuni, — esda qoladigan sana:", "26 yil"}},
		{"the day", "uz-Cyrl", "2026-10-31", "2026-10-31", "", []string{"Бугун, 2026 йил 31 октябрь, — эсда қоладиган сана:", "26 йил"}},
		{"a week ahead", "tg", "2026-10-24", "2026-10-31", "", []string{"Пас аз 7 рӯз, 31 октябри соли 2026, рӯзи хотирмон аст:", "26 сол"}},
		{"a week ahead", "tk", "2026-10-24", "2026-10-31", "", []string{"7 günden soň, 2026-njy ýylyň 31-nji oktýabrynda, ýatda galan sene bolar:", "26 ýyl"}},
	} {
		got := reminder(t, tt.code, tt.on, tt.day, tt.day, tt.late)
		for _, want := range tt.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s, %s: %q is missing in\n%s", tt.name, tt.code, want, got)
			}
		}
	}
}

// TestAnniversaryOfAMonth: what is known to the month has no day, nowhere.
func TestAnniversaryOfAMonth(t *testing.T) {
	p := load(t)
	f := *p.store.Fact("first-meeting-2020-held-on")
	o := []facts.Occurrence{{Fact: &f, Day: facts.Date{Year: 2026, Month: 12}, Years: 6}}
	for on, want := range map[string]string{
		"2026-12-01": "This month, in December 2026, we remember:", "2026-11-24": "In December 2026 we shall remember:",
	} {
		got := message.Plain(say.Anniversary(p.set.Pack("en"), parse(t, on), o, ""))
		if !strings.HasPrefix(got, want) || strings.Contains(strings.SplitN(got, "\n", 2)[0], " 1 December") {
			t.Errorf("%s: got %s", on, got)
		}
	}
}

// TestEveryAnniversary walks a year in each language: no post may lack a source, hold
// a place that was not filled, or count the years of an observance.
func TestEveryAnniversary(t *testing.T) {
	p := load(t)
	for _, pack := range p.set.Packs {
		for _, o := range p.store.Occurrences(parse(t, "2027"), parse(t, "2027")) {
			for _, lead := range []int{0, 1, 7} {
				on := facts.On(o.Day.Time().AddDate(0, 0, -lead))
				m := say.Anniversary(pack, on, []facts.Occurrence{o}, "09:00")
				text := message.Plain(m)
				if len(m.Notes) == 0 || !strings.Contains(text, "[1]") || strings.ContainsAny(text, "{}|") || strings.Contains(text, "remind-") {
					t.Errorf("%s, %s, %d days ahead:\n%s", pack.Code, o.Fact.ID, lead, text)
				}
				head, _, _ := strings.Cut(text, "\n")
				if o.Day.Day != 0 && !strings.Contains(head, "2027") {
					t.Errorf("%s, %s: the first line has no day: %s", pack.Code, o.Fact.ID, head)
				}
			}
		}
	}
}
