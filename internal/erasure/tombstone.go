package erasure

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
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
	for _, t := range filed {
		have[t.Person] = true
	}
	var lines bytes.Buffer
	for _, t := range known {
		if have[t.Person] {
			continue
		}
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
	_, err = f.Write(lines.Bytes())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("write the tombstones: %w", err)
	}
	return nil
}

// read returns the tombstones of a file; none if there is no file. What was
// written in part, because the program ended, is the last line and is left
// out: the table has it.
func read(file string) ([]tombstone, error) {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fault.New(fault.Invalid, "the tombstones cannot be read: %w", err)
	}
	var list []tombstone
	for number, line := range bytes.Split(text, []byte("\n")) {
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var t tombstone
		if err := json.Unmarshal(line, &t); err != nil || t.Person == "" {
			if errors.Is(err, io.ErrUnexpectedEOF) || !bytes.HasSuffix(text, []byte("\n")) && number == bytes.Count(text, []byte("\n")) {
				continue
			}
			return nil, fault.New(fault.Invalid, "%s, line %d, is no tombstone: correct it, or put the file back from where it came", file, number+1)
		}
		list = append(list, t)
	}
	return list, nil
}
