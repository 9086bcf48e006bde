package slack

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	slackgo "github.com/slack-go/slack"
)

// TestForgedRequests checks that nobody but Slack can make the bot do anything.
func TestForgedRequests(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	v := newVerifier("new secret", "old secret")
	const body = "team_id=T1&text=hello"
	at := strconv.FormatInt(now.Unix(), 10)
	good := sign("new secret", at, body)
	ago := func(d time.Duration) (string, string) {
		at := strconv.FormatInt(now.Add(-d).Unix(), 10)
		return at, sign("new secret", at, body)
	}
	stale, staleSigned := ago(maxAge + time.Second)
	early, earlySigned := ago(-maxAge - time.Second)
	last, lastSigned := ago(maxAge)
	tests := []struct {
		name, at, signed, body string
		want                   error
	}{
		{"good", at, good, body, nil},
		{"the old secret while it is rotated", at, sign("old secret", at, body), body, nil},
		{"the last second", last, lastSigned, body, nil},
		{"another secret", at, sign("a secret", at, body), body, errForged},
		{"an empty secret", at, sign("", at, body), body, errForged},
		{"a changed body", at, good, body + "!", errForged},
		{"another time", at[:len(at)-1] + "1", good, body, errForged},
		{"stale", stale, staleSigned, body, errStale},
		{"from the future", early, earlySigned, body, errStale},
		{"so far in the future that it is negative", "9223372036854775807", good, body, errStale},
		{"no time", "", good, body, errNoTime},
		{"a time that is none", "soon", good, body, errNoTime},
		{"no signature", at, "", body, errNoSignature},
		{"no version", at, strings.TrimPrefix(good, "v0="), body, errNoSignature},
		{"another version", at, "v1" + good[2:], body, errNoSignature},
		{"a short signature", at, good[:len(good)-2], body, errNoSignature},
		{"a long one", at, good + "00", body, errNoSignature},
		{"one that is not hexadecimal", at, "v0=" + strings.Repeat("x", 64), body, errNoSignature},
	}
	for _, tt := range tests {
		if err := v.check(tt.at, tt.signed, []byte(tt.body), now); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	if err := (verifier{}).check(at, sign("", at, body), []byte(body), now); err == nil {
		t.Error("without a secret everything passes")
	}
}

// TestRefusals checks what a caller learns of why it was refused: nothing.
func TestRefusals(t *testing.T) {
	b := start(t, echo)
	refused := []*httptest.ResponseRecorder{
		b.postAs(pathCommands, slash("hello"), "a secret", time.Now()),
		b.postAs(pathCommands, slash("hello"), testSecret, time.Now().Add(-time.Hour)),
		b.postAs(pathEvents, `{"type":"url_verification","challenge":"abc"}`, "a secret", time.Now()),
	}
	for i, w := range refused {
		if w.Code != http.StatusUnauthorized || w.Body.String() != refused[0].Body.String() {
			t.Errorf("%d: got %d %q", i, w.Code, w.Body)
		}
	}
	for _, reason := range []error{errForged, errStale} {
		if !strings.Contains(b.log.String(), reason.Error()) {
			t.Errorf("the log does not say %q", reason)
		}
	}
	if w := b.post(pathCommands, "text="+strings.Repeat("x", maxBody)); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a body of more than 1 MiB: got %d", w.Code)
	}
	if w := httptest.NewRecorder(); true {
		b.mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, pathCommands, http.NoBody))
		if w.Code != http.StatusMethodNotAllowed {
			t.Errorf("GET: got %d", w.Code)
		}
	}
}

// TestSetup checks the two requests with which Slack looks whether an address works.
func TestSetup(t *testing.T) {
	b := start(t, echo)
	if w := b.post(pathEvents, `{"type":"url_verification","challenge":"abc"}`); w.Code != http.StatusOK || w.Body.String() != "abc" {
		t.Errorf("challenge: got %d %q", w.Code, w.Body)
	}
	if w := b.postAs(pathCommands, "ssl_check=1&token=x", "", time.Time{}); w.Code != http.StatusOK || w.Body.Len() > 0 {
		t.Errorf("ssl_check: got %d %q", w.Code, w.Body)
	}
	if w := b.postAs(pathCommands, "ssl_check=1&"+slash("hello"), "", time.Now()); w.Code != http.StatusUnauthorized {
		t.Errorf("a forged command that looks like ssl_check: got %d", w.Code)
	}
}

// FuzzVerifier compares with the library, which is another author's reading of the
// same page.
func FuzzVerifier(f *testing.F) {
	const secret = "a secret"
	f.Add("v0=", "body", int64(0), false)
	f.Add("", "text=hello", int64(299), true)
	f.Add("", "", int64(-301), true)
	f.Fuzz(func(t *testing.T, signed, body string, off int64, right bool) {
		now := time.Now()
		if off%60 == 0 {
			off++ // on the very second of the limit the clocks of the two may differ
		}
		at := strconv.FormatInt(now.Unix()+off%600, 10)
		if right {
			signed = sign(secret, at, body)
		}
		header := http.Header{headerSignature: {signed}, headerTime: {at}}
		theirs, err := slackgo.NewSecretsVerifier(header, secret)
		if err == nil {
			theirs.Write([]byte(body))
			err = theirs.Ensure()
		}
		ours := newVerifier(secret).check(at, signed, []byte(body), now)
		if (err == nil) != (ours == nil) {
			t.Errorf("%q, %q at %s: the library says %v, we say %v", signed, body, at, err, ours)
		}
	})
}
