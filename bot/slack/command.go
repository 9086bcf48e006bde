package slack

import (
	"net/url"
	"strings"
)

// slashCommand has the fields of a slash command that are used here
// (docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling).
type slashCommand struct {
	enterprise, team, org, channel, user, trigger, text, responseURL string
}

// field returns where a field goes, nil if it is not used.
func (c *slashCommand) field(name string) *string {
	switch name {
	case "enterprise_id":
		return &c.enterprise
	case "team_id":
		return &c.team
	case "is_enterprise_install":
		return &c.org
	case "channel_id":
		return &c.channel
	case "user_id":
		return &c.user
	case "trigger_id":
		return &c.trigger
	case "text":
		return &c.text
	case "response_url":
		return &c.responseURL
	default:
		return nil
	}
}

// read reads a form as [url.ParseQuery] does, but no more of it than is used.
func (c *slashCommand) read(form string) error {
	for pair := range strings.SplitSeq(form, "&") {
		name, value, _ := strings.Cut(pair, "=")
		to := c.field(name)
		if to == nil || *to != "" {
			continue
		}
		var err error
		if *to, err = url.QueryUnescape(value); err != nil {
			return err
		}
	}
	return nil
}

// decodeCommand reads a slash command. Through a socket its fields come as JSON, see
// socket.go.
func (s *Slack) decodeCommand(form string) *arrival {
	var c slashCommand
	if c.read(form) != nil {
		return &arrival{}
	}
	a := &arrival{
		errand:  answerOne,
		home:    home{enterprise: c.enterprise, team: c.team, org: c.org == "true"},
		trigger: c.trigger,
	}
	if a.home.team == "" && !a.home.org || c.channel == "" || c.user == "" {
		return &arrival{}
	}
	a.in.ID = "command:" + a.trigger
	a.place(c.channel, onlyUser(c.user), c.user)
	s.typed(a, typed(c.text, ""))
	a.answer.url = c.responseURL
	return a
}
