package telegram

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// FuzzScan: what is found without reading the rest is what encoding/json finds, or an
// update would be answered in part, or an answer be edited that is another's.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{
		`{"ok":true,"result":[]}`,
		`{"ok":true,"result":[{"update_id":1,"message":{"text":"a \"}]\\","entities":[{"type":"x"}]}},{"update_id":2}]}`,
		`{"ok":true,"result":[{"update_id":1},]}`,
		`{"ok":true,"result":[{"update_id":1}],"description":"x"}`,
		`{"ok":true,"result":[{"update_id":1}`,
		`{"ok":true,"result":{"message_id":17,"chat":{"id":5},"text":"\ud83d\ude00"}}`,
		`{"ok":true,"result":{"message_id":-17}}`,
		`{"ok":true,"result":{"message_id":}}`,
		`{"ok":true,"result":true}`,
		`{ "ok": true, "result": [ {"update_id":1} ] }`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		if !json.Valid([]byte(body)) {
			_, _ = updatesIn([]byte(body)) // they must come to an end
			_, _ = messageIn([]byte(body))
			return
		}
		var list struct {
			Result []json.RawMessage `json:"result"`
		}
		if got, ok := updatesIn([]byte(body)); ok {
			if err := json.Unmarshal([]byte(body), &list); err != nil || len(list.Result) != len(got) {
				t.Fatalf("%d updates in %s, want %d (%v)", len(got), body, len(list.Result), err)
			}
			for i, u := range got {
				if string(u) != string(list.Result[i]) {
					t.Errorf("update %d in %s: %s, want %s", i, body, u, list.Result[i])
				}
			}
		}
		if id, ok := messageIn([]byte(body)); ok && id != tokenOf(body, 6) {
			t.Errorf("message %s in %s, want %s", id, body, tokenOf(body, 6))
		}
	})
}

// tokenOf returns the nth token of a text in JSON, from 0: brackets, names and values.
func tokenOf(body string, n int) string {
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	for ; n > 0; n-- {
		_, _ = d.Token()
	}
	token, _ := d.Token()
	return fmt.Sprint(token)
}
