package slacktest_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"suhbat/bot/slack/slacktest"
)

func TestPostAndHistory(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		meta := slack.SlackMetadata{EventType: "reminder", EventPayload: map[string]any{"k": "1"}}
		_, first, err := w.api.PostMessageContext(t.Context(), w.general.ID, slack.MsgOptionText("one", false), slack.MsgOptionMetadata(meta))
		if err != nil {
			t.Fatal(err)
		}
		_, second, err := w.api.PostMessageContext(t.Context(), w.general.ID, slack.MsgOptionText("two", false))
		if err != nil || first == second {
			t.Fatalf("two messages of one moment: %q and %q, %v", first, second, err)
		}
		with := true
		for _, include := range []bool{false, with} {
			h, err := w.api.GetConversationHistoryContext(t.Context(), &slack.GetConversationHistoryParameters{
				ChannelID: w.general.ID, IncludeAllMetadata: include, Limit: 10,
			})
			if err != nil || len(h.Messages) != 2 || h.Messages[1].Text != "one" {
				t.Fatalf("history: %v, %v", h, err)
			}
			if got := h.Messages[1].Metadata.EventPayload["k"] == "1"; got != include {
				t.Errorf("include_all_metadata=%v: payload there: %v", include, got)
			}
		}
		if _, _, _, err := w.api.UpdateMessageContext(t.Context(), w.general.ID, first, slack.MsgOptionText("uno", false)); err != nil {
			t.Fatal(err)
		}
		if got := w.aigul.Sees(w.general); len(got) != 2 || got[0].Text != "uno" || got[0].Edits != 1 {
			t.Errorf("she sees %v", got)
		}
		if _, _, err := w.api.DeleteMessageContext(t.Context(), w.general.ID, second); err != nil {
			t.Fatal(err)
		}
		if got := w.aigul.Sees(w.general); len(got) != 1 {
			t.Errorf("after the deletion she sees %v", got)
		}
	})
}

func TestPostIsRefused(t *testing.T) {
	inBubble(t, slacktest.Config{Unlimited: true}, func(t *testing.T, w *world) {
		other := w.w.AddChannel("other")
		private := w.w.AddPrivate("private")
		old := w.w.AddChannel("old").Invite()
		old.Archive()
		gone := w.w.AddUser(slacktest.Profile{Name: "Gone"})
		gone.Deactivate()
		for _, tt := range []struct{ channel, text, want string }{
			{"C9999", "x", "channel_not_found"},
			{other.ID, "x", "not_in_channel"},
			{private.ID, "x", "channel_not_found"},
			{old.ID, "x", "is_archived"},
			{gone.ID, "x", "user_disabled"},
			{w.general.ID, " ", "no_text"},
			{w.general.ID, strings.Repeat("ы", 40_001), "msg_too_long"},
			{w.general.ID, strings.Repeat("ы", 40_000), ""},
			{"#general", "x", ""},
			{w.aigul.ID, "x", ""},
		} {
			wantError(t, call(t, w.Slack, "chat.postMessage", w.w.Token(), "channel", tt.channel, "text", tt.text), tt.want)
		}
		if v := w.Violations(); len(v) != 1 || !strings.Contains(v[0], "msg_too_long") {
			t.Errorf("violations: %q", v)
		}
		if len(w.aigul.Sees(w.aigul.IM())) != 1 {
			t.Error("a message to a user does not arrive in her direct message")
		}
	})
}

func TestEphemeral(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		zarina := w.w.AddUser(slacktest.Profile{Name: "Zarina"})
		if _, err := w.api.PostEphemeralContext(t.Context(), w.general.ID, zarina.ID, slack.MsgOptionText("x", false)); err == nil || err.Error() != "user_not_in_channel" {
			t.Errorf("to somebody who is not there: %v", err)
		}
		w.general.Join(zarina)
		ts, err := w.api.PostEphemeralContext(t.Context(), w.general.ID, zarina.ID, slack.MsgOptionText("x", false))
		if err != nil || len(zarina.Sees(w.general)) != 1 || len(w.aigul.Sees(w.general)) != 0 {
			t.Errorf("%v; she sees %v, the other %v", err, zarina.Sees(w.general), w.aigul.Sees(w.general))
		}
		if _, _, _, err := w.api.UpdateMessageContext(t.Context(), w.general.ID, ts, slack.MsgOptionText("y", false)); err == nil {
			t.Error("an ephemeral message was updated")
		}
		zarina.Reload()
		if len(zarina.Sees(w.general)) != 0 {
			t.Error("an ephemeral message outlived a reload")
		}
	})
}

func TestTokens(t *testing.T) {
	inBubble(t, slacktest.Config{Scopes: []string{"chat:write"}}, func(t *testing.T, w *world) {
		wantError(t, call(t, w.Slack, "auth.test", ""), "not_authed")
		wantError(t, call(t, w.Slack, "auth.test", "xoxb-wrong"), "invalid_auth")
		wantError(t, call(t, w.Slack, "auth.test", slacktest.AppToken), "not_allowed_token_type")
		wantError(t, call(t, w.Slack, "no.such", w.w.Token()), "unknown_method")
		missing := call(t, w.Slack, "users.info", w.w.Token(), "user", w.aigul.ID)
		wantError(t, missing, "missing_scope")
		if missing["needed"] != "users:read" || missing["provided"] != "chat:write" {
			t.Errorf("missing_scope says %v", missing)
		}
		if got := call(t, w.Slack, "auth.test", slacktest.BotToken); got["user_id"] != w.w.BotUser || got["team_id"] != w.w.ID {
			t.Errorf("auth.test: %v", got)
		}
		w.w.Revoke()
		wantError(t, call(t, w.Slack, "auth.test", w.w.Token()), "token_revoked")
		second := w.Workspace("Bishkek")
		second.Disable()
		wantError(t, call(t, w.Slack, "auth.test", second.Token()), "account_inactive")
	})
}

func TestJSONBody(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		got := post(t, w.Slack, w.URL()+"chat.postMessage", "application/json",
			`{"token":"`+w.w.Token()+`","channel":"`+w.general.ID+`","text":"hi","blocks":[{"type":"divider"}],"thread_ts":null}`)
		if !strings.HasPrefix(got, `{"channel"`) || len(w.aigul.Sees(w.general)) != 1 {
			t.Errorf("got %s", got)
		}
		if got := post(t, w.Slack, w.URL()+"chat.postMessage", "application/json", `{`); !strings.Contains(got, "invalid_json") {
			t.Errorf("got %s", got)
		}
	})
}

func TestUsersInfo(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		// A bubble begins in 2000, when Almaty was six hours ahead.
		u, err := w.api.GetUserInfoContext(t.Context(), w.aigul.ID)
		if err != nil || u.Locale != "ru-RU" || u.TZ != "Asia/Almaty" || u.TZOffset != 6*3600 || u.IsAdmin {
			t.Errorf("%+v, %v", u, err)
		}
		w.aigul.Deactivate()
		if u, err = w.api.GetUserInfoContext(t.Context(), w.aigul.ID); err != nil || !u.Deleted || u.TZ != "" {
			t.Errorf("gone: %+v, %v", u, err)
		}
	})
}

func TestRate(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		say := func() error {
			_, _, err := w.api.PostMessageContext(t.Context(), w.general.ID, slack.MsgOptionText("x", false))
			return err
		}
		for range 3 {
			if err := say(); err != nil {
				t.Fatal(err)
			}
		}
		var limited *slack.RateLimitedError
		if err := say(); !errors.As(err, &limited) || limited.RetryAfter != time.Second {
			t.Fatalf("the fourth at once: %v", err)
		}
		time.Sleep(time.Second)
		if err := say(); err != nil {
			t.Errorf("a second later: %v", err)
		}
		if n := len(w.aigul.Sees(w.general)); n != 4 {
			t.Errorf("%d messages arrived, want 4", n)
		}
	})
}

func TestDistributedHistory(t *testing.T) {
	inBubble(t, slacktest.Config{Distributed: true}, func(t *testing.T, w *world) {
		for range 20 {
			w.aigul.Say(w.general, "hello")
		}
		p := &slack.GetConversationHistoryParameters{ChannelID: w.general.ID, Limit: 100}
		h, err := w.api.GetConversationHistoryContext(t.Context(), p)
		if err != nil || len(h.Messages) != 15 || !h.HasMore {
			t.Fatalf("%d messages, more: %v, %v", len(h.Messages), h.HasMore, err)
		}
		p.Cursor = h.ResponseMetaData.NextCursor
		var limited *slack.RateLimitedError
		if _, err := w.api.GetConversationHistoryContext(t.Context(), p); !errors.As(err, &limited) {
			t.Fatalf("twice in a minute: %v", err)
		}
		time.Sleep(limited.RetryAfter)
		if h, err = w.api.GetConversationHistoryContext(t.Context(), p); err != nil || len(h.Messages) != 5 || h.HasMore {
			t.Errorf("the rest: %v, %v", h, err)
		}
	})
}

func TestHistoryBetween(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		a := w.aigul.Say(w.general, "a")
		b := w.aigul.Say(w.general, "b")
		w.aigul.Reply(a, "in the thread")
		p := &slack.GetConversationHistoryParameters{ChannelID: w.general.ID, Oldest: a.TS, Latest: b.TS}
		if h, err := w.api.GetConversationHistoryContext(t.Context(), p); err != nil || len(h.Messages) != 0 {
			t.Errorf("exclusive: %v, %v", h, err)
		}
		p.Inclusive = true
		if h, err := w.api.GetConversationHistoryContext(t.Context(), p); err != nil || len(h.Messages) != 2 {
			t.Errorf("inclusive: %v, %v", h, err)
		}
		r, _, _, err := w.api.GetConversationRepliesContext(t.Context(), &slack.GetConversationRepliesParameters{ChannelID: w.general.ID, Timestamp: a.TS})
		if err != nil || len(r) != 2 || r[0].Text != "a" {
			t.Errorf("replies: %v, %v", r, err)
		}
		if got := w.aigul.Thread(a); len(got) != 1 {
			t.Errorf("she sees in the thread: %v", got)
		}
	})
}

func TestConversations(t *testing.T) {
	inBubble(t, slacktest.Config{}, func(t *testing.T, w *world) {
		info := call(t, w.Slack, "conversations.info", w.w.Token(), "channel", w.general.ID)
		if ch, _ := info["channel"].(map[string]any); ch["is_member"] != true || ch["name"] != "general" {
			t.Errorf("info: %v", info)
		}
		members := call(t, w.Slack, "conversations.members", w.w.Token(), "channel", w.general.ID)
		if ids, _ := members["members"].([]any); len(ids) != 2 {
			t.Errorf("members: %v", members)
		}
		opened := call(t, w.Slack, "conversations.open", w.w.Token(), "users", w.aigul.ID)
		if ch, _ := opened["channel"].(map[string]any); ch["id"] != w.aigul.IM().ID {
			t.Errorf("open: %v", opened)
		}
		w.general.Kick()
		wantError(t, call(t, w.Slack, "conversations.history", w.w.Token(), "channel", w.general.ID), "not_in_channel")
	})
}
