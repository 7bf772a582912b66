package audit

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/store"
)

// A chain is a row of entries that this process writes. One transaction holds
// it at a time. Its head is the last entry that is committed.
type chain struct {
	name string
	head link
}

// A head is an entry of a chain as others know it: as a witness, or in a seal.
type head struct {
	chain string
	seq   int64
	hash  string
}

// A link is where a chain is within a transaction. A transaction of the
// database carries the newest (store.Tx.Keep); what a failed update added is
// forgotten with the update.
type link struct {
	journal *Journal
	chain   *chain
	seq     int64
	hash    string
	witness head
	before  *link // of the same transaction, or the head of the chain
}

// newProcess returns a name for the chains of a process, which no other has.
func newProcess() string { return strings.ToLower(rand.Text()[:10]) }

// last returns the link that the next entry of a transaction follows. The first
// of a transaction takes a chain that no other holds.
func (j *Journal) last(ctx context.Context, tx store.Tx) (*link, error) {
	if l, ok := tx.Kept(j).(*link); ok {
		return l, nil
	}
	if err := j.look(ctx, tx); err != nil {
		return nil, err
	}
	c := j.take()
	l := c.head
	tx.Keep(j, &l)
	return &l, nil
}

// take returns a chain that nobody holds, a new one if need be.
func (j *Journal) take() *chain {
	j.mu.Lock()
	defer j.mu.Unlock()
	if n := len(j.free); n > 0 {
		c := j.free[n-1]
		j.free = j.free[:n-1]
		return c
	}
	j.chains++
	c := &chain{name: fmt.Sprintf("%s-%d", j.process, j.chains)}
	c.head = link{journal: j, chain: c}
	return c
}

// Ended implements store.Ending: the transaction that held the chain is over.
func (l *link) Ended(o store.Outcome) {
	j, c := l.journal, l.chain
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case o == store.Uncertain:
		return // nobody knows where this chain ends; another one is begun
	case o == store.Committed && l.seq > c.head.seq:
		for step := l; step != nil && step.seq > c.head.seq; step = step.before {
			j.watch(step.witness)
		}
		j.unwatched = slices.DeleteFunc(j.unwatched, func(h head) bool { return h.chain == c.name })
		j.unwatched = append(j.unwatched, head{c.name, l.seq, l.hash})
		c.head = link{journal: j, chain: c, seq: l.seq, hash: l.hash}
	}
	j.free = append(j.free, c)
}

// watch notes that a head has a witness.
func (j *Journal) watch(h head) {
	if h.chain != "" {
		j.unwatched = slices.DeleteFunc(j.unwatched, func(u head) bool { return u == h })
	}
}

// witness returns the head of another chain that has no witness yet, each in
// its turn, or none.
func (j *Journal) witness(name string) head {
	j.mu.Lock()
	defer j.mu.Unlock()
	for range j.unwatched {
		j.turn++
		if h := j.unwatched[j.turn%len(j.unwatched)]; h.chain != name {
			return h
		}
	}
	return head{}
}

// look finds, once, the heads that other processes left or write: the newest
// entries, which are those of the chains that were written to last.
func (j *Journal) look(ctx context.Context, tx store.Tx) (err error) {
	j.mu.Lock()
	looked := j.looked
	j.looked = true
	j.mu.Unlock()
	if looked {
		return nil
	}
	heads, err := newest(ctx, tx)
	j.mu.Lock()
	defer j.mu.Unlock()
	if err != nil {
		j.looked = false
		return err
	}
	j.unwatched = append(j.unwatched, heads...)
	return nil
}

const newestEntries = `SELECT chain, seq, hash FROM audit_entry WHERE at <= $1 ORDER BY at DESC, chain DESC, seq DESC LIMIT 64`

// newest returns the last entry of each chain that the newest entries are of.
func newest(ctx context.Context, tx store.Tx) ([]head, error) {
	rows, err := tx.QueryContext(ctx, newestEntries, int64(endOfTime))
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var heads []head
	for rows.Next() {
		var h head
		if err := rows.Scan(&h.chain, &h.seq, &h.hash); err != nil {
			return nil, err
		}
		i := slices.IndexFunc(heads, func(k head) bool { return k.chain == h.chain })
		switch {
		case i < 0:
			heads = append(heads, h)
		case heads[i].seq < h.seq:
			heads[i] = h
		}
	}
	return heads, rows.Err()
}
