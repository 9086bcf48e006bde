package scheduler

import (
	"fmt"

	"suhbat/bot"
	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/bot/say"
)

// PackWords makes the messages of posts by the language packs.
type PackWords struct{ Set *lang.Set }

// Reminder implements [Words].
func (w PackWords) Reminder(p Post) (message.Message, error) {
	pack := w.Set.Pack(p.Subscription.Lang)
	if pack == nil {
		return message.Message{}, fmt.Errorf("there is no language %q", p.Subscription.Lang)
	}
	if len(p.Occurrences) == 0 {
		return message.Message{}, fmt.Errorf("the facts do not know %s any more", p.Rows[0].Event)
	}
	return say.Anniversary(pack, p.On, p.Occurrences, p.Late), nil
}

// Buttons are those below a post, for [Sender.Buttons].
func (w PackWords) Buttons(s Subscription) [][]bot.Button {
	if pack := w.Set.Pack(s.Lang); pack != nil {
		return bot.ReminderButtons(pack, s.To)
	}
	return nil
}
