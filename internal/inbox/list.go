package inbox

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/inbox/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// How long sources are waited for: by somebody who reads their inbox, and by
// every page for the number in the rail.
const (
	readWait  = 5 * time.Second
	countWait = 500 * time.Millisecond
)

// A List is what stands in somebody's inbox, each part in the order of places.
type List struct {
	Todos   []Todo // that wait for the reader
	Snoozed []Snoozed
	Others  []Todo // that the reader waits for others to do
	// Missing are the labels of sources that failed.
	Missing []string
}

// Snoozed is a todo that is not shown before a day.
type Snoozed struct {
	Todo

	Until calendar.Day
}

// Read returns the inbox of an actor.
func (s *Service) Read(ctx context.Context, by auth.Actor) (*List, error) {
	if err := s.auth.Can(by, ReadTodo, box(by)); err != nil {
		return nil, err
	}
	return s.read(ctx, by, readWait)
}

// countLife is for how long a number in the rail is remembered.
const countLife = 5 * time.Second

// A count is how much waits for somebody, as it was a moment ago.
type count struct {
	n  int
	at time.Time
}

// mostCounts bounds the memory that counts take.
const mostCounts = 10_000

// Count returns how much waits for an actor, to within a few seconds. What
// cannot be found out is left out.
func (s *Service) Count(ctx context.Context, by auth.Actor) int {
	if !s.auth.May(by, ReadTodo, box(by)) {
		return 0
	}
	s.mu.Lock()
	known, ok := s.counts[by.ID]
	s.mu.Unlock()
	if age := s.clock().Sub(known.at); ok && age >= 0 && age < countLife {
		return known.n
	}
	l, err := s.read(ctx, by, countWait)
	if err != nil {
		s.log.WarnContext(ctx, "count an inbox", "err", err)
		return 0
	}
	return len(l.Todos)
}

// Changed forgets how much waits for some people, so that the number is right at
// once after they did something.
func (s *Service) Changed(people ...auth.PrincipalID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range people {
		delete(s.counts, id)
	}
}

// remember keeps how much waits for somebody.
func (s *Service) remember(id auth.PrincipalID, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.counts) >= mostCounts {
		clear(s.counts)
	}
	s.counts[id] = count{n, s.clock()}
}

// read asks all sources, and sorts what they say.
func (s *Service) read(ctx context.Context, by auth.Actor, wait time.Duration) (*List, error) {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	until, err := s.snoozed(ctx, by)
	if err != nil {
		return nil, err
	}
	found, missing := s.ask(ctx, by, s.sources)
	l := &List{Missing: missing}
	for _, t := range found {
		day, later := until[t.Key]
		switch {
		case t.Who != "":
			l.Others = append(l.Others, t)
		case later:
			l.Snoozed = append(l.Snoozed, Snoozed{t, day})
		default:
			l.Todos = append(l.Todos, t)
		}
	}
	s.remember(by.ID, len(l.Todos))
	return l, nil
}

// snoozed returns what an actor does not want to see yet.
func (s *Service) snoozed(ctx context.Context, by auth.Actor) (until map[Key]calendar.Day, err error) {
	err = s.db.Glance(ctx, func(tx store.Tx) error {
		until = map[Key]calendar.Day{}
		rows, err := db.New(tx).Snoozed(ctx, db.SnoozedParams{Principal: string(by.ID), UntilAt: store.At(s.clock())})
		for _, r := range rows {
			until[Key(r.Key)] = r.UntilDay
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read what was put off: %w", err)
	}
	return until, nil
}

// ask asks sources, all at once, and returns what there is to do in the order of
// places, and the labels of the sources that failed.
func (s *Service) ask(ctx context.Context, by auth.Actor, sources []Source) (found []Todo, missing []string) {
	by.Token, by.Scopes = "", nil // the scope of the inbox is enough
	now := s.clock()
	answers, failures := make([][]Todo, len(sources)), make([]error, len(sources))
	var all sync.WaitGroup
	for i, source := range sources {
		all.Go(func() { answers[i], failures[i] = source.todos(ctx, by, now) })
	}
	all.Wait()
	for i, err := range failures {
		if err != nil {
			s.log.LogAttrs(ctx, slog.LevelError, "a room did not say what there is to do",
				slog.String("room", sources[i].Room), slog.String("request", by.Request), slog.Any("err", err))
			missing = append(missing, sources[i].Label)
			continue
		}
		found = append(found, answers[i]...)
	}
	slices.SortStableFunc(found, func(a, b Todo) int { return a.Place().Compare(b.Place()) })
	return found, missing
}

// todos asks a source. What it does wrong is an error, even if it panics: it
// must not hide the others.
func (o Source) todos(ctx context.Context, by auth.Actor, now time.Time) (found []Todo, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	found, err = o.Todos(ctx, by, now)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, t := range found {
		if t.Key.Room() != o.Room || !t.Key.isValid() || t.Say == "" || t.Href != "" && !strings.HasPrefix(t.Href, "/") {
			return nil, fmt.Errorf("the todo %q has no key of the room, says nothing, or leads to another site", t.Key)
		}
	}
	return found, nil
}

// find returns a todo that waits for an actor. It is NotFound if there is none,
// and Busy if its room cannot be asked.
func (s *Service) find(ctx context.Context, by auth.Actor, key Key) (Todo, error) {
	ctx, cancel := context.WithTimeout(ctx, readWait)
	defer cancel()
	i := slices.IndexFunc(s.sources, func(o Source) bool { return o.Room == key.Room() })
	if i < 0 {
		return Todo{}, errDone
	}
	found, missing := s.ask(ctx, by, s.sources[i:i+1])
	if len(missing) > 0 {
		return Todo{}, fault.New(fault.Busy, "%s cannot be asked now: try again", missing[0])
	}
	i = slices.IndexFunc(found, func(t Todo) bool { return t.Key == key && t.Who == "" })
	if i < 0 {
		return Todo{}, errDone
	}
	return found[i], nil
}

// errDone says that there is no such todo, which is good news more often than
// not.
var errDone = fault.New(fault.NotFound, "this does not wait for you any more: it was done, or somebody else took it")

// Find returns a todo that waits for an actor, and until when they put it off
// ("" if they did not). It is NotFound if there is none, as when it was done.
func (s *Service) Find(ctx context.Context, by auth.Actor, key Key) (Snoozed, error) {
	if err := s.auth.Can(by, ReadTodo, box(by)); err != nil {
		return Snoozed{}, err
	}
	t, err := s.find(ctx, by, key)
	if err != nil {
		return Snoozed{}, err
	}
	until, err := s.snoozed(ctx, by)
	return Snoozed{t, until[key]}, err
}

// After returns the todos of a list that stand after a place.
func After(todos []Todo, p Place) []Todo {
	i, found := slices.BinarySearchFunc(todos, p, func(t Todo, p Place) int { return t.Place().Compare(p) })
	if found {
		i++
	}
	return todos[i:]
}
