package app

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
)

const aboutAsk = `With --jsonl, ask reads one JSON object a line from standard input,

  {"conversation":"c1","text":"who chaired in 2022?","lang":"en"}

and writes one for each, in the same order. A question may refer to the one before
it in the same conversation. "lang" may be left out. A line that is not such an
object gets {"error":…} in its place, and the exit code is 1 in the end.`

func newAsk(o *options) *cobra.Command {
	var a asking
	cmd := &cobra.Command{
		Use:     "ask QUESTION…",
		Short:   "answer one question, or many as JSON lines",
		Long:    aboutAsk,
		Example: "  suhbat ask when was resolution 1325 adopted?\n  suhbat ask --jsonl < questions.jsonl",
		Args:    a.checkArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if !a.jsonl { // one answer ends before a collection would be of use
				defer debug.SetGCPercent(debug.SetGCPercent(loadingGC))
			}
			if err := a.prepare(o); err != nil {
				return err
			}
			if a.jsonl {
				return a.many(cmd.Context(), o.process.In, o.process.Out)
			}
			return a.one(cmd.Context(), o.process.Out, strings.Join(args, " "))
		},
	}
	a.when.addTo(cmd)
	a.in.addTo(cmd)
	cmd.Flags().BoolVar(&a.json, "json", false, "answer with a JSON object")
	cmd.Flags().BoolVar(&a.jsonl, "jsonl", false, "read questions and write answers as JSON lines")
	return cmd
}

// asking answers questions that are not typed into a conversation.
type asking struct {
	when        moment
	in          tongue
	json, jsonl bool

	parts *parts
	lang  language.Tag
	// now is the time of the questions, clock the one that measures.
	now, clock func() time.Time
	asked      int
}

func (a *asking) checkArgs(cmd *cobra.Command, args []string) error {
	switch {
	case a.json && a.jsonl:
		return usagef("--json and --jsonl exclude each other%s", seeHelp(cmd))
	case a.jsonl && len(args) > 0:
		return usagef("--jsonl reads the questions from standard input, got the argument %q%s", args[0], seeHelp(cmd))
	case !a.jsonl && len(args) == 0:
		return usagef("ask needs a question, such as: suhbat ask who chaired in 2022?")
	default:
		return nil
	}
}

func (a *asking) prepare(o *options) (err error) {
	if a.now, err = a.when.clock(o.process); err != nil {
		return err
	}
	if a.parts, err = o.build(); err != nil {
		return err
	}
	a.clock = o.process.Now
	a.lang, err = a.in.tag(a.parts.set.Codes())
	return err
}

// one answers a single question.
func (a *asking) one(ctx context.Context, out io.Writer, question string) error {
	result, err := a.ask(ctx, "", question, a.lang)
	if err != nil {
		return err
	}
	if !a.json {
		_, err = fmt.Fprintln(out, result.Text)
		return err
	}
	encoder := newEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(result)
}

// ask puts one question of a conversation to the core.
func (a *asking) ask(ctx context.Context, conversation, text string, lang language.Tag) (result, error) {
	a.asked++
	id := strconv.Itoa(a.asked)
	from := bot.Address{Network: network, Chat: conversation}
	if conversation == "" {
		from.Thread = id // alone
	}
	start := a.clock()
	reply, err := a.parts.core.Handle(ctx, bot.Incoming{
		ID: id, Kind: bot.Ask, From: from, Owner: from, Private: true, User: "you", Text: text, Lang: lang, At: a.now(),
	})
	if err != nil {
		return result{}, fmt.Errorf("question %s: %w", id, err)
	}
	plain := message.Plain(reply.Message)
	elapsed := a.clock().Sub(start)
	r := newResult(reply, plain)
	r.Conversation, r.Elapsed = conversation, elapsed.Microseconds()
	return r, nil
}

// newEncoder writes JSON that people can read, too.
func newEncoder(w io.Writer) *json.Encoder {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e
}
