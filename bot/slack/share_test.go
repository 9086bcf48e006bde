package slack

import (
	"testing"
	"testing/synctest"
	"time"
)

// TestShareKilled checks what a start makes of an answer that was about to be shared when
// the program was killed: everybody sees it once, and where nobody can know whether they
// do, the one who shares is told instead.
func TestShareKilled(t *testing.T) {
	tests := []struct {
		name    string
		history string // what it says; nothing for a message with the mark
		want    []string
	}{
		{"it was shared", "", []string{"deleted"}},
		{"it was not", `{"ok":true,"messages":[]}`, []string{inChannel, "deleted"}},
		{"nobody knows", `{"ok":false,"error":"not_in_channel"}`, []string{ephemeral}},
	}
	for _, tt := range tests {
		synctest.Test(t, func(t *testing.T) {
			inbox := newMemory()
			body := append([]byte{byte(interaction)}, pressedJSON("t1", "share.0.0", "", "who?")...)
			inbox.Keep(t.Context(), "interaction:t1", address("T1", "C1", "@U1"), body, time.Now())
			inbox.Sending(t.Context(), "interaction:t1", 0, time.Now())
			b := start(t, echo, func(_ *Config, p *Ports) { p.Inbox = inbox })
			mark := markBlock + markOf(b.marks[0], address("T1", "C1", ""), "interaction:t1#last")
			b.api.answer("conversations.history", orElse(tt.history,
				`{"ok":true,"messages":[{"ts":"1.2","bot_id":"B1","blocks":[{"type":"context","block_id":"`+mark+`","elements":[]}]}]}`))
			if err := b.adopt(t.Context()); err != nil {
				t.Fatal(err)
			}
			b.drained(t)
			calls := b.api.of("response_url", "chat.postMessage")
			if len(calls) != len(tt.want) {
				t.Fatalf("%s: got %d calls, want %v", tt.name, len(calls), tt.want)
			}
			for i, c := range calls {
				got := asResponse(t, c.body)
				if got.DeleteOriginal != (tt.want[i] == "deleted") || !got.DeleteOriginal && got.ResponseType != tt.want[i] {
					t.Errorf("%s: call %d: got %s, want %s", tt.name, i, c.body, tt.want[i])
				}
			}
		})
	}
}
