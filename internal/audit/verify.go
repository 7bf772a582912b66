package audit

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/cadre-hq/cadre/internal/store"
)

// A Flaw is a way in which a journal was tampered with.
type Flaw string

// The flaws.
const (
	Altered  Flaw = "altered"  // an entry is not what was written
	Moved    Flaw = "moved"    // an entry is not where it was written
	Missing  Flaw = "missing"  // entries between others are gone
	Cut      Flaw = "cut"      // the newest entries of a chain are gone
	Vanished Flaw = "vanished" // a whole chain is gone
)

// A Problem is one place at which a journal was tampered with.
type Problem struct {
	Flaw  Flaw
	Chain string
	// From and To are the first and the last entry that it is about.
	From, To int64
	Why      string
}

// String returns a problem as one sentence.
func (p Problem) String() string {
	which := fmt.Sprintf("entry %s/%d", p.Chain, p.From)
	if p.To > p.From {
		which = fmt.Sprintf("entries %s/%d to %d", p.Chain, p.From, p.To)
	}
	if p.Flaw == Vanished {
		which = "chain " + p.Chain
	}
	return fmt.Sprintf("%s: %s: %s", which, p.Flaw, p.Why)
}

// A Summary says what was verified.
type Summary struct {
	Entries, Chains, Seals int
	First, Last            time.Time // of the entries
	Problems               int
}

// Verify reads the whole journal and reports each place at which somebody
// tampered with it, in no certain order. It compares the journal with seals,
// if there are any. Its memory depends on the number of chains and problems,
// and not on that of entries. An error says that the journal could not be
// read.
func Verify(ctx context.Context, tx store.Tx, seals []Seal, report func(Problem)) (Summary, error) {
	v := &verifier{
		report: report, summary: Summary{Seals: len(seals)}, sealed: map[string][]sealedAs{},
		lasts: map[string]int64{}, bad: map[place]bool{}, claims: map[place]string{}, beyond: map[string]claim{},
	}
	for _, s := range seals {
		when := "the seal of " + s.At.UTC().Format(time.RFC3339)
		for _, h := range s.Heads {
			v.sealed[h.Chain] = append(v.sealed[h.Chain], sealedAs{h, when})
		}
	}
	rows, err := tx.QueryContext(ctx, `SELECT e.chain, e.seq, e.at, e.actor, e.action, e.thing_kind, e.thing_id, e.request, e.facts,
		e.witness_chain, e.witness_seq, e.witness_hash, e.hash, w.hash
		FROM audit_entry e LEFT JOIN audit_entry w ON w.chain = e.witness_chain AND w.seq = e.witness_seq
		ORDER BY e.chain, e.seq`)
	if err != nil {
		return v.summary, fmt.Errorf("read the journal: %w", err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var r row
		if err := r.scan(rows.Scan); err != nil {
			return v.summary, fmt.Errorf("read the journal: %w", err)
		}
		v.read(r)
	}
	if err := rows.Err(); err != nil {
		return v.summary, fmt.Errorf("read the journal: %w", err)
	}
	v.judge()
	v.end()
	return v.summary, nil
}

// A row is an entry as the database has it now.
type row struct {
	Entry
	whole   bool   // every column has the type that was written
	witness string // hash of the entry that this one is witness of; "" if there is none
}

// scan reads a row. A column of another type than was written, which SQLite
// allows, makes the row a wrong one and not an error.
func (r *row) scan(scan func(...any) error) error {
	var c [14]any
	to := make([]any, len(c))
	for i := range c {
		to[i] = &c[i]
	}
	if err := scan(to...); err != nil {
		return err
	}
	r.whole = true
	text := func(v any) string {
		s, ok := v.(string)
		r.whole = r.whole && ok
		return s
	}
	number := func(v any) int64 {
		n, ok := v.(int64)
		r.whole = r.whole && ok
		return n
	}
	r.Chain, r.Seq, r.At = text(c[0]), number(c[1]), time.UnixMicro(number(c[2])).UTC()
	r.Actor, r.Action, r.Kind, r.ID = text(c[3]), text(c[4]), text(c[5]), text(c[6])
	r.Request, r.Facts = text(c[7]), text(c[8])
	r.Entry.witness = head{text(c[9]), number(c[10]), text(c[11])}
	r.Hash = text(c[12])
	r.witness, _ = c[13].(string)
	return nil
}

// A place is where an entry is.
type place struct {
	chain string
	seq   int64
}

// A claim is what an intact entry or a seal knows of an entry that is not there.
type claim struct {
	seq int64
	by  string
}

type sealedAs struct {
	SealedHead
	by string
}

// A verifier goes through the entries, chain by chain.
type verifier struct {
	report  func(Problem)
	summary Summary
	sealed  map[string][]sealedAs

	current  string // chain
	last     int64  // entry of it
	stored   string // hash of the last entry as it is written there
	computed string // and as its content says
	suspects []suspect
	gaps     []int64 // first entries of gaps

	lasts  map[string]int64 // the last entry of each chain
	bad    map[place]bool   // entries that were reported
	claims map[place]string // entries that others know with another hash, by whom
	beyond map[string]claim // the furthest entry of a chain that others know and is not there
}

func (v *verifier) say(p Problem) {
	v.summary.Problems++
	v.bad[place{p.Chain, p.From}] = true
	v.report(p)
}

// read takes the next entry.
func (v *verifier) read(r row) {
	v.summary.Entries++
	if v.summary.Entries == 1 || r.At.Before(v.summary.First) {
		v.summary.First = r.At
	}
	if r.At.After(v.summary.Last) {
		v.summary.Last = r.At
	}
	if r.Chain != v.current || v.summary.Entries == 1 {
		v.judge()
		v.summary.Chains++
		v.current, v.last, v.stored, v.computed = r.Chain, 0, "", ""
	}
	if r.Seq <= v.last { // not a number, or none that an entry was ever given
		v.say(Problem{Altered, r.Chain, r.Seq, r.Seq, "it has no place in its chain"})
		return
	}
	proven := v.fit(r)
	v.last, v.lasts[r.Chain] = r.Seq, r.Seq
	if proven {
		v.ask(r)
	}
	for _, s := range v.sealed[r.Chain] {
		if s.Seq == r.Seq && s.Hash != r.Hash {
			v.claims[place{r.Chain, r.Seq}] = s.by
		}
	}
}

// fit compares an entry with the one before it, and reports whether it is as
// it was written. What does not fit is a suspect until its chain was read.
//
// An entry whose content was changed does not have the hash of its content; the
// next one still follows its written hash. If its hash was changed instead, the
// next follows the hash of its content. Either way the next is as it was.
func (v *verifier) fit(r row) bool {
	before := v.stored
	gap := r.Seq != v.last+1
	if gap {
		v.say(Problem{Missing, r.Chain, v.last + 1, r.Seq - 1, fmt.Sprintf("the chain goes on with entry %d", r.Seq)})
		v.gaps = append(v.gaps, v.last+1)
	}
	hash := r.hash(before)
	if hash != r.Hash && v.computed != v.stored && r.hash(v.computed) == r.Hash {
		hash = r.Hash
	}
	v.stored, v.computed = r.Hash, hash
	if hash == r.Hash && r.whole {
		return true
	}
	if gap {
		v.computed = r.Hash // what it followed is not known, so its hash says nothing
	}
	v.suspect(suspect{r, before, gap && r.whole})
	return false
}

// ask compares what an intact entry saw of another chain with what is there.
func (v *verifier) ask(r row) {
	w := r.Entry.witness
	if w.chain == "" || r.witness == w.hash {
		return
	}
	by := fmt.Sprintf("entry %s/%d", r.Chain, r.Seq)
	if r.witness != "" {
		v.claims[place{w.chain, w.seq}] = by
	} else if w.seq > v.beyond[w.chain].seq {
		v.beyond[w.chain] = claim{w.seq, by}
	}
}

// end reports what is known once all entries were read.
func (v *verifier) end() {
	for chain, heads := range v.sealed {
		for _, h := range heads {
			if h.Seq > v.lasts[chain] && h.Seq > v.beyond[chain].seq {
				v.beyond[chain] = claim{h.Seq, h.by}
			}
		}
	}
	for _, chain := range slices.Sorted(maps.Keys(v.beyond)) {
		c := v.beyond[chain]
		last, there := v.lasts[chain]
		switch {
		case !there:
			v.say(Problem{Vanished, chain, 1, c.seq, fmt.Sprintf("all of it is gone; %s knows of its entry %d", c.by, c.seq)})
		case c.seq > last:
			v.say(Problem{Cut, chain, last + 1, c.seq, fmt.Sprintf("they are gone, and perhaps more; %s knows of entry %d", c.by, c.seq)})
		}
	}
	for at, by := range v.claims {
		if !v.bad[at] {
			v.say(Problem{Altered, at.chain, at.seq, at.seq, "it fits its chain, but is not what " + by + " saw"})
		}
	}
}
