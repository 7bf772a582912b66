package auth

import (
	"context"
	"sync"
	"testing"

	"github.com/cadre-hq/cadre/internal/store"
)

// An inbox is the post for tests: it keeps the ids of the letters.
type inbox struct {
	mu  sync.Mutex
	ids []string
}

func (i *inbox) PostLetter(_ context.Context, tx store.Tx, id string) error {
	tx.OnEnd(func(o store.Outcome) {
		if o == store.Committed {
			i.mu.Lock()
			defer i.mu.Unlock()
			i.ids = append(i.ids, id)
		}
	})
	return nil
}

// letter returns the newest letter; it is written now.
func (o *office) letter(t *testing.T) Letter {
	t.Helper()
	o.inbox.mu.Lock()
	defer o.inbox.mu.Unlock()
	if len(o.inbox.ids) == 0 {
		t.Fatal("no letter was asked for")
	}
	id := o.inbox.ids[len(o.inbox.ids)-1]
	l, err := o.Write(t.Context(), id)
	if err != nil {
		t.Fatalf("write letter: %v", err)
	}
	return l
}

// letters returns how many letters were asked for.
func (o *office) letters() int {
	o.inbox.mu.Lock()
	defer o.inbox.mu.Unlock()
	return len(o.inbox.ids)
}

// ada returns the first administrator at work.
func (o *office) ada(t testing.TB) Actor {
	t.Helper()
	return o.at(t, o.first(t))
}

// at returns who a session belongs to.
func (o *office) at(t testing.TB, session Secret) Actor {
	t.Helper()
	by, err := o.ByCookie(t.Context(), session)
	if err != nil {
		t.Fatal(err)
	}
	return by
}

// hire invites somebody and accepts for them.
func (o *office) hire(t *testing.T, by Actor, name, email string, roles ...Role) Actor {
	t.Helper()
	if _, err := o.Invite(t.Context(), by, email, name, roles...); err != nil {
		t.Fatal(err)
	}
	session, err := o.Accept(t.Context(), o.letter(t).Link, name, words4, "Firefox on Linux")
	if err != nil {
		t.Fatal(err)
	}
	return o.at(t, session)
}

// guest returns ben, who has no password and is signed in by a link.
func (o *office) guest(t *testing.T) Actor {
	t.Helper()
	p, err := o.AddPerson(t.Context(), TheProgram("test"), "Ben Sand", "ben@meridian.example", "")
	if err != nil {
		t.Fatal(err)
	}
	var session Secret
	err = o.db.Update(t.Context(), func(tx store.Tx) (err error) {
		session, err = o.begin(t.Context(), tx, p, "link", "")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return o.at(t, session)
}
