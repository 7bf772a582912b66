package auth

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"

	"github.com/cadre-hq/cadre/internal/fault"
)

// Bounds of a password, in characters. Length is what makes one good: there
// are no rules about digits or signs (NIST SP 800-63B-4 §3.1.1.2, OWASP ASVS
// 5.0 §6.2). The upper bound keeps a request from being work without end.
const (
	minPassword = 12
	maxPassword = 256
)

// parameters are those that OWASP's Password Storage Cheat Sheet gives as the
// least for argon2id: 19 MiB, 2 passes, 1 lane.
var parameters = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// CheckPassword reports what is wrong with a new password: Invalid, with what
// to do. About is what the password must not be made of: name and address of
// its owner, and the name of the organisation.
func CheckPassword(password string, about ...string) error {
	n := utf8.RuneCountInString(password)
	switch {
	case n < minPassword:
		return fault.New(fault.Invalid, "a password has at least %d characters: take a few words that do not belong together", minPassword)
	case n > maxPassword:
		return fault.New(fault.Invalid, "a password has at most %d characters", maxPassword)
	}
	rest := strings.ToLower(password)
	for _, a := range append([]string{"cadre", "password", "passwort", "qwerty", "letmein", "welcome", "123456789", "1234"}, about...) {
		for word := range strings.FieldsFuncSeq(strings.ToLower(a), func(r rune) bool { return strings.ContainsRune(" @.-_+", r) }) {
			if len(word) > 2 {
				rest = strings.ReplaceAll(rest, word, "")
			}
		}
	}
	rest = strings.Join(strings.Fields(rest), "")
	if utf8.RuneCountInString(rest) < minPassword/2 || distinct(rest) < 4 {
		return fault.New(fault.Invalid, "this password is easy to guess: leave out names, and words that many people use")
	}
	return nil
}

// distinct returns how many different characters a text has.
func distinct(s string) int {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen)
}

// A hasher turns passwords into hashes and compares them. Each takes 19 MiB
// and some twenty milliseconds of a processor, so only a few run at a time, and
// only so many wait: a flood of guesses is refused rather than queued up. Who
// signs in where they signed in before does not wait behind strangers.
type hasher struct {
	slots   chan struct{} // of strangers
	known   chan struct{} // of everybody else
	waiting chan struct{} // strangers who run or wait
	params  *argon2id.Params
	// decoy is compared when there is no such account, so that the time of an
	// answer does not tell which accounts there are.
	decoy string
}

// queueFactor is how many strangers wait for each that runs: about a second's
// work.
const queueFactor = 50

// newHasher returns a hasher that runs up to n at a time for strangers, and up
// to n for others.
func newHasher(n int) (*hasher, error) {
	h := &hasher{
		slots: make(chan struct{}, n), known: make(chan struct{}, n), waiting: make(chan struct{}, n*queueFactor),
	}
	return h, h.use(parameters)
}

// use sets how hard hashing is.
func (h *hasher) use(p *argon2id.Params) (err error) {
	h.params = p
	h.decoy, err = argon2id.CreateHash("nobody has this password", p)
	return err
}

// enter waits for a slot. It is Busy if too many strangers wait already.
func (h *hasher) enter(ctx context.Context, known bool) (leave func(), err error) {
	slots, out := h.known, func() {}
	if !known {
		select {
		case h.waiting <- struct{}{}:
		default:
			return nil, fault.New(fault.Busy, "very many people sign in just now: try again in a few seconds")
		}
		slots, out = h.slots, func() { <-h.waiting }
	}
	select {
	case slots <- struct{}{}:
		return func() { <-slots; out() }, nil
	case <-ctx.Done():
		out()
		return nil, ctx.Err()
	}
}

// hash returns the hash of a password in the PHC string format. Who sets one
// showed a secret or signed in, so they are no stranger.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	leave, err := h.enter(ctx, true)
	if err != nil {
		return "", err
	}
	defer leave()
	return argon2id.CreateHash(password, h.params)
}

// matches reports whether a password is the one of a hash; an empty hash is
// that of an account that does not exist. Outdated is true if the hash was
// made with other parameters than those of today.
func (h *hasher) matches(ctx context.Context, password, hash string, known bool) (ok, outdated bool, err error) {
	leave, err := h.enter(ctx, known)
	if err != nil {
		return false, false, err
	}
	defer leave()
	exists := hash != ""
	if !exists {
		hash = h.decoy
	}
	if utf8.RuneCountInString(password) > maxPassword {
		password = "" // it is nobody's
	}
	ok, p, err := argon2id.CheckHash(password, hash)
	if err != nil {
		return false, false, err
	}
	return ok && exists, exists && *p != *h.params, nil
}
