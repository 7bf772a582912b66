package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/cadre-hq/cadre/internal/store"
)

// A Seal is a summary of the journal at one time: the last entry of each chain.
// It is kept elsewhere, and given to Verify later. What it lists, and all that
// came before in the same chains, cannot be removed or changed unseen.
type Seal struct {
	At    time.Time    `json:"at"`
	Heads []SealedHead `json:"heads"`
}

// A SealedHead is the last entry of a chain when the seal was made.
type SealedHead struct {
	Chain string `json:"chain"`
	Seq   int64  `json:"seq"`
	Hash  string `json:"hash"`
}

// MakeSeal returns a seal over the chains that have entries since a time; the
// zero time means all. Seals that each begin where the one before was made
// cover the journal together, and stay short.
func MakeSeal(ctx context.Context, tx store.Tx, now, since time.Time) (Seal, error) {
	rows, err := tx.QueryContext(ctx, `SELECT e.chain, e.seq, e.hash
		FROM (SELECT DISTINCT chain FROM audit_entry WHERE at >= $1) c
		JOIN audit_entry e ON e.chain = c.chain AND e.seq = (SELECT MAX(m.seq) FROM audit_entry m WHERE m.chain = c.chain)
		ORDER BY e.chain`, since.UnixMicro())
	if err != nil {
		return Seal{}, fmt.Errorf("seal the journal: %w", err)
	}
	defer func() { _ = rows.Close() }()
	s := Seal{At: now.UTC(), Heads: []SealedHead{}}
	for rows.Next() {
		var h SealedHead
		if err := rows.Scan(&h.Chain, &h.Seq, &h.Hash); err != nil {
			return Seal{}, fmt.Errorf("seal the journal: %w", err)
		}
		s.Heads = append(s.Heads, h)
	}
	return s, rows.Err()
}

// SealsFile is the name of the file in the data folder to which the server
// writes seals.
const SealsFile = "journal.seals"

// overlap is how long an entry may take from the time that it tells to the end
// of its transaction, without being missed by seals that follow each other.
const overlap = 10 * time.Minute

// Seal adds a seal to the end of a file, which is made if there is none: of the
// chains that grew since the last seal in it. It adds nothing if none did.
func (j *Journal) Seal(ctx context.Context, path string) (err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("seal the journal: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	old, err := ReadSeals(f)
	if err != nil {
		return fmt.Errorf("seal the journal: %s: %w", path, err)
	}
	known := map[SealedHead]bool{}
	var since time.Time
	for _, s := range old {
		for _, h := range s.Heads {
			known[h] = true
		}
		since = s.At.Add(-overlap)
	}
	var s Seal
	err = j.db.View(ctx, func(tx store.Tx) (err error) {
		s, err = MakeSeal(ctx, tx, j.clock(), since)
		return err
	})
	s.Heads = slices.DeleteFunc(s.Heads, func(h SealedHead) bool { return known[h] })
	if err != nil || len(s.Heads) == 0 {
		return err
	}
	return errors.Join(s.Write(f), f.Sync())
}

// Write writes a seal as one line of JSON.
func (s Seal) Write(w io.Writer) error {
	text, err := json.Marshal(s)
	if err == nil {
		_, err = w.Write(append(text, '\n'))
	}
	return err
}

// ReadSeals reads seals that were written one behind the other.
func ReadSeals(r io.Reader) ([]Seal, error) {
	var all []Seal
	for d := json.NewDecoder(r); ; {
		var s Seal
		switch err := d.Decode(&s); {
		case err == io.EOF:
			return all, nil
		case err != nil:
			return nil, fmt.Errorf("seal %d cannot be read: %w", len(all)+1, err)
		}
		all = append(all, s)
	}
}
