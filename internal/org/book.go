package org

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/org/chart"
	"github.com/cadre-hq/cadre/internal/org/internal/db"
	"github.com/cadre-hq/cadre/internal/store"
)

// A bookAt is a book with the revision that it is of.
type bookAt struct {
	*chart.Book
	revision int64
}

// books keeps the last books in memory: more than one, since who began to read
// before a change still reads the state from before.
type books struct {
	mu   sync.Mutex
	kept []bookAt // the newest last
}

const mostBooks = 3

// find returns the newest book that is not newer than a revision.
func (b *books) find(revision int64) (found bookAt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, k := range b.kept {
		if k.revision <= revision {
			found = k
		}
	}
	return found
}

// keep takes a book.
func (b *books) keep(k bookAt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, have := range b.kept {
		if have.revision == k.revision {
			return
		}
		if have.revision > k.revision {
			b.kept = append(b.kept[:i:i], append([]bookAt{k}, b.kept[i:]...)...)
			b.trim()
			return
		}
	}
	b.kept = append(b.kept, k)
	b.trim()
}

func (b *books) trim() { b.kept = b.kept[max(0, len(b.kept)-mostBooks):] }

// mostReplayed is how many steps are replayed at most; beyond it the tables are
// read whole, which takes about as long.
const mostReplayed = 500

// book returns the book as a transaction sees it. A book that is made in an
// update, which may fail, is kept only by who knows how it ended.
func (s *Service) book(ctx context.Context, tx store.Tx) (bookAt, error) {
	q := db.New(tx)
	revision, err := q.Revision(ctx)
	if err != nil {
		return bookAt{}, fmt.Errorf("find the revision: %w", err)
	}
	have := s.books.find(revision)
	if have.Book != nil && have.revision == revision {
		return have, nil
	}
	if have.Book != nil && revision-have.revision <= mostReplayed {
		return s.replay(ctx, q, have)
	}
	b, err := read(ctx, q)
	return bookAt{b, revision}, err
}

// replay brings a book up to date.
func (s *Service) replay(ctx context.Context, q *db.Queries, have bookAt) (bookAt, error) {
	rows, err := q.StepsAfter(ctx, db.StepsAfterParams{Number: have.revision, Limit: mostReplayed})
	if err != nil {
		return bookAt{}, fmt.Errorf("find steps after %d: %w", have.revision, err)
	}
	d := have.Draft()
	for _, row := range rows {
		var step chart.Step
		if err := json.Unmarshal([]byte(row.Step), &step); err != nil {
			return bookAt{}, fmt.Errorf("read step %d: %w", row.Number, err)
		}
		if err := d.Apply(step); err != nil {
			return bookAt{}, fmt.Errorf("replay step %d: %w", row.Number, err)
		}
		if step.Person != "" && (step.Kind == chart.Note || step.Kind == chart.Join) {
			who, err := q.Person(ctx, row.Person)
			if err != nil {
				return bookAt{}, fmt.Errorf("find the person of step %d: %w", row.Number, err)
			}
			d.Describe(step.Person, who.Name, who.ManagedBefore == 1)
		}
		have.revision = row.Number
	}
	have.Book = d.Book()
	return have, nil
}

// read reads the whole book from the tables.
func read(ctx context.Context, q *db.Queries) (*chart.Book, error) {
	rows, err := q.People(ctx)
	if err != nil {
		return nil, fmt.Errorf("read people: %w", err)
	}
	byID := make(map[string]*chart.Person, len(rows))
	people := make([]*chart.Person, len(rows))
	for i, r := range rows {
		people[i] = &chart.Person{ID: PersonID(r.ID), Name: r.Name, ManagedBefore: r.ManagedBefore == 1}
		byID[r.ID] = people[i]
	}
	employments, err := q.Employments(ctx)
	if err != nil {
		return nil, fmt.Errorf("read employments: %w", err)
	}
	for _, e := range employments {
		p := byID[e.Person]
		p.Here = append(p.Here, calendar.Span{Since: e.SinceDay, Until: e.UntilDay})
	}
	seats, err := q.Seats(ctx)
	if err != nil {
		return nil, fmt.Errorf("read seats: %w", err)
	}
	positions := make(map[string]*chart.Position, len(seats))
	list := make([]*chart.Position, 0, len(seats))
	for _, r := range seats {
		p := positions[r.Position]
		if p == nil {
			p = &chart.Position{ID: PositionID(r.Position)}
			positions[r.Position] = p
			list = append(list, p)
		}
		p.Seats = append(p.Seats, chart.Seat{
			Place: chart.Place{
				Title: r.Title, Specialty: r.Specialty, Department: r.Department, Manager: PositionID(r.Manager),
				Pin: catalog.Pin{Family: catalog.FamilyID(r.Family), Version: int(r.Version), Level: catalog.LevelID(r.Level)},
			},
			Span: calendar.Span{Since: r.SinceDay, Until: r.UntilDay},
		})
	}
	holdings, err := q.Holdings(ctx)
	if err != nil {
		return nil, fmt.Errorf("read holdings: %w", err)
	}
	for _, r := range holdings {
		p := positions[r.Position]
		p.Holds = append(p.Holds, chart.Holding{
			Position: p.ID, Person: PersonID(r.Person), Kind: chart.HoldingKind(r.Kind),
			Span: calendar.Span{Since: r.SinceDay, Until: r.UntilDay},
		})
	}
	return chart.NewBook(people, list), nil
}

// Book returns the organisation in all its time, for other rooms.
func (s *Service) Book(ctx context.Context, tx store.Tx) (*chart.Book, error) {
	b, err := s.book(ctx, tx)
	return b.Book, err
}

// view calls f in a transaction with the book of it, and keeps the book.
func (s *Service) view(ctx context.Context, f func(store.Tx, bookAt) error) error {
	var b bookAt
	err := s.db.View(ctx, func(tx store.Tx) (err error) {
		if b, err = s.book(ctx, tx); err != nil {
			return err
		}
		return f(tx, b)
	})
	if b.Book != nil {
		s.books.keep(b)
	}
	return err
}
