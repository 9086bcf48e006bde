package slack

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
)

// pressed is the payload of a button under a message that one person sees.
func pressedJSON(trigger, action, block, value string) string {
	return `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},"trigger_id":"` + trigger +
		`","response_url":"` + testURL + `","container":{"type":"message","message_ts":"5.1","channel_id":"C1","is_ephemeral":true},` +
		`"actions":[{"action_id":"` + action + `","block_id":"` + block + `","value":"` + value + `","action_ts":"6.1"}]}`
}

// inPublic makes of it the payload of a message in a thread that everybody sees.
func inPublic(payload string) string {
	return strings.Replace(payload, `"is_ephemeral":true}`, `"is_ephemeral":false,"thread_ts":"4.1"},"message":{"ts":"5.1","thread_ts":"4.1","text":"the answer","blocks":`+
		`[{"type":"rich_text","block_id":"x","elements":[]},{"type":"actions","elements":[{"type":"button","action_id":"choice.0"}]},{"type":"actions","elements":[{"type":"button","action_id":"act.0.0"}]}]}`, 1)
}

func (b *bench) press(t *testing.T, payload string) {
	t.Helper()
	if w := b.post(pathInteractions, interactionBody(payload)); w.Code != http.StatusOK || w.Body.Len() > 0 {
		t.Fatalf("got %d %s", w.Code, w.Body)
	}
	b.drained(t)
}

// TestShare checks that a shared answer stands in the channel once, says who shared
// it, and that the private copy goes.
func TestShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got bot.Incoming
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			got = in
			r, err := echo(in)
			r.Buttons = [][]bot.Button{{{Kind: bot.Share, Label: "Share", Action: "who?"}, {Label: "👍", Action: "1h"}}}
			return r, err
		})
		for range 2 { // somebody is impatient, or Slack is
			b.press(t, pressedJSON("t1", "share.0.0", "", "who?"))
		}
		if got.Kind != bot.Ask || got.Text != "who?" || got.From.Thread != "@U1" {
			t.Errorf("the handler got %+v", got)
		}
		calls := b.api.of("response_url")
		if len(calls) != 2 {
			t.Fatalf("got %d calls", len(calls))
		}
		shared, deletion := asResponse(t, calls[0].body), asResponse(t, calls[1].body)
		if shared.ResponseType != inChannel || !strings.HasPrefix(shared.Text, "ask: who?") || !strings.HasSuffix(shared.Text, "Shared by <@U1>") || shared.ReplaceOriginal || shared.DeleteOriginal {
			t.Errorf("shared: got %s", calls[0].body)
		}
		if raw := string(calls[0].body); strings.Contains(raw, "share.0") || !strings.Contains(raw, `"1h"`) || len(broken(calls[0].body)) > 0 {
			t.Errorf("shared: got %s", raw)
		}
		if !deletion.DeleteOriginal || deletion.Text != "" {
			t.Errorf("deletion: got %s", calls[1].body)
		}
	})
}

// TestShareFromThread checks that an answer in a thread is shared with those who do not
// read the thread, and that nobody is offered to share what stands in a conversation of
// two.
func TestShareFromThread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			r, err := echo(in)
			r.Buttons = [][]bot.Button{{{Kind: bot.Share, Label: "Share", Action: "who?"}, {Kind: bot.Cite, Label: "Source", Action: "1q"}}}
			return r, err
		})
		b.press(t, inPublic(pressedJSON("t1", "share.0.0", "", "who?")))
		calls := b.api.of("response_url")
		if len(calls) != 1 {
			t.Fatalf("got %v", calls)
		}
		if r := asResponse(t, calls[0].body); r.ResponseType != inChannel || r.ThreadTS != "" || !strings.HasSuffix(r.Text, "Shared by <@U1>") {
			t.Errorf("shared: got %s", calls[0].body)
		}
		b.post(pathEvents, eventJSON("Ev1", `{"type":"message","channel_type":"im","channel":"D1","user":"U1","text":"who?","ts":"1.1"}`))
		b.drained(t)
		posts := b.api.of("chat.postMessage")
		if len(posts) != 1 || strings.Contains(posts[0].form.Get("blocks"), `"share.`) || !strings.Contains(posts[0].form.Get("blocks"), `"cite.0.0"`) {
			t.Errorf("in a direct message: got %v", posts)
		}
	})
}

// TestShareTwice checks that who presses twice, with a trigger for each press, shares
// an answer once.
func TestShareTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, echo)
		b.press(t, pressedJSON("t1", "share.0.0", "", "who?"))
		b.press(t, pressedJSON("t2", "share.0.0", "", "who?"))
		calls := b.api.of("response_url", "chat.postMessage")
		if len(calls) != 3 || asResponse(t, calls[0].body).ResponseType != inChannel || !asResponse(t, calls[2].body).DeleteOriginal {
			t.Errorf("got %d calls, want it shared, and its private copy deleted by each press", len(calls))
		}
		time.Sleep(2 * repeatWithin)
		b.press(t, pressedJSON("t3", "share.0.0", "", "who?"))
		if calls := b.api.of("response_url"); len(calls) != 5 {
			t.Errorf("later: got %d calls, want it shared again", len(calls))
		}
	})
}

// TestShareFails checks what becomes of a shared answer when the response_url fails:
// everybody sees it once, or the one who shares is told that this is not certain and
// keeps the private copy.
func TestShareFails(t *testing.T) {
	tests := []struct {
		name    string
		status  int
		history string // what it says; "mark" stands for what bears the mark of the post
		posts   int    // by chat.postMessage
		told    bool
	}{
		{"it is not there", http.StatusBadGateway, `{"ok":true,"messages":[]}`, 1, false},
		{"it is there", http.StatusBadGateway, "mark", 0, false},
		{"nobody can know", http.StatusBadGateway, `{"ok":false,"error":"not_in_channel"}`, 0, true},
		{"the address has been used", http.StatusNotFound, `{"ok":true,"messages":[]}`, 1, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := start(t, echo)
				first := true
				b.api.do("response_url", func(call) (*http.Response, error) {
					if first {
						first = false
						return respondWith(tt.status, "<html>"), nil
					}
					return respondWith(http.StatusOK, "ok"), nil
				})
				b.api.do("conversations.history", func(call) (*http.Response, error) {
					said := tt.history
					if said == "mark" {
						blocks := asResponse(t, b.api.of("response_url")[0].body).Blocks
						said = `{"ok":true,"messages":[{"ts":"9.1","bot_id":"B1","blocks":[` + string(blocks[len(blocks)-1]) + `]}]}`
					}
					return respondWith(http.StatusOK, said), nil
				})
				b.press(t, pressedJSON("t1", "share.0.0", "", "who?"))
				posts := b.api.of("chat.postMessage")
				if len(posts) != tt.posts || len(b.api.of("chat.postEphemeral")) > 0 {
					t.Fatalf("posted: got %d, want %d", len(posts), tt.posts)
				}
				if tt.posts == 1 && (posts[0].form.Get("channel") != "C1" || posts[0].form.Has("thread_ts") || !strings.HasSuffix(posts[0].form.Get("text"), "Shared by <@U1>")) {
					t.Errorf("posted: got %v", posts[0].form)
				}
				calls := b.api.of("response_url")
				last := asResponse(t, calls[len(calls)-1].body)
				if len(calls) != 2 || last.DeleteOriginal == tt.told || tt.told && (last.ResponseType != ephemeral || last.Text == "") {
					t.Errorf("the one who shares: got %d calls, at last %s", len(calls), calls[len(calls)-1].body)
				}
			})
		})
	}
}

// TestButtons checks where the reply to a button is seen.
func TestButtons(t *testing.T) {
	reply := func(change func(*bot.Reply)) bot.Reply {
		r := bot.Reply{Outcome: bot.Answered, Message: say("answer", language.English)}
		change(&r)
		return r
	}
	private := pressedJSON("t1", "act.0.0", "q0:who chaired?", "1x")
	none := func(*bot.Reply) {}
	tests := []struct {
		name, payload string
		reply         bot.Reply
		method        string
		want          []string // response_type, replace_original, text, thread
	}{
		{"a message of its own", private, reply(none), "response_url", []string{"ephemeral", "false", "answer", ""}},
		{"a choice takes its place", pressedJSON("t1", "choice.0", "", "1x"), reply(none), "response_url", []string{"ephemeral", "true", "answer", ""}},
		{"an edit", private, reply(func(r *bot.Reply) { r.Edit = true }), "response_url", []string{"ephemeral", "true", "answer", ""}},
		{"an edit in public", inPublic(private), reply(func(r *bot.Reply) { r.Edit = true }), "response_url", []string{"in_channel", "true", "answer", ""}},
		{"in public, for the asker", inPublic(private), reply(func(r *bot.Reply) { r.OnlyAsker = true }), "response_url", []string{"ephemeral", "false", "answer", "4.1"}},
		{"a toast", private, bot.Reply{Toast: "thanks"}, "response_url", []string{"ephemeral", "false", "thanks", ""}},
		{"a toast in public", inPublic(private), bot.Reply{Toast: "thanks"}, "response_url", []string{"ephemeral", "false", "thanks", "4.1"}},
		{"in public", inPublic(private), reply(none), "chat.postMessage", nil},
		{"in a direct message", strings.ReplaceAll(strings.Replace(private, `,"is_ephemeral":true`, "", 1), "C1", "D1"), reply(none), "chat.postMessage", nil},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			b := start(t, func(bot.Incoming) (bot.Reply, error) { return tt.reply, nil })
			b.press(t, tt.payload)
			calls := b.api.of("response_url", "chat.postMessage", "chat.postEphemeral", "views.open")
			if len(calls) != 1 || calls[0].method != tt.method {
				t.Fatalf("%s: got %v", tt.name, calls)
			}
			if tt.want == nil {
				return
			}
			r := asResponse(t, calls[0].body)
			replaced := "false"
			if r.ReplaceOriginal {
				replaced = "true"
			}
			if got := []string{r.ResponseType, replaced, r.Text, r.ThreadTS}; !slices.Equal(got, tt.want) {
				t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
			}
		})
	}
}

// TestRelabel checks that after "helpful" the answer stays and its buttons change,
// where Slack shows the message and where it does not.
func TestRelabel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			if in.Kind == bot.Ask {
				return bot.Reply{Message: say("answer to "+in.Text, language.English), Buttons: [][]bot.Button{{{Label: "old", Action: "1o"}, {Kind: bot.Share, Label: "Share", Action: in.Text}}}}, nil
			}
			return bot.Reply{Toast: "thanks", Relabel: true, Buttons: [][]bot.Button{{{Label: "new", Action: "1n"}}}}, nil
		})
		b.press(t, pressedJSON("t1", "act.0.0", "q0:who chaired?", "1x"))
		b.press(t, inPublic(pressedJSON("t2", "act.0.0", "", "1x")))
		calls := b.api.of("response_url")
		if len(calls) != 4 {
			t.Fatalf("got %d calls", len(calls))
		}
		private, public := asResponse(t, calls[1].body), asResponse(t, calls[3].body)
		if raw := string(calls[1].body); !strings.Contains(raw, `"share.0.0"`) || !strings.Contains(raw, `"q0:who chaired?"`) {
			t.Errorf("it can no longer be shared: got %s", raw)
		}
		if private.Text != "answer to who chaired?" || !private.ReplaceOriginal || private.ResponseType != ephemeral {
			t.Errorf("got %s", calls[1].body)
		}
		if public.Text != "the answer" || !public.ReplaceOriginal || len(public.Blocks) != 3 || !strings.Contains(string(calls[3].body), "choice.0") {
			t.Errorf("got %s", calls[3].body)
		}
		for _, c := range []call{calls[1], calls[3]} {
			if raw := string(c.body); strings.Contains(raw, `act.0.0"},`) || strings.Contains(raw, "old") || !strings.Contains(raw, `"1n"`) {
				t.Errorf("got %s", raw)
			}
		}
	})
}

// TestRelabelInPublic checks that who says "helpful" below an answer that others see, too,
// takes its sources and the way to share it from nobody.
func TestRelabelInPublic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows := buttonRows([][]bot.Button{{{Label: "👍", Action: "1h"}, {Kind: bot.Cite, Label: "Source", Action: "1q"}, {Kind: bot.Share, Label: "Share", Action: "who?"}}})
		blocks, err := json.Marshal(rows)
		if err != nil {
			t.Fatal(err)
		}
		b := start(t, func(bot.Incoming) (bot.Reply, error) {
			return bot.Reply{Relabel: true, Buttons: [][]bot.Button{{{Label: "Report", Action: "1n"}}}}, nil
		})
		public := strings.Replace(pressedJSON("t1", "act.0.0", "q0:who?", "1h"), `"is_ephemeral":true}`, `"is_ephemeral":false},"message":{"ts":"5.1","text":"the answer","blocks":`+string(blocks)+`}`, 1)
		b.press(t, public)
		want := `"blocks":[{"type":"actions","block_id":"q0:who?","elements":[` +
			`{"type":"button","text":{"type":"plain_text","text":"Source","emoji":false},"action_id":"cite.0.1","value":"1q"},` +
			`{"type":"button","text":{"type":"plain_text","text":"Share","emoji":false},"action_id":"share.0.2","value":"who?"}]},` +
			`{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Report","emoji":false},"action_id":"act.0.0","value":"1n"}]}]`
		if calls := b.api.of("response_url"); len(calls) != 1 || !strings.Contains(string(calls[0].body), want) || len(broken(calls[0].body)) > 0 {
			t.Errorf("got %v, want one with %s", calls, want)
		}
	})
}

// TestForm walks the way of a word for the curators: button, form, words, thanks.
func TestForm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got bot.Incoming
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			got = in
			if in.Text == "" {
				return bot.Reply{Message: say("What is wrong?", language.English), Prompt: bot.Prompt{Placeholder: "Your words", Action: "1report"}}, nil
			}
			return bot.Reply{Message: say("Thank you", language.English)}, nil
		})
		b.press(t, pressedJSON("t1", "act.0.0", "", "1ask"))
		calls := b.api.of("views.open")
		if len(calls) != 1 || len(broken(calls[0].body)) > 0 {
			t.Fatalf("got %v", calls)
		}
		var opened struct {
			TriggerID string `json:"trigger_id"`
			View      struct {
				Metadata string `json:"private_metadata"`
				Callback string `json:"callback_id"`
			} `json:"view"`
		}
		json.Unmarshal(calls[0].body, &opened)
		if opened.TriggerID != "t1" || opened.View.Callback != promptForm {
			t.Errorf("got %s", calls[0].body)
		}
		submission, _ := json.Marshal(map[string]any{
			"type": "view_submission", "team": map[string]string{"id": "T1"}, "user": map[string]string{"id": "U1"},
			"view": map[string]any{
				"id": "V1", "type": "modal", "hash": "h", "callback_id": opened.View.Callback, "private_metadata": opened.View.Metadata,
				"state": map[string]any{"values": map[string]any{promptField: map[string]any{promptField: map[string]string{"value": " a word "}}}},
			},
		})
		w := b.post(pathInteractions, interactionBody(string(submission)))
		if got.Kind != bot.Press || got.Payload != "1report" || got.Text != "a word" || got.From != address("T1", "C1", "@U1") {
			t.Errorf("the handler got %+v", got)
		}
		var ack struct {
			Action string          `json:"response_action"`
			View   json.RawMessage `json:"view"`
		}
		if json.Unmarshal(w.Body.Bytes(), &ack) != nil || ack.Action != "update" || len(broken(ack.View)) > 0 || !strings.Contains(string(ack.View), "Thank you") {
			t.Errorf("got %s", w.Body)
		}
		got = bot.Incoming{}
		if w := b.post(pathInteractions, interactionBody(string(submission))); w.Code != http.StatusOK || got.Kind != "" {
			t.Errorf("the same words counted twice: %d, %+v", w.Code, got)
		}
	})
}

// TestPromptInConversation checks that a mention which asks for words leaves a button
// that opens the form, since only a press may.
func TestPromptInConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, func(bot.Incoming) (bot.Reply, error) {
			return bot.Reply{Message: say("What is wrong?", language.English), Prompt: bot.Prompt{Placeholder: "Your words", Action: "1report"}}, nil
		})
		b.post(pathEvents, eventJSON("Ev1", mention("1.1", "report")))
		b.drained(t)
		if blocks := b.api.of("chat.postMessage")[0].form.Get("blocks"); !strings.Contains(blocks, `"form.0.0"`) || !strings.Contains(blocks, `"1report"`) {
			t.Errorf("got %s", blocks)
		}
		b.press(t, inPublic(pressedJSON("t1", "form.0.0", "", "1report")))
		if calls := b.api.of("views.open"); len(calls) != 1 || !strings.Contains(string(calls[0].body), `1report`) {
			t.Errorf("got %v", calls)
		}
	})
}

// TestShortcut checks that a message can be looked up by one person, wherever it
// stands.
func TestShortcut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := start(t, echo)
		b.press(t, `{"type":"message_action","callback_id":"`+checkClaim+`","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C9"},"trigger_id":"t1","response_url":"`+testURL+
			`","message":{"type":"message","user":"U2","ts":"1.1","text":"<@U2> says &lt;Turkmenistan&gt; chaired"}}`)
		calls := b.api.of("response_url")
		if len(calls) != 1 || asResponse(t, calls[0].body).ResponseType != ephemeral || calls[0].field(t, "text") != "claim: @U2 says &lt;Turkmenistan&gt; chaired" {
			t.Errorf("got %v", calls)
		}
	})
}

// TestHomePress checks the field and the buttons on the bot's own page.
func TestHomePress(t *testing.T) {
	onHome := func(trigger, action, value string) string {
		return `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"` + trigger + `","container":{"type":"view"},"view":{"id":"V1","type":"home","hash":"h"},` +
			`"actions":[{"action_id":"` + action + `","block_id":"b","value":"` + value + `"}]}`
	}
	synctest.Test(t, func(t *testing.T) {
		var got bot.Incoming
		edit := false
		b := start(t, func(in bot.Incoming) (bot.Reply, error) {
			got = in
			return bot.Reply{Message: message.Message{Body: say("answer", language.English).Body, Choices: []message.Choice{{Label: "a"}}}, Edit: edit}, nil
		})
		b.press(t, onHome("t1", actionAsk, testAsked))
		if got.Kind != bot.Ask || got.Text != testAsked || got.From != address("T1", "U1", "") {
			t.Errorf("got %+v", got)
		}
		edit = true
		b.press(t, onHome("t2", "act.0.0", "1lang"))
		opened, published := b.api.of("views.open"), b.api.of("views.publish")
		if len(opened) != 1 || len(published) != 1 || len(broken(opened[0].body)) > 0 || len(broken(published[0].body)) > 0 {
			t.Errorf("got %v and %v", opened, published)
		}
	})
}

// TestOpenButton checks that Slack's word of a link that was opened does nothing.
func TestOpenButton(t *testing.T) {
	b := start(t, func(bot.Incoming) (bot.Reply, error) {
		t.Error("the handler was asked")
		return bot.Reply{}, nil
	})
	b.press(t, pressedJSON("t1", "open.0.0", "", ""))
	b.press(t, `{"type":"shortcut","callback_id":"another"}`)
	b.press(t, `[]`)
	if w := b.post(pathInteractions, "nothing=1"); w.Code != http.StatusBadRequest {
		t.Errorf("got %d", w.Code)
	}
}

// TestExpiredURL checks that an interaction which waited too long is answered by a
// post.
func TestExpiredURL(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		inbox := newMemory()
		body := append([]byte{byte(interaction)}, pressedJSON("t1", "act.0.0", "", "1x")...)
		inbox.Keep(t.Context(), "interaction:t1", address("T1", "C1", "@U1"), body, time.Now().Add(-urlLasts))
		b := start(t, echo, func(_ *Config, p *Ports) { p.Inbox = inbox })
		if err := b.adopt(t.Context()); err != nil {
			t.Fatal(err)
		}
		b.drained(t)
		if calls := b.api.of("response_url", "chat.postEphemeral"); len(calls) != 1 || calls[0].method != "chat.postEphemeral" {
			t.Errorf("got %v", calls)
		}
	})
}

// TestUsedURL checks that an interaction whose response_url Slack does not take any more,
// though it should, is answered by a post.
func TestUsedURL(t *testing.T) {
	for name, answer := range map[string]*http.Response{
		"used":    respondWith(http.StatusOK, `{"ok":false,"error":"used_url"}`),
		"expired": respondWith(http.StatusOK, `{"ok":false,"error":"expired_url"}`),
		"404":     respondWith(http.StatusNotFound, "no_team"),
	} {
		synctest.Test(t, func(t *testing.T) {
			b := start(t, echo)
			b.api.do("response_url", func(call) (*http.Response, error) { return answer, nil })
			b.press(t, pressedJSON("t1", "act.0.0", "", "1x"))
			b.drained(t)
			calls := b.api.of("response_url", "chat.postEphemeral", "chat.postMessage")
			if len(calls) != 2 || calls[1].method != "chat.postEphemeral" || calls[1].form.Get("user") != "U1" {
				t.Errorf("%s: got %v", name, calls)
			}
		})
	}
}
