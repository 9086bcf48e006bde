package slacktest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Workspace is a team. The app is installed in it or not.
type Workspace struct {
	s          *Slack
	ID, Name   string
	BotUser    string // the bot's user, BotID the bot: "U0002", "B0001"
	BotID      string
	installed  bool
	users      []*User
	botToken   string
	botRefresh string
}

// User is a person in a workspace, and what she can do.
type User struct {
	s *Slack
	w *Workspace
	Profile
	ID   string
	im   *Channel
	gone bool
	home *View
	// stack holds the open modals, the visible one last.
	stack       []*View
	fieldErrors map[string]string
}

// Profile says who somebody is.
type Profile struct {
	Name string
	// Locale is what Slack gives, "en-US" if empty; TZ an IANA time zone, "UTC" if empty.
	Locale, TZ string
	Admin      bool
	Owner      bool
	Guest      bool
}

// Channel is a conversation: public or private, a direct message, or shared by
// several workspaces.
type Channel struct {
	s        *Slack
	ID, Name string
	Private  bool
	archived bool
	with     *User // of a direct message
	teams    []*Workspace
	members  []string // IDs of users, the bots' among them
	messages []*Message
}

// Workspace returns a new workspace with the app installed. Its first user is an
// admin named Admin, who did that.
func (s *Slack) Workspace(name string) *Workspace {
	w := s.Vacant(name)
	s.locked(func() { s.install(w, s.cfg.Scopes) })
	return w
}

// Vacant returns a new workspace without the app.
func (s *Slack) Vacant(name string) *Workspace {
	w := &Workspace{s: s, Name: name}
	s.locked(func() {
		w.ID, w.BotUser, w.BotID = s.id("T"), s.id("U"), s.id("B")
		s.workspaces = append(s.workspaces, w)
	})
	w.AddUser(Profile{Name: "Admin", Admin: true, Owner: true})
	return w
}

// Admin is the first user of the workspace.
func (w *Workspace) Admin() *User {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.users[0]
}

// Users are all people of the workspace, in the order in which they came.
func (w *Workspace) Users() []*User {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return slices.Clone(w.users)
}

// Token is the bot token of the latest installation.
func (w *Workspace) Token() string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.botToken
}

// RefreshToken is the one that belongs to [Workspace.Token], if tokens rotate.
func (w *Workspace) RefreshToken() string {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	return w.botRefresh
}

// AddUser adds somebody. If the app listens, it is told of a team_join.
func (w *Workspace) AddUser(p Profile) *User {
	p.Locale, p.TZ = or(p.Locale, "en-US"), or(p.TZ, "UTC")
	u := &User{s: w.s, w: w, Profile: p}
	w.s.locked(func() {
		u.ID = w.s.id("U")
		u.im = &Channel{s: w.s, ID: w.s.id("D"), with: u, teams: []*Workspace{w}, members: []string{u.ID, w.BotUser}}
		w.users = append(w.users, u)
		w.s.channels[u.im.ID] = u.im
		w.s.emit(w, "team_join", object{"type": "team_join", "user": w.s.userObject(u, true)})
	})
	return u
}

// AddChannel adds a public channel with members. The bot is none of them until it
// is invited: [Channel.Invite].
func (w *Workspace) AddChannel(name string, members ...*User) *Channel {
	ch := &Channel{s: w.s, Name: name, teams: []*Workspace{w}}
	for _, u := range members {
		ch.members = append(ch.members, u.ID)
	}
	w.s.locked(func() {
		ch.ID = w.s.id("C")
		w.s.channels[ch.ID] = ch
	})
	return ch
}

// AddPrivate adds a private channel with members.
func (w *Workspace) AddPrivate(name string, members ...*User) *Channel {
	ch := w.AddChannel(name, members...)
	w.s.locked(func() { ch.Private = true })
	return ch
}

// Invite makes the bot of each workspace a member, and tells it so.
func (ch *Channel) Invite() *Channel {
	ch.s.locked(func() {
		for _, w := range ch.teams {
			ch.join(w, w.BotUser)
		}
	})
	return ch
}

// Join makes somebody a member.
func (ch *Channel) Join(u *User) { ch.s.locked(func() { ch.join(u.w, u.ID) }) }

func (ch *Channel) join(w *Workspace, user string) {
	if slices.Contains(ch.members, user) {
		return
	}
	ch.members = append(ch.members, user)
	if slices.Contains(ch.members, w.BotUser) {
		ch.s.emit(w, "member_joined_channel", object{
			"type": "member_joined_channel", "user": user, "channel": ch.ID, "channel_type": ch.letter(), "team": w.ID, "event_ts": ch.s.ts(),
		})
	}
}

// Kick takes the bots out of the channel.
func (ch *Channel) Kick() {
	ch.s.locked(func() {
		for _, w := range ch.teams {
			ch.members = slices.DeleteFunc(ch.members, func(id string) bool { return id == w.BotUser })
		}
	})
}

// Archive closes the channel.
func (ch *Channel) Archive() { ch.s.locked(func() { ch.archived = true }) }

// Share shares the channel with another workspace, as Slack Connect does: a message
// is then delivered for each workspace that has the app.
func (ch *Channel) Share(w *Workspace) { ch.s.locked(func() { ch.teams = append(ch.teams, w) }) }

// IM is the direct message between the user and the bot.
func (u *User) IM() *Channel { return u.im }

// Deactivate ends the user's account.
func (u *User) Deactivate() { u.s.locked(func() { u.gone = true }) }

// kind is the channel as scopes and channel_type call it.
func (ch *Channel) kind() (scope, channelType string) {
	switch {
	case ch.with != nil:
		return "im", "im"
	case ch.Private:
		return "groups", "group"
	default:
		return "channels", "channel"
	}
}

func (ch *Channel) letter() string {
	if ch.Private {
		return "G"
	}
	return "C"
}

// display is the channel's name as payloads have it.
func (ch *Channel) display() string {
	switch {
	case ch.with != nil:
		return "directmessage"
	case ch.Private:
		return "privategroup"
	default:
		return ch.Name
	}
}

func (ch *Channel) has(user string) bool { return slices.Contains(ch.members, user) }

func (w *Workspace) domain() string {
	return strings.ToLower(strings.ReplaceAll(w.Name, " ", "-"))
}

func (w *Workspace) user(id string) *User {
	for _, u := range w.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// userObject is a user as users.info gives her.
func (s *Slack) userObject(u *User, locale bool) object {
	zone, err := time.LoadLocation(u.TZ)
	if err != nil {
		zone = time.UTC
	}
	_, offset := s.cfg.Now().In(zone).Zone()
	handle := strings.ToLower(u.Name)
	o := object{
		"id": u.ID, "team_id": u.w.ID, "name": handle, "real_name": u.Name, "deleted": u.gone, "is_bot": false, "is_app_user": false,
		"profile": object{"real_name": u.Name, "display_name": handle, "team": u.w.ID},
	}
	if u.gone {
		return o // Slack gives no more of those who left
	}
	o["tz"], o["tz_label"], o["tz_offset"] = u.TZ, u.TZ, offset
	o["is_admin"], o["is_owner"], o["is_primary_owner"] = u.Admin, u.Owner, u.Owner
	o["is_restricted"], o["is_ultra_restricted"] = u.Guest, false
	if locale {
		o["locale"] = u.Locale
	}
	return o
}

// stamp writes microseconds as Slack writes times.
func stamp(micro int64) string { return fmt.Sprintf("%d.%06d", micro/1e6, micro%1e6) }
