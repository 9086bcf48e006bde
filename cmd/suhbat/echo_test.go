package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/bot/telegram"
	"suhbat/cmd/internal/store"
)

// echoes is a core that says what it hears, so that all that a measurement sees is
// the way there and back.
type echoes struct{}

func (echoes) Handle(_ context.Context, in bot.Incoming) (bot.Reply, error) {
	return bot.Reply{Message: message.Message{Body: []message.Block{message.Paragraph{message.Text(in.Text)}}}}, nil
}

func (echoes) Languages() []language.Tag  { return []language.Tag{language.English} }
func (echoes) Menu(language.Tag) bot.Menu { return bot.Menu{} }
func (echoes) IsCommand(string) bool      { return true }

// echo is the program suhbat-echo: the adapter for Telegram and the store of the real
// program around a core that understands nothing. It stands for the program where it is
// measured beside the echoing bots of other libraries; see .tools/peer/telegram. The
// environment has the address of the server in BASE and the token in TOKEN, as theirs
// does.
func echo() {
	if err := runEcho(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// mailing is the program suhbat-mailing: it sends one reminder to each of the chats in
// CHATS, whose numbers have commas between, or to N chats from 1000 on, and ends. With
// QUESTIONS it answers questions meanwhile, as echo does, but within the limits of
// Telegram. The environment is that of echo.
func mailing() {
	chats, err := chatsToMail()
	if err == nil {
		err = mailTo(chats)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func chatsToMail() (chats []string, err error) {
	if list := os.Getenv("CHATS"); list != "" {
		return strings.Split(list, ","), nil
	}
	n, err := strconv.Atoi(os.Getenv("N"))
	for i := range n {
		chats = append(chats, strconv.Itoa(1000+i))
	}
	return chats, err
}

func mailTo(chats []string) error {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	out, err := telegram.NewMessenger(telegram.Options{Token: os.Getenv("TOKEN"), API: os.Getenv("BASE"), Now: time.Now})
	if os.Getenv("QUESTIONS") != "" {
		var answering func(context.Context) error
		if out, answering, err = answerBeside(ctx); err == nil {
			done := make(chan error, 1)
			go func() { done <- answering(ctx) }()
			defer func() { stop(); <-done }()
		}
	}
	if err != nil {
		return err
	}
	failed := make(chan error, len(chats))
	for _, chat := range chats {
		go func() {
			_, err := out.Send(context.Background(), bot.Outgoing{
				To: bot.Address{Network: telegram.Network, Chat: chat}, Lane: bot.Reminders,
				Message: message.Message{Body: []message.Block{message.Paragraph{message.Text("Today is an anniversary.")}}},
			})
			failed <- err
		}()
	}
	for range chats {
		err = errors.Join(err, <-failed)
	}
	return err
}

// answerBeside returns a bot that answers, and what it sends with.
func answerBeside(ctx context.Context) (*telegram.Messenger, func(context.Context) error, error) {
	tg, shut, err := newEcho(ctx, false)
	if err != nil {
		return nil, nil, err
	}
	return tg.Messenger(), func(ctx context.Context) error { return errors.Join(tg.Run(ctx), shut()) }, nil
}

func runEcho() error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	tg, shut, err := newEcho(ctx, true)
	if err != nil {
		return err
	}
	return errors.Join(tg.Run(ctx), shut())
}

// newEcho makes the adapter and the store around [echoes]; shut closes the store.
func newEcho(ctx context.Context, unlimited bool) (tg *telegram.Telegram, shut func() error, err error) {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	file, dir := os.Getenv("DATABASE"), ""
	if file == "" {
		if dir, err = os.MkdirTemp("", "suhbat-echo"); err != nil {
			return nil, nil, err
		}
		file = filepath.Join(dir, "echo.db")
	}
	db, err := store.Open(ctx, "sqlite:"+file, store.Options{Now: time.Now, Log: log})
	if err != nil {
		return nil, nil, err
	}
	shut = func() error {
		err := db.Close()
		if dir != "" {
			err = errors.Join(err, os.RemoveAll(dir))
		}
		return err
	}
	tg, err = telegram.New(telegram.Config{
		Token: os.Getenv("TOKEN"), APIURL: os.Getenv("BASE"), Unlimited: unlimited, Now: time.Now, Log: log,
	}, echoes{}, db.Inbox(telegram.Network), db)
	return tg, shut, err
}
