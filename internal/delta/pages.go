package delta

import (
	"cmp"
	"slices"
	"strings"
)

// Pages compares two sets of pages and returns those that differ, in the order
// of their paths. Pages meet by path; one that is gone and one that is new are
// the same page, moved, where most of their text is the same.
func Pages(old, new []Page) []PageChange {
	before, after := byPath(old), byPath(new)
	var out []PageChange
	var gone, come []Page
	for _, o := range sorted(before) {
		if n, ok := after[o.path()]; ok {
			out = append(out, PageChange{Path: n.path(), Title: n.Family.Title, Changes: Compare(o, n)})
		} else {
			gone = append(gone, o)
		}
	}
	for _, n := range sorted(after) {
		if _, ok := before[n.path()]; !ok {
			come = append(come, n)
		}
	}
	moves, gone, come := findMoves(gone, come)
	for _, m := range moves {
		out = append(out, moved(m.old, m.new))
	}
	for _, o := range gone {
		out = append(out, PageChange{Path: o.path(), Title: o.Family.Title, Removed: true, Changes: removedPage(o)})
	}
	for _, n := range come {
		out = append(out, PageChange{Path: n.path(), Title: n.Family.Title, Added: true, Changes: addedPage(n)})
	}
	out = slices.DeleteFunc(out, func(p PageChange) bool { return len(p.Changes) == 0 })
	slices.SortFunc(out, func(a, b PageChange) int { return cmp.Compare(a.Path, b.Path) })
	return out
}

func byPath(pages []Page) map[string]Page {
	m := make(map[string]Page, len(pages))
	for _, p := range pages {
		if p.Family != nil {
			m[p.path()] = p
		}
	}
	return m
}

func sorted(m map[string]Page) []Page {
	out := make([]Page, 0, len(m))
	for _, p := range m {
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b Page) int { return cmp.Compare(a.path(), b.path()) })
	return out
}

// moved compares a page with what it was at its old path.
func moved(o, n Page) PageChange {
	changes := append(Compare(o, n), Change{Category: Text, Kind: PageRenamed, Old: o.path(), New: n.path()})
	return PageChange{Path: n.path(), Title: n.Family.Title, OldPath: o.path(), Changes: changes}
}

// removedPage tells that the levels of a page are gone.
func removedPage(o Page) []Change {
	var out []Change
	for _, l := range o.Family.Levels {
		out = append(out, Change{Category: Contract, Kind: LevelRemoved, Level: l.Title, Old: l.Title, LineOld: l.Line})
	}
	if len(out) == 0 {
		out = append(out, Change{Category: Text, Kind: TextChanged, Old: o.Family.Title, LineOld: 1, About: "page"})
	}
	return out
}

// addedPage tells that there are new levels.
func addedPage(n Page) []Change {
	var out []Change
	for _, l := range n.Family.Levels {
		out = append(out, Change{Category: Contract, Kind: LevelAdded, Level: l.Title, New: l.Title, LineNew: l.Line})
	}
	if len(out) == 0 {
		out = append(out, Change{Category: Text, Kind: TextChanged, New: n.Family.Title, LineNew: 1, About: "page"})
	}
	return out
}

// findMoves pairs pages that are gone with new ones of mostly the same text,
// and returns the others.
func findMoves(gone, come []Page) (moves []pair[Page], goneLeft, comeLeft []Page) {
	oldLines, newLines := make([]map[string]bool, len(gone)), make([]map[string]bool, len(come))
	holds := map[string][]int{} // which new pages hold a line
	for j, n := range come {
		newLines[j] = lines(n)
		for l := range newLines[j] {
			holds[l] = append(holds[l], j)
		}
	}
	var cands []candidate
	for i, o := range gone {
		oldLines[i] = lines(o)
		common := make([]int, len(come))
		for l := range oldLines[i] {
			for _, j := range holds[l] {
				common[j]++
			}
		}
		for j, n := range common {
			all := len(oldLines[i]) + len(newLines[j]) - n
			if s := share(n, all); s >= 0.5 {
				cands = append(cands, candidate{i, j, s + titleBonus*similar(o.Family.Title, come[j].Family.Title)})
			}
		}
	}
	usedOld, usedNew := map[int]bool{}, map[int]bool{}
	for _, k := range best(cands) {
		usedOld[k.old], usedNew[k.new] = true, true
		moves = append(moves, pair[Page]{gone[k.old], come[k.new]})
	}
	for i, o := range gone {
		if !usedOld[i] {
			goneLeft = append(goneLeft, o)
		}
	}
	for j, n := range come {
		if !usedNew[j] {
			comeLeft = append(comeLeft, n)
		}
	}
	return moves, goneLeft, comeLeft
}

func share(part, all int) float64 {
	if all == 0 {
		return 0
	}
	return float64(part) / float64(all)
}

// lines returns the texts of a page, each once.
func lines(p Page) map[string]bool {
	out := map[string]bool{}
	for _, s := range p.Family.Sections {
		if s.Title != "" {
			out["#"+s.Title] = true
		}
		for _, t := range s.Text {
			out[strings.ToLower(t.Text)] = true
		}
	}
	return out
}
