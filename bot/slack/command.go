package slack

import (
	"net/url"
)

// decodeCommand reads a slash command, whose fields are those of
// docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling.
// Through a socket they come as JSON, see socket.go.
func (s *Slack) decodeCommand(f url.Values) *arrival {
	a := &arrival{
		errand:  answerOne,
		home:    home{enterprise: f.Get("enterprise_id"), team: f.Get("team_id"), org: f.Get("is_enterprise_install") == "true"},
		trigger: f.Get("trigger_id"),
	}
	channel, user := f.Get("channel_id"), f.Get("user_id")
	if a.home.team == "" && !a.home.org || channel == "" || user == "" {
		return &arrival{}
	}
	a.in.ID = "command:" + a.trigger
	a.place(channel, onlyUser(user), user)
	s.typed(a, typed(f.Get("text"), ""))
	a.answer.url = f.Get("response_url")
	return a
}
