package app

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/lang"
	"suhbat/bot/message"
	"suhbat/bot/telegram"
	"suhbat/scheduler"
)

const (
	// gather is how long notices are gathered into one message, mostLines how many of
	// them it spells out.
	gather    = 3 * time.Second
	mostLines = 10
	// sameAgain is when the same is said again.
	sameAgain = 24 * time.Hour
	// noticeTime is how long a message to an admin may take.
	noticeTime = 30 * time.Second
)

// notices tells those who run the program what needs a person: each in the log, and in
// messages to the admins, which may be lost. The deliveries say the same.
type notices struct {
	log      *slog.Logger
	admins   []bot.Address
	networks map[string]bot.Messenger
	wake     chan struct{}
	// pack has the words for a notice that can be answered by a button; nil for none.
	pack *lang.Pack
	// told reports whether no other replica has said something of late; nil if there are
	// none.
	told func(ctx context.Context, what string, again time.Duration) (fresh bool, err error)

	mu      sync.Mutex
	waiting []scheduler.Notice
	said    map[string]time.Time
}

var _ scheduler.Notices = (*notices)(nil)

// newNotices tells admins, each as "network:user", who are reached over networks.
func newNotices(log *slog.Logger, admins []string, networks map[string]bot.Messenger) *notices {
	n := &notices{log: log, networks: networks, wake: make(chan struct{}, 1), said: make(map[string]time.Time)}
	for _, admin := range admins {
		if to := private(admin); networks[to.Network] != nil {
			n.admins = append(n.admins, to)
		}
	}
	return n
}

// private is where a user is reached alone: "telegram:1", "slack:T1/U1".
func private(user string) bot.Address {
	network, id, _ := strings.Cut(user, ":")
	if network == telegram.Network {
		return bot.Address{Network: network, Chat: id}
	}
	space, id, _ := strings.Cut(id, "/")
	return bot.Address{Network: network, Space: space, Chat: id}
}

// Notify implements [scheduler.Notices]. It does not wait for anybody.
func (n *notices) Notify(ctx context.Context, notice scheduler.Notice) error {
	if n.repeats(ctx, &notice) {
		return nil
	}
	n.mu.Lock()
	n.waiting = append(n.waiting, notice)
	n.mu.Unlock()
	n.log.WarnContext(ctx, "a reminder needs a person", slog.String("what", string(notice.Kind)), slog.String("channel", notice.Channel),
		slog.Any("keys", notice.Keys), slog.String("reason", notice.Reason))
	select {
	case n.wake <- struct{}{}:
	default:
	}
	return nil
}

// repeats reports whether a notice was made lately, by any replica: that a channel is
// broken is found each minute. Rather is something said twice than not at all.
func (n *notices) repeats(ctx context.Context, notice *scheduler.Notice) bool {
	what := fmt.Sprint(notice.Kind, notice.Channel, notice.Keys, notice.Reason)
	if n.saidLately(what, notice.At) {
		return true
	}
	if n.told == nil {
		return false
	}
	sum := sha256.Sum256([]byte(what))
	fresh, err := n.told(ctx, "notice:"+base64.RawURLEncoding.EncodeToString(sum[:]), sameAgain)
	return err == nil && !fresh
}

// saidLately notes what this process says, and reports whether it was said lately.
func (n *notices) saidLately(what string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if at, ok := n.said[what]; ok && now.Sub(at) < sameAgain {
		return true
	}
	if len(n.said) > 10_000 {
		clear(n.said)
	}
	n.said[what] = now
	return false
}

// run sends messages until ctx is done.
func (n *notices) run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-n.wake:
		}
		timer := time.NewTimer(gather)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		n.mu.Lock()
		all := n.waiting
		n.waiting = nil
		n.mu.Unlock()
		if len(all) > 0 {
			n.send(ctx, all)
		}
	}
}

// send tells every admin.
func (n *notices) send(ctx context.Context, all []scheduler.Notice) {
	m, buttons := noticeMessage(all), [][]bot.Button(nil)
	if one := &all[0]; len(all) == 1 && one.Post != "" && n.pack != nil {
		m = bot.NoticeWords(n.pack, string(one.Kind), one.Channel, one.Reason)
		buttons = bot.NoticeButtons(n.pack, one.Attempt())
	}
	for _, to := range n.admins {
		call, cancel := context.WithTimeout(ctx, noticeTime)
		_, err := n.networks[to.Network].Send(call, bot.Outgoing{To: to, Lane: bot.Notices, Message: m, Buttons: buttons})
		cancel()
		if err != nil && ctx.Err() == nil {
			n.log.WarnContext(ctx, "an admin could not be told", slog.String("network", to.Network), slog.Any("error", err))
		}
	}
}

// noticeMessage makes one message of notices.
func noticeMessage(all []scheduler.Notice) message.Message {
	m := message.Message{Lang: language.English}
	for i := range min(len(all), mostLines) {
		m.Body = append(m.Body, message.Paragraph{message.Text(noticeText(&all[i]))})
	}
	if more := len(all) - mostLines; more > 0 {
		m.Body = append(m.Body, message.Paragraph{message.Text(fmt.Sprintf("And %d more: suhbat deliveries list shows them.", more))})
	}
	return m
}

// noticeText says what happened and what can be done.
func noticeText(n *scheduler.Notice) string {
	key := ""
	if len(n.Keys) > 0 {
		key = "'" + n.Keys[0] + "'"
	}
	switch n.Kind {
	case scheduler.PostUncertain:
		return fmt.Sprintf("A reminder for %s may or may not have arrived (%s). Look there; then: suhbat deliveries resend %s, or skip.", n.Channel, n.Reason, key)
	case scheduler.PostFailed:
		return fmt.Sprintf("A reminder for %s did not arrive (%s). Once that is mended: suhbat deliveries resend %s.", n.Channel, n.Reason, key)
	case scheduler.PostLate:
		return fmt.Sprintf("A reminder for %s was left out: %s. To post it all the same: suhbat deliveries resend %s.", n.Channel, n.Reason, key)
	case scheduler.ChannelPaused:
		return fmt.Sprintf("%s gets no more reminders: it takes no messages (%s).", n.Channel, n.Reason)
	case scheduler.ChannelMoved:
		return fmt.Sprintf("%s has moved %s.", n.Channel, n.Reason)
	case scheduler.ChannelBroken:
		return fmt.Sprintf("The settings of %s cannot be used: %s.", n.Channel, n.Reason)
	default:
		return fmt.Sprintf("%s: %s: %s", n.Kind, n.Channel, n.Reason)
	}
}
