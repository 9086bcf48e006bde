package telegram

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"suhbat/bot"
)

const (
	// againFor is how long an answer is tried again, and maxUncertain how often when
	// it may have arrived.
	againFor     = time.Minute
	maxUncertain = 2
	// againAfter is how long to wait before the second try; it doubles.
	againAfter = time.Second
)

// target says where parts go and how.
type target struct {
	to bot.Address
	// replyTo is the message that the first part replies to, edit the one whose
	// place it takes; empty for none.
	replyTo, edit string
	// relabel changes the buttons of the message to edit, and not its words.
	relabel bool
	silent  bool
	// again allows to try again for a minute, and to do so twice with what may have
	// arrived: somebody waits for an answer. A reminder must not.
	again bool
	// ready is called when a part's turn is near, before each request; an error ends
	// it. Nil does nothing.
	ready func(ctx context.Context) error
	// unsent is called when a part for which ready was called was certainly not sent. Nil
	// does nothing.
	unsent func(ctx context.Context)
}

// send sends parts one after another and returns the ids of the messages that they
// became, of all those before an error. The parts know which of them replies, edits
// and bears buttons, so they may as well be sent by a call each. An error is a
// [bot.SendError].
//
// It waits for the limiter, and in the lane of answers for as long as the server is
// busy; it follows a group that became a supergroup, and tells Chats; it leaves out
// the topic or the message to edit if that is gone.
func (m *Messenger) send(ctx context.Context, lane bot.Lane, t target, parts ...part) (ids []string, err error) {
	if err := t.check(); err != nil {
		return nil, &bot.SendError{Failure: bot.Refused, Err: err}
	}
	for _, p := range parts {
		id, e := m.deliver(ctx, lane, &t, p)
		if e != nil {
			return ids, e
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// check reports what the server cannot understand.
func (t *target) check() error {
	name, named := strings.CutPrefix(t.to.Chat, "@")
	if _, err := strconv.ParseInt(t.to.Chat, 10, 64); err != nil && (!named || name == "") {
		return fmt.Errorf("telegram: chat %q: expected an id in decimal or an @channelname", t.to.Chat)
	}
	if t.relabel && t.edit == "" {
		return errors.New("telegram: buttons to change, but of no message")
	}
	for _, given := range [...]struct{ what, id string }{{"topic", t.to.Thread}, {"message to reply to", t.replyTo}, {"message to edit", t.edit}} {
		if _, err := strconv.ParseInt(given.id, 10, 32); err != nil && given.id != "" {
			return fmt.Errorf("telegram: %s %q: expected an id in decimal", given.what, given.id)
		}
	}
	return nil
}

// deliver sends one part, again if it may and that may help.
func (m *Messenger) deliver(ctx context.Context, lane bot.Lane, t *target, p part) (string, error) {
	var patience context.Context // begins when it is needed
	pause := againAfter
	for uncertain := 0; ; {
		id, e := m.attempt(ctx, lane, t, p)
		if e != nil && (e.Failure == bot.Busy || e.Failure == bot.NotSent) && t.unsent != nil {
			t.unsent(ctx)
		}
		switch {
		case e == nil:
			return id, nil
		case e.Failure == bot.Busy && lane == bot.Answers:
			continue // the limiter pauses
		case e.Failure == bot.NotSent && t.again:
		case e.Failure == bot.Uncertain && uncertain < maxUncertain && (t.again || p.edits(t)):
			uncertain++
		default:
			return "", e
		}
		if patience == nil {
			var cancel context.CancelFunc
			patience, cancel = context.WithTimeout(ctx, againFor) //nolint:fatcontext // once
			defer cancel()
		}
		if !sleep(patience, pause) {
			return "", e
		}
		pause *= 2
	}
}

// attempt sends one part once, or once more where the first try has shown how. An
// error without an answer is not tried again here.
func (m *Messenger) attempt(ctx context.Context, lane bot.Lane, t *target, p part) (string, *bot.SendError) {
	for range maxDetours {
		id, err := m.once(ctx, lane, t, p)
		if err == nil {
			return id, nil
		}
		e := failure(err, t.to)
		again, err := m.detour(ctx, t, e)
		if err != nil {
			e.Err = errors.Join(e.Err, err)
		}
		if !again {
			return "", e
		}
	}
	return "", &bot.SendError{Failure: bot.Refused, Err: errors.New("telegram: the chat moves again and again")}
}

// maxDetours is more than the ways in which a message can have to be sent
// differently: to another chat, outside of a topic, as a new message.
const maxDetours = 5

// detour does what an error calls for, and reports whether the part may be sent at
// once, as t says then.
func (m *Messenger) detour(ctx context.Context, t *target, e *bot.SendError) (again bool, err error) {
	var answer *apiError
	errors.As(e.Err, &answer)
	switch {
	case e.Failure == bot.Busy:
		m.limit.Pause(e.After + rand.N(e.After/10+time.Second/4)) // so that not all come back at once
	case e.Failure == bot.Gone:
		return false, m.leave(ctx, t.to, answer)
	case e.Failure == bot.Moved:
		return m.move(ctx, t, e.To)
	case e.Failure != bot.Refused:
	case t.to.Thread != "" && answer.says("message thread not found", "TOPIC_DELETED", "TOPIC_ID_INVALID"):
		t.to.Thread = ""
		return true, nil
	case t.edit != "" && !t.relabel && answer.says("message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID"):
		t.edit = ""
		return true, nil
	}
	return false, nil
}

// leave tells Chats that a place takes no messages any more.
func (m *Messenger) leave(ctx context.Context, at bot.Address, answer *apiError) error {
	if m.chats == nil || answer == nil {
		return nil
	}
	if err := m.chats.Leave(ctx, at.Place(), answer.Description, m.now()); err != nil {
		return fmt.Errorf("telegram: %s takes no messages, which could not be noted: %w", at.Chat, err)
	}
	return nil
}

// move tells Chats that a place has another address, and aims there.
func (m *Messenger) move(ctx context.Context, t *target, to bot.Address) (again bool, err error) {
	if to.Place() == t.to.Place() {
		return false, nil
	}
	if m.chats != nil {
		if err := m.chats.Move(ctx, t.to.Place(), to.Place()); err != nil {
			return false, fmt.Errorf("telegram: %s has become %s, which could not be noted: %w", t.to.Chat, to.Chat, err)
		}
	}
	// Its messages have new ids, if they came along at all.
	t.to, t.replyTo, t.edit = to, "", ""
	return !t.relabel, nil
}

// once makes one request for a part, when its turn has come.
func (m *Messenger) once(ctx context.Context, lane bot.Lane, t *target, p part) (id string, err error) {
	method, params, err := p.request(t)
	if err != nil {
		return "", &bot.SendError{Failure: bot.Refused, Err: err}
	}
	answered, err := m.limit.Wait(ctx, lane, t.to.Chat, t.ready)
	if err != nil {
		return "", &bot.SendError{Failure: bot.NotSent, Err: fmt.Errorf("telegram: %s waited for its turn: %w", method, err)}
	}
	defer answered()
	id, err = m.sent(ctx, method, params, p.form)
	var answer *apiError
	if errors.As(err, &answer) && p.edits(t) && answer.says("message is not modified") {
		return t.edit, nil
	}
	if errors.Is(err, errResult) { // it was sent nevertheless
		return "", nil
	}
	return id, err
}

// sent calls a method that sends a message and returns the id of that.
func (m *Messenger) sent(ctx context.Context, method string, params tgbotapi.Params, form []byte) (id string, err error) {
	body, err := m.client.done(ctx, method, params, form)
	if err != nil {
		return "", err
	}
	if id, ok := messageIn(body); ok {
		return id, nil
	}
	var message struct {
		ID int `json:"message_id"`
	}
	err = m.client.read(method, body, &message)
	return strconv.Itoa(message.ID), err
}

// edits reports whether a part takes the place of a message, which can be done twice
// without harm. A prompt cannot: only a new message opens the field.
func (p *part) edits(t *target) bool {
	_, prompts := p.markup.(forceReply)
	return p.first && t.edit != "" && !prompts
}

// noPreview is a [linkPreview] that is disabled.
const noPreview = `{"is_disabled":true}`

// request returns the call that sends a part, but for its form if it has one.
func (p *part) request(t *target) (method string, params tgbotapi.Params, err error) {
	params = tgbotapi.Params{"chat_id": t.to.Chat}
	edits := p.edits(t)
	if edits {
		params["message_id"] = t.edit
	}
	if edits && t.relabel {
		return "editMessageReplyMarkup", params, p.addMarkup(params, t)
	}
	if p.form == nil {
		if err := p.add(params, t); err != nil {
			return "", nil, err
		}
	}
	if edits {
		return "editMessageText", params, nil
	}
	params.AddNonEmpty("message_thread_id", t.to.Thread)
	params.AddBool("disable_notification", t.silent)
	if id, _ := strconv.Atoi(t.replyTo); p.first && id != 0 {
		err = setJSON(params, "reply_parameters", replyParameters{MessageID: id, AllowMissing: true})
	}
	return "sendMessage", params, err
}

// add adds what a part says, and what stands under it.
func (p *part) add(params tgbotapi.Params, t *target) error {
	params["text"] = p.text
	if len(p.entities) > 0 {
		params["entities"] = string(appendEntities(nil, p.entities))
	}
	params["link_preview_options"] = noPreview
	return p.addMarkup(params, t)
}

// write gives a part its form, if that is the same for everybody.
func (p *part) write() {
	if _, ok := p.markup.(keyboard); !ok && p.markup != nil {
		return
	}
	params := make(tgbotapi.Params)
	if p.add(params, &target{}) == nil {
		*p = part{first: p.first, form: appendForm(nil, params)}
	}
}

// addMarkup adds what stands under a part.
func (p *part) addMarkup(params tgbotapi.Params, t *target) error {
	switch markup := p.markup.(type) {
	case nil:
		return nil
	case keyboard:
		params["reply_markup"] = string(appendKeyboard(nil, markup))
		return nil
	case forceReply:
		markup.Selective = p.first && t.replyTo != "" // else it would be for nobody
		return setJSON(params, "reply_markup", markup)
	default:
		return setJSON(params, "reply_markup", markup)
	}
}

// sleep waits, unless ctx ends before; it reports whether it did.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
