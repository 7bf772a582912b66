package erasure

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// TombstonesFile is the name of the file in the data folder that lists who was
// erased, one JSON object on a line. It is no part of a backup: it has to be
// newer than any.
const TombstonesFile = "tombstones.jsonl"

// A tombstone is what is left of a person.
type tombstone struct {
	Person PersonID  `json:"person"`
	At     time.Time `json:"at"`
}

// tombstones returns those of the table that fulfil a condition, in the order
// of their time.
func (s *Service) tombstones(ctx context.Context, where string) (found []tombstone, err error) {
	err = s.db.View(ctx, func(tx store.Tx) error {
		found = nil
		rows, err := tx.QueryContext(ctx, "SELECT person, at FROM erasure_tombstone "+where+" ORDER BY at, person")
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			var t tombstone
			var at store.Time
			if err := rows.Scan(&t.Person, &at); err != nil {
				return err
			}
			t.At = at.Time
			found = append(found, t)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read the tombstones: %w", err)
	}
	return found, nil
}

// save adds to the file the tombstones that it does not have.
func (s *Service) save(ctx context.Context) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	known, err := s.tombstones(ctx, "")
	if err != nil || len(known) == 0 {
		return err
	}
	filed, err := read(s.file)
	if err != nil {
		return err
	}
	have := map[PersonID]bool{}
	for _, t := range filed.whole {
		have[t.Person] = true
	}
	var lines bytes.Buffer
	for _, t := range append(filed.cut, known...) {
		if have[t.Person] {
			continue
		}
		have[t.Person] = true
		text, err := json.Marshal(t)
		if err != nil {
			return fmt.Errorf("write the tombstones: %w", err)
		}
		lines.Write(append(text, '\n'))
	}
	if lines.Len() == 0 {
		return nil
	}
	f, err := os.OpenFile(s.file, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("write the tombstones: %w", err)
	}
	err = f.Truncate(filed.end) // of a line that was cut
	if err == nil {
		_, err = f.Write(lines.Bytes())
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write the tombstones: %w", err)
	}
	return nil
}

// A list is the content of a file of tombstones.
type list struct {
	whole []tombstone // of lines
	end   int64       // of the last whole line
	cut   []tombstone // of a last line that lacks only its end
}

// all returns the tombstones.
func (l list) all() []tombstone { return append(slices.Clip(l.whole), l.cut...) }

// read returns the tombstones of a file; none if there is no file. A last line
// that was written in part, because the program ended, counts if all of the
// tombstone is there. If not, it is left out: the table has it.
func read(file string) (l list, err error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return l, fault.New(fault.Invalid, "the tombstones cannot be read: %w", err)
	}
	number := 0
	for line := range bytes.Lines(text) {
		number++
		var t tombstone
		err := json.Unmarshal(line, &t)
		ok := err == nil && t.Person != ""
		switch {
		case !bytes.HasSuffix(line, []byte("\n")):
			if ok {
				l.cut = append(l.cut, t)
			}
			return l, nil
		case ok:
			l.whole = append(l.whole, t)
		case len(bytes.TrimSpace(line)) > 0:
			return l, fault.New(fault.Invalid, "%s, line %d, is no tombstone: correct it, or put the file back from where it came", file, number)
		}
		l.end += int64(len(line))
	}
	return l, nil
}
