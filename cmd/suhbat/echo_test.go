package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strconv"
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

// mailing is the program suhbat-mailing: it sends one reminder to each of N chats, as
// the program does, and ends. The environment is that of echo.
func mailing() {
	n, err := strconv.Atoi(os.Getenv("N"))
	if err == nil {
		err = mailTo(n)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func mailTo(n int) error {
	out, err := telegram.NewMessenger(telegram.Options{Token: os.Getenv("TOKEN"), API: os.Getenv("BASE"), Now: time.Now})
	if err != nil {
		return err
	}
	failed := make(chan error, n)
	for i := range n {
		go func() {
			_, err := out.Send(context.Background(), bot.Outgoing{
				To: bot.Address{Network: telegram.Network, Chat: strconv.Itoa(1000 + i)}, Lane: bot.Reminders,
				Message: message.Message{Body: []message.Block{message.Paragraph{message.Text("Today is an anniversary.")}}},
			})
			failed <- err
		}()
	}
	for range n {
		err = errors.Join(err, <-failed)
	}
	return err
}

func runEcho() error {
	debug.SetGCPercent(200) // as the program does
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	file := os.Getenv("DATABASE")
	if file == "" {
		dir, err := os.MkdirTemp("", "suhbat-echo")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		file = filepath.Join(dir, "echo.db")
	}
	db, err := store.Open(ctx, "sqlite:"+file, store.Options{Now: time.Now, Log: log})
	if err != nil {
		return err
	}
	defer db.Close()
	tg, err := telegram.New(telegram.Config{
		Token: os.Getenv("TOKEN"), APIURL: os.Getenv("BASE"), Unlimited: true, Now: time.Now, Log: log,
	}, echoes{}, db.Inbox(telegram.Network), db)
	if err != nil {
		return err
	}
	return tg.Run(ctx)
}
