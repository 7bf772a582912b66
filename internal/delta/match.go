package delta

import (
	"cmp"
	"slices"

	"github.com/cadre-hq/cadre/internal/delta/wording"
)

// maxCandidates bounds how many pairs are looked at for likeness; above it only
// equal texts meet.
const maxCandidates = 60_000

// closest pairs pieces whose texts are alike by at least threshold, the most
// alike first; of equals those that stand at the same place.
func closest(old, new []*piece, threshold float64) []pair[*piece] {
	if len(old)*len(new) > maxCandidates {
		return nil
	}
	var cands []candidate
	for i, o := range old {
		for j, n := range new {
			if s := likeness(o, n); s >= threshold {
				cands = append(cands, candidate{i, j, s})
			}
		}
	}
	var out []pair[*piece]
	for _, k := range best(cands) {
		out = append(out, pair[*piece]{old[k.old], new[k.new]})
	}
	return out
}

// likeness says how much two pieces have in common, between 0 and 1. A heading
// is only like a heading.
func likeness(o, n *piece) float64 {
	if o.heading != n.heading {
		return 0
	}
	return wording.Similarity(o.wording(), n.wording())
}

// A candidate is a possible pair, by the indexes of its two sides.
type candidate struct {
	old, new int
	score    float64
}

// best chooses pairs so that none shares a side with another, by falling
// score, in the order of the old page.
func best(cands []candidate) []candidate {
	slices.SortStableFunc(cands, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(b.score, a.score),
			cmp.Compare(abs(a.old-a.new), abs(b.old-b.new)),
			cmp.Compare(a.old, b.old),
			cmp.Compare(a.new, b.new),
		)
	})
	usedOld, usedNew := map[int]bool{}, map[int]bool{}
	var out []candidate
	for _, k := range cands {
		if !usedOld[k.old] && !usedNew[k.new] {
			usedOld[k.old], usedNew[k.new] = true, true
			out = append(out, k)
		}
	}
	slices.SortFunc(out, func(a, b candidate) int { return cmp.Compare(a.old, b.old) })
	return out
}

func abs(n int) int { return max(n, -n) }

// samePlace returns 1 if both stand behind, and before, things that became each
// other, or at the end; 0.5 if that is so on one side.
func samePlace[T comparable](old, new []T, i, j int, met map[T]T) float64 {
	s := 0.0
	if i == 0 && j == 0 || i > 0 && j > 0 && met[old[i-1]] == new[j-1] {
		s += 0.5
	}
	if i == len(old)-1 && j == len(new)-1 || i+1 < len(old) && j+1 < len(new) && met[old[i+1]] == new[j+1] {
		s += 0.5
	}
	return s
}
