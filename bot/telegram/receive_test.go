package telegram

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/bot/telegram/telegramtest"
)

// TestManyQuestionsOfOneChat: nothing is lost and nothing changes places, however many
// questions of one chat wait.
func TestManyQuestionsOfOneChat(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.cfg.Unlimited = true
		w.Script(telegramtest.Fault{Method: "sendMessage", Effect: telegramtest.Slow(50 * time.Millisecond)})
		w.run()
		defer func() { _ = w.stop() }()
		ann := w.NewUser("Ann", "en")
		const many = 500
		for i := range many {
			ann.Say(strconv.Itoa(i))
		}
		time.Sleep(time.Minute)
		all := ann.Open().FromBot()
		for i, m := range all {
			if want := fmt.Sprint("ask ", i); m.Text != want {
				t.Fatalf("the answer in place %d is %q", i, m.Text)
			}
		}
		if len(all) != many {
			t.Errorf("%d of %d are answered", len(all), many)
		}
	})
}

// TestChatter: what people say to one another in a group takes no place among the
// questions that wait for the bot.
func TestChatter(t *testing.T) {
	inWorld(t, func(w *world) {
		ann := w.NewUser("Ann", "en")
		group := w.NewGroup("Readers", ann)
		ann.AddBot(group)
		for range 25 { // more than a minute allows
			ann.Send(group, "/help")
		}
		time.Sleep(30 * time.Second)
		for range maxWaiting + 200 {
			ann.Send(group, "nice weather")
		}
		ann.Send(group, "/help last")
		time.Sleep(3 * time.Minute)
		all := group.FromBot()
		if last := all[len(all)-1]; last.Text != "command /help last" || len(all) != 27 {
			w.t.Errorf("%d messages, the last %q", len(all), last.Text)
		}
	}, telegramtest.WithPrivacyOff())
}

// TestPressIsAcknowledged: a button never keeps spinning: not behind an answer that
// takes long, not if Telegram's gateway or the core fails.
func TestPressIsAcknowledged(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault telegramtest.Fault
		err   error
		ask   bool
	}{
		{name: "at once"},
		{name: "a slow answer before it", fault: telegramtest.Fault{Method: "sendMessage", Effect: telegramtest.Hang()}, ask: true},
		{name: "a gateway's page", fault: telegramtest.Fault{Method: "answerCallbackQuery", Times: 1, Effect: telegramtest.BadGateway()}},
		{name: "too many requests", fault: telegramtest.Fault{Method: "answerCallbackQuery", Times: 1, Effect: telegramtest.Flood(1)}},
		{name: "no answer", fault: telegramtest.Fault{Method: "answerCallbackQuery", Times: 1, Effect: telegramtest.Hang()}},
		{name: "the core fails", err: errors.New("broken")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			inWorld(t, func(w *world) {
				w.core.reply = func(in bot.Incoming) (bot.Reply, error) {
					r := says("fine")
					r.Buttons = [][]bot.Button{{{Label: "Next", Action: "1:next"}}}
					if in.Kind == bot.Press {
						return r, tt.err
					}
					return r, nil
				}
				ann := w.NewUser("Ann", "en")
				ann.Say("who?")
				first := ann.Open().AwaitBot(1)
				time.Sleep(2 * time.Second)
				if tt.fault.Effect != nil {
					w.Script(tt.fault)
				}
				if tt.ask {
					ann.Say("and then?")
					time.Sleep(time.Second)
				}
				start := time.Now()
				ann.Press(first, "Next").Await()
				if took := time.Since(start); took > 6*time.Second {
					w.t.Errorf("it took %v", took)
				}
				w.ClearFaults()
				time.Sleep(3 * time.Minute)
				ok := 0
				for _, r := range w.Requests("answerCallbackQuery") {
					if r.OK() {
						ok++
					}
				}
				if ok != 1 {
					w.t.Errorf("it was acknowledged %d times", ok)
				}
			})
		})
	}
}

// oddly has a request done, and answers it with another result than expected.
func oddly(result string) telegramtest.Effect {
	return func(_ context.Context, next func() telegramtest.Answer) telegramtest.Answer {
		next()
		return telegramtest.Answer{Status: 200, Type: "application/json", Body: []byte(`{"ok":true,"result":` + result + `}`)}
	}
}

// TestOddResults: what the server says that it has done is done, in whatever words.
func TestOddResults(t *testing.T) {
	t.Parallel()
	for _, result := range []string{"true", "{}", "null", `"sent"`, "[]"} {
		t.Run(result, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				for _, method := range []string{"sendMessage", "getMyCommands", "getMyDescription", "getMyShortDescription"} {
					w.Script(telegramtest.Fault{Method: method, Effect: oddly(result)})
				}
				w.run()
				defer func() { _ = w.stop() }()
				ann := w.NewUser("Ann", "en")
				ann.Say("who?")
				time.Sleep(time.Minute)
				if n := len(ann.Open().FromBot()); n != 1 {
					t.Errorf("%d answers", n)
				}
				if n := w.Answered("setMyCommands"); n != 9 {
					t.Errorf("%d menus are set, want three for each of two languages and for all others", n)
				}
			})
		})
	}
}

// TestMenusWithoutLookingUp: a server that cannot say which menus are set has them
// set, and one that lacks descriptions has menus.
func TestMenusWithoutLookingUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for _, method := range []string{"getMyCommands", "getMyDescription", "setMyDescription"} {
			w.Script(telegramtest.Fault{Method: method, Effect: telegramtest.Refuse(404, "Not Found: method not found")})
		}
		w.run()
		defer func() { _ = w.stop() }()
		time.Sleep(time.Minute)
		if c, s := w.Answered("setMyCommands"), w.Answered("setMyShortDescription"); c != 9 || s != 2 { // English is that of all others, too
			t.Errorf("%d menus and %d short descriptions are set", c, s)
		}
	})
}

// TestAlbum: ten pictures at once get one line, and none beside the answer to their
// caption.
func TestAlbum(t *testing.T) {
	inWorld(t, func(w *world) {
		ann := w.NewUser("Ann", "en")
		chat := ann.Open()
		for range 10 {
			ann.SendPhoto(chat, "", telegramtest.With("media_group_id", "77"))
		}
		for i := range 10 {
			caption := ""
			if i == 0 {
				caption = "who?"
			}
			ann.SendPhoto(chat, caption, telegramtest.With("media_group_id", "78"))
		}
		time.Sleep(time.Minute)
		var all []string
		for _, m := range chat.FromBot() {
			all = append(all, m.Text)
		}
		if got := strings.Join(all, "|"); got != "unreadable|ask who?" {
			w.t.Errorf("it says %q", got)
		}
	})
}

// TestCommandsHoweverSpaced: a command ends at any space: an address of e-mail behind it
// is not the name of another bot.
func TestCommandsHoweverSpaced(t *testing.T) {
	inWorld(t, func(w *world) {
		ann := w.NewUser("Ann", "en")
		chat := ann.Open()
		for i, space := range []string{" ", "\n", "\t", "\u00a0"} {
			ann.Say("/help@suhbattestBOT" + space + "ann@example.org")
			if got := chat.AwaitBot(i + 1); got.Text != "command /help"+message.Clean(space)+"ann@example.org" {
				w.t.Errorf("it says %q", got.Text)
			}
		}
	})
}

// TestEditOfALongAnswer: an answer of several messages is not left behind by halves when
// its question is edited.
func TestEditOfALongAnswer(t *testing.T) {
	inWorld(t, func(w *world) {
		w.core.reply = func(in bot.Incoming) (bot.Reply, error) {
			if in.Kind == bot.Edit {
				return says("short"), nil
			}
			return says(strings.Repeat("A long answer. ", 500)), nil
		}
		ann := w.NewUser("Ann", "en")
		chat := ann.Open()
		asked := ann.Say("who?")
		chat.AwaitBot(2)
		time.Sleep(3 * time.Second)
		ann.Edit(asked, "who else?")
		time.Sleep(5 * time.Second)
		all := chat.FromBot()
		if len(all) != 3 || all[2].Text != "short" || all[0].Edited() {
			w.t.Errorf("there are %d messages, the first %.40q", len(all), all[0].Text)
		}
	})
}

// TestChannel: a channel is greeted once, if the bot may post there, and what is posted
// in it is not answered.
func TestChannel(t *testing.T) {
	inWorld(t, func(w *world) {
		ann := w.NewUser("Ann", "en")
		channel := w.NewChannel("News", ann)
		ann.PromoteBot(channel)
		channel.AwaitBot(1)
		ann.Send(channel, "/help@SuhbatTestBot")
		w.PushRaw(`{"my_chat_member":{"chat":{"id":-1009,"type":"channel"},"from":{"id":7,"first_name":"Ann"},"date":1,
			"old_chat_member":{"status":"left"},"new_chat_member":{"status":"administrator","can_post_messages":false}}}`)
		time.Sleep(time.Minute)
		if n := len(w.Requests("sendMessage")); n != 1 {
			w.t.Errorf("%d messages are sent", n)
		}
		if in := w.core.all()[0]; in.Payload != bot.Posting {
			w.t.Errorf("the core hears of a channel as %q", in.Payload)
		}
	})
}

// TestNamedChannel: the core learns how a public channel is called, since its admins have
// to name it.
func TestNamedChannel(t *testing.T) {
	inWorld(t, func(w *world) {
		w.PushRaw(`{"my_chat_member":{"chat":{"id":-1009,"type":"channel","username":"Women_Peace"},"from":{"id":7,"first_name":"Ann"},"date":1,
			"old_chat_member":{"status":"left"},"new_chat_member":{"status":"administrator","can_post_messages":true}}}`)
		time.Sleep(time.Minute)
		if all := w.core.all(); len(all) != 1 || all[0].Text != "@Women_Peace" {
			w.t.Errorf("the core hears %+v", all)
		}
	})
}

// TestQuietInPrivate: what merely happens in a private chat is met with silence.
func TestQuietInPrivate(t *testing.T) {
	inWorld(t, func(w *world) {
		ann := w.NewUser("Ann", "en")
		chat := ann.Open()
		for _, what := range []string{
			`"chat_background_set":{"type":{"type":"fill"}}`, `"write_access_allowed":{"from_request":true}`, `"connected_website":"example.org"`,
			`"message_auto_delete_timer_changed":{"message_auto_delete_time":86400}`, `"gift":{"gift":{"id":"1"}}`,
			`"pinned_message":{"message_id":1,"date":0,"chat":{"id":1,"type":"private"}}`,
		} {
			w.PushRaw(fmt.Sprintf(`{"message":{"message_id":9,"date":1,"chat":{"id":%d,"type":"private"},"from":{"id":%[1]d,"first_name":"Ann"},%s}}`, chat.ID, what))
		}
		time.Sleep(time.Minute)
		if n := len(chat.FromBot()); n != 0 {
			w.t.Errorf("it says %q", chat.FromBot()[0].Text)
		}
	})
}
