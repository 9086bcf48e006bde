package slack

import (
	"context"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	slackgo "github.com/slack-go/slack"

	"suhbat/bot"
)

// Slack takes one message a second in a channel
// (docs.slack.dev/apis/web-api/rate-limits#message-posting).
const channelEvery = time.Second

// Send posts a message. It waits for the second that the channel has free; after that
// it tries once, for a post that is tried again may stand there twice. The receipt
// names the first message: its ts, with "channel:" before it if the message went to a
// user.
func (s *Slack) Send(ctx context.Context, out bot.Outgoing) (receipt string, err error) {
	r := bot.Reply{Message: out.Message, Buttons: out.Buttons}
	all := pages(&r)
	if len(all) == 0 {
		return "", &bot.SendError{Failure: bot.Refused, Err: errors.New("the message is empty")}
	}
	for i, p := range all {
		d := delivery{to: out.To, onlyTo: slackUser(out.OnlyTo), replyTo: out.ReplyTo, page: p, key: partKey(out.Key, i), lane: out.Lane}
		if i == 0 {
			d.edit = out.Edit
		}
		got, err := s.deliver(ctx, &d)
		if err != nil {
			return receipt, err
		}
		if i == 0 {
			receipt = got
		}
	}
	return receipt, nil
}

// partKey is the key of a part; the first has that of the whole.
func partKey(key string, part int) string {
	if part == 0 || key == "" {
		return key
	}
	return key + "#" + strconv.Itoa(part)
}

// delivery is one message on its way.
type delivery struct {
	to                    bot.Address
	onlyTo, edit, replyTo string
	page                  page
	channel               string // where Slack knows the place by another name
	key                   string // by which it can be found again; empty for none
	parts                 int    // how many messages it is one of; 0 is one
	wait                  bool   // until a 429 is over, instead of failing
	lane                  bot.Lane
}

// at is the channel that it goes to.
func (d *delivery) at() string { return orElse(d.channel, d.to.Chat) }

// deliver sends one message, trying once. Its errors are [bot.SendError]s.
func (s *Slack) deliver(ctx context.Context, d *delivery) (receipt string, err error) {
	take := s.ownSlot
	if s.ports.Slots != nil {
		take = s.sharedSlot
	}
	if err := take(ctx, d); err != nil {
		return "", err
	}
	var channel, ts string
	err = s.call(ctx, d.to.Space, func(c *slackgo.Client) (err error) {
		channel, ts, err = s.hand(ctx, c, d)
		return err
	})
	if err == nil && ts == "" {
		err = errors.New("slack does not say under which ts it was posted")
	}
	if err != nil {
		failed := sendError(err)
		if s.config.BotToken != "" && takenBack(err) {
			failed.Failure = bot.NotSent // the channel is still there; the operator will put in a new token
		}
		if failed.Failure == bot.Busy {
			s.shut(ctx, d.to.Space, failed.After)
		}
		return "", failed
	}
	s.stats.Answers.Add(1)
	if channel != d.at() && channel != "" {
		return channel + ":" + ts, nil
	}
	return ts, nil
}

// hand calls the method that a delivery needs.
func (s *Slack) hand(ctx context.Context, c *slackgo.Client, d *delivery) (channel, ts string, err error) {
	options := []slackgo.MsgOption{
		slackgo.MsgOptionText(d.page.Text, false), slackgo.MsgOptionBlocks(d.page.Blocks...),
		slackgo.MsgOptionDisableLinkUnfurl(), slackgo.MsgOptionDisableMediaUnfurl(),
	}
	thread, private := orElse(d.replyTo, d.to.Thread), d.onlyTo
	if user, ok := strings.CutPrefix(d.to.Thread, "@"); ok {
		thread, private = d.replyTo, orElse(private, user)
	}
	if thread != "" {
		options = append(options, slackgo.MsgOptionTS(thread))
	}
	switch {
	case private != "":
		ts, err = c.PostEphemeralContext(ctx, d.at(), private, options...)
		return d.at(), ts, err
	case d.edit != "":
		if d.key != "" {
			options = append(options, slackgo.MsgOptionMetadata(s.mark(d)))
		}
		channel, ts := d.at(), d.edit
		if c, t, ok := strings.Cut(d.edit, ":"); ok {
			channel, ts = c, t
		}
		channel, ts, _, err = c.UpdateMessageContext(ctx, channel, ts, options...)
		return channel, ts, err
	default:
		if d.key != "" {
			options = append(options, slackgo.MsgOptionMetadata(s.mark(d)))
		}
		return c.PostMessageContext(ctx, d.at(), options...)
	}
}

// Everybody in a workspace can read the metadata of a message, so the key in it says
// nothing to them, and nobody else can make one.
const (
	markType  = "suhbat_post"
	markKey   = "key"
	markParts = "parts" // of how many messages it is one, if that is more than one
)

// mark is what makes a message findable.
func (s *Slack) mark(d *delivery) slackgo.SlackMetadata {
	payload := map[string]any{markKey: markOf(s.marks[0], d.to, d.key)}
	if d.parts > 1 {
		payload[markParts] = d.parts
	}
	return slackgo.SlackMetadata{EventType: markType, EventPayload: payload}
}

// partsIn is of how many messages one says that it is.
func partsIn(m *slackgo.Message) int {
	n, _ := m.Metadata.EventPayload[markParts].(float64) // as encoding/json reads numbers
	return min(max(int(n), 1), maxParts)
}

// maxParts is more than any answer has.
const maxParts = 20

func markOf(secret []byte, to bot.Address, key string) string {
	mac := hmac.New(sha256.New, secret)
	io.WriteString(mac, to.Space+"\x00"+to.Chat+"\x00"+key) //nolint:errcheck // a hash never fails
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// markKeys derives the keys of the marks: from those that encrypt, where there are
// any, else from what every instance of the program knows.
func markKeys(c *Config, k keyring) [][]byte {
	var keys [][]byte
	for _, secret := range k {
		keys = append(keys, derive(secret.bytes, "marks"))
	}
	if len(keys) == 0 {
		keys = append(keys, derive([]byte(orElse(c.BotToken, c.ClientSecret)), "marks"))
	}
	return keys
}

// derive makes a key for one purpose from a secret.
func derive(secret []byte, purpose string) []byte {
	key, err := hkdf.Key(sha256.New, secret, nil, "suhbat slack "+purpose, sha256.Size)
	if err != nil {
		panic(fmt.Sprintf("slack: %v", err)) // the length is a constant
	}
	return key
}

// Find looks for what was sent under a key, among the bot's own messages since a
// moment. It needs the scope channels:history, groups:history or im:history; without
// it, it returns an error and nobody knows.
func (s *Slack) Find(ctx context.Context, to bot.Address, key string, since time.Time) (receipt string, found bool, err error) {
	return s.find(ctx, &delivery{to: to, key: key}, since)
}

func (s *Slack) find(ctx context.Context, d *delivery, since time.Time) (receipt string, found bool, err error) {
	m, err := s.findMessage(ctx, d, since)
	if m == nil {
		return "", false, err
	}
	return m.Timestamp, true, nil
}

// findMessage is find, and returns the message, nil if there is none.
func (s *Slack) findMessage(ctx context.Context, d *delivery, since time.Time) (*slackgo.Message, error) {
	if strings.HasPrefix(d.to.Thread, "@") {
		return nil, errors.New("what one person sees has no history")
	}
	oldest := strconv.FormatInt(since.Add(-findAfter).Unix(), 10) + ".000000"
	var cursor string
	for range maxHistory {
		messages, next, err := s.history(ctx, d, oldest, cursor)
		if err != nil {
			return nil, sendError(err)
		}
		if m := s.marked(messages, d.to, d.key); m != nil {
			return m, nil
		}
		if cursor = next; cursor == "" {
			return nil, nil //nolint:nilnil // it was looked for, and is not there
		}
	}
	return nil, errors.New("the channel has too many messages since then")
}

// How much history is read: fifteen messages a call is what Slack gives those apps
// that it has not reviewed.
const (
	historyPage = 15
	maxHistory  = 20 // calls
)

// history returns messages of a channel, or of a thread.
func (s *Slack) history(ctx context.Context, d *delivery, oldest, cursor string) (messages []slackgo.Message, next string, err error) {
	err = s.call(ctx, d.to.Space, func(c *slackgo.Client) error {
		if d.to.Thread != "" {
			var err error
			messages, _, next, err = c.GetConversationRepliesContext(ctx, &slackgo.GetConversationRepliesParameters{
				ChannelID: d.at(), Timestamp: d.to.Thread, Oldest: oldest, Inclusive: true,
				Limit: historyPage, Cursor: cursor, IncludeAllMetadata: true,
			})
			return err
		}
		page, err := c.GetConversationHistoryContext(ctx, &slackgo.GetConversationHistoryParameters{
			ChannelID: d.at(), Oldest: oldest, Inclusive: true, Limit: historyPage, Cursor: cursor, IncludeAllMetadata: true,
		})
		if err == nil {
			messages, next = page.Messages, page.ResponseMetaData.NextCursor
		}
		return err
	})
	return messages, next, err
}

// marked returns the message that bears the mark of a key.
func (s *Slack) marked(messages []slackgo.Message, to bot.Address, key string) *slackgo.Message {
	for i := range messages {
		m := &messages[i]
		if m.BotID == "" {
			continue
		}
		for _, secret := range s.marks {
			if bears(m, markOf(secret, to, key)) {
				return m
			}
		}
	}
	return nil
}

// markBlock stands before a mark that is the id of a block.
const markBlock = "mark:"

// bears reports whether a message has a mark, in its metadata or as the id of a block.
func bears(m *slackgo.Message, mark string) bool {
	if given, ok := m.Metadata.EventPayload[markKey].(string); ok && m.Metadata.EventType == markType && hmac.Equal([]byte(given), []byte(mark)) {
		return true
	}
	for _, b := range m.Blocks.BlockSet {
		if id, ok := strings.CutPrefix(b.ID(), markBlock); ok && hmac.Equal([]byte(id), []byte(mark)) {
			return true
		}
	}
	return false
}

// call calls a method with the token of a space. A token that has expired under our
// hands is replaced, and the call, which had no effect, made again.
func (s *Slack) call(ctx context.Context, space string, method func(*slackgo.Client) error) error {
	token, err := s.tokens.of(ctx, space)
	if err != nil {
		return err
	}
	err = method(s.api(token))
	if wordOf(err) != "token_expired" {
		return err
	}
	if token, err = s.tokens.renew(ctx, space, token); err != nil {
		return err
	}
	return method(s.api(token))
}
