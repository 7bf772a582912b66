package delta

import (
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/delta/wording"
	"github.com/cadre-hq/cadre/internal/family"
)

// compareHiring compares the published hiring processes step by step.
func (c *comparison) compareHiring() {
	for _, p := range c.matchProcesses() {
		var o, n family.Process
		if p.old != nil {
			o = *p.old
		}
		if p.new != nil {
			n = *p.new
		}
		level := n.Level
		if p.new == nil {
			level, _ = c.newLevel(o.Level)
		}
		c.compareSteps(level, o.Steps, n.Steps)
	}
}

// matchProcesses pairs the processes of both states: those whose steps are
// alike, of one level first; then those of one level, by title first. A process
// of a level that came or went is left out.
func (c *comparison) matchProcesses() []pair[*family.Process] {
	var out []pair[*family.Process]
	taken := map[*family.Process]bool{}
	meet := func(o, n *family.Process) {
		out = append(out, pair[*family.Process]{o, n})
		taken[o], taken[n] = true, true
	}
	owner := func(o, n *family.Process) bool {
		l, ok := c.newLevel(o.Level)
		return ok && l == n.Level
	}
	for _, fits := range []func(o, n *family.Process) bool{
		func(o, n *family.Process) bool { return owner(o, n) && alikeSteps(o.Steps, n.Steps) },
		func(o, n *family.Process) bool { return alikeSteps(o.Steps, n.Steps) },
		func(o, n *family.Process) bool { return owner(o, n) && strings.EqualFold(o.Title, n.Title) },
		owner,
	} {
		for _, o := range c.old.Hiring {
			for _, n := range c.new.Hiring {
				if !taken[o] && !taken[n] && fits(o, n) {
					meet(o, n)
				}
			}
		}
	}
	for _, o := range c.old.Hiring {
		if _, ok := c.newLevel(o.Level); ok && !taken[o] && !c.old.wentWhole(o.Span.Start) {
			out = append(out, pair[*family.Process]{old: o})
		}
	}
	for _, n := range c.new.Hiring {
		if _, ok := c.oldLevel(n.Level); ok && !taken[n] && !c.new.wentWhole(n.Span.Start) {
			out = append(out, pair[*family.Process]{new: n})
		}
	}
	return out
}

// alikeSteps reports whether at least half of the steps are written alike.
func alikeSteps(a, b []*family.Step) bool {
	texts := map[string]int{}
	for _, s := range a {
		texts[s.Text]++
	}
	same := 0
	for _, s := range b {
		if texts[s.Text] > 0 {
			texts[s.Text]--
			same++
		}
	}
	return same > 0 && 4*same >= len(a)+len(b)
}

// compareSteps tells which steps came, went, changed or stand in another order.
func (c *comparison) compareSteps(level string, old, new []*family.Step) {
	m := c.matchSteps(old, new)
	gone, come := map[int]bool{}, map[int]bool{}
	for i := range old {
		gone[i] = true
	}
	for j := range new {
		come[j] = true
	}
	for _, p := range m {
		delete(gone, p.old)
		delete(come, p.new)
		o, n := old[p.old], new[p.new]
		po, pn := c.old.in(o.Span), c.new.in(n.Span)
		c.pair(po, pn)
		if c.sameStep(o, n) {
			continue
		}
		c.markTold(po, pn)
		c.tell(Change{Kind: StepChanged, Level: level, Old: o.Text, New: n.Text, LineOld: o.Line, LineNew: n.Line})
	}
	for i, o := range old {
		if gone[i] {
			c.markTold(c.old.in(o.Span))
			c.tell(Change{Kind: StepRemoved, Level: level, Old: o.Text, LineOld: o.Line})
		}
	}
	for j, n := range new {
		if come[j] {
			c.markTold(c.new.in(n.Span))
			c.tell(Change{Kind: StepAdded, Level: level, New: n.Text, LineNew: n.Line})
		}
	}
	if !reordered(m) {
		return
	}
	a, b := make([]*family.Step, 0, len(m)), make([]*family.Step, 0, len(m))
	for _, p := range m {
		a = append(a, old[p.old])
	}
	for j := range new {
		if !come[j] {
			b = append(b, new[j])
		}
	}
	c.tell(Change{Kind: StepsReordered, Level: level, Old: outline(a), New: outline(b), LineOld: a[0].Line, LineNew: b[0].Line})
}

func (c *comparison) markTold(ps ...*piece) {
	for _, p := range ps {
		if p != nil {
			p.told = true
		}
	}
}

// reordered reports whether pairs in the order of the old steps leave the
// order of the new ones.
func reordered(m []candidate) bool {
	for i := 1; i < len(m); i++ {
		if m[i].new < m[i-1].new {
			return true
		}
	}
	return false
}

// outline names steps in their order, by who meets the candidate.
func outline(steps []*family.Step) string {
	out := make([]string, len(steps))
	for i, s := range steps {
		out[i] = strings.Join(roleTitles(s.Interviewers), ", ")
		if out[i] == "" || s.Kind != family.Interview {
			out[i] = string(s.Kind)
		}
	}
	return join(out)
}

// sameStep reports whether two states of a step promise the same: kind,
// minutes and other numbers, who meets the candidate, how many of them, and
// whether it must be.
func (c *comparison) sameStep(o, n *family.Step) bool {
	if o.Text == n.Text || c.sameWords(o.Text, n.Text) {
		return true
	}
	if !slices.Equal(wording.New(o.Text).Numbers(), wording.New(n.Text).Numbers()) {
		return false
	}
	a, b := roleTitles(o.Interviewers), roleTitles(n.Interviewers)
	return o.Kind == n.Kind && sameMinutes(o.Minutes, n.Minutes) && o.Panel == n.Panel && o.Optional == n.Optional && o.Count == n.Count &&
		sameSet(a, b, c.sameTitle) && (len(a) < 2 || o.Mode == n.Mode)
}

func sameMinutes(a, b *family.Minutes) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}
