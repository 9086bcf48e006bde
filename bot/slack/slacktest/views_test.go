package slacktest_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"suhbat/bot/slack/slacktest"
)

// payload is the newest interaction that the app got.
func (a *app) payload(t *testing.T) slack.InteractionCallback {
	t.Helper()
	all := a.all()
	form, _ := url.ParseQuery(all[len(all)-1].body)
	var p slack.InteractionCallback
	if err := json.Unmarshal([]byte(form.Get("payload")), &p); err != nil {
		t.Fatal(err)
	}
	return p
}

const modal = `{"type":"modal","title":{"type":"plain_text","text":"Report"},"submit":{"type":"plain_text","text":"Send"},"callback_id":"report",
"private_metadata":"fact-1","notify_on_close":true,"blocks":[{"type":"input","block_id":"why","label":{"type":"plain_text","text":"Why?"},
"element":{"type":"plain_text_input","action_id":"text"}},{"type":"input","block_id":"lang","optional":true,"label":{"type":"plain_text","text":"Language"},
"element":{"type":"static_select","action_id":"lang","options":[{"text":{"type":"plain_text","text":"Русский"},"value":"ru"}]}}]}`

func TestModal(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		m := w.aigul.Say(w.general, "It was Kazakhstan.")
		w.aigul.Shortcut(m, "check")
		p := w.app.payload(t)
		if p.Type != slack.InteractionTypeMessageAction || p.Message.Text != "It was Kazakhstan." || p.CallbackID != "check" {
			t.Errorf("shortcut: %+v", p)
		}
		open := func(trigger string) map[string]any {
			return call(t, w.Slack, "views.open", w.w.Token(), "trigger_id", trigger, "view", modal)
		}
		wantError(t, open(p.TriggerID), "")
		wantError(t, open(p.TriggerID), "exchanged_trigger_id")
		wantError(t, open("1.2.3"), "invalid_trigger_id")
		if v, ok := w.aigul.Modal(); !ok || v.Title != "Report" || v.CallbackID != "report" {
			t.Fatalf("she sees %+v", v)
		}
		w.app.answer = says(`{"response_action":"errors","errors":{"why":"too short"}}`)
		w.aigul.Submit(map[string]string{"text": "no", "lang": "ru"})
		p = w.app.payload(t)
		values := p.View.State.Values
		if values["why"]["text"].Value != "no" || values["lang"]["lang"].SelectedOption.Value != "ru" || p.View.PrivateMetadata != "fact-1" {
			t.Errorf("submission: %+v", p.View)
		}
		if w.aigul.FieldErrors()["why"] != "too short" {
			t.Errorf("errors: %v", w.aigul.FieldErrors())
		}
		w.app.answer = nil
		w.aigul.Submit(map[string]string{"text": "because"})
		if _, open := w.aigul.Modal(); open {
			t.Error("an accepted modal stays open")
		}
	})
}

func TestModalIsChanged(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		open := func() slacktest.View {
			w.aigul.GlobalShortcut("ask")
			wantError(t, call(t, w.Slack, "views.open", w.w.Token(), "trigger_id", w.app.payload(t).TriggerID, "view", modal), "")
			v, _ := w.aigul.Modal()
			return v
		}
		next := strings.Replace(modal, "Report", "Thanks", 1)
		v := open()
		wantError(t, call(t, w.Slack, "views.update", w.w.Token(), "view_id", v.ID, "hash", "0", "view", next), "hash_conflict")
		wantError(t, call(t, w.Slack, "views.update", w.w.Token(), "view_id", v.ID, "hash", v.Hash, "view", next), "")
		if v, _ := w.aigul.Modal(); v.Title != "Thanks" {
			t.Errorf("updated: %+v", v)
		}
		w.app.answer = says(`{"response_action":"push","view":` + modal + `}`)
		w.aigul.Submit(map[string]string{"text": "x"})
		if v, _ := w.aigul.Modal(); v.Title != "Report" {
			t.Errorf("pushed: %+v", v)
		}
		if d := w.aigul.CloseModal(); d == nil || w.app.payload(t).Type != slack.InteractionTypeViewClosed {
			t.Error("the app did not hear that the modal was closed")
		}
		w.app.answer = says(`{"response_action":"clear"}`)
		w.aigul.Submit(map[string]string{"text": "x"})
		if _, open := w.aigul.Modal(); open {
			t.Error("clear left a modal open")
		}
		wantError(t, call(t, w.Slack, "views.update", w.w.Token(), "view_id", v.ID, "view", next), "not_found")
	})
}

func TestTriggerExpires(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		w.aigul.GlobalShortcut("ask")
		time.Sleep(3*time.Second + time.Millisecond)
		wantError(t, call(t, w.Slack, "views.open", w.w.Token(), "trigger_id", w.app.payload(t).TriggerID, "view", modal), "expired_trigger_id")
	})
}

func TestViewLimits(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		for name, view := range map[string]string{
			"title":            strings.Replace(modal, "Report", strings.Repeat("я", 25), 1),
			"private_metadata": strings.Replace(modal, "fact-1", strings.Repeat("x", 3001), 1),
			"submit":           strings.Replace(modal, `"submit"`, `"x"`, 1),
			"home with title":  strings.Replace(modal, `"modal"`, `"home"`, 1),
			"101 blocks":       `{"type":"home","blocks":[` + many(101, divider) + `]}`,
			"broken":           `{`,
		} {
			got := call(t, w.Slack, "views.publish", w.w.Token(), "user_id", w.aigul.ID, "view", view)
			if v := w.Violations(); got["error"] != "invalid_arguments" || len(v) == 0 {
				t.Errorf("%s: got %v, violations %q", name, got, v)
			}
		}
		wantError(t, call(t, w.Slack, "views.publish", w.w.Token(), "user_id", w.aigul.ID, "view", `{"type":"home","blocks":[`+many(100, divider)+`]}`), "")
	})
}

func TestHome(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		w.aigul.OpenHome("home")
		w.Settle()
		home := `{"type":"home","blocks":[{"type":"actions","elements":[` + button("Ask", "") +
			`,{"type":"external_select","action_id":"topic"},{"type":"static_select","action_id":"lang","options":[` + option(7) + `]}]}]}`
		wantError(t, call(t, w.Slack, "views.publish", w.w.Token(), "user_id", w.aigul.ID, "view", home), "")
		v, ok := w.aigul.Home()
		if !ok || v.Labels()[0] != "Ask" {
			t.Fatalf("home: %+v", v)
		}
		w.aigul.PressView("Ask")
		if p := w.app.payload(t); p.View.ID != v.ID || p.ActionCallback.BlockActions[0].ActionID == "" || p.ResponseURL != "" {
			t.Errorf("press: %+v", p)
		}
		w.aigul.ChooseView("lang", "7")
		if p := w.app.payload(t); p.ActionCallback.BlockActions[0].SelectedOption.Value != "7" {
			t.Errorf("choice: %+v", p)
		}
		w.aigul.PressView("Ask") // what was chosen before comes with it
		for _, fields := range w.app.payload(t).View.State.Values {
			if fields["lang"].SelectedOption.Value != "7" {
				t.Errorf("state: %+v", fields)
			}
		}
		w.app.answer = says(`{"options":[` + option(1) + `]}`)
		if got := w.aigul.Suggest("topic", "res"); len(got) != 1 || got[0] != "o" {
			t.Errorf("suggestions: %v", got)
		}
	})
}
