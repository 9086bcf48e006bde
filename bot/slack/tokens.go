package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	slackgo "github.com/slack-go/slack"

	"suhbat/bot"
)

// Installations keeps the workspaces that have added the app. One is named by an
// enterprise and a team; a workspace has no enterprise, a whole organisation no team.
type Installations interface {
	// PutInstallation keeps an installation in the place of what was there. Meta is
	// JSON that anybody may read; sealed is for the adapter alone. Expires is when the
	// token ends, zero for never.
	PutInstallation(ctx context.Context, enterprise, team, meta string, sealed []byte, expires time.Time) error
	// Installation returns what was kept; sealed is nil if there is nothing.
	Installation(ctx context.Context, enterprise, team string) (meta string, sealed []byte, expires time.Time, err error)
	// Installations calls each for every installation and stops at its first error.
	// Each may not call anything that is kept.
	Installations(ctx context.Context, each func(enterprise, team, meta string, sealed []byte, expires time.Time) error) error
	// DeleteInstallation deletes an installation, if there is one.
	DeleteInstallation(ctx context.Context, enterprise, team string) error
}

// installation is what is sealed.
type installation struct {
	Token   string    `json:"token"`
	Refresh string    `json:"refresh,omitempty"`
	Expires time.Time `json:"expires,omitzero"`
	BotUser string    `json:"bot_user,omitempty"`
	Since   time.Time `json:"since"` // when it was installed
	Scope   string    `json:"scope,omitempty"`
	User    string    `json:"user,omitempty"` // who installed it
}

// Tokens last twelve hours (docs.slack.dev/authentication/using-token-rotation); when
// a fifth of that is left they are refreshed.
const (
	renewAhead = 12 * time.Hour / 5
	renewEvery = 5 * time.Minute
	cacheLasts = time.Minute // another instance may have refreshed a token
	maxCached  = 10_000
)

// tokens are the tokens of the workspaces: one from the settings, or many that are
// kept sealed.
type tokens struct {
	slack  *Slack
	ring   keyring
	renew_ turns // one at a time of this process refreshes a token, for it can be refreshed only once

	mu    sync.Mutex
	cache map[string]cached
	self  string // the bot's user in the one workspace
}

type cached struct {
	installation

	until time.Time
}

func newTokens(s *Slack, ring keyring) *tokens {
	return &tokens{slack: s, ring: ring, cache: make(map[string]cached)}
}

// learn takes in who the bot is in the one workspace.
func (t *tokens) learn(who *slackgo.AuthTestResponse) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.self = who.UserID
}

// botUser is the bot's user in the one workspace, as far as it is known.
func (t *tokens) botUser() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.self
}

// errNotInstalled is why nothing can be sent to a workspace.
var errNotInstalled = &bot.SendError{Failure: bot.Gone, Err: errors.New("the app is not installed in this workspace")}

// of returns the token of a space.
func (t *tokens) of(ctx context.Context, space string) (string, error) {
	if token := t.slack.config.BotToken; token != "" {
		return token, nil
	}
	i, err := t.installation(ctx, space)
	if err != nil {
		return "", err
	}
	if !i.Expires.IsZero() && i.Refresh != "" && t.slack.now().After(i.Expires.Add(-time.Minute)) {
		return t.renew(ctx, space, i.Token)
	}
	return i.Token, nil
}

// installation returns what is kept of a space.
func (t *tokens) installation(ctx context.Context, space string) (installation, error) {
	now := t.slack.now()
	t.mu.Lock()
	c, ok := t.cache[space]
	t.mu.Unlock()
	if ok && now.Before(c.until) {
		return c.installation, nil
	}
	i, err := t.load(ctx, space)
	if err == nil {
		t.remember(space, i, now)
	}
	return i, err
}

func (t *tokens) remember(space string, i installation, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.cache) >= maxCached {
		clear(t.cache)
	}
	t.cache[space] = cached{i, now.Add(cacheLasts)}
}

func (t *tokens) forget(space string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	enterprise, team := keysOf(space)
	for key := range t.cache {
		if e, tm := keysOf(key); e == enterprise && tm == team {
			delete(t.cache, key)
		}
	}
}

// load reads an installation from where it is kept.
func (t *tokens) load(ctx context.Context, space string) (i installation, err error) {
	if t.slack.ports.Installations == nil {
		return i, errNotInstalled
	}
	enterprise, team := keysOf(space)
	_, sealed, _, err := t.slack.ports.Installations.Installation(ctx, enterprise, team)
	if err != nil {
		return i, &bot.SendError{Failure: bot.NotSent, Err: fmt.Errorf("installations: %w", err)}
	}
	if sealed == nil {
		return i, errNotInstalled
	}
	plain, stale, err := t.ring.open(enterprise, team, sealed)
	if err == nil {
		err = json.Unmarshal(plain, &i)
	}
	if err != nil {
		return i, &bot.SendError{Failure: bot.Refused, Err: fmt.Errorf("the installation of %s: %w", space, err)}
	}
	if stale {
		if err := t.keep(ctx, space, i); err != nil {
			t.slack.log.Error("an installation keeps its old seal", slog.String("space", space), slog.Any("error", err))
		}
	}
	return i, nil
}

// keep seals and keeps an installation.
func (t *tokens) keep(ctx context.Context, space string, i installation) error {
	enterprise, team := keysOf(space)
	plain, err := json.Marshal(i)
	if err != nil {
		return err
	}
	meta, err := json.Marshal(map[string]string{"scope": i.Scope, "since": i.Since.UTC().Format(time.RFC3339), "bot_user": i.BotUser})
	if err != nil {
		return err
	}
	if err := t.slack.ports.Installations.PutInstallation(ctx, enterprise, team, string(meta), t.ring.seal(enterprise, team, plain), i.Expires); err != nil {
		return fmt.Errorf("installations: %w", err)
	}
	t.remember(space, i, t.slack.now())
	return nil
}

// renew replaces a token that has expired or soon will. Of many who want that at once,
// in all replicas, one does it, and the others get what it got.
func (t *tokens) renew(ctx context.Context, space, old string) (string, error) {
	if token := t.slack.config.BotToken; token != "" {
		return token, nil // Slack's answer to the next call says what is wrong with it
	}
	enterprise, team := keysOf(space)
	turn := t.renew_.take(enterprise + " " + team)
	defer turn.end()
	if err := turn.wait(ctx); err != nil {
		return "", &bot.SendError{Failure: bot.NotSent, Err: err}
	}
	if locks := t.slack.ports.Locks; locks != nil {
		_, release, err := locks.Lock(ctx, "slack token "+enterprise+" "+team)
		if err != nil {
			return "", &bot.SendError{Failure: bot.NotSent, Err: err}
		}
		defer release()
	}
	i, err := t.load(ctx, space) // not from the cache: somebody else may have been here
	if err != nil {
		return "", err
	}
	if i.Token != old || i.Refresh == "" {
		t.remember(space, i, t.slack.now())
		return i.Token, nil
	}
	return t.exchange(context.WithoutCancel(ctx), space, i)
}

// exchange trades a refresh token for a new pair. From then on the old one is worth
// nothing, so that no end of the caller's patience stops what follows.
func (t *tokens) exchange(ctx context.Context, space string, i installation) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, workWithin)
	defer cancel()
	c := &t.slack.config
	got, err := slackgo.RefreshOAuthV2TokenContext(ctx, t.slack.client, c.ClientID, c.ClientSecret, i.Refresh, slackgo.OAuthOptionAPIURL(c.API))
	if err != nil {
		if again, loadErr := t.load(ctx, space); loadErr == nil && again.Token != i.Token {
			t.remember(space, again, t.slack.now())
			return again.Token, nil // another instance was quicker
		}
		err = withoutURL(err)
		t.slack.log.Error("a token was not refreshed", slog.String("space", space), slog.Any("error", err))
		return "", &bot.SendError{Failure: bot.NotSent, Err: fmt.Errorf("refresh of a token: %w", err)}
	}
	i.Token, i.Refresh = got.AccessToken, got.RefreshToken
	i.Expires = expiry(got, t.slack.now())
	t.remember(space, i, t.slack.now())
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err := t.keep(ctx, space, i)
		if err == nil {
			return i.Token, nil
		}
		t.slack.log.Error("a refreshed token is not kept, and the old one is worth nothing any more", slog.String("space", space), slog.Any("error", err))
		if sleep(ctx, wait) != nil {
			return i.Token, nil // it is good as long as the program runs
		}
	}
}

// expiry is when a token ends, zero for never.
func expiry(got *slackgo.OAuthV2Response, now time.Time) time.Time {
	if got.ExpiresIn <= 0 {
		return time.Time{}
	}
	return now.Add(time.Duration(got.ExpiresIn) * time.Second)
}

// keepFresh refreshes tokens before they expire, whether or not anything comes in: a
// reminder must not find a dead one. At first it seals anew what an old key sealed.
func (t *tokens) keepFresh(ctx context.Context) error {
	if t.slack.install == nil {
		<-ctx.Done()
		return nil
	}
	everything := func(time.Time) bool { return true }
	t.each(ctx, everything, func(space string) error {
		_, err := t.load(ctx, space)
		return err
	})
	for {
		soon := t.slack.now().Add(renewAhead)
		due := func(expires time.Time) bool { return !expires.IsZero() && expires.Before(soon) }
		t.each(ctx, due, func(space string) error {
			i, err := t.load(ctx, space)
			if err == nil && due(i.Expires) {
				_, err = t.renew(ctx, space, i.Token)
			}
			return err
		})
		if sleep(ctx, renewEvery) != nil {
			return nil //nolint:nilerr // it is the end, and no failure
		}
	}
}

// each does something for the installations whose end is one of those.
func (t *tokens) each(ctx context.Context, which func(expires time.Time) bool, do func(space string) error) {
	var spaces []string
	err := t.slack.ports.Installations.Installations(ctx, func(enterprise, team, _ string, _ []byte, expires time.Time) error {
		if which(expires) {
			spaces = append(spaces, home{enterprise: enterprise, team: team, org: enterprise != ""}.space())
		}
		return nil
	})
	if err != nil {
		t.slack.log.Error("which tokens to refresh is not known", slog.Any("error", err))
	}
	for _, space := range spaces {
		if err := do(space); err != nil && ctx.Err() == nil {
			t.slack.log.Error("an installation is not in order", slog.String("space", space), slog.Any("error", err))
		}
	}
}

// remove forgets a workspace that has removed the app or revoked its token. The two
// events come in either order, and may come late: what was installed since stays.
func (s *Slack) remove(ctx context.Context, a *arrival) {
	if s.ports.Installations == nil || s.install == nil {
		return
	}
	space := a.home.space()
	i, err := s.tokens.load(ctx, space)
	if errors.Is(err, errNotInstalled) {
		return
	}
	if err == nil && i.Since.After(a.removal.at.Add(time.Second)) {
		return
	}
	if users := a.removal.botUsers; err == nil && users != nil && i.BotUser != "" && !slices.Contains(users, i.BotUser) {
		return
	}
	enterprise, team := keysOf(space)
	if err := s.ports.Installations.DeleteInstallation(ctx, enterprise, team); err != nil {
		s.failed(a, err)
		return
	}
	s.tokens.forget(space)
	s.log.Info("a workspace has removed the app", slog.String("space", space))
}
