package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"suhbat/bot"
	"suhbat/bot/message"
)

// healthQuestion is one that any facts have a reply to: what they are about.
const healthQuestion = "help"

func newHealth(o *options) *cobra.Command {
	serving := false
	cmd := &cobra.Command{
		Use:   "health",
		Short: "check that the program can answer; the exit code says so",
		Long: `health loads the facts and the languages and has one question answered, as a
container's health check does. With --serving it asks the program that serves at
SUHBAT_LISTEN on this machine whether it is ready.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			check := o.health
			if serving {
				check = o.serving
			}
			if err := check(cmd.Context()); err != nil {
				return fmt.Errorf("not healthy: %w", err)
			}
			_, err := fmt.Fprintln(o.process.Out, "healthy")
			return err
		},
	}
	cmd.Flags().BoolVar(&serving, "serving", false, "ask the program that is serving")
	return cmd
}

// healthWait is how long a program that serves may take to say how it is.
const healthWait = 3 * time.Second

// serving asks the program that serves whether it is ready.
func (o *options) serving(ctx context.Context) error {
	r := settingReader{getenv: o.process.Getenv}
	address := r.listen()
	if r.err != nil {
		return r.err
	}
	host, port, _ := net.SplitHostPort(address) // listen has looked at it
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	ctx, cancel := context.WithTimeout(ctx, healthWait)
	defer cancel()
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+"/readyz", http.NoBody)
	if err != nil {
		return err
	}
	resp, err := (&http.Transport{}).RoundTrip(ask) // without a proxy: it is on this machine
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(resp.Body, 200))
		return fmt.Errorf("%s: %s", resp.Status, strings.TrimSpace(string(said)))
	}
	return nil
}

// health asks one question and looks at the reply.
func (o *options) health(ctx context.Context) error {
	parts, err := o.build()
	if err != nil {
		return err
	}
	reply, err := parts.core.Handle(ctx, bot.Incoming{
		ID: "health", Kind: bot.Ask, From: bot.Address{Network: network, Chat: "health"}, Text: healthQuestion, At: o.process.Now(),
	})
	if err != nil {
		return err
	}
	if reply.Outcome == bot.NotUnderstood || message.Plain(reply.Message) == "" {
		return fmt.Errorf("no reply to %q", healthQuestion)
	}
	return nil
}
