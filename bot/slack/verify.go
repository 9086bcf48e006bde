package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// What Slack signs and how: docs.slack.dev/authentication/verifying-requests-from-slack.
const (
	headerSignature = "X-Slack-Signature"
	headerTime      = "X-Slack-Request-Timestamp"

	maxBody   = 1 << 20 // bytes; Slack's largest payloads have tens of thousands
	maxAge    = 5 * time.Minute
	signature = "v0=" // the version, before 64 hexadecimal digits
)

// Why a request was refused. That goes into the log; a caller learns nothing but
// that it was.
var (
	errTooLarge    = errors.New("the body is larger than 1 MiB")
	errNoTime      = errors.New(headerTime + " is not a number of seconds")
	errStale       = errors.New(headerTime + " is more than five minutes off")
	errNoSignature = errors.New(headerSignature + " is not v0= and 64 hexadecimal digits")
	errForged      = errors.New(headerSignature + " fits no signing secret")
)

// verifier checks that requests come from Slack. While a signing secret is being
// rotated there are two that count. The library's own verifier takes one secret and
// reads the clock, and that is why this is here; a test compares the two.
type verifier []*signer

func newVerifier(secrets ...string) (v verifier) {
	for _, secret := range secrets {
		v = append(v, &signer{hashes: sync.Pool{New: func() any { return hmac.New(sha256.New, []byte(secret)) }}})
	}
	return v
}

// signer signs with one secret. What that makes of a hash is kept, for it is half of
// the work.
type signer struct{ hashes sync.Pool }

// signed reports whether a signature is that of a body at a time.
func (s *signer) signed(at string, raw, given []byte) bool {
	mac := s.hashes.Get().(hash.Hash)
	defer s.hashes.Put(mac)
	mac.Reset()
	io.WriteString(mac, "v0:"+at+":") //nolint:errcheck // a hash never fails
	mac.Write(raw)
	return hmac.Equal(mac.Sum(nil), given)
}

// body reads the body of a request and returns it if Slack signed it.
func (v verifier) body(r *http.Request, now time.Time) ([]byte, error) {
	raw, err := wholeBody(r)
	if err != nil {
		return nil, err
	}
	return raw, v.check(r.Header.Get(headerTime), r.Header.Get(headerSignature), raw, now)
}

func wholeBody(r *http.Request) ([]byte, error) {
	if r.ContentLength > maxBody {
		return nil, errTooLarge
	}
	if r.ContentLength >= 0 { // it is not read in pieces
		raw := make([]byte, r.ContentLength)
		_, err := io.ReadFull(r.Body, raw)
		return raw, err
	}
	raw, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if len(raw) > maxBody {
		return nil, errTooLarge
	}
	return raw, err
}

// check returns nil if a secret signed the body at a time near now.
func (v verifier) check(at, signed string, raw []byte, now time.Time) error {
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return errNoTime
	}
	if oldest := now.Add(-maxAge).Unix(); seconds < oldest || seconds > now.Add(maxAge).Unix() {
		return errStale
	}
	digits, ok := strings.CutPrefix(signed, signature)
	given, err := hex.DecodeString(digits)
	if !ok || err != nil || len(given) != sha256.Size {
		return errNoSignature
	}
	fits := false
	for _, secret := range v {
		fits = secret.signed(at, raw, given) || fits
	}
	if !fits {
		return errForged
	}
	return nil
}
