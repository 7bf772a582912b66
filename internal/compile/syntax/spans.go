package syntax

import (
	"cmp"
	"slices"
	"sort"

	"github.com/cadre-hq/cadre/internal/source"
)

// A spanSet is a set of ranges, disjoint and in order, so that the one at an
// offset is found by bisection.
type spanSet []source.Span

// union makes a set of ranges in any order; those that overlap become one.
func union(spans []source.Span) spanSet {
	slices.SortFunc(spans, func(a, b source.Span) int { return cmp.Compare(a.Start, b.Start) })
	out := spans[:0]
	for _, s := range spans {
		if n := len(out); n > 0 && s.Start < out[n-1].End {
			out[n-1].End = max(out[n-1].End, s.End)
			continue
		}
		out = append(out, s)
	}
	return out
}

// from returns the ranges that end behind offset.
func (s spanSet) from(offset int) spanSet {
	return s[sort.Search(len(s), func(i int) bool { return s[i].End > offset }):]
}

// touch reports whether one of the ranges overlaps another one.
func (s spanSet) touch(in source.Span) bool {
	rest := s.from(in.Start)
	return len(rest) > 0 && rest[0].Start < in.End
}
