package slack

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
)

// keyring holds the keys that tokens are sealed with. The first one seals, all of
// them open: a new key is put before the old one, and the old one may go when every
// installation has been sealed anew, which happens at the next refresh of its token
// and at the next start.
//
// A token is sealed with AES-256-GCM as the standard library has it, with a random
// nonce that it makes itself: well below 2³² seals in the life of a key, as many as
// NIST SP 800-38D allows, and no further dependency.
type keyring []sealKey

type sealKey struct {
	id    string // of four bytes, in front of what is sealed
	bytes []byte
	aead  cipher.AEAD
}

// newKeyring reads keys of 32 bytes, each in base64 or hexadecimal.
func newKeyring(keys []string) (keyring, error) {
	var ring keyring
	for _, text := range keys {
		secret, ok := keyBytes(strings.TrimSpace(text))
		if !ok {
			return nil, errors.New("SUHBAT_ENCRYPTION_KEY is not 32 random bytes in base64, as `openssl rand -base64 32` makes them; a new key stands before the old one, with a comma between")
		}
		block, err := aes.NewCipher(derive(secret, "tokens"))
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, err
		}
		sum := sha256.Sum256(derive(secret, "key id"))
		ring = append(ring, sealKey{id: string(sum[:4]), bytes: secret, aead: aead})
	}
	return ring, nil
}

func keyBytes(text string) ([]byte, bool) {
	for _, decode := range []func(string) ([]byte, error){
		base64.StdEncoding.DecodeString, base64.RawURLEncoding.DecodeString, base64.URLEncoding.DecodeString, hex.DecodeString,
	} {
		if b, err := decode(text); err == nil && len(b) == 32 {
			return b, true
		}
	}
	return nil, false
}

var errSealed = errors.New("this was sealed with another key, for another workspace, or it was changed")

// boundTo is what a sealed token can be opened for: the workspace whose it is.
func boundTo(enterprise, team string) []byte {
	return fmt.Appendf(nil, "suhbat slack installation\x00%s\x00%s", enterprise, team)
}

// seal encrypts plain so that it opens for the same workspace only.
func (r keyring) seal(enterprise, team string, plain []byte) []byte {
	return r[0].aead.Seal([]byte(r[0].id), nil, plain, boundTo(enterprise, team))
}

// open decrypts what seal returned. Stale is true if another key than the first one
// opened it.
func (r keyring) open(enterprise, team string, sealed []byte) (plain []byte, stale bool, err error) {
	for i, key := range r {
		rest, ok := strings.CutPrefix(string(sealed), key.id)
		if !ok {
			continue
		}
		if plain, err := key.aead.Open(nil, nil, []byte(rest), boundTo(enterprise, team)); err == nil {
			return plain, i > 0, nil
		}
	}
	return nil, false, errSealed
}
