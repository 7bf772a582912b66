package auth

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// Ten thousand wrong passwords, 64 at a time and from two thousand addresses,
// cost next to no hashing; meanwhile people work, and sign in.
func TestTenThousandWrongPasswords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, d *store.DB) {
		o, ctx := openOffice(t, d), t.Context()
		if err := o.hasher.use(parameters); err != nil { // as hard as it is
			t.Fatal(err)
		}
		desk := o.first(t)
		ada := o.at(t, desk)
		ben := o.hire(t, ada, "Ben Sand", "ben@meridian.example")
		in, err := o.ByPassword(ctx, SignIn{Email: "ben@meridian.example", Password: words4, From: address(1)})
		if err != nil {
			t.Fatal(err)
		}
		var next, compared atomic.Int64
		var crowd sync.WaitGroup
		for range 64 {
			crowd.Go(func() {
				for n := next.Add(1); n <= 10_000; n = next.Add(1) {
					_, err := o.ByPassword(ctx, SignIn{Email: "ada@meridian.example", Password: "guess after guess", From: address(100 + int(n)%2000)})
					switch fault.KindOf(err) {
					case fault.Unauthenticated:
						compared.Add(1)
					case fault.Busy:
					default:
						t.Errorf("guess %d: %v", n, err)
					}
				}
			})
		}
		for next.Load() < 10_000 { // both are at work all the while
			if by, err := o.ByCookie(ctx, desk); err != nil || by.ID != ada.ID {
				t.Fatalf("ada cannot work: %v", err)
			}
			again, err := o.ByPassword(ctx, SignIn{Email: "ben@meridian.example", Password: words4, From: address(1), Known: in.Known})
			if err != nil && fault.KindOf(err) != fault.Busy {
				t.Fatalf("ben cannot sign in: %v", err)
			}
			if err == nil && o.at(t, again.Session).ID != ben.ID {
				t.Fatal("ben is somebody else")
			}
		}
		crowd.Wait()
		if compared.Load() > onOneAccount {
			t.Errorf("%d guesses were compared, want %d at most", compared.Load(), onOneAccount)
		}
		if _, err := o.ByPassword(ctx, SignIn{Email: "ben@meridian.example", Password: words4, From: address(2), Known: in.Known}); err != nil {
			t.Errorf("ben is locked out: %v", err)
		}
	})
}
