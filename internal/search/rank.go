package search

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/store"
)

// What a match is worth. A whole title outdoes everything; after that, the
// mean over the words counts. Within equals the newest come first.
const (
	isTitle        = 1000
	isName         = 800
	beginsTitle    = 600
	beginsName     = 400
	inTitle        = 90
	beginsInTitle  = 80
	inNames        = 70
	beginsInNames  = 60
	inText         = 30
	nearInTitle    = 20
	nearInNames    = 15
	nothingMatches = 0
)

// rank orders the candidates.
func (s *finding) rank() {
	for i := range s.found {
		s.found[i].score = s.score(s.found[i].row)
	}
	slices.SortFunc(s.found, func(a, b candidate) int { return a.place().compare(b.place()) })
}

// compare returns whether a place is before another: the better match, then
// the newer one.
func (p place) compare(o place) int {
	return cmp.Or(cmp.Compare(o.score, p.score), cmp.Compare(o.at, p.at), cmp.Compare(p.id, o.id))
}

// score returns how well a document matches.
func (s *finding) score(r row) int {
	title := wordsOf(r.title)
	total := s.whole(title, isTitle, beginsTitle)
	var names []string
	for name := range strings.SplitSeq(r.names, "\n") {
		words := wordsOf(name)
		total = max(total, s.whole(words, isName, beginsName))
		names = append(names, words...)
	}
	sum := 0
	for i := range s.words {
		sum += s.worth(i, title, names)
	}
	return total + sum/len(s.words)
}

// whole returns what it is worth if a name is, or begins with, the query.
func (s *finding) whole(name []string, is, begins int) int {
	if slices.Equal(name, s.words) {
		return is
	}
	n := len(s.words)
	if len(name) < n || !slices.Equal(name[:n-1], s.words[:n-1]) {
		return nothingMatches
	}
	if name[n-1] == s.words[n-1] || s.isLast(n-1) && strings.HasPrefix(name[n-1], s.words[n-1]) {
		return begins
	}
	return nothingMatches
}

// worth returns what the best match of one word is worth.
func (s *finding) worth(i int, title, names []string) int {
	w := s.words[i]
	begins := func(o string) bool { return s.isLast(i) && strings.HasPrefix(o, w) }
	near := func(o string) bool { return slices.Contains(s.near[i], o) }
	switch {
	case slices.Contains(title, w):
		return inTitle
	case slices.ContainsFunc(title, begins):
		return beginsInTitle
	case slices.Contains(names, w):
		return inNames
	case slices.ContainsFunc(names, begins):
		return beginsInNames
	case slices.ContainsFunc(title, near):
		return nearInTitle
	case slices.ContainsFunc(names, near):
		return nearInNames
	}
	return inText
}

// hits returns a page of candidates as they are shown.
func (s *finding) hits(ctx context.Context, tx store.Tx, page []candidate) ([]Hit, error) {
	bodies, err := bodiesOf(ctx, tx, page)
	if err != nil {
		return nil, err
	}
	var hits []Hit
	for _, c := range page {
		hits = append(hits, Hit{
			Room: c.room, Kind: c.kind, ID: c.thing, Address: c.address, At: c.at.Time,
			Title: s.mark(c.title), Snippet: s.snippet(bodies[c.id]),
		})
	}
	return hits, nil
}

// bodiesOf returns the texts of a page, by the numbers of the documents.
func bodiesOf(ctx context.Context, tx store.Tx, page []candidate) (bodies map[int64]string, err error) {
	if len(page) == 0 {
		return nil, nil
	}
	marks, args := make([]string, len(page)), make([]any, len(page))
	for i, c := range page {
		marks[i], args[i] = fmt.Sprintf("$%d", i+1), c.id
	}
	rows, err := tx.QueryContext(ctx, `SELECT id, body FROM search_document WHERE id IN (`+strings.Join(marks, ", ")+`)`, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	bodies = map[int64]string{}
	for rows.Next() {
		var id int64
		var body string
		if err := rows.Scan(&id, &body); err != nil {
			return nil, err
		}
		bodies[id] = body
	}
	return bodies, rows.Err()
}

// matches reports whether a word of a text is one that was looked for.
func (s *finding) matches(text string) bool {
	for i, w := range s.words {
		if text == w || s.isLast(i) && strings.HasPrefix(text, w) || slices.Contains(s.near[i], text) {
			return true
		}
	}
	return false
}

// mark returns a text with the words that were looked for.
func (s *finding) mark(text string) []Part {
	var parts []Part
	at := 0
	for w := range eachWord(text) {
		if !s.matches(w.text) {
			continue
		}
		if w.begin > at {
			parts = append(parts, Part{Text: text[at:w.begin]})
		}
		parts = append(parts, Part{Text: text[w.begin:w.end], Marked: true})
		at = w.end
	}
	if at < len(text) {
		parts = append(parts, Part{Text: text[at:]})
	}
	return parts
}

// Bytes of a snippet: before the first word that was looked for, and in all.
const (
	beforeMatch = 60
	maxSnippet  = 240
)

// snippet returns the part of a text around the first word that was looked for,
// or its beginning.
func (s *finding) snippet(text string) []Part {
	from := 0
	for w := range eachWord(text) {
		if s.matches(w.text) {
			from = max(0, w.begin-beforeMatch)
			break
		}
	}
	// Begin and end at blanks, unless there is none nearby.
	if from > 0 {
		from = len(cut(text, from))
		if i := strings.IndexAny(text[from:min(len(text), from+beforeMatch)], " \n\t"); i >= 0 {
			from += i + 1
		}
	}
	rest := text[from:]
	short := cut(rest, maxSnippet)
	if len(short) < len(rest) {
		if i := strings.LastIndexAny(short, " \n\t"); i > maxSnippet/2 {
			short = short[:i]
		}
	}
	parts := s.mark(strings.Join(strings.Fields(short), " "))
	if from > 0 {
		parts = append([]Part{{Text: "… "}}, parts...)
	}
	if len(short) < len(rest) {
		parts = append(parts, Part{Text: " …"})
	}
	return parts
}
