package slack

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"
	"golang.org/x/text/language"

	"suhbat/bot"
)

// person is what Slack tells of a user, with the scope users:read. The zero person is
// somebody of whom nothing is known.
type person struct {
	locale language.Tag
	zone   *time.Location
	admin  bool
	until  time.Time // when it is to be asked again
}

// people remembers users for an hour. Who has three seconds waits a moment for it at
// most, and only with a command, which says nothing of its user's language.
type people struct {
	slack   *Slack
	mu      sync.Mutex
	known_  map[string]person
	asking  map[string]bool
	blind   map[string]time.Time // spaces without the scope, until when that is believed
	present oldest               // who spoke where, and when
}

// How long it is remembered, and how much.
const (
	personLasts  = time.Hour
	presentLasts = 10 * time.Minute
	maxPeople    = 20_000
	lookUpWithin = 2 * time.Second
	aMoment      = 400 * time.Millisecond
)

func newPeople(s *Slack) people {
	return people{slack: s, known_: make(map[string]person), asking: make(map[string]bool), blind: make(map[string]time.Time)}
}

// known returns what is known of a user at once, and has Slack asked if that is
// nothing.
func (p *people) known(space, user string) person {
	who, fresh := p.remembered(space, user)
	if !fresh && p.claim(space, user) {
		p.inquire(space, user)
	}
	return who
}

// inquire asks Slack about a user whom the caller has claimed, without waiting. What it
// returns is closed when Slack has answered.
func (p *people) inquire(space, user string) <-chan struct{} {
	answered := make(chan struct{})
	go func() {
		defer close(answered)
		ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
		defer cancel()
		p.fetch(ctx, space, user)
	}()
	return answered
}

// await has Slack asked about a user who is not known, and waits a moment for it.
func (p *people) await(space, user string) {
	if _, fresh := p.remembered(space, user); fresh || !p.claim(space, user) {
		return
	}
	moment := time.NewTimer(aMoment)
	defer moment.Stop()
	select {
	case <-p.inquire(space, user):
	case <-moment.C:
	}
}

// lookUp asks Slack about a user who is not known, for some seconds.
func (p *people) lookUp(ctx context.Context, space, user string) {
	if _, fresh := p.remembered(space, user); fresh || !p.claim(space, user) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookUpWithin)
	defer cancel()
	p.fetch(ctx, space, user)
}

func (p *people) remembered(space, user string) (who person, fresh bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	who, ok := p.known_[space+" "+user]
	return who, ok && p.slack.now().Before(who.until)
}

// claim reports whether the caller is the one to ask about a user now.
func (p *people) claim(space, user string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := space + " " + user
	if user == "" || p.asking[key] || p.slack.now().Before(p.blind[space]) {
		return false
	}
	p.asking[key] = true
	return true
}

// fetch asks Slack about a user whom the caller has claimed.
func (p *people) fetch(ctx context.Context, space, user string) {
	var u *slackgo.User
	err := p.slack.call(ctx, space, func(c *slackgo.Client) (err error) {
		u, err = c.GetUserInfoContext(ctx, user, slackgo.GetUserInfoOptionIncludeLocale(true))
		return err
	})
	now := p.slack.now()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.asking, space+" "+user)
	if len(p.known_) >= maxPeople {
		clear(p.known_)
	}
	if err != nil {
		switch wordOf(err) {
		case "user_not_found", "user_not_visible": // somebody from elsewhere; that says nothing of the others
			p.known_[space+" "+user] = person{until: now.Add(personLasts)}
		case "missing_scope":
			p.blind[space] = now.Add(personLasts)
		default:
			p.blind[space] = now.Add(time.Minute)
		}
		p.slack.log.Debug("nothing is known of a user", slog.Any("error", withoutURL(err)))
		return
	}
	who := person{admin: u.IsAdmin || u.IsOwner || u.IsPrimaryOwner, until: now.Add(personLasts)}
	who.locale, _ = language.Parse(u.Locale) // und if it is none
	if u.TZ != "" {
		who.zone, _ = time.LoadLocation(u.TZ) // nil if it is none
	}
	p.known_[space+" "+user] = who
}

// saw notes that a user has spoken somewhere, which only members of a channel can.
func (p *people) saw(at bot.Address, user string, now time.Time) {
	p.present.keep(at.Space+" "+at.Chat+" "+user, now, maxPeople)
}

// isThere reports whether a user has spoken somewhere just now.
func (p *people) isThere(at bot.Address, user string, now time.Time) bool {
	spoke, ok := p.present.get(at.Space+" "+at.Chat+" "+user, false)
	return ok && now.Sub(spoke) < presentLasts
}

// MayConfigure allows every member of a channel to change its settings, and an admin
// of the workspace to change those of all. Who has spoken in a channel is a member;
// of others Slack has to be asked, for which the scopes users:read and channels:read
// are optional.
func (s *Slack) MayConfigure(ctx context.Context, at bot.Address, user string) (bool, error) {
	if user = slackUser(user); user == "" {
		return false, nil
	}
	if at.Chat == user || s.people.isThere(at, user, s.now()) {
		return true, nil
	}
	s.people.lookUp(ctx, at.Space, user)
	if who, _ := s.people.remembered(at.Space, user); who.admin {
		return true, nil
	}
	return s.isMember(ctx, at, user)
}

var _ bot.Members = (*Slack)(nil)

// MaySubscribe allows every member of a channel to ask for reminders there.
func (s *Slack) MaySubscribe(ctx context.Context, at bot.Address, user string) (bool, error) {
	return s.MayConfigure(ctx, at, user)
}

// MayChange allows an admin of the workspace to change what another has asked for.
func (s *Slack) MayChange(ctx context.Context, at bot.Address, user string) (bool, error) {
	if user = slackUser(user); user == "" {
		return false, nil
	}
	s.people.lookUp(ctx, at.Space, user)
	who, _ := s.people.remembered(at.Space, user)
	return at.Chat == user || who.admin, nil
}

// isMember reads through the members of a channel.
func (s *Slack) isMember(ctx context.Context, at bot.Address, user string) (member bool, err error) {
	err = s.call(ctx, at.Space, func(c *slackgo.Client) error {
		cursor := ""
		for {
			users, next, err := c.GetUsersInConversationContext(ctx, &slackgo.GetUsersInConversationParameters{ChannelID: at.Chat, Cursor: cursor, Limit: 1000})
			if err != nil {
				return err
			}
			for _, u := range users {
				member = member || u == user
			}
			if cursor = next; member || cursor == "" {
				return nil
			}
		}
	})
	switch wordOf(err) {
	case "missing_scope", "channel_not_found", "not_in_channel":
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("conversations.members: %w", withoutURL(err))
	}
	return member, nil
}
