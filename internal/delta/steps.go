package delta

import (
	"cmp"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/delta/wording"
	"github.com/cadre-hq/cadre/internal/family"
)

// How alike two steps must be to be one that changed: little if they stand
// between the same neighbours, more if the step also moved.
const (
	alikeInPlace = 0.2
	alikeMoved   = 0.55
)

// matchSteps says which step has become which, in the order of the old steps.
// Steps that did not change come first, in their order, then those that only
// moved, then those that stand between the same neighbours, then those that
// moved and changed.
func (c *comparison) matchSteps(old, new []*family.Step) []candidate {
	m := &stepMatch{old: old, new: new, to: map[int]int{}, from: map[int]int{}}
	for _, same := range []func(o, n *family.Step) bool{
		func(o, n *family.Step) bool { return o.Text == n.Text },
		c.sameStep,
		c.sameMeeting,
	} {
		m.inOrder(func(o, n *family.Step) float64 {
			if same(o, n) {
				return 1
			}
			return 0
		})
		m.anywhere(same)
	}
	m.inOrder(func(o, n *family.Step) float64 {
		if s := c.stepLikeness(o, n); s >= alikeInPlace {
			return s
		}
		return 0
	})
	m.moved(c.stepLikeness)
	out := make([]candidate, 0, len(m.to))
	for i, j := range m.to {
		out = append(out, candidate{old: i, new: j})
	}
	slices.SortFunc(out, func(a, b candidate) int { return cmp.Compare(a.old, b.old) })
	return out
}

// sameMeeting reports whether the same people meet the candidate for the same
// purpose; how long, and whether at all, may differ.
func (c *comparison) sameMeeting(o, n *family.Step) bool {
	return o.Kind == n.Kind && len(o.Interviewers) > 0 && sameSet(roleTitles(o.Interviewers), roleTitles(n.Interviewers), c.sameTitle)
}

// stepLikeness says how much two steps have in common, between 0 and 1.
func (c *comparison) stepLikeness(o, n *family.Step) float64 {
	text := wording.Similarity(wording.New(o.Text), wording.New(n.Text))
	if o.Kind != n.Kind && (conversation(o.Kind) != conversation(n.Kind) || o.Kind == family.Offer) && text < 0.6 {
		return 0
	}
	who := text
	if len(o.Interviewers)+len(n.Interviewers) > 0 {
		who = similar(strings.Join(roleTitles(o.Interviewers), " "), strings.Join(roleTitles(n.Interviewers), " "))
	}
	s := 0.45*who + 0.25*text
	if o.Kind == n.Kind {
		s += 0.2
	}
	if sameMinutes(o.Minutes, n.Minutes) {
		s += 0.1
	}
	return s
}

// conversation reports whether people talk with the candidate in such a step.
func conversation(k family.StepKind) bool {
	switch k {
	case family.Screening, family.Interview, family.Presentation, family.OtherStep:
		return true
	}
	return false
}

// A stepMatch collects which old step has become which new one.
type stepMatch struct {
	old, new []*family.Step
	to, from map[int]int // old to new, new to old
}

func (m *stepMatch) meet(i, j int) { m.to[i], m.from[j] = j, i }

func (m *stepMatch) open(i, j int) bool {
	_, a := m.to[i]
	_, b := m.from[j]
	return !a && !b
}

// inOrder pairs open steps without leaving the order of what is paired: between
// each two neighbours that kept their order it takes the pairs whose scores
// add up to most.
func (m *stepMatch) inOrder(score func(o, n *family.Step) float64) {
	for _, g := range m.gaps() {
		m.fill(g, score)
	}
}

// A gap is a run of old steps and the run of new steps at its place.
type gap struct{ oldFrom, oldTo, newFrom, newTo int }

// gaps cuts both lists at the pairs that kept their order.
func (m *stepMatch) gaps() []gap {
	var gaps []gap
	i, j := 0, 0
	for _, a := range m.anchors() {
		gaps = append(gaps, gap{i, a.old, j, a.new})
		i, j = a.old+1, a.new+1
	}
	return append(gaps, gap{i, len(m.old), j, len(m.new)})
}

// anchors is the longest chain of pairs that rises on both sides.
func (m *stepMatch) anchors() []candidate {
	var pairs []candidate
	for i := range m.old {
		if j, ok := m.to[i]; ok {
			pairs = append(pairs, candidate{old: i, new: j})
		}
	}
	length, before := make([]int, len(pairs)), make([]int, len(pairs))
	last := -1
	for k := range pairs {
		length[k], before[k] = 1, -1
		for l := range k {
			if pairs[l].new < pairs[k].new && length[l]+1 > length[k] {
				length[k], before[k] = length[l]+1, l
			}
		}
		if last < 0 || length[k] > length[last] {
			last = k
		}
	}
	var chain []candidate
	for ; last >= 0; last = before[last] {
		chain = append(chain, pairs[last])
	}
	slices.Reverse(chain)
	return chain
}

// fill pairs the open steps of a gap in order, for the highest sum of scores.
func (m *stepMatch) fill(g gap, score func(o, n *family.Step) float64) {
	rows, cols := g.oldTo-g.oldFrom, g.newTo-g.newFrom
	if rows == 0 || cols == 0 || rows*cols > maxCandidates {
		return
	}
	points := make([][]float64, rows)
	sum := make([][]float64, rows+1)
	for i := range sum {
		sum[i] = make([]float64, cols+1)
	}
	for i := rows - 1; i >= 0; i-- {
		points[i] = make([]float64, cols)
		for j := cols - 1; j >= 0; j-- {
			if m.open(g.oldFrom+i, g.newFrom+j) {
				points[i][j] = score(m.old[g.oldFrom+i], m.new[g.newFrom+j])
			}
			sum[i][j] = max(sum[i+1][j], sum[i][j+1])
			if points[i][j] > 0 {
				sum[i][j] = max(sum[i][j], points[i][j]+sum[i+1][j+1])
			}
		}
	}
	for i, j := 0, 0; i < rows && j < cols; {
		switch {
		case points[i][j] > 0 && sum[i][j] == points[i][j]+sum[i+1][j+1]:
			m.meet(g.oldFrom+i, g.newFrom+j)
			i++
			j++
		case sum[i][j] == sum[i+1][j]:
			i++
		default:
			j++
		}
	}
}

// anywhere pairs open steps that are the same, whatever their order.
func (m *stepMatch) anywhere(same func(o, n *family.Step) bool) {
	for i, o := range m.old {
		for j, n := range m.new {
			if m.open(i, j) && same(o, n) {
				m.meet(i, j)
			}
		}
	}
}

// moved pairs open steps that are very much alike, the most alike first.
func (m *stepMatch) moved(score func(o, n *family.Step) float64) {
	var cands []candidate
	for i, o := range m.old {
		for j, n := range m.new {
			if m.open(i, j) {
				if s := score(o, n); s >= alikeMoved {
					cands = append(cands, candidate{i, j, s})
				}
			}
		}
	}
	for _, k := range best(cands) {
		m.meet(k.old, k.new)
	}
}
