package slack

import "cmp"

// Words are the few words that only Slack needs, in one language. An empty one is
// said in English.
type Words struct {
	// SharedBy stands before the name of who shared an answer in a channel.
	SharedBy string
	// Failed says that something went wrong on our side.
	Failed string
	// Ask names the field for a question on the bot's own page.
	Ask string
	// Channel names the field for a channel whose settings are to be shown there.
	Channel string
	// Send and Close are the buttons of a form.
	Send, Close string
	// Installed says in a browser that the app was added, NotInstalled that it was
	// not and that one may try again.
	Installed, NotInstalled string
}

// complete fills in the English words.
func (w Words) complete() Words {
	return Words{
		SharedBy:     cmp.Or(w.SharedBy, "Shared by"),
		Failed:       cmp.Or(w.Failed, "Something went wrong on our side. Please try again."),
		Ask:          cmp.Or(w.Ask, "Ask a question"),
		Channel:      cmp.Or(w.Channel, "Settings of a channel"),
		Send:         cmp.Or(w.Send, "Send"),
		Close:        cmp.Or(w.Close, "Close"),
		Installed:    cmp.Or(w.Installed, "Suhbat was added to your workspace. You can close this page."),
		NotInstalled: cmp.Or(w.NotInstalled, "Suhbat was not added to your workspace. You can try again."),
	}
}
