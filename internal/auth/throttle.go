package auth

import (
	"net/netip"
	"strconv"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"github.com/cadre-hq/cadre/internal/fault"
)

// A Throttle bounds how often passwords are tried, so that guessing is hopeless
// and costs others nothing. Tries are counted in two ways:
//
//   - by where they come from: one address (of IPv6, its network of 64 bits)
//     has so many in a minute, whatever the account;
//   - by account, for browsers in which its owner never signed in: somebody who
//     guesses from a thousand addresses meets this bound. The owner's own
//     browsers have a count of their own, so that nobody is locked out of their
//     account by others. So has a sign-in by passkey or identity provider,
//     which cannot be guessed.
//
// A try that is refused costs no hashing. Counts are kept in memory, by each
// node for itself, for the most recent keys.
type Throttle struct {
	clock  func() time.Time
	mu     sync.Mutex
	counts *lru.Cache[string, *rate.Limiter]
}

// The bounds: how many at once, and how long until another one is free. A guess
// has 48 tries a day and account then, against a password of 12 characters.
const (
	fromOneAddress = 20
	addressRefill  = 3 * time.Second
	onOneAccount   = 10
	accountRefill  = 30 * time.Minute
)

// maxCounts bounds the memory, at about 150 bytes each.
const maxCounts = 100_000

// NewThrottle returns a throttle that has counted nothing yet.
func NewThrottle(clock func() time.Time) *Throttle {
	counts, err := lru.New[string, *rate.Limiter](maxCounts)
	if err != nil {
		panic(err) // the size is a constant
	}
	return &Throttle{clock: clock, counts: counts}
}

// Try counts a try on an account from an address, in a browser that the
// account knows by a name, or does not know (""). It returns Busy, with how
// long to wait, if the try must not be made.
func (t *Throttle) Try(account string, from netip.Addr, device string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if wait := t.take("a"+network(from), fromOneAddress, addressRefill); wait > 0 {
		return fault.Later(wait, "there were too many tries from here: wait %s, or sign in another way", words(wait))
	}
	if wait := t.take("b"+account+"\x00"+device, onOneAccount, accountRefill); wait > 0 {
		return fault.Later(wait, "there were too many wrong passwords for this account: wait %s, use a browser that you have signed in with before, or sign in another way", words(wait))
	}
	return nil
}

// The bounds of letters to one account. A link is good for an hour, so whoever
// asks for letters in the name of others cannot keep them from having one.
const (
	lettersAtOnce = 3
	letterRefill  = 20 * time.Minute
)

// TryLetter counts a letter that somebody at an address asks for, for an
// account. It returns Busy if they asked for too many, and tells whether the
// letter should be sent: an account gets so many, whoever asks.
func (t *Throttle) TryLetter(account string, from netip.Addr) (send bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if wait := t.take("a"+network(from), fromOneAddress, addressRefill); wait > 0 {
		return false, fault.Later(wait, "there were too many tries from here: wait %s", words(wait))
	}
	return t.take("l"+account, lettersAtOnce, letterRefill) == 0, nil
}

// Succeeded forgets the tries on an account in a browser, which were its
// owner's.
func (t *Throttle) Succeeded(account, device string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.counts.Remove("b" + account + "\x00" + device)
}

// take takes one of so many at once, or returns how long to wait for one.
func (t *Throttle) take(key string, atOnce int, refill time.Duration) time.Duration {
	now := t.clock()
	l, ok := t.counts.Get(key)
	if !ok {
		l = rate.NewLimiter(rate.Every(refill), atOnce)
		t.counts.Add(key, l)
	}
	if l.AllowN(now, 1) {
		return 0
	}
	r := l.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	r.CancelAt(now)
	return wait
}

// network returns the part of an address that one subscriber has.
func network(a netip.Addr) string {
	a = a.Unmap()
	bits := 64
	if a.Is4() {
		bits = 32
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return "?"
	}
	return p.String()
}

// words returns a duration as people say it, rounded up to minutes.
func words(d time.Duration) string {
	if n := int((d + time.Minute - 1) / time.Minute); n > 1 {
		return strconv.Itoa(n) + " minutes"
	}
	return "a minute"
}
