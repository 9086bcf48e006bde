package slacktest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"

	"suhbat/bot/slack/slacktest"
)

func TestSlash(t *testing.T) {
	inBubble(t, slacktest.Config{Escape: true}, func(t *testing.T, w *world) {
		w.app.answer = says(`{"response_type":"ephemeral","text":"Turkmenistan"}`)
		zarina := w.w.AddUser(slacktest.Profile{Name: "Zarina"})
		w.general.Join(zarina)
		w.Settle()
		before := len(w.app.all())
		w.aigul.Slash(w.general, "/wps", "who & why @zarina #general")
		got := w.app.all()[before]
		form, _ := url.ParseQuery(got.body)
		want := "who &amp; why <@" + zarina.ID + "|zarina> <#" + w.general.ID + "|general>"
		if got.path != "/slack/commands" || !got.genuine || form.Get("command") != "/wps" || form.Get("text") != want {
			t.Errorf("got %+v", got)
		}
		if seen := w.aigul.Sees(w.general); len(seen) != 1 || seen[0].Text != "Turkmenistan" || seen[0].OnlyTo != w.aigul.ID {
			t.Errorf("she sees %v", seen)
		}
		if seen := zarina.Sees(w.general); len(seen) != 0 {
			t.Errorf("the other sees %v", seen)
		}
	})
}

func TestSlashFails(t *testing.T) {
	for name, answer := range map[string]func(http.ResponseWriter, received){
		"operation_timeout": func(http.ResponseWriter, received) { time.Sleep(4 * time.Second) },
		"dispatch_failed":   func(w http.ResponseWriter, _ received) { w.WriteHeader(http.StatusInternalServerError) },
	} {
		inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
			w.app.answer = answer
			w.aigul.Slash(w.general, "/wps", "x")
			seen := w.aigul.Sees(w.general)
			if len(seen) != 1 || !seen[0].Failed() || !strings.Contains(seen[0].Text, name) {
				t.Errorf("%s: she sees %v", name, seen)
			}
			time.Sleep(4 * time.Second)
		})
	}
}

func TestTwists(t *testing.T) {
	for name, tt := range map[string]struct {
		twist   slacktest.Twist
		genuine []bool
	}{
		"plain":     {func(*slacktest.Outbound) {}, []bool{true}},
		"forged":    {slacktest.Forged, []bool{false}},
		"unsigned":  {slacktest.Unsigned, []bool{false}},
		"tampered":  {slacktest.Tampered, []bool{false}},
		"stale":     {slacktest.Aged(6 * time.Minute), []bool{false}},
		"future":    {slacktest.Aged(-6 * time.Minute), []bool{false}},
		"in time":   {slacktest.Aged(4 * time.Minute), []bool{true}},
		"wrong":     {slacktest.SignedWith("other"), []bool{false}},
		"next":      {slacktest.SignedWith(slacktest.NextSigningSecret), []bool{false}},
		"twice":     {slacktest.Twice, []bool{true, true}},
		"broken":    {slacktest.Broken, []bool{true}},
		"oversized": {slacktest.Oversized(2 << 20), []bool{true}},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
				w.Settle()
				before := len(w.app.all())
				w.aigul.Slash(w.general, "/wps", "x", tt.twist)
				time.Sleep(time.Second) // for the copy
				var got []bool
				for _, r := range w.app.all()[before:] {
					got = append(got, r.genuine)
				}
				if !slices.Equal(got, tt.genuine) {
					t.Errorf("genuine: %v, want %v", got, tt.genuine)
				}
			})
		})
	}
}

func TestEventsAreTwisted(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		w.Settle()
		before := len(w.app.all())
		w.Twist("message", slacktest.Twice)
		w.aigul.Say(w.aigul.IM(), "hi")
		w.Settle()
		time.Sleep(time.Second) // for the copy
		w.Twist("message")
		w.aigul.Say(w.aigul.IM(), "hi")
		w.Settle()
		if n := len(w.app.all()) - before; n != 3 {
			t.Errorf("%d requests, want two and one", n)
		}
	})
}

func TestRotatedSecret(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		w.RotateSigningSecret()
		if a := w.aigul.Slash(w.general, "/wps", "x").Last(); a.Status != http.StatusUnauthorized {
			t.Errorf("the old secret still verifies: %+v", a)
		}
	})
}

func TestMentionComesAsAPair(t *testing.T) {
	cfg := slacktest.Config{Events: append(slacktest.DefaultEvents(), "message.channels")}
	inBubble(t, cfg, func(t *testing.T, w *world) {
		w.Settle()
		m := w.aigul.Mention(w.general, "who chaired <2022>?")
		w.Settle()
		var kinds []string
		for _, d := range w.Deliveries("message", "app_mention") {
			kinds = append(kinds, d.Event)
		}
		for _, r := range w.app.all() {
			e, err := slackevents.ParseEvent(json.RawMessage(r.body), slackevents.OptionNoVerifyToken())
			if err != nil {
				t.Fatal(err)
			}
			if a, ok := e.InnerEvent.Data.(*slackevents.AppMentionEvent); ok && (a.TimeStamp != m.TS || !strings.HasSuffix(a.Text, "&lt;2022&gt;?")) {
				t.Errorf("app_mention: %+v", a)
			}
		}
		slices.Sort(kinds)
		if !slices.Equal(kinds, []string{"app_mention", "message"}) {
			t.Errorf("one mention came as %v", kinds)
		}
	})
}

func TestRetries(t *testing.T) {
	inBubble(t, slacktest.Config{Patience: time.Hour}, func(t *testing.T, w *world) {
		w.Settle()
		before := len(w.app.all())
		w.app.answer = func(rw http.ResponseWriter, _ received) { rw.WriteHeader(http.StatusBadGateway) }
		w.aigul.Say(w.aigul.IM(), "hi")
		start := time.Now()
		w.Settle()
		if took := time.Since(start); took != 6*time.Minute {
			t.Errorf("the retries took %v", took)
		}
		var nums []string
		var ids []any
		for _, r := range w.app.all()[before:] {
			if !r.genuine {
				t.Error("a retry has a signature that is stale")
			}
			var e map[string]any
			json.Unmarshal([]byte(r.body), &e)
			nums = append(nums, r.header.Get("X-Slack-Retry-Num")+r.header.Get("X-Slack-Retry-Reason"))
			ids = append(ids, e["event_id"])
		}
		if !slices.Equal(nums, []string{"", "1http_error", "2http_error", "3http_error"}) || len(slices.Compact(ids)) != 1 {
			t.Errorf("retries %v of events %v", nums, ids)
		}
	})
}

func TestNoRetry(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		w.app.answer = func(rw http.ResponseWriter, _ received) {
			rw.Header().Set("X-Slack-No-Retry", "1")
			rw.WriteHeader(http.StatusBadGateway)
		}
		w.aigul.Say(w.aigul.IM(), "hi")
		w.Settle()
		d := w.Deliveries("message")[0]
		if n := len(d.Attempts()); n != 1 {
			t.Errorf("%d attempts", n)
		}
		w.app.answer = nil
		if a := w.Redeliver(d); !a.Acked() || len(d.Attempts()) != 2 {
			t.Errorf("redelivered: %+v", a)
		}
	})
}

func TestVerifyAndSSLCheck(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		w.app.answer = func(rw http.ResponseWriter, r received) {
			var v struct{ Challenge string }
			json.Unmarshal([]byte(r.body), &v)
			rw.Write([]byte(v.Challenge))
		}
		if ok, a := w.Verify(); !ok {
			t.Errorf("not verified: %+v", a)
		}
		if ok, a := w.Verify(slacktest.Forged); ok {
			t.Errorf("verified by a forgery: %+v", a)
		}
		if a := w.CheckSSL(); a.Status != http.StatusUnauthorized {
			t.Errorf("ssl_check is signed: %+v", a)
		}
	})
}

func TestResponseURL(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		w.aigul.Slash(w.general, "/wps", "x")
		all := w.app.all()
		form, _ := url.ParseQuery(all[len(all)-1].body)
		hook := form.Get("response_url")
		say := func(body string) string { return post(t, w.Slack, hook, "application/json", body) }
		if got := say(`{"text":"for you"}`); got != "ok" {
			t.Errorf("got %s", got)
		}
		say(`{"text":"for all","response_type":"in_channel"}`)
		seen := w.aigul.Sees(w.general)
		if len(seen) != 2 || seen[0].OnlyTo != w.aigul.ID || seen[1].OnlyTo != "" {
			t.Errorf("she sees %v", seen)
		}
		for range 3 {
			say(`{"text":"x"}`)
		}
		if got := say(`{"text":"x"}`); !strings.Contains(got, "used_url") {
			t.Errorf("the sixth use: %s", got)
		}
		w.aigul.Slash(w.general, "/wps", "x")
		all = w.app.all()
		form, _ = url.ParseQuery(all[len(all)-1].body)
		hook = form.Get("response_url")
		time.Sleep(31 * time.Minute)
		if got := say(`{"text":"x"}`); !strings.Contains(got, "expired_url") {
			t.Errorf("after half an hour: %s", got)
		}
		if n := len(w.Requests(slacktest.ResponseURL)); n != 7 {
			t.Errorf("%d requests noted", n)
		}
	})
}

func TestShare(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		w.app.answer = says(`{"text":"answer","blocks":[{"type":"actions","elements":[{"type":"button","text":{"type":"plain_text","text":"Share"},"action_id":"share","value":"v"}]}]}`)
		w.aigul.Slash(w.general, "/wps", "x")
		private := w.aigul.Sees(w.general)[0]
		if !slices.Equal(private.Labels(), []string{"Share"}) {
			t.Fatalf("labels %v", private.Labels())
		}
		w.app.answer = nil
		w.aigul.Press(private, "Share")
		all := w.app.all()
		form, _ := url.ParseQuery(all[len(all)-1].body)
		var p slack.InteractionCallback
		if err := json.Unmarshal([]byte(form.Get("payload")), &p); err != nil {
			t.Fatal(err)
		}
		a := p.ActionCallback.BlockActions
		if len(a) != 1 || a[0].ActionID != "share" || a[0].Value != "v" || p.Container.MessageTs != private.TS || !p.Container.IsEphemeral {
			t.Errorf("payload %+v", p)
		}
		post(t, w.Slack, p.ResponseURL, "application/json", `{"delete_original":true}`)
		if seen := w.aigul.Sees(w.general); len(seen) != 0 {
			t.Errorf("she still sees %v", seen)
		}
	})
}

func TestReplaceOriginal(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		button := slack.NewActionBlock("row", slack.NewButtonBlockElement("go", "1", slack.NewTextBlockObject("plain_text", "Go", false, false)))
		w.api.PostMessageContext(t.Context(), w.general.ID, slack.MsgOptionText("old", false), slack.MsgOptionBlocks(button))
		m := w.aigul.Await(w.general, "the post", slacktest.ByApp)
		w.aigul.Press(m, "Go")
		all := w.app.all()
		form, _ := url.ParseQuery(all[len(all)-1].body)
		var p slack.InteractionCallback
		json.Unmarshal([]byte(form.Get("payload")), &p)
		post(t, w.Slack, p.ResponseURL, "application/json", `{"replace_original":true,"text":"new"}`)
		if seen := w.aigul.Sees(w.general); len(seen) != 1 || seen[0].Text != "new" || seen[0].TS != m.TS || len(seen[0].Labels()) != 0 {
			t.Errorf("she sees %v", seen)
		}
	})
}

func TestUninstallInEitherOrder(t *testing.T) {
	for _, revokedFirst := range []bool{true, false} {
		inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
			w.Settle()
			before := len(w.app.all())
			w.w.Uninstall(revokedFirst)
			w.Settle()
			got := w.app.all()[before:]
			if len(got) != 2 || strings.Contains(got[0].body, `"tokens_revoked"`) != revokedFirst {
				t.Errorf("revoked first: %v: got %v", revokedFirst, got)
			}
			w.aigul.Say(w.aigul.IM(), "hello?")
			w.Settle()
			if n := len(w.app.all()); n != before+2 {
				t.Error("an app that is not installed was told of a message")
			}
		})
	}
}

func TestSharedChannel(t *testing.T) {
	inBubble(t, slacktest.Config{Events: []string{"message.channels", "app_mention"}}, func(t *testing.T, w *world) {
		w.general.Share(w.Workspace("Bishkek"))
		w.general.Invite()
		m := w.aigul.Mention(w.general, "hi")
		w.Settle()
		teams := map[string]int{}
		for _, r := range w.app.all() {
			var e struct {
				Team  string `json:"team_id"`
				Event struct{ TS, Type string }
			}
			json.Unmarshal([]byte(r.body), &e)
			if e.Event.TS != m.TS {
				t.Errorf("got %s", r.body)
			}
			teams[e.Team+" "+e.Event.Type]++
		}
		if len(teams) != 3 || len(w.Deliveries("app_mention")) != 1 { // the mention is of Almaty's bot alone
			t.Errorf("one message came as %v", teams)
		}
	})
}

func TestEditsAndOwnPostsComeBack(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		m := w.aigul.Say(w.aigul.IM(), "hi")
		w.aigul.Edit(m, "hello")
		w.aigul.Delete(m)
		w.api.PostMessageContext(t.Context(), w.aigul.IM().ID, slack.MsgOptionText("echo", false))
		w.Settle()
		var bodies []string
		for _, r := range w.app.all() {
			bodies = append(bodies, r.body)
		}
		all := strings.Join(bodies, "\n")
		for _, want := range []string{`"message_changed"`, `"message_deleted"`, `"bot_id"`} {
			if !strings.Contains(all, want) {
				t.Errorf("no event has %s", want)
			}
		}
	})
}
