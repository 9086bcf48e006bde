package slacktest_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"suhbat/bot/slack/slacktest"
)

// text is a text object of n characters.
func text(kind string, n int) string {
	return fmt.Sprintf(`{"type":%q,"text":%q}`, kind, strings.Repeat("ы", n))
}

func button(label string, rest string) string {
	return fmt.Sprintf(`{"type":"button","text":{"type":"plain_text","text":%q}%s}`, label, rest)
}

func many(n int, f func(i int) string) string {
	var all []string
	for i := range n {
		all = append(all, f(i))
	}
	return strings.Join(all, ",")
}

func actions(elements string) string { return `{"type":"actions","elements":[` + elements + `]}` }

func numbered(i int) string { return button("b", fmt.Sprintf(`,"action_id":"a%d"`, i)) }

func divider(int) string { return `{"type":"divider"}` }

func option(i int) string {
	return fmt.Sprintf(`{"text":{"type":"plain_text","text":"o"},"value":"%d"}`, i)
}

// TestBlocks checks a payload at each limit and one beyond it.
func TestBlocks(t *testing.T) {
	menu := func(n int) string { return actions(`{"type":"static_select","options":[` + many(n, option) + `]}`) }
	for name, tt := range map[string]struct {
		blocks string
		ok     bool
	}{
		"section 3000":        {`{"type":"section","text":` + text("mrkdwn", 3000) + `}`, true},
		"section 3001":        {`{"type":"section","text":` + text("mrkdwn", 3001) + `}`, false},
		"empty section":       {`{"type":"section","text":` + text("mrkdwn", 0) + `}`, false},
		"section of nothing":  {`{"type":"section"}`, false},
		"section with fields": {`{"type":"section","fields":[` + text("mrkdwn", 2000) + `]}`, true},
		"long field":          {`{"type":"section","fields":[` + text("mrkdwn", 2001) + `]}`, false},
		"11 fields":           {`{"type":"section","fields":[` + many(11, func(int) string { return text("mrkdwn", 1) }) + `]}`, false},
		"header 150":          {`{"type":"header","text":` + text("plain_text", 150) + `}`, true},
		"header 151":          {`{"type":"header","text":` + text("plain_text", 151) + `}`, false},
		"header in mrkdwn":    {`{"type":"header","text":` + text("mrkdwn", 1) + `}`, false},
		"50 blocks":           {many(50, divider), true},
		"51 blocks":           {many(51, divider), false},
		"25 elements":         {actions(many(25, numbered)), true},
		"26 elements":         {actions(many(26, numbered)), false},
		"no elements":         {actions(""), false},
		"same action_id":      {actions(numbered(1) + "," + numbered(1)), false},
		"same in two blocks":  {actions(numbered(1)) + "," + actions(numbered(1)), true},
		"label 75":            {actions(button(strings.Repeat("я", 75), "")), true},
		"label 76":            {actions(button(strings.Repeat("я", 76), "")), false},
		"value 2001":          {actions(button("b", `,"value":"`+strings.Repeat("v", 2001)+`"`)), false},
		"action_id 256":       {actions(button("b", `,"action_id":"`+strings.Repeat("v", 256)+`"`)), false},
		"url 3001":            {actions(button("b", `,"url":"https://`+strings.Repeat("v", 2993)+`"`)), false},
		"bad style":           {actions(button("b", `,"style":"default"`)), false},
		"good style":          {actions(button("b", `,"style":"primary"`)), true},
		"button of mrkdwn":    {actions(`{"type":"button","text":` + text("mrkdwn", 1) + `}`), false},
		"context 10":          {`{"type":"context","elements":[` + many(10, func(int) string { return text("mrkdwn", 1) }) + `]}`, true},
		"context 11":          {`{"type":"context","elements":[` + many(11, func(int) string { return text("mrkdwn", 1) }) + `]}`, false},
		"image":               {`{"type":"image","image_url":"https://a.b/c.png","alt_text":"x"}`, true},
		"image without alt":   {`{"type":"image","image_url":"https://a.b/c.png"}`, false},
		"block_id 256":        {`{"type":"divider","block_id":"` + strings.Repeat("x", 256) + `"}`, false},
		"same block_id":       {`{"type":"divider","block_id":"x"},{"type":"divider","block_id":"x"}`, false},
		"unknown type":        {`{"type":"sectoin","text":` + text("mrkdwn", 1) + `}`, false},
		"unknown field":       {`{"type":"divider","texts":1}`, false},
		"verbatim plain_text": {`{"type":"section","text":{"type":"plain_text","text":"x","verbatim":true}}`, false},
		"number for text":     {`{"type":"section","text":{"type":"mrkdwn","text":1}}`, false},
		"text for object":     {`{"type":"section","text":"x"}`, false},
		"100 options":         {menu(100), true},
		"101 options":         {menu(101), false},
		"no options":          {actions(`{"type":"static_select"}`), false},
		"overflow 6":          {actions(`{"type":"overflow","options":[` + many(6, option) + `]}`), false},
		"markdown":            {`{"type":"markdown","text":"` + strings.Repeat("m", 12_000) + `"}`, true},
		"two markdowns":       {`{"type":"markdown","text":"` + strings.Repeat("m", 12_000) + `"},{"type":"markdown","text":"m"}`, false},
		"rich text": {
			`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x","style":{"bold":true}},` +
				`{"type":"link","url":"https://a.b"}]},{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[]}]}]}`, true,
		},
		"rich text, bad style": {`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x","style":{"blink":true}}]}]}`, false},
		"feedback": {
			`{"type":"context_actions","elements":[{"type":"feedback_buttons","positive_button":{"text":{"type":"plain_text","text":"Good"},"value":"1"},` +
				`"negative_button":{"text":{"type":"plain_text","text":"Bad"},"value":"0"}}]}`, true,
		},
		"confirm 301": {actions(button("b", `,"confirm":{"text":`+text("mrkdwn", 301)+`}`)), false},
		"alert":       {`{"type":"alert","text":` + text("mrkdwn", 1) + `}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, slacktest.Config{})
			got := call(t, w.Slack, "chat.postMessage", w.w.Token(), "channel", w.general.ID, "text", "x", "blocks", "["+tt.blocks+"]")
			v := w.Violations()
			if (got["ok"] == true) != tt.ok || (len(v) == 0) != tt.ok {
				t.Errorf("got %v, violations %q", got, v)
			}
			if !tt.ok && (got["error"] != "invalid_blocks" || got["response_metadata"] == nil) {
				t.Errorf("the error is %v", got)
			}
		})
	}
}

// TestUpdateKeepsBlocks checks that buttons stay if an update does not mention them.
func TestUpdateKeepsBlocks(t *testing.T) {
	w := newWorld(t, slacktest.Config{})
	posted := call(t, w.Slack, "chat.postMessage", w.w.Token(), "channel", w.general.ID, "text", "x", "blocks", "["+actions(numbered(1))+"]")
	ts, _ := posted["ts"].(string)
	call(t, w.Slack, "chat.update", w.w.Token(), "channel", w.general.ID, "ts", ts, "text", "y")
	if m := w.aigul.Sees(w.general)[0]; m.Text != "y" || len(m.Labels()) != 1 {
		t.Errorf("without blocks: %+v", m)
	}
	call(t, w.Slack, "chat.update", w.w.Token(), "channel", w.general.ID, "ts", ts, "text", "z", "blocks", "[]")
	if m := w.aigul.Sees(w.general)[0]; len(m.Labels()) != 0 {
		t.Errorf("with no blocks: %+v", m)
	}
}

// TestPings checks that nobody's attention is asked for by accident unnoticed.
func TestPings(t *testing.T) {
	w := newWorld(t, slacktest.Config{})
	blocks := `[{"type":"section","text":{"type":"mrkdwn","text":"<!here> and <@U0001>"}},{"type":"context","elements":[{"type":"plain_text","text":"<!everyone>"}]},` +
		`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"broadcast","range":"channel"}]}]}]`
	call(t, w.Slack, "chat.postMessage", w.w.Token(), "channel", w.general.ID, "text", "&lt;!channel&gt; <!subteam^S1|team>", "blocks", blocks)
	got := w.aigul.Sees(w.general)[0].Pings()
	if want := []string{"<!subteam^S1|team>", "<!here>", "<@U0001>", "channel"}; !slices.Equal(got, want) {
		t.Errorf("pings %q, want %q", got, want)
	}
}

// FuzzBlocks checks that no payload brings the fake down.
func FuzzBlocks(f *testing.F) {
	for _, seed := range []string{`[null]`, `[[]]`, `[{"type":"plan","title":"x","tasks":[1,{"type":"x"}]}]`, `{"type":"x"}`, `[{"type":"actions","elements":[null]}]`, `[` + actions(numbered(1)) + `]`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, blocks string) {
		w := newWorld(t, slacktest.Config{})
		form := url.Values{"token": {w.w.Token()}, "channel": {w.general.ID}, "text": {"x"}, "blocks": {blocks}}
		if got := post(t, w.Slack, w.URL()+"chat.postMessage", "application/x-www-form-urlencoded", form.Encode()); !strings.Contains(got, `"ok"`) {
			t.Errorf("got %s", got)
		}
		w.Violations()
	})
}

// TestViolationFailsTheTest checks that nobody has to ask for violations.
func TestViolationFailsTheTest(t *testing.T) {
	b := &tb{T: t}
	s := slacktest.New(b, slacktest.Config{})
	w := s.Workspace("Almaty")
	call(t, s, "chat.postMessage", w.Token(), "channel", w.AddChannel("general").Invite().ID, "blocks", `[{"type":"x"}]`)
	for _, f := range b.done {
		f()
	}
	if len(b.errors) != 1 {
		t.Errorf("the test was told %q", b.errors)
	}
}
