package app

import (
	"net/http"
	"net/netip"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// A limiter bounds how many requests one client sends: by its address, of IPv6
// the network of 64 bits that belongs to one customer. Guessing passwords has a
// bound of its own (auth.Throttle). Counts are of this node, for the clients
// that were seen last.
type limiter struct {
	perSecond rate.Limit
	burst     int
	clock     func() time.Time
	clients   *lru.Cache[netip.Prefix, *rate.Limiter]
}

// maxClients bounds the memory: a count takes some hundred bytes.
const maxClients = 50_000

// newLimiter returns a limiter of so many requests in a second for each
// client; nil for 0, which is no limit.
func newLimiter(perSecond int64, clock func() time.Time) *limiter {
	if perSecond == 0 {
		return nil
	}
	clients, err := lru.New[netip.Prefix, *rate.Limiter](maxClients)
	if err != nil {
		panic(err) // the size is a constant
	}
	return &limiter{perSecond: rate.Limit(perSecond), burst: int(perSecond) * 10, clock: clock, clients: clients}
}

// wait returns how long the sender of a request must wait; 0 lets it pass.
func (l *limiter) wait(r *http.Request) time.Duration {
	if l == nil {
		return 0
	}
	a := addressOf(r.RemoteAddr)
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	key, _ := a.Prefix(bits) // the zero prefix stands for all without an address
	count, ok := l.clients.Get(key)
	if !ok {
		// Two requests that come first at the same time may each get a count
		// of their own; one of them is forgotten, which does no harm.
		count = rate.NewLimiter(l.perSecond, l.burst)
		l.clients.Add(key, count)
	}
	now := l.clock()
	seat := count.ReserveN(now, 1)
	wait := seat.DelayFrom(now)
	if wait > 0 {
		seat.CancelAt(now)
	}
	return wait
}
