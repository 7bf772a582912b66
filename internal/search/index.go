package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/cadre-hq/cadre/internal/store"
)

// index adds the tokens of a document.
func index(ctx context.Context, tx store.Tx, id int64, tokens []token) error {
	var b strings.Builder
	insert := `INSERT INTO search_index (rowid, words) VALUES ($1, $2)`
	before, behind := "", " "
	if tx.Engine() == store.PostgreSQL {
		insert = `INSERT INTO search_index (document, words) VALUES ($1, CAST(CAST($2 AS TEXT) AS TSVECTOR))`
		before, behind = "'"+string(shardOf(id)), "' "
	}
	for _, t := range tokens {
		b.WriteString(before)
		b.WriteString(string(t))
		b.WriteString(behind)
	}
	_, err := tx.ExecContext(ctx, insert, id, b.String())
	return err
}

// unindex takes the tokens of a document out.
func unindex(ctx context.Context, tx store.Tx, id int64) error {
	remove := `DELETE FROM search_index WHERE rowid = $1`
	if tx.Engine() == store.PostgreSQL {
		remove = `DELETE FROM search_index WHERE document = $1`
	}
	_, err := tx.ExecContext(ctx, remove, id)
	return err
}

// A condition is a demand on the tokens of a document: one of each group.
type condition [][]pattern

// A pattern is a token, or the beginning of one.
type pattern struct {
	token  token
	prefix bool
}

func exactly(tokens ...token) []pattern {
	list := make([]pattern, len(tokens))
	for i, t := range tokens {
		list[i].token = t
	}
	return list
}

// A shard is a part of the documents whose tokens are apart in the index of
// PostgreSQL. That index knows all documents of a condition before it gives the
// first, so a small part is asked first: where many documents match, it has
// enough. SQLite gives one after the other and needs no shards.
type shard byte

// shards are one in 64 of the documents, seven in 64, and the others.
var shards = []shard{'0', '1', '2'}

func shardOf(id int64) shard {
	switch n := id % 64; {
	case n == 0:
		return '0'
	case n < 8:
		return '1'
	}
	return '2'
}

// text writes the condition in the language of an index. Tokens are letters
// and digits (and joints), so that nothing in them can be part of it.
func (c condition) text(e store.Engine, part ...shard) string {
	and, or, begin, end, prefix := " AND ", " OR ", `"`, `"`, "*"
	if e == store.PostgreSQL {
		and, or, begin, end, prefix = " & ", " | ", `'`+string(part[0]), `'`, ":*"
	}
	groups := make([]string, len(c))
	for i, group := range c {
		alternatives := make([]string, len(group))
		for j, p := range group {
			alternatives[j] = begin + string(p.token) + end
			if p.prefix {
				alternatives[j] += prefix
			}
		}
		groups[i] = "(" + strings.Join(alternatives, or) + ")"
	}
	return strings.Join(groups, and)
}

const columns = `d.id, d.room, d.kind, d.thing, d.title, d.names, d.address, d.audiences, d.at`

// matching returns up to so many documents that meet a condition, without
// their bodies.
func matching(ctx context.Context, tx store.Tx, c condition, limit int) (list []row, err error) {
	if tx.Engine() == store.SQLite {
		return rowsOf(ctx, tx, `SELECT `+columns+` FROM search_index JOIN search_document d ON d.id = search_index.rowid
			WHERE search_index MATCH $1 ORDER BY search_index.rowid LIMIT $2`, c.text(store.SQLite), limit)
	}
	// To read the table row by row until enough are found would take long where
	// words are frequent alone and rare together.
	if _, err := tx.ExecContext(ctx, `SET LOCAL enable_seqscan = off`); err != nil {
		return nil, err
	}
	for _, s := range shards {
		part, err := rowsOf(ctx, tx, `SELECT `+columns+` FROM (SELECT document FROM search_index
			WHERE words @@ CAST(CAST($1 AS TEXT) AS TSQUERY) LIMIT $2) i JOIN search_document d ON d.id = i.document`,
			c.text(store.PostgreSQL, s), limit-len(list))
		if list = append(list, part...); err != nil || len(list) >= limit {
			return list, err
		}
	}
	return list, nil
}

// rowsOf returns the documents of a query of columns.
func rowsOf(ctx context.Context, tx store.Tx, query string, args ...any) (list []row, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var r row
		if err := rows.Scan(&r.id, &r.room, &r.kind, &r.thing, &r.title, &r.names, &r.address, &r.audiences, &r.at); err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, rows.Err()
}

// statementSize is how many words one statement writes.
const statementSize = 100

// setTerms notes the words of a document in place of those that it had. A word
// that no document has any more is forgotten. Call it after the index changed.
func setTerms(ctx context.Context, tx store.Tx, old, words []string) error {
	had, has := setOf(old), setOf(words)
	fresh := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return had[w] })
	for part := range slices.Chunk(fresh, statementSize) {
		marks, args := make([]string, len(part)), make([]any, len(part))
		for i, w := range part {
			marks[i], args[i] = fmt.Sprintf("($%d)", i+1), w
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO search_term (word) VALUES `+strings.Join(marks, ", ")+` ON CONFLICT (word) DO NOTHING`, args...)
		if err != nil {
			return err
		}
	}
	for _, w := range old {
		if has[w] {
			continue
		}
		if used, err := isUsed(ctx, tx, w); err != nil {
			return err
		} else if used {
			continue
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM search_term WHERE word = $1`, w); err != nil {
			return err
		}
	}
	return nil
}

// isUsed reports whether some document has a word.
func isUsed(ctx context.Context, tx store.Tx, w string) (bool, error) {
	query, text := `SELECT 'yes' FROM search_index WHERE search_index MATCH $1 LIMIT 1`, condition{exactly(anyToken(w))}.text(store.SQLite)
	if tx.Engine() == store.PostgreSQL {
		query = `SELECT 'yes' FROM search_index WHERE words @@ CAST(CAST($1 AS TEXT) AS TSQUERY) LIMIT 1`
		var parts []string
		for _, s := range shards {
			parts = append(parts, condition{exactly(anyToken(w))}.text(store.PostgreSQL, s))
		}
		text = strings.Join(parts, " | ")
	}
	some, err := texts(ctx, tx, query, text)
	return len(some) > 0, err
}

func setOf(words []string) map[string]bool {
	set := make(map[string]bool, len(words))
	for _, w := range words {
		set[w] = true
	}
	return set
}

// maxTerms is how many words are taken for the beginning of one.
const maxTerms = 50

// beginning returns words of documents that begin with one, the shortest first,
// and whether there are more. To ask an index for a beginning has it read all
// documents with one of these words before the first is known. That does for
// titles and names, which are short, and not for texts.
func beginning(ctx context.Context, tx store.Tx, w string) (words []string, more bool, err error) {
	words, err = texts(ctx, tx, `SELECT word FROM search_term WHERE word >= $1 AND word < $2
		ORDER BY LENGTH(word), word LIMIT $3`, w, w+string(unicode.MaxRune), maxTerms+1)
	if len(words) > maxTerms {
		return words[:maxTerms], true, err
	}
	return words, false, err
}

// setHeads notes which words titles and names of a document have. Words that
// no document has any more are forgotten.
func setHeads(ctx context.Context, tx store.Tx, id int64, words []string) error {
	old, err := texts(ctx, tx, `SELECT word FROM search_word WHERE document = $1`, id)
	if err != nil {
		return err
	}
	for _, w := range words {
		if slices.Contains(old, w) {
			continue
		}
		if err := addHead(ctx, tx, id, w); err != nil {
			return err
		}
	}
	for _, w := range old {
		if slices.Contains(words, w) {
			continue
		}
		if err := dropHead(ctx, tx, id, w); err != nil {
			return err
		}
	}
	return nil
}

func addHead(ctx context.Context, tx store.Tx, id int64, w string) error {
	known, err := isKnown(ctx, tx, w)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO search_word (word, document) VALUES ($1, $2)`, w, id); err != nil || known {
		return err
	}
	parts := trigrams(w)
	if len(parts) == 0 {
		return nil
	}
	// One statement for all of them: an import brings words by the hundred thousand.
	var rows strings.Builder
	args := []any{w}
	for i, t := range parts {
		if i > 0 {
			rows.WriteString(", ")
		}
		args = append(args, t)
		fmt.Fprintf(&rows, "($%d, $1)", len(args))
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO search_trigram (trigram, word) VALUES "+rows.String()+" ON CONFLICT (trigram, word) DO NOTHING", args...)
	return err
}

func dropHead(ctx context.Context, tx store.Tx, id int64, w string) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM search_word WHERE word = $1 AND document = $2`, w, id); err != nil {
		return err
	}
	known, err := isKnown(ctx, tx, w)
	if err != nil || known {
		return err
	}
	for _, t := range trigrams(w) {
		if _, err := tx.ExecContext(ctx, `DELETE FROM search_trigram WHERE trigram = $1 AND word = $2`, t, w); err != nil {
			return err
		}
	}
	return nil
}

// isKnown reports whether some title or name has a word.
func isKnown(ctx context.Context, tx store.Tx, w string) (bool, error) {
	some, err := texts(ctx, tx, `SELECT word FROM search_word WHERE word = $1 LIMIT 1`, w)
	return len(some) > 0, err
}

// Bounds of the look for words that were meant.
const (
	maxSimilar = 500 // words whose letters are compared
	maxNear    = 16  // words that are taken for one that was typed
)

// neighbours returns words of titles and names that a word may have been meant
// to be, the most similar first.
func neighbours(ctx context.Context, tx store.Tx, typed string) ([]string, error) {
	n := len([]rune(typed))
	limit := tolerance(n)
	if limit == 0 {
		return nil, nil
	}
	parts := trigrams(typed)
	args := make([]any, 0, len(parts)+4)
	marks := make([]string, len(parts))
	for i, t := range parts {
		args = append(args, t)
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	// Two letters that changed places change four trigrams; nothing changes more.
	args = append(args, n-limit, n+limit, max(1, len(parts)-4*limit), maxSimilar)
	at := len(parts)
	similar, err := texts(ctx, tx, fmt.Sprintf(`SELECT word FROM search_trigram
		WHERE trigram IN (%s) AND length(word) BETWEEN $%d AND $%d
		GROUP BY word HAVING COUNT(*) >= $%d
		ORDER BY COUNT(*) DESC, word LIMIT $%d`, strings.Join(marks, ", "), at+1, at+2, at+3, at+4), args...)
	if err != nil {
		return nil, err
	}
	var near []string
	for _, w := range similar {
		if w != typed && isNear(typed, w) && len(near) < maxNear {
			near = append(near, w)
		}
	}
	return near, nil
}

// texts returns the rows of a query of one column.
func texts(ctx context.Context, tx store.Tx, query string, args ...any) (list []string, err error) {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}
