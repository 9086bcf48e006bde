package telegram

import (
	"sync"

	"suhbat/bot"
)

// maxAnswers is how many answers are remembered for questions that may be edited.
const maxAnswers = 4096

// answers remembers which message of ours answers which question, so that an edited
// question edits its answer. It forgets the oldest, and all at a restart: the answer
// to an edited question then is a new message. The zero answers are ready.
type answers struct {
	mu    sync.Mutex
	byAsk map[asked]string
	order []asked // the oldest first
}

// asked is a question: the ids of its chat and of its message.
type asked struct{ chat, message string }

// of returns the message that answers a question, or nothing.
func (a *answers) of(at bot.Address, question string) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.byAsk[asked{at.Chat, question}]
}

// keep remembers an answer.
func (a *answers) keep(at bot.Address, question, answer string) {
	if question == "" || answer == "" {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.byAsk == nil {
		a.byAsk = make(map[asked]string)
	}
	key := asked{at.Chat, question}
	if _, known := a.byAsk[key]; !known {
		a.order = append(a.order, key)
	}
	a.byAsk[key] = answer
	if len(a.order) > maxAnswers {
		delete(a.byAsk, a.order[0])
		a.order = a.order[1:]
	}
}

// albums remembers the albums of pictures that came in of late: each picture is a
// message of its own, and ten of them need no ten replies. The zero albums are ready.
type albums struct {
	mu    sync.Mutex
	known map[string]bool
}

// again reports whether a message belongs to an album of which one was seen before.
func (a *albums) again(m *apiMessage) bool {
	if m == nil || m.MediaGroupID == "" {
		return false
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known[m.MediaGroupID] {
		return true
	}
	if a.known == nil || len(a.known) >= maxAnswers {
		a.known = make(map[string]bool)
	}
	a.known[m.MediaGroupID] = true
	return false
}
