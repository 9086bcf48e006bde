package slack

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"suhbat/bot"
)

// outer is what surrounds an event, as far as it is used here
// (docs.slack.dev/apis/events-api#callback-field). The library's own decoding
// refuses a whole event for one block that it does not know.
type outer struct {
	Type           string          `json:"type"`
	Challenge      string          `json:"challenge"`
	TeamID         string          `json:"team_id"`
	EnterpriseID   string          `json:"enterprise_id"`
	IsOrg          bool            `json:"is_enterprise_install"`
	EventID        string          `json:"event_id"`
	EventTime      int64           `json:"event_time"` // Unix seconds
	Event          json.RawMessage `json:"event"`
	Authorizations []authorization `json:"authorizations"`
}

type authorization struct {
	EnterpriseID string `json:"enterprise_id"`
	TeamID       string `json:"team_id"`
	UserID       string `json:"user_id"`
	IsBot        bool   `json:"is_bot"`
	IsOrg        bool   `json:"is_enterprise_install"`
}

// inner is an event. Those that do not fit it are of a type that we have not
// subscribed to.
type inner struct {
	Type         string `json:"type"`
	Subtype      string `json:"subtype"`
	Channel      string `json:"channel"`
	ChannelType  string `json:"channel_type"`
	User         string `json:"user"`
	BotID        string `json:"bot_id"`
	Text         string `json:"text"`
	TS           string `json:"ts"`
	ThreadTS     string `json:"thread_ts"`
	ParentUserID string `json:"parent_user_id"`
	Tab          string `json:"tab"`
	Edited       struct {
		TS string `json:"ts"`
	} `json:"edited"`
	// Message has new words, Previous those before.
	Message  *inner `json:"message"`
	Previous struct {
		Text string `json:"text"`
	} `json:"previous_message"`
	Tokens struct {
		Bot []string `json:"bot"`
	} `json:"tokens"`
}

// removal is the end of an installation.
type removal struct {
	at       time.Time
	botUsers []string // whose tokens were revoked; nil if the app is gone
}

// decodeEvent reads an event. One that is not for us comes back with no errand.
func (s *Slack) decodeEvent(raw []byte) *arrival {
	var o outer
	var e inner
	if json.Unmarshal(raw, &o) != nil || json.Unmarshal(o.Event, &e) != nil {
		return &arrival{}
	}
	a := &arrival{home: s.homeOf(&o)}
	a.in.ID = "event:" + o.EventID
	switch e.Type {
	case "app_mention", "message":
		s.decodeMessage(a, &e)
	case "app_home_opened":
		s.decodeOpened(a, &e)
	case "member_joined_channel":
		if e.User != "" && e.User == a.home.bot {
			a.errand, a.in.Kind, a.in.Payload = joined, bot.Member, bot.Added
			a.place(e.Channel, "", e.User)
		}
	case "app_uninstalled":
		a.errand, a.removal.at = removed, s.happened(o.EventTime)
		a.place("", "", "")
	case "tokens_revoked":
		if len(e.Tokens.Bot) > 0 {
			a.errand, a.removal = removed, removal{s.happened(o.EventTime), e.Tokens.Bot}
			a.place("", "", "")
		}
	}
	return a
}

// decodeOpened reads that somebody has opened the bot's own page, or the conversation
// with it.
func (s *Slack) decodeOpened(a *arrival, e *inner) {
	switch {
	case e.User == "":
	case e.Tab != "messages":
		a.errand, a.in.Kind = homeTab, bot.Home
		a.place(e.User, "", e.User)
	case e.Channel != "":
		a.errand, a.in.Kind, a.in.Text = greeted, bot.Command, "/start"
		a.place(e.Channel, "", e.User)
		a.in.ID = "greeting:" + a.home.space() + ":" + e.User
	}
}

// happened is when an event was, if that can be: Slack delivers nothing that is
// hours old.
func (s *Slack) happened(seconds int64) time.Time {
	now, at := s.now(), time.Unix(seconds, 0)
	if at.After(now) || now.Sub(at) > 2*time.Hour {
		return now
	}
	return at
}

// homeOf says in which workspace an event reaches the app. That an organisation has
// removed it comes without authorizations, for there are none any more, and may name no
// workspace.
func (s *Slack) homeOf(o *outer) home {
	h := home{enterprise: o.EnterpriseID, team: o.TeamID, org: o.IsOrg || o.TeamID == "", bot: s.tokens.botUser()}
	for _, auth := range o.Authorizations {
		h.enterprise, h.org = auth.EnterpriseID, auth.IsOrg
		h.team = orElse(auth.TeamID, h.team)
		if auth.IsBot {
			h.bot = auth.UserID
			break
		}
	}
	return h
}

// said are the subtypes of a message that a person has written.
var said = []string{"", "file_share", "thread_broadcast"}

// decodeMessage reads a message. In a channel Slack sends one that mentions the bot
// twice, as a message and as an app_mention: its id is made of where and when it
// stands, so that the second one is known.
func (s *Slack) decodeMessage(a *arrival, e *inner) {
	if e.Subtype == "message_changed" {
		s.decodeEdit(a, e)
		return
	}
	text := typed(e.Text, a.home.bot)
	mine := e.BotID != "" || e.User == "" || e.User == a.home.bot
	if mine || !slices.Contains(said, e.Subtype) || e.Channel == "" || e.TS == "" {
		return
	}
	a.in.ID = "message:" + a.home.space() + ":" + e.Channel + ":" + e.TS
	a.in.MessageID = e.TS
	if e.ParentUserID != "" && e.ParentUserID == a.home.bot {
		a.in.ReplyTo = e.ThreadTS
	}
	if text == "" && e.Type == "message" && !isDirect(e.Channel) {
		return
	}
	switch {
	case e.ChannelType == "im" || isDirect(e.Channel):
		a.errand = answerAll
		a.place(e.Channel, e.ThreadTS, e.User)
	case e.Type == "app_mention" || mentions(e.Text, a.home.bot):
		a.errand = answerAll
		a.place(e.Channel, orElse(e.ThreadTS, e.TS), e.User)
	case e.ThreadTS != "" && !strings.HasPrefix(e.Text, "<@"): // it speaks to nobody else
		a.errand = followUp
		a.place(e.Channel, e.ThreadTS, e.User)
		a.in.Kind, a.in.Text = bot.Ask, text
		return
	default:
		return
	}
	s.typed(a, text)
	if text == "" && e.Subtype == "file_share" {
		a.in.Kind, a.in.Text = bot.Unreadable, ""
	}
}

// decodeEdit reads that a message has new words. Slack tells the same way of a link
// that shows its page: that is no edit.
func (s *Slack) decodeEdit(a *arrival, e *inner) {
	m := e.Message
	if m == nil || m.Subtype == e.Subtype || m.Edited.TS == "" || m.Text == e.Previous.Text {
		return
	}
	m.Type, m.Channel, m.ChannelType = e.Type, e.Channel, e.ChannelType
	s.decodeMessage(a, m)
	if a.errand == nothing {
		return
	}
	a.errand, a.in.Kind = corrected, bot.Edit
	a.before = a.in.ID
	a.in.ID += ":" + m.Edited.TS
}
