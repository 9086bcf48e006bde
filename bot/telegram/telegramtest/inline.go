package telegramtest

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// InlineQuery is what a user typed behind the name of the bot, and what the bot
// answered.
type InlineQuery struct {
	ID       string
	Query    string
	Answered bool
	Results  []InlineResult
	Cache    time.Duration // how long the answer may be kept
	Personal bool
	Next     string // the offset of the next page
	Label    string // of the button above the results
	Start    string // the start_parameter of that button

	at     time.Time
	user   *User
	server *Server
}

// InlineResult is one result of an inline query.
type InlineResult struct {
	Type        string
	ID          string
	Title       string
	Description string
	Text        string // of the message that it becomes
	Entities    []Entity
	Buttons     [][]Button

	markup object
}

// Inline has the user type a query behind the name of the bot, in any chat.
func (u *User) Inline(query, offset string) *InlineQuery {
	s := u.server
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastQuery++
	q := &InlineQuery{ID: strconv.FormatInt(5_000_000_000+s.lastQuery, 10), Query: query, at: time.Now(), user: u, server: s}
	s.inline[q.ID] = q
	if s.noInline {
		s.misuse("the bot has no inline mode")
		return q
	}
	s.push("inline_query", u.ID, object{
		"id": q.ID, "from": u.json(), "query": query, "offset": offset, "chat_type": "sender",
	}, LifeOfInline)
	return q
}

// Await waits until the bot has answered, and returns the answer.
func (q *InlineQuery) Await() InlineQuery {
	q.server.tb.Helper()
	var now InlineQuery
	q.server.await("an answer to the inline query "+q.Query, func() bool {
		q.server.mu.Lock()
		defer q.server.mu.Unlock()
		now = *q
		return now.Answered
	})
	return now
}

// Choose has the user take a result of the answer and send it to a chat. The
// message is returned, and the bot is told as if inline feedback were switched on.
// Where the bot is in the chat it gets the message, too, with via_bot.
func (q *InlineQuery) Choose(id string, c *Chat) Message {
	s := q.server
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(q.Results, func(r InlineResult) bool { return r.ID == id })
	if i < 0 {
		s.misuse("the inline query %q has no result %q", q.Query, id)
		return Message{}
	}
	r := q.Results[i]
	m := c.add(&Message{From: q.user, Text: r.Text, Entities: r.Entities, Buttons: r.Buttons, markup: r.markup, inlineID: "AQAAAD" + q.ID + id})
	chosen := object{"result_id": id, "from": q.user.json(), "query": q.Query}
	if r.markup != nil {
		chosen["inline_message_id"] = m.inlineID
		s.inlined[m.inlineID] = m
	}
	s.push("chosen_inline_result", q.user.ID, chosen, LifeOfChosen)
	c.announce(m)
	return *m
}

// startParameter is what a deep link may carry.
var startParameter = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func (c *call) answerInlineQuery() (any, error) {
	q := c.inline[c.text("inline_query_id")]
	if q == nil || q.Answered || time.Since(q.at) > LifeOfInline {
		return nil, badRequest(tooOld)
	}
	results, err := c.readResults()
	if err != nil {
		return nil, err
	}
	var button struct {
		Text   string          `json:"text"`
		Start  string          `json:"start_parameter"`
		WebApp json.RawMessage `json:"web_app"`
	}
	if err := c.decode("button", &button); err != nil {
		return nil, err
	}
	switch {
	case button.Text != "" && button.WebApp == nil && !startParameter.MatchString(button.Start):
		return nil, badRequest("START_PARAM_INVALID")
	case len(c.text("next_offset")) > 64:
		return nil, badRequest("NEXT_OFFSET_INVALID")
	}
	q.Answered, q.Results, q.Personal, q.Next = true, results, c.flag("is_personal"), c.text("next_offset")
	q.Label, q.Start, q.Cache = button.Text, button.Start, 300*time.Second
	if c.has("cache_time") {
		q.Cache = time.Duration(min(c.number("cache_time"), 86_400)) * time.Second
	}
	return true, nil
}

func (c *call) readResults() ([]InlineResult, error) {
	var raw []struct {
		Type        string          `json:"type"`
		ID          string          `json:"id"`
		Title       string          `json:"title"`
		Description string          `json:"description"`
		Markup      json.RawMessage `json:"reply_markup"`
		Content     struct {
			Text      string   `json:"message_text"`
			ParseMode string   `json:"parse_mode"`
			Entities  []Entity `json:"entities"`
		} `json:"input_message_content"`
	}
	if err := c.decode("results", &raw); err != nil {
		return nil, err
	}
	if len(raw) > 50 {
		return nil, badRequest("RESULTS_TOO_MUCH")
	}
	seen := make(map[string]bool)
	results := make([]InlineResult, 0, len(raw))
	for _, r := range raw {
		switch {
		case r.ID == "" || len(r.ID) > 64:
			return nil, badRequest("RESULT_ID_INVALID")
		case seen[r.ID]:
			return nil, badRequest("RESULT_ID_DUPLICATE")
		case r.Type == "article" && r.Title == "":
			return nil, badRequest("ARTICLE_TITLE_EMPTY")
		}
		seen[r.ID] = true
		result := InlineResult{Type: r.Type, ID: r.ID, Title: r.Title, Description: r.Description}
		var err error
		if r.Type == "article" || r.Content.Text != "" {
			if result.Text, result.Entities, err = c.readText(r.Content.Text, r.Content.ParseMode, r.Content.Entities); err != nil {
				return nil, err
			}
		}
		var m Message
		nested := &call{Server: c.Server, ctx: c.ctx, params: params{"reply_markup": {text: string(r.Markup)}}}
		if err := nested.readMarkup(&m, false); err != nil {
			return nil, err
		}
		result.Buttons, result.markup = m.Buttons, m.markup
		results = append(results, result)
	}
	return results, nil
}
