package store

import (
	"context"
	"database/sql"
	"sync"
)

// maxStatements bounds how many prepared statements are kept. The program has
// a few hundred fixed ones; the rest are lists that a reader put together.
const maxStatements = 512

// statements keeps the statements of a pool prepared, which halves the time of
// a read of one row (design/architecture.md §3). A statement that is not known
// runs unprepared, and is prepared before the next transaction begins: to wait
// for a second connection inside of one could last for ever.
type statements struct {
	db     *sql.DB
	mu     sync.RWMutex
	known  map[string]*sql.Stmt
	wanted map[string]bool
}

func newStatements(db *sql.DB) *statements {
	return &statements{db: db, known: map[string]*sql.Stmt{}, wanted: map[string]bool{}}
}

// find returns the prepared statement, or nil and remembers that it is wanted.
func (s *statements) find(query string) *sql.Stmt {
	if s == nil {
		return nil
	}
	s.mu.RLock()
	found := s.known[query]
	full := len(s.known)+len(s.wanted) >= maxStatements
	s.mu.RUnlock()
	if found == nil && !full {
		s.mu.Lock()
		s.wanted[query] = true
		s.mu.Unlock()
	}
	return found
}

// prepare prepares what is wanted. Call it outside of transactions. What
// cannot be prepared goes on running unprepared, and fails there if it is
// wrong.
func (s *statements) prepare(ctx context.Context) {
	s.mu.RLock()
	idle := len(s.wanted) == 0
	s.mu.RUnlock()
	if idle {
		return
	}
	s.mu.Lock()
	wanted := s.wanted
	s.wanted = map[string]bool{}
	s.mu.Unlock()
	for query := range wanted {
		p, err := s.db.PrepareContext(ctx, query)
		if err != nil {
			continue
		}
		s.mu.Lock()
		if s.known[query] == nil {
			s.known[query] = p
		} else {
			_ = p.Close() // another was faster
		}
		s.mu.Unlock()
	}
}

// close ends all statements.
func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.known {
		_ = p.Close()
	}
	clear(s.known)
}
