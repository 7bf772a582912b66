package reliability

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// kills returns how often servers are killed.
func kills(t *testing.T) int {
	n := 10
	if text := os.Getenv("CADRE_TEST_KILLS"); text != "" {
		if _, err := fmt.Sscan(text, &n); err != nil {
			t.Fatal(err)
		}
	}
	return n
}

// A ledger is what clients know of their changes.
type ledger struct {
	mu    sync.Mutex
	saved map[string]int64 // what they were told is saved, with its release
	open  []string         // what they got no answer to
}

func (l *ledger) note(name string, release int64, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		l.open = append(l.open, name)
		return
	}
	l.saved[name] = release
}

// write has four clients publish until they get no answer any more.
func (l *ledger) write(t *testing.T, base, token string, round int) *sync.WaitGroup {
	var clients sync.WaitGroup
	for client := range 4 {
		clients.Go(func() {
			for n := 0; ; n++ {
				name := fmt.Sprintf("ship-%d-%d-%d", round, client, n)
				release, err := publish(base, token, name)
				l.note(name, release, err)
				if errors.Is(err, errNoAnswer) {
					return
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	return &clients
}

// Servers are killed while they write, at any moment. What was answered is
// there, what was not answered is there once or not at all, and becomes so when
// it is sent again under its key; the database is whole and the journal as it
// was written.
func TestKilledWhileWriting(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { killedWhileWriting(t, newEstate(t, ""), kills(t)) })
	t.Run("postgres", func(t *testing.T) { killedWhileWriting(t, newEstate(t, storetest.Empty(t, "")), kills(t)) })
}

func killedWhileWriting(t *testing.T, e *estate, times int) {
	e.start(t).stop(t) // makes the database
	token := e.publisher(t)
	l := &ledger{saved: map[string]int64{}}
	for round := range times {
		s := e.start(t)
		clients := l.write(t, s.base, token, round)
		time.Sleep(time.Duration(rand.IntN(300)) * time.Millisecond)
		s.kill()
		clients.Wait()
		l.holds(t, e)
		l.again(t, e, token)
		if t.Failed() {
			t.Fatalf("in round %d of %d; the server said:\n%s", round, times, s.log)
		}
	}
	l.holds(t, e)
	if len(l.saved) < times {
		t.Errorf("only %d changes in %d rounds: that is no load", len(l.saved), times)
	}
	t.Logf("%d changes were saved over %d kills", len(l.saved), times)
}

// holds compares what clients were told with what is there.
func (l *ledger) holds(t *testing.T, e *estate) {
	t.Helper()
	found := e.isSound(t)
	for name, release := range l.saved {
		if !slices.Equal(found[name], []int64{release}) {
			t.Errorf("%s was saved as release %d, and is there as %v", name, release, found[name])
		}
	}
	for _, name := range l.open {
		if len(found[name]) > 1 {
			t.Errorf("%s was not answered, and is there as %v", name, found[name])
		}
	}
}

// again sends what was not answered once more, under its key.
func (l *ledger) again(t *testing.T, e *estate, token string) {
	t.Helper()
	s := e.start(t)
	var unknown []string
	for _, name := range l.open {
		release, err := publish(s.base, token, name)
		switch {
		case err == nil:
			l.saved[name] = release
		case errors.Is(err, errNoAnswer):
			unknown = append(unknown, name) // carried out, by a server that died before it noted the answer
		default:
			t.Error(err)
		}
	}
	s.stop(t)
	l.open = nil
	found := e.isSound(t)
	for _, name := range unknown {
		if len(found[name]) != 1 {
			t.Errorf("%s was carried out, says the server, and is there as %v", name, found[name])
		}
	}
}
