package lint

import (
	"fmt"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// repeatedDuties wants a level to extend an earlier one's list, not to repeat
// it: a copy is forgotten when the original changes.
var repeatedDuties = Rule{
	Code:     "CAD311",
	Name:     "repeated-duties",
	Title:    "A level does not repeat the items of another level or of the family; it extends them.",
	Severity: diag.Warning,
	Origin:   "JF022",
	Page:     checkRepeatedDuties,
}

func checkRepeatedDuties(p *PagePass) {
	for _, kind := range []struct {
		one, what string
		all       *family.Duties
		of        func(*family.Level) *family.Duties
	}{
		{"responsibility", "responsibilities", &p.Family.Responsibilities, func(l *family.Level) *family.Duties { return &l.Responsibilities }},
		{"requirement", "requirements", &p.Family.Requirements, func(l *family.Level) *family.Duties { return &l.Requirements }},
	} {
		p.repeats(kind.one, kind.what, kind.all, kind.of)
	}
}

// An owned is an item with the level that states it, nil for the family.
type owned struct {
	item  *family.Item
	level *family.Level
}

// repeats reports, for each level, the items that an earlier list holds in the
// same words.
func (p *PagePass) repeats(one, what string, all *family.Duties, of func(*family.Level) *family.Duties) {
	levels := p.levels()
	if len(levels) < 2 {
		return
	}
	first := map[string]owned{}
	for _, it := range all.Items {
		first[sentence(it.Text)] = owned{it, nil}
	}
	for _, l := range levels {
		own := of(l)
		var copies []owned // the originals, in the order of the copies
		var at source.Span
		for _, it := range own.Items {
			o, ok := first[sentence(it.Text)]
			if !ok || o.level == l || p.mayRepeat(l, it) {
				continue
			}
			if len(copies) == 0 {
				at = it.Span
			}
			copies = append(copies, o)
		}
		for _, it := range own.Items {
			if key := sentence(it.Text); key != "" {
				if _, ok := first[key]; !ok {
					first[key] = owned{it, l}
				}
			}
		}
		if len(copies) > 0 {
			p.reportCopies(one, what, l, len(own.Items), copies, at)
		}
	}
}

// reportCopies says how many items of a level are copies, and of whom most of
// them are.
func (p *PagePass) reportCopies(one, what string, l *family.Level, total int, copies []owned, at source.Span) {
	of := copies[0].level
	count := 0
	for _, c := range copies {
		n := 0
		for _, d := range copies {
			if d.level == c.level {
				n++
			}
		}
		if n > count {
			of, count = c.level, n
		}
	}
	owner := "the family"
	if of != nil {
		owner = `"` + of.Title + `"`
	}
	from := verb(len(copies), "one of ", "those of ") + owner
	if count < len(copies) {
		from = "those of other levels, most of " + owner
	}
	f := diag.Finding{
		Message: fmt.Sprintf("%s of %q %s %s word for word", share(len(copies), total, one, what), l.Title, verb(len(copies), "repeats", "repeat"), from),
		Hint:    fmt.Sprintf("remove the copies; a first item can say that the level extends the %s of %s", what, owner),
	}
	if of == nil {
		f.Hint = "remove the copies: what the family states holds for every level"
	}
	for _, c := range copies {
		if c.level == of {
			f.Related = append(f.Related, p.Related(c.item.Span, "stated here first"))
			break
		}
	}
	p.Report(at, f)
}

// mayRepeat reports the items that every list may hold: the mandatory
// requirement, and the sentence that says what the level extends.
func (p *PagePass) mayRepeat(l *family.Level, it *family.Item) bool {
	if p.Mandatory != nil && p.Mandatory.MatchString(it.Text) {
		return true
	}
	for _, e := range l.Extends {
		if it.Span.Contains(e.Span.Start) {
			return true
		}
	}
	return false
}
