package app

import (
	"golang.org/x/text/language"

	"suhbat/bot"
	"suhbat/bot/message"
	"suhbat/facts"
)

// result is an answer as --json and --jsonl write it.
type result struct {
	Conversation string      `json:"conversation,omitempty"`
	Outcome      bot.Outcome `json:"outcome"`
	Lang         string      `json:"lang"`
	// Text is the complete reply, sources included, as [message.Plain] renders it.
	Text string `json:"text"`
	// Understood is the logical form of the question.
	Understood string     `json:"understood"`
	Facts      []facts.ID `json:"facts"`
	Sources    []source   `json:"sources"`
	Choices    []string   `json:"choices"`
	// Elapsed is the time from the text to the finished message, in microseconds.
	Elapsed int64 `json:"elapsed_us"`
}

type source struct {
	ID        facts.ID `json:"id"`
	Publisher string   `json:"publisher"`
	Title     string   `json:"title"`
	URL       string   `json:"url"`
	Date      string   `json:"date"` // YYYY, YYYY-MM or YYYY-MM-DD; empty if unknown
}

// base is the language of a tag without its script: which letters the text is in,
// its readers see.
func base(t language.Tag) string {
	b, _ := t.Base()
	return b.String()
}

// newResult makes empty lists of missing ones: [] is easier on readers than null.
func newResult(reply bot.Reply, plain string) result {
	r := result{
		Outcome:    reply.Outcome,
		Lang:       base(reply.Message.Lang),
		Text:       plain,
		Understood: reply.Understood,
		Facts:      append([]facts.ID{}, reply.Facts...),
		Sources:    make([]source, len(reply.Sources)),
		Choices:    make([]string, 0, len(reply.Message.Choices)),
	}
	for i, s := range reply.Sources {
		r.Sources[i] = source{ID: s.ID, Publisher: s.Publisher, Title: s.Title, URL: s.URL, Date: s.Date.String()}
	}
	for _, c := range reply.Message.Choices {
		r.Choices = append(r.Choices, message.Clean(c.Label))
	}
	return r
}
