package bot_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/facts"
)

// here is the conversation of most tests.
var here = bot.Address{Network: "test", Chat: "1"}

// say handles one text at a place and a time after today.
func say(t testing.TB, c *bot.Core, at bot.Address, after time.Duration, text string) bot.Reply {
	t.Helper()
	return handle(t, c, bot.Incoming{Kind: bot.Ask, From: at, Text: text, At: today.Add(after)})
}

func handle(t testing.TB, c *bot.Core, in bot.Incoming) bot.Reply {
	t.Helper()
	r, err := c.Handle(t.Context(), in)
	if err != nil {
		t.Fatalf("%q: %v", in.Text, err)
	}
	return r
}

// TestReply: an adapter and `ask --json` show what a reply rests on; a fact or a
// source that is missing there cannot be checked by anyone.
func TestReply(t *testing.T) {
	t.Parallel()
	r := say(t, core(t), here, 0, "Who chaired in 2022?")
	switch {
	case r.Outcome != bot.Answered:
		t.Errorf("it is %s", r.Outcome)
	case r.Understood != "find value: chaired-by(dialogue, ?, in 2022)":
		t.Errorf("it is understood as %q", r.Understood)
	case !slices.Equal(r.Facts, []facts.ID{"dialogue-chair-2022"}):
		t.Errorf("it rests on %v", r.Facts)
	case len(r.Sources) == 0 || r.Sources[0].ID != "nca-2023-10-17":
		t.Errorf("its sources are %v", r.Sources)
	case r.Message.Lang != language.English || len(r.Message.Notes) != len(r.Sources):
		t.Errorf("its message is in %v with %d notes", r.Message.Lang, len(r.Message.Notes))
	case !strings.HasPrefix(message.Plain(r.Message), "In 2022, the Dialogue of Women of Central Asia was chaired by Turkmenistan. [1]"):
		t.Errorf("it says %q", message.Plain(r.Message))
	}
}

// offering asks something that is answered with choices.
func offering(t testing.TB, c *bot.Core, at bot.Address) []message.Choice {
	t.Helper()
	r := say(t, c, at, 0, "What is Daniya Espayeva's phone number?")
	if r.Outcome == bot.Answered || len(r.Message.Choices) < 2 {
		t.Fatalf("it is %s with %d choices", r.Outcome, len(r.Message.Choices))
	}
	return r.Message.Choices
}

// TestChoices: whoever presses a button or types its number must get just what it
// says.
func TestChoices(t *testing.T) {
	t.Parallel()
	want := make([]string, 2)
	c := core(t)
	for i, choice := range offering(t, c, here)[:2] {
		want[i] = message.Plain(say(t, core(t), here, 0, choice.Label).Message)
	}
	for _, tt := range []struct {
		name, text string
		payload    int // of the choice, from 1
		want       int // the choice that is answered, from 1; 0 for none
	}{
		{"a number", "2", 0, 2},
		{"a number with spaces", "  1 ", 0, 1},
		{"pressed", "", 2, 2},
		{"pressed, with its label as text", "1", 2, 2},
		{"none", "0", 0, 0},
		{"below", "-1", 0, 0},
		{"beyond", "9", 0, 0},
		{"far beyond", "1325", 0, 0},
		{"a number with a courtesy", "2 please", 0, 2},
		{"an ordinal", "The second one", 0, 2},
		{"an ordinal in another language", "второй", 0, 2},
		{"its words", "{2}", 0, 2},
		{"two numbers", "1 2", 0, 0},
		{"a number of something", "2 resolutions", 0, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := core(t)
			choices := offering(t, c, here)
			in := bot.Incoming{Kind: bot.Ask, From: here, Text: tt.text, At: today}
			if tt.text == "{2}" {
				in.Text = strings.ToLower(strings.TrimSuffix(choices[1].Label, "?"))
			}
			if tt.payload > 0 {
				in.Kind, in.Payload = bot.Press, choices[tt.payload-1].Value
			}
			got := message.Plain(handle(t, c, in).Message)
			for i, w := range want {
				if (got == w) != (i+1 == tt.want) {
					t.Errorf("choice %d is answered: %v; the reply is %s", i+1, got == w, got)
				}
			}
		})
	}
}

// TestNewChoices: a number means the choices that were offered last, not older
// ones that scrolled away.
func TestNewChoices(t *testing.T) {
	t.Parallel()
	c := core(t)
	offering(t, c, here)
	say(t, c, here, 0, "Who chaired in 2022?") // offers nothing
	if r := say(t, c, here, 0, "1"); r.Outcome != bot.NotUnderstood {
		t.Errorf("1 is %s: %s", r.Outcome, message.Plain(r.Message))
	}
}

// TestSource: "source?" asks for the source of the answer before it; that of
// another one would be a false quotation.
func TestSource(t *testing.T) {
	t.Parallel()
	c := core(t)
	if r := say(t, c, here, 0, "source?"); r.Outcome == bot.Answered {
		t.Errorf("with nothing before it is answered: %s", message.Plain(r.Message))
	}
	say(t, c, here, 0, "Who chaired in 2022?")
	say(t, c, here, 0, "Who abstained on 2467?")
	say(t, c, here, 0, "thanks")
	say(t, c, here, 0, "who wrote resolution 1325?") // not understood: changes nothing
	r := say(t, c, here, 0, "source?")
	if r.Outcome != bot.Answered || !strings.Contains(fmt.Sprint(r.Facts), "2467") || strings.Contains(fmt.Sprint(r.Facts), "chair") {
		t.Errorf("it is %s and rests on %v", r.Outcome, r.Facts)
	}
	again := say(t, c, here, 0, "source?")
	if !slices.Equal(again.Facts, r.Facts) {
		t.Errorf("asked again it rests on %v", again.Facts)
	}
}

// TestForgets: half an hour later, perhaps another person holds the phone; the
// conversation starts anew.
func TestForgets(t *testing.T) {
	t.Parallel()
	c := core(t)
	for _, tt := range []struct {
		after time.Duration
		want  bool
	}{
		{0, true},
		{29 * time.Minute, true},
		{30 * time.Minute, true},
		{31 * time.Minute, false},
		{24 * time.Hour, false},
	} {
		spoken, offered := bot.Address{Network: "spoken", Chat: tt.after.String()}, bot.Address{Network: "offered", Chat: tt.after.String()}
		say(t, c, spoken, 0, "Who chaired in 2022?")
		if r := say(t, c, spoken, tt.after, "source?"); (r.Outcome == bot.Answered) != tt.want {
			t.Errorf("after %v the source is %s", tt.after, r.Outcome)
		}
		offering(t, c, offered)
		if r := say(t, c, offered, tt.after, "1"); (r.Outcome == bot.Answered) != tt.want {
			t.Errorf("after %v the choice is %s", tt.after, r.Outcome)
		}
	}
}

// TestAddresses: what one chat asked must never show in another.
func TestAddresses(t *testing.T) {
	t.Parallel()
	c := core(t)
	say(t, c, here, 0, "Who chaired in 2022?")
	offering(t, c, here)
	for _, other := range []bot.Address{
		{Network: "test", Chat: "2"},
		{Network: "other", Chat: "1"},
		{Network: "test", Space: "x", Chat: "1"},
		{Network: "test", Chat: "1", Thread: "y"},
	} {
		if r := say(t, c, other, 0, "source?"); r.Outcome == bot.Answered {
			t.Errorf("%v knows the source: %s", other, message.Plain(r.Message))
		}
		if r := say(t, c, other, 0, "1"); r.Outcome == bot.Answered {
			t.Errorf("%v knows the choices: %s", other, message.Plain(r.Message))
		}
	}
	if r := say(t, c, here, 0, "source?"); r.Outcome != bot.Answered {
		t.Errorf("here it is %s", r.Outcome)
	}
}

// TestLanguage: the chosen language goes before that of the question, and the
// question's before that of the device.
func TestLanguage(t *testing.T) {
	t.Parallel()
	const english, russian = "Who chaired in 2022?", "Кто председательствовал в 2022 году?"
	c := core(t)
	for i, tt := range []struct {
		text               string
		chosen, hint, want language.Tag
	}{
		{english, language.Und, language.Und, language.English},
		{russian, language.Und, language.Und, language.Russian},
		{english, language.Und, language.Russian, language.English},
		{russian, language.Und, language.English, language.Russian},
		{english, language.Russian, language.Und, language.Russian},
		{russian, language.English, language.Und, language.English},
		{english, language.MustParse("ru-KZ"), language.Und, language.Russian},
		{"?", language.Und, language.MustParse("ru-RU"), language.Russian},
		{"?", language.Und, language.Japanese, language.English},
		{english, language.Japanese, language.Und, language.English},
		{"help", language.Russian, language.Und, language.Russian},
	} {
		from := bot.Address{Network: "test", Chat: strconv.Itoa(i)}
		in := bot.Incoming{Kind: bot.Ask, From: from, Text: tt.text, Lang: tt.chosen, LangHint: tt.hint, At: today}
		if got := handle(t, c, in).Message.Lang; got != tt.want {
			t.Errorf("%q, chosen %v, hint %v: answered in %v, want %v", tt.text, tt.chosen, tt.hint, got, tt.want)
		}
	}
}

// TestToday: "now" and "two years ago" depend on the day in the asker's zone.
func TestToday(t *testing.T) {
	t.Parallel()
	c := core(t)
	for _, tt := range []struct {
		at   time.Time
		want string
	}{
		{time.Date(2024, time.March, 1, 0, 0, 0, 0, time.UTC), "Kazakhstan"},
		{time.Date(2025, time.December, 31, 23, 59, 0, 0, time.UTC), "Kyrgyzstan"},
		{time.Date(2025, time.December, 31, 23, 59, 0, 0, time.UTC).In(time.FixedZone("Almaty", 5*60*60)), "Tajikistan"},
	} {
		r := handle(t, c, bot.Incoming{Kind: bot.Ask, From: bot.Address{Network: "test", Chat: tt.at.String()}, Text: "Who chaired last year?", At: tt.at})
		if got := message.Plain(r.Message); !strings.Contains(got, tt.want) {
			t.Errorf("at %v it is %s, want %s", tt.at, got, tt.want)
		}
	}
}

// TestConcurrent: many chats at once must not see one another's answers; run
// with -race.
func TestConcurrent(t *testing.T) {
	t.Parallel()
	c := core(t)
	questions := []struct{ text, want string }{
		{"Who chaired in 2021?", "Uzbekistan"},
		{"Who chaired in 2022?", "Turkmenistan"},
		{"Кто председательствовал в 2023 году?", "Казахстан"},
		{"Who chaired in 2024?", "Kyrgyzstan"},
	}
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			q := questions[i%len(questions)]
			at := bot.Address{Network: "test", Chat: strconv.Itoa(i)}
			for range 20 {
				first := say(t, c, at, 0, q.text)
				source := say(t, c, at, 0, "source?")
				if !strings.Contains(message.Plain(first.Message), q.want) || !slices.Equal(source.Facts, first.Facts) {
					t.Errorf("%q: %s, whose source rests on %v", q.text, message.Plain(first.Message), source.Facts)
				}
			}
		})
	}
	wg.Wait()
}

// TestMany: a flood of chats must not fill the memory, and must not make the bot
// silent.
func TestMany(t *testing.T) {
	t.Parallel()
	c := core(t)
	const more = 10_500 // than are remembered
	for i := range more {
		say(t, c, bot.Address{Chat: strconv.Itoa(i)}, 0, "hi")
	}
	say(t, c, here, 0, "Who chaired in 2022?")
	if r := say(t, c, here, 0, "source?"); r.Outcome != bot.Answered {
		t.Errorf("after a flood the source is %s", r.Outcome)
	}
}

// TestNew: without facts there is no core.
func TestNew(t *testing.T) {
	t.Parallel()
	_, set := parts()
	if c, err := bot.New(nil, set); c != nil || err == nil {
		t.Errorf("got %v, %v", c, err)
	}
}
