package auth

import (
	"fmt"
	"net/netip"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
)

// A clock that the test moves.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time       { return c.now }
func (c *clock) pass(d time.Duration) { c.now = c.now.Add(d) }
func address(n int) netip.Addr {
	return netip.AddrFrom4([4]byte{10, byte(n >> 16), byte(n >> 8), byte(n)})
}
func newClock() *clock { return &clock{time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)} }
func refused(t *testing.T, e error) bool {
	t.Helper()
	if e != nil && fault.KindOf(e) != fault.Busy {
		t.Fatalf("refused with %v", e)
	}
	return e != nil
}

// Ten thousand wrong passwords from a thousand addresses are stopped, and the
// owner signs in as ever in the browser that they always use.
func TestGuessingLocksNobodyOut(t *testing.T) {
	c := newClock()
	th := NewThrottle(c.Now)
	tried := 0
	for n := range 10_000 {
		if !refused(t, th.Try("ada", address(n%1000), "")) {
			tried++
		}
		c.pass(100 * time.Millisecond)
	}
	if tried > onOneAccount+1 {
		t.Errorf("%d of 10 000 guesses were compared", tried)
	}
	if refused(t, th.Try("ada", address(5000), "her laptop")) {
		t.Error("the owner is locked out of her own browser")
	}
	if refused(t, th.Try("ben", address(5001), "")) {
		t.Error("another account is locked out")
	}
	c.pass(accountRefill)
	if refused(t, th.Try("ada", address(5002), "")) {
		t.Error("after half an hour there is no new try")
	}
}

func TestOneAddressIsBounded(t *testing.T) {
	c := newClock()
	th := NewThrottle(c.Now)
	from := netip.MustParseAddr("2001:db8::1")
	for n := range fromOneAddress {
		if refused(t, th.Try(fmt.Sprint("account ", n), from, "")) {
			t.Fatalf("try %d was refused", n)
		}
	}
	for _, neighbour := range []string{"2001:db8::1", "2001:db8::2", "2001:db8:0:0:ffff::"} {
		if !refused(t, th.Try("somebody", netip.MustParseAddr(neighbour), "")) {
			t.Errorf("%s is of the same network and was let through", neighbour)
		}
	}
	for _, other := range []string{"2001:db8:0:1::1", "::ffff:192.0.2.1"} {
		if refused(t, th.Try("somebody", netip.MustParseAddr(other), "")) {
			t.Errorf("%s is of another network and was refused", other)
		}
	}
	c.pass(addressRefill)
	if refused(t, th.Try("somebody else", from, "")) {
		t.Error("there is no new try after a while")
	}
}

// Mistyped passwords are forgotten with the right one.
func TestSuccessForgets(t *testing.T) {
	th := NewThrottle(newClock().Now)
	for n := range 3 * onOneAccount {
		if refused(t, th.Try("ada", address(n), "")) {
			t.Fatalf("try %d was refused", n)
		}
		if n%5 == 4 {
			th.Succeeded("ada", "")
		}
	}
}
