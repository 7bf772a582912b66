// Package search finds things of all rooms by their words, in one index.
//
// A room puts a Document for each thing that can be found, in the transaction
// that changes the thing, and removes it with the thing. The document says who
// may find it: its audiences are keys such as "everyone", "role:recruiter" or
// "person:<id>". Find returns only documents of which one audience is among
// the asker's. The audiences are words of the index themselves, so that what
// somebody may not find takes part in no count, no cap and no order.
//
// Words are folded: case, accents and forms of letters do not count. All words
// of a query must be in a document; the last one may be the beginning of a
// word. What matches in a title comes before other names, and those before
// text. If little is found, words of titles and names that differ by a letter
// or two are taken as well. What ranks, and how, is the same on both databases
// (see rank.go); they only look words up. A search looks at a few hundred
// documents at most, the best kinds of match first, and says so when there
// are more.
//
// The index holds personal text: titles, names and bodies. Remove erases it,
// with its words, from the file of SQLite (the index is set to secure-delete;
// what is still in the write-ahead log goes with the next checkpoint). In
// PostgreSQL removed rows go with VACUUM, as everywhere. Package erasure sees
// to both.
package search

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Document is what can be found of a thing.
type Document struct {
	Room  string // which puts it, such as "catalog"
	Kind  string // of the thing, such as "family"
	ID    string // of the thing
	Title string
	// Names are other names that it is found by, such as a nickname.
	Names []string
	// Text is what else it is found by. Its first 200 kB count.
	Text string
	// Address is the path of its page.
	Address string
	// Audiences are the keys of those who may find it, of one line each.
	// Without any, nobody does.
	Audiences []string
	// At orders what matches equally well, the newest first.
	At time.Time
}

// Bounds of what is kept of a document.
const (
	maxTitle = 1000
	maxNames = 4000
	maxText  = 200_000
)

// Everyone is the audience of all who signed in.
const Everyone = "everyone"

// Put makes a document known, or known anew. What has not changed costs a read.
func Put(ctx context.Context, tx store.Tx, d Document) error {
	row := d.row()
	old, found, err := read(ctx, tx, row.id)
	if err != nil {
		return fmt.Errorf("index %s %s: %w", d.Kind, d.ID, err)
	}
	if found && old == row {
		return nil
	}
	if err := save(ctx, tx, row, old, found); err != nil {
		return fmt.Errorf("index %s %s: %w", d.Kind, d.ID, err)
	}
	return nil
}

// Remove makes a document unknown and erases its words. One that is not there
// is removed already.
func Remove(ctx context.Context, tx store.Tx, room, kind, id string) error {
	key := keyOf(room, kind, id)
	old, found, err := read(ctx, tx, key)
	if err == nil && found {
		err = erase(ctx, tx, old)
	}
	if err != nil {
		return fmt.Errorf("remove %s %s from the index: %w", kind, id, err)
	}
	return nil
}

func erase(ctx context.Context, tx store.Tx, old row) error {
	if err := unindex(ctx, tx, old.id); err != nil {
		return err
	}
	if err := setHeads(ctx, tx, old.id, nil); err != nil {
		return err
	}
	if err := setTerms(ctx, tx, old.words(), nil); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `DELETE FROM search_document WHERE id = $1`, old.id)
	return err
}

// A row is a document as it is kept.
type row struct {
	id                 int64
	room, kind, thing  string
	title, names, body string
	address, audiences string
	at                 store.Time
}

// row returns the document as it is kept: text that both databases take, and
// not too much of it.
func (d Document) row() row {
	names := make([]string, len(d.Names))
	for i, n := range d.Names {
		names[i] = strings.Join(strings.Fields(n), " ")
	}
	// A line is a key: one that has several could let others in.
	audiences := slices.DeleteFunc(slices.Clone(d.Audiences), func(key string) bool { return strings.Contains(key, "\n") })
	return row{
		id: keyOf(d.Room, d.Kind, d.ID), room: d.Room, kind: d.Kind, thing: d.ID,
		title: clean(d.Title, maxTitle), names: clean(strings.Join(names, "\n"), maxNames), body: clean(d.Text, maxText),
		address: clean(d.Address, maxTitle), audiences: clean(strings.Join(audiences, "\n"), maxText), at: store.At(d.At),
	}
}

// clean returns the first bytes of a text without what is no UTF-8, or what
// PostgreSQL does not take.
func clean(text string, limit int) string {
	if len(text) > limit {
		text = text[:limit]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", " ")
}

// keyOf returns the number of a document, which both indexes use. It is made
// of what names the document, so that no counter must be shared.
func keyOf(room, kind, id string) int64 {
	sum := sha256.Sum256([]byte(room + "\x00" + kind + "\x00" + id))
	return int64(binary.BigEndian.Uint64(sum[:8]) >> 1)
}

func read(ctx context.Context, tx store.Tx, id int64) (r row, found bool, err error) {
	r.id = id
	err = tx.QueryRowContext(ctx, `SELECT room, kind, thing, title, names, body, address, audiences, at
		FROM search_document WHERE id = $1`, id).
		Scan(&r.room, &r.kind, &r.thing, &r.title, &r.names, &r.body, &r.address, &r.audiences, &r.at)
	if errors.Is(err, sql.ErrNoRows) {
		return r, false, nil
	}
	return r, err == nil, err
}

func save(ctx context.Context, tx store.Tx, r, old row, found bool) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO search_document (id, room, kind, thing, title, names, body, address, audiences, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (room, kind, thing) DO UPDATE SET title = EXCLUDED.title, names = EXCLUDED.names, body = EXCLUDED.body,
			address = EXCLUDED.address, audiences = EXCLUDED.audiences, at = EXCLUDED.at`,
		r.id, r.room, r.kind, r.thing, r.title, r.names, r.body, r.address, r.audiences, r.at)
	if err != nil {
		return err
	}
	if found {
		if err := unindex(ctx, tx, r.id); err != nil {
			return err
		}
	}
	if err := index(ctx, tx, r.id, r.tokens()); err != nil {
		return err
	}
	if err := setTerms(ctx, tx, old.words(), r.words()); err != nil {
		return err
	}
	return setHeads(ctx, tx, r.id, r.heads())
}

// A token is a word of the index. Its first letter says what it stands for.
type token string

func anyToken(word string) token { return token("w" + word) } // a word anywhere
func anyTokens(words []string) []token {
	list := make([]token, len(words))
	for i, w := range words {
		list[i] = anyToken(w)
	}
	return list
}
func headToken(word string) token    { return token("h" + word) } // a word of title or names
func audienceToken(key string) token { return token("a" + digest(key)) }
func kindToken(kind string) token    { return token("k" + digest(kind)) }

// wholeToken stands for a whole title or name, up to a length; fits reports
// whether it does so completely.
func wholeToken(words []string) (t token, fits bool) {
	all := strings.Join(words, joint)
	return token("x" + cut(all, maxWhole)), len(all) <= maxWhole
}

const (
	// joint stands between the words of a whole title. It is no letter, and
	// none of the characters at which an index splits.
	joint = "·"
	// maxWhole is how many bytes of a whole title count.
	maxWhole = 200
)

// digest returns a word that stands for a key.
func digest(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:12])
}

// heads returns the different words of title and names, in order.
func (r row) heads() []string {
	all := append(wordsOf(r.title), wordsOf(r.names)...)
	slices.Sort(all)
	return slices.Compact(all)
}

// maxTokens bounds what one document has in the index; PostgreSQL takes a
// megabyte of lexemes.
const maxTokens = 500_000 // bytes

// tokens returns what the index holds of a document. Who may find it comes
// first, so that no bound leaves it out.
func (r row) tokens() []token {
	list := []token{kindToken(r.kind)}
	for _, key := range r.audienceList() {
		list = append(list, audienceToken(key))
	}
	for _, name := range append([]string{r.title}, strings.Split(r.names, "\n")...) {
		if words := wordsOf(name); len(words) > 0 {
			t, _ := wholeToken(words)
			list = append(list, t)
		}
	}
	for _, word := range r.heads() {
		list = append(list, headToken(word))
	}
	for _, word := range r.words() {
		list = append(list, anyToken(word))
	}
	return list
}

// words returns the different words of the document, those of title and names
// first. Erasing a document relies on it to find again what was kept: if it, or
// how words are folded, changes, a migration indexes all documents anew.
func (r row) words() []string {
	list := r.heads()
	seen := make(map[string]bool, len(list))
	for _, w := range list {
		seen[w] = true
	}
	size := 0
	for w := range eachWord(r.body) {
		if seen[w.text] {
			continue
		}
		if size += len(w.text) + 2; size > maxTokens {
			break
		}
		seen[w.text] = true
		list = append(list, w.text)
	}
	return list
}

func (r row) audienceList() []string {
	if r.audiences == "" {
		return nil
	}
	return strings.Split(r.audiences, "\n")
}

// AudiencesOf returns the audiences that an actor belongs to by who they are
// and their roles for the whole organisation. Rooms know of others.
func AudiencesOf(by auth.Actor) []string {
	if !by.IsKnown() {
		return nil
	}
	list := []string{Everyone, "person:" + string(by.ID)}
	for _, r := range by.Roles {
		list = append(list, "role:"+string(r))
	}
	return list
}
