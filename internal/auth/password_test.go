package auth

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
)

func TestPasswordsThatAreTaken(t *testing.T) {
	for password, want := range map[string]string{
		"":                                "at least 12",
		"elevenchars":                     "at least 12",
		strings.Repeat("long and ", 40):   "at most 256",
		"aaaaaaaaaaaaaaaa":                "easy to guess",
		"Password1234":                    "easy to guess",
		"ada.quay@meridian.example":       "easy to guess",
		"quayquayquayada1":                "easy to guess",
		"crane tide lamp otter":           "",
		"ваза под окном стоит":            "",
		"correct battery horse of Ada's ": "",
	} {
		err := CheckPassword(password, "Ada Quay", "ada.quay@meridian.example")
		if (err == nil) != (want == "") || err != nil && (!strings.Contains(err.Error(), want) || fault.KindOf(err) != fault.Invalid) {
			t.Errorf("%q: %v, want %q", password, err, want)
		}
	}
}

func TestHashes(t *testing.T) {
	h, err := newHasher(2)
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	hash, err := h.hash(ctx, "crane tide lamp otter")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("hash %q, %v", hash, err)
	}
	// The same password with weaker parameters, as an older program kept it.
	const old = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$fdKXDBmKe1JAMqjJNVTLWhuNBKpXS0bbiKkw5HeRzfE"
	for _, c := range []struct {
		why, password, hash string
		ok                  bool
	}{
		{"the right one", "crane tide lamp otter", hash, true},
		{"a wrong one", "crane tide lamp tiger", hash, false},
		{"nobody's", "nobody has this password", "", false},
		{"one that is too long to be anybody's", strings.Repeat("x", 10_000), hash, false},
	} {
		ok, outdated, err := h.matches(ctx, c.password, c.hash, false)
		if ok != c.ok || outdated || err != nil {
			t.Errorf("%s: %t, outdated %t, %v", c.why, ok, outdated, err)
		}
	}
	if _, outdated, err := h.matches(ctx, "x", old, true); !outdated || err != nil {
		t.Errorf("a hash of older parameters: outdated %t, %v", outdated, err)
	}
}

// Who waits for a slot may give up.
func TestHashingIsBounded(t *testing.T) {
	h, err := newHasher(1)
	if err != nil {
		t.Fatal(err)
	}
	leave, err := h.enter(t.Context(), true)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.hash(ctx, "crane tide lamp otter"); !errors.Is(err, context.Canceled) {
		t.Errorf("a second hash began: %v", err)
	}
	leave()
	if _, err := h.hash(t.Context(), "crane tide lamp otter"); err != nil {
		t.Error(err)
	}
}

// A flood of strangers is refused, and holds up nobody who is known.
func TestStrangersDoNotHoldUpOthers(t *testing.T) {
	h, err := newHasher(1)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	leave, err := h.enter(ctx, false) // one runs, and does not end
	if err != nil {
		t.Fatal(err)
	}
	waiting := make(chan error)
	for range queueFactor - 1 {
		go func() {
			_, _, err := h.matches(ctx, "a guess of theirs", "", false)
			waiting <- err
		}()
	}
	for len(h.waiting) < queueFactor {
		time.Sleep(time.Millisecond)
	}
	if _, _, err := h.matches(ctx, "a guess of theirs", "", false); fault.KindOf(err) != fault.Busy {
		t.Errorf("one more stranger: %v, want busy", err)
	}
	soon, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if _, _, err := h.matches(soon, "crane tide lamp otter", "", true); err != nil {
		t.Errorf("somebody who is known waits behind them: %v", err)
	}
	stop()
	for range queueFactor - 1 {
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			t.Errorf("who waited got %v", err)
		}
	}
	leave()
	if len(h.waiting) != 0 || len(h.slots) != 0 {
		t.Errorf("%d still wait, %d still run", len(h.waiting), len(h.slots))
	}
}
