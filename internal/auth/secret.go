package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"log/slog"
	"strings"
)

// A Secret is what somebody shows to be let in: the content of a session's
// cookie, a token, a link. It is told once, to its owner, and kept as a hash
// only. It has 256 random bits, so the hash needs no salt and no slowness.
type Secret string

// newSecret returns a secret that begins with a prefix, by which people and
// programs that look for leaked secrets know what it is.
func newSecret(prefix string) Secret {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return Secret(prefix + base64.RawURLEncoding.EncodeToString(b[:]))
}

// The prefixes of secrets.
const (
	sessionPrefix = "cadre_s_"
	tokenPrefix   = "cadre_t_"
	linkPrefix    = "cadre_l_"
	devicePrefix  = "cadre_d_"
	wayPrefix     = "cadre_w_"
)

// sum returns what is kept of the secret.
func (s Secret) sum() string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:])
}

// is reports whether the secret has a prefix and could be one.
func (s Secret) is(prefix string) bool {
	return strings.HasPrefix(string(s), prefix) && len(s) == len(prefix)+base64.RawURLEncoding.EncodedLen(32)
}

// String hides the secret from logs and messages.
func (s Secret) String() string { return "(secret)" }

// GoString hides it, too.
func (s Secret) GoString() string { return "(secret)" }

// LogValue hides it from package slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue("(secret)") }

// Reveal returns the secret itself, for its owner.
func (s Secret) Reveal() string { return string(s) }
