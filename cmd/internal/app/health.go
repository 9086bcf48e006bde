package app

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"suhbat/bot"
	"suhbat/bot/message"
)

// healthQuestion is one that any facts have a reply to: what they are about.
const healthQuestion = "help"

func newHealth(o *options) *cobra.Command {
	return &cobra.Command{
		Use:   "health",
		Short: "check that the program can answer; the exit code says so",
		Long: `health loads the facts and the languages and has one question answered, as a
container's health check does.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.health(cmd.Context()); err != nil {
				return fmt.Errorf("not healthy: %w", err)
			}
			_, err := fmt.Fprintln(o.process.Out, "healthy")
			return err
		},
	}
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
