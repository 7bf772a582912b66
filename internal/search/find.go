package search

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Query is what somebody looks for.
type Query struct {
	Text string
	// Audiences are the keys of the asker, who finds nothing without any. They
	// come from the rooms and the session, never from the request.
	Audiences []string
	Kinds     []string // of things; none are all
	Limit     int      // 0 means 20
	After     string   // Result.Next of the page before; "" is the first page
}

// A Result is a page of what was found.
type Result struct {
	Hits []Hit
	// Total counts what may be found, over all pages. If Capped is set there
	// are more; the best kinds of match were looked at first.
	Total  int
	Capped bool
	Kinds  map[string]int // Total for each kind
	Next   string         // "" if this is the last page
}

// A Hit is a document that was found.
type Hit struct {
	Room, Kind, ID string
	Address        string
	At             time.Time
	Title          []Part
	Snippet        []Part // a part of the text, or nothing if there is no text
}

// A Part is a piece of text; Marked is set if it is one of the words that were
// looked for.
type Part struct {
	Text   string
	Marked bool
}

// Plain returns parts as one text.
func Plain(parts []Part) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
	}
	return b.String()
}

// Bounds of a search. How many documents are looked at holds the tail: two
// words that are frequent in a million documents cost no more than rare ones.
const (
	maxWords     = 8
	maxQuery     = 400 // bytes
	maxBegins    = 100 // documents whose title or name begins with the query
	maxHeads     = 300 // that have all words in title and names
	maxDocuments = 500 // in all
	fewHits      = 10  // below that, mistyped words are thought of
	maxAudiences = 1000
)

// Find returns the documents that the asker may find and that have all words.
// Nothing in the text has a meaning of its own. It is Invalid if After is no
// place in a result.
func Find(ctx context.Context, tx store.Tx, q Query) (Result, error) {
	words := q.words()
	if len(words) == 0 || len(q.Audiences) == 0 {
		return Result{}, nil
	}
	after, err := parsePlace(q.After)
	if err != nil {
		return Result{}, err
	}
	s := &finding{words: words, near: make([][]string, len(words)), seen: map[int64]bool{}}
	if err := s.collect(ctx, tx, q); err != nil {
		return Result{}, fmt.Errorf("search: %w", err)
	}
	s.rank()
	r := Result{Total: len(s.found), Capped: s.capped, Kinds: map[string]int{}}
	for _, f := range s.found {
		r.Kinds[f.kind]++
	}
	limit := q.Limit
	if limit <= 0 {
		limit = 20
	}
	page := s.after(after)
	if len(page) > limit {
		page = page[:limit]
		r.Next = page[limit-1].place().String()
	}
	if r.Hits, err = s.hits(ctx, tx, page); err != nil {
		return Result{}, fmt.Errorf("search: %w", err)
	}
	return r, nil
}

// words returns the words of a query.
func (q Query) words() []string {
	list := wordsOf(clean(cut(q.Text, maxQuery), maxQuery))
	return list[:min(len(list), maxWords)]
}

// demands returns what a document must meet whatever the words are: that it is
// for the asker, and of one of the kinds.
func (q Query) demands() condition {
	var c condition
	if len(q.Kinds) > 0 {
		var kinds []token
		for _, k := range q.Kinds {
			kinds = append(kinds, kindToken(k))
		}
		c = append(c, exactly(kinds...))
	}
	var audiences []token
	for _, key := range q.Audiences[:min(len(q.Audiences), maxAudiences)] {
		audiences = append(audiences, audienceToken(key))
	}
	return append(c, exactly(audiences...))
}

// A finding is a search at work.
type finding struct {
	words  []string
	near   [][]string // for each word, those that it may have been meant to be
	found  []candidate
	seen   map[int64]bool
	capped bool
}

// A candidate is a document that may be found, and how well it matches.
type candidate struct {
	row
	score int
}

// isLast reports whether a word is the last, which may be the beginning of one.
func (s *finding) isLast(i int) bool { return i == len(s.words)-1 && len([]rune(s.words[i])) > 1 }

// collect looks at documents, the best kinds of match first.
func (s *finding) collect(ctx context.Context, tx store.Tx, q Query) error {
	demands := q.demands()
	heads, anywhere := slices.Clone(demands), slices.Clone(demands)
	groups, more, err := s.groups(ctx, tx)
	if err != nil {
		return err
	}
	for i, words := range groups {
		heads = append(heads, []pattern{{headToken(s.words[i]), s.isLast(i)}})
		anywhere = append(anywhere, exactly(anyTokens(words)...))
	}
	if whole, fits := wholeToken(s.words); fits {
		c := append(slices.Clone(demands), []pattern{{whole, s.isLast(len(s.words) - 1)}})
		if err := s.add(ctx, tx, q, c, maxBegins); err != nil {
			return err
		}
	}
	if err := s.add(ctx, tx, q, heads, maxHeads); err != nil || s.capped {
		return err // what matches in texts alone would come behind all these
	}
	if err := s.add(ctx, tx, q, anywhere, maxDocuments); err != nil {
		return err
	}
	if len(s.found) < fewHits {
		err = s.guess(ctx, tx, q, groups)
	}
	s.capped = s.capped || more
	return err
}

// groups returns for each word those that do instead of it in a text: the word
// itself, and for the last those that begin with it. More is set if there are
// more.
func (s *finding) groups(ctx context.Context, tx store.Tx) (groups [][]string, more bool, err error) {
	for i, w := range s.words {
		group := []string{w}
		if s.isLast(i) {
			var longer []string
			if longer, more, err = beginning(ctx, tx, w); err != nil {
				return nil, false, err
			}
			group = append(group, slices.DeleteFunc(longer, func(l string) bool { return l == w })...)
		}
		groups = append(groups, group)
	}
	return groups, more, nil
}

// guess looks at documents that have words of title or names that may have
// been meant.
func (s *finding) guess(ctx context.Context, tx store.Tx, q Query, groups [][]string) error {
	meant := slices.Clone(q.demands())
	for i, words := range groups {
		near, err := neighbours(ctx, tx, s.words[i])
		if err != nil {
			return err
		}
		s.near[i] = near
		tokens := anyTokens(words)
		for _, w := range near {
			tokens = append(tokens, headToken(w))
		}
		meant = append(meant, exactly(tokens...))
	}
	return s.add(ctx, tx, q, meant, maxDocuments)
}

// add looks at documents that meet a condition.
func (s *finding) add(ctx context.Context, tx store.Tx, q Query, c condition, limit int) error {
	rows, err := matching(ctx, tx, c, limit)
	if err != nil {
		return err
	}
	for _, r := range rows {
		// The index has said so already; nobody is shown what is not theirs
		// because of an error in it.
		if s.seen[r.id] || !slices.ContainsFunc(r.audienceList(), func(key string) bool { return slices.Contains(q.Audiences, key) }) {
			continue
		}
		s.seen[r.id] = true
		s.found = append(s.found, candidate{row: r})
	}
	s.capped = len(rows) == limit // the last look is the widest
	return nil
}

// after returns the candidates behind a place.
func (s *finding) after(p place) []candidate {
	if p == (place{}) {
		return s.found
	}
	for i, c := range s.found {
		if p.compare(c.place()) < 0 {
			return s.found[i:]
		}
	}
	return nil
}

// A place is where a candidate stands in a result.
type place struct {
	score  int
	at, id int64
}

func (c candidate) place() place { return place{c.score, c.at.UnixMicro(), c.id} }

// String returns the place for Query.After.
func (p place) String() string {
	return strings.Join([]string{strconv.Itoa(p.score), strconv.FormatInt(p.at, 36), strconv.FormatInt(p.id, 36)}, ".")
}

func parsePlace(s string) (p place, err error) {
	if s == "" {
		return p, nil
	}
	parts := strings.Split(s, ".")
	wrong := fault.New(fault.Invalid, "there is no such page of results: search again")
	if len(parts) != 3 {
		return p, wrong
	}
	var errs [3]error
	p.score, errs[0] = strconv.Atoi(parts[0])
	p.at, errs[1] = strconv.ParseInt(parts[1], 36, 64)
	p.id, errs[2] = strconv.ParseInt(parts[2], 36, 64)
	for _, e := range errs {
		if e != nil {
			return place{}, wrong
		}
	}
	return p, nil
}
