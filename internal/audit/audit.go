// Package audit keeps the journal: who did what to which thing, and when.
//
// An entry is written in the transaction of the change itself, so that one
// exists exactly if the change does. Entries are only ever added. They hold
// ids, states and numbers, and never text that a person wrote: what somebody
// may have erased is not in them, and the journal never has to change.
//
// Entries form chains. The hash of each covers its content and the hash of the
// entry before it; and, as a witness, the hash of an entry of another chain
// whenever there is one that nobody has witnessed. A process writes chains of
// its own, one for each transaction that runs at the same time, so that writers
// do not wait for each other. Verify reads all of it and names each entry that
// was changed, moved or removed.
//
// What no chain can show by itself is that its newest entries are gone, all of
// them and of every chain: nothing is left that knew of them. For that there is
// the Seal, a summary of the chains' heads, which is kept where who can write
// to the database cannot.
package audit

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/cadre-hq/cadre/internal/store"
)

// An Actor is who does something: auth.Actor, or a test's.
type Actor interface {
	// PrincipalID is the id of who acts; "" is the program itself.
	PrincipalID() string
	// RequestID names the request, job or command in which they do.
	RequestID() string
}

// A Journal writes entries. There is one for each open database; it may be used
// by many goroutines.
type Journal struct {
	db    *store.DB
	clock func() time.Time

	mu        sync.Mutex
	process   string
	chains    int
	free      []*chain
	unwatched []head // committed, and not yet anybody's witness
	turn      int
	looked    bool // for heads that other processes left
}

// New returns the journal of a database, whose schema is current when the
// first entry is written.
func New(d *store.DB, clock func() time.Time) *Journal {
	return &Journal{db: d, clock: clock, process: newProcess()}
}

// Record adds an entry within a transaction: by did the action to the thing of
// a kind and id. An action is named room.noun.verb. Nil for by is the program
// itself. It costs one INSERT.
//
// An error tells that a name, an id or a fact cannot be in the journal, which
// is a defect of the caller, or that the database failed. Either way the caller
// returns it, so that nothing takes place that is not in the journal.
func (j *Journal) Record(ctx context.Context, tx store.Tx, by Actor, action, kind, id string, facts ...Fact) error {
	e := Entry{At: store.At(j.clock()).Time, Action: action, Kind: kind, ID: id}
	if by != nil {
		e.Actor, e.Request = by.PrincipalID(), by.RequestID()
	}
	var err error
	if e.Facts, err = encode(facts); err == nil {
		err = e.check()
	}
	if err != nil {
		return fmt.Errorf("journal %s: %w", action, err)
	}
	before, err := j.last(ctx, tx)
	if err != nil {
		return fmt.Errorf("journal %s: %w", action, err)
	}
	e.Chain, e.Seq = before.chain.name, before.seq+1
	e.witness = j.witness(e.Chain)
	e.Hash = e.hash(before.hash)
	if err := insert(ctx, tx, e); err != nil {
		return fmt.Errorf("journal %s: %w", action, err)
	}
	tx.Keep(j, &link{journal: j, chain: before.chain, seq: e.Seq, hash: e.Hash, witness: e.witness, before: before})
	return nil
}

// Two statements add an entry. One that is no witness has fewer values, since
// each that is bound costs the change that is journalled.
const (
	insertEntry = `INSERT INTO audit_entry (chain, seq, at, actor, action, thing_kind, thing_id, request, facts, hash,
		witness_chain, witness_seq, witness_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`
	insertAlone = `INSERT INTO audit_entry (chain, seq, at, actor, action, thing_kind, thing_id, request, facts, hash,
		witness_chain, witness_seq, witness_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', 0, '')`
)

func insert(ctx context.Context, tx store.Tx, e Entry) error {
	args := []any{e.Chain, e.Seq, e.At.UnixMicro(), e.Actor, e.Action, e.Kind, e.ID, e.Request, e.Facts, e.Hash, e.witness.chain, e.witness.seq, e.witness.hash}
	if e.witness == (head{}) {
		return tx.Later(ctx, insertAlone, args[:10]...)
	}
	return tx.Later(ctx, insertEntry, args...)
}
