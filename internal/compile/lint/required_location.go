package lint

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
)

// requiredLocation finds requirements to live in a region.
var requiredLocation = Rule{
	Code:     "CAD402",
	Name:     "required-location",
	Title:    "No requirement asks for a place to live.",
	Severity: diag.Warning,
	Origin:   "JF071",
	Page: func(p *PagePass) {
		if len(p.said(policy.Residence)) > 0 {
			p.eachRequirement(p.checkLocation)
		}
	},
}

// checkLocation reports the first place in a requirement where its reader is
// to live.
func (p *PagePass) checkLocation(item source.Span) {
	var live, where source.Span
	p.find(item, policy.Lists(policy.Locations, policy.Residence), func(h policy.Hit, at source.Span) {
		switch {
		case !where.Empty():
		case h.List == policy.Locations:
			if !live.Empty() && !bytes.Contains(p.File.Slice(live.Join(at)), []byte(". ")) {
				where = at
			}
		case ofHolder(p.File.Slice(source.Span{Start: item.Start, End: at.Start})):
			live = at
			where = p.placeBehind(source.Span{Start: at.End, End: item.End})
		}
	})
	if where.Empty() {
		return
	}
	p.Report(live.Join(where), diag.Finding{
		Message: fmt.Sprintf("the requirement asks for a place to live: %q", plain(p.File.Slice(live.Join(where)))),
		Hint:    "state the need behind it, such as working hours or a language; the opening names the place",
	})
}

// ofHolder reports whether the words before "located in" make the holder of the
// role the one who is: nobody else is named in the clause ("Must be"), or the
// holder is ("The role is"). "Manages customers located in" speaks of others.
func ofHolder(before []byte) bool {
	clause := bytes.ToLower(before)
	for _, end := range []string{", ", "; ", ": ", ". ", "(", " and ", " or ", " while "} {
		if i := bytes.LastIndex(clause, []byte(end)); i >= 0 {
			clause = clause[i+len(end):]
		}
	}
	words := bytes.FieldsFunc(clause, func(r rune) bool { return r < 'a' || r > 'z' })
	for n := len(words); n > 0; n-- {
		switch word := string(words[n-1]); {
		case word == "must" || holders[word]:
			return true
		case !auxiliary[word]:
			return false
		}
	}
	return true
}

// auxiliary are the words that may stand between the subject of a clause and
// "located in".
var auxiliary = map[string]bool{
	"be": true, "being": true, "is": true, "are": true, "re": true, "should": true, "would": true, "will": true, "can": true, "may": true,
	"need": true, "needs": true, "to": true, "required": true, "willing": true, "currently": true, "physically": true, "legally": true,
	"likely": true, "ideally": true, "preferably": true, "already": true, "permanently": true, "also": true,
	"and": true, "or": true, // the rest of a clause that is cut there
}

// holders are names for who holds a role, and for the role itself.
var holders = map[string]bool{
	"you": true, "candidate": true, "candidates": true, "applicant": true, "applicants": true, "role": true, "position": true, "job": true,
}

// placeBehind returns the name of a place at the beginning of a text: words
// with capitals behind no more than "the", "one of the 4 regions of".
func (p *PagePass) placeBehind(s source.Span) source.Span {
	text := p.File.Slice(s)
	var place source.Span
	for at := 0; at < len(text); {
		end := at
		for end < len(text) && !unicode.IsSpace(rune(text[end])) {
			end++
		}
		word := bytes.Trim(text[at:end], "*_()[],.;:")
		name := len(word) > 0 && word[0] >= 'A' && word[0] <= 'Z'
		switch {
		case name && place.Empty():
			place.Start = s.Start + at + bytes.Index(text[at:end], word)
			place.End = place.Start + len(word)
		case name:
			place.End = s.Start + at + bytes.Index(text[at:end], word) + len(word)
		case !place.Empty() || len(word) > 0 && !beforePlaces[string(bytes.ToLower(word))] && strings.Trim(string(word), "0123456789") != "":
			return place
		}
		if name && end > at && bytes.ContainsAny(text[end-1:end], ",.;:)") {
			return place
		}
		at = end + 1
	}
	return place
}

// beforePlaces are the words that may stand before the name of a place.
var beforePlaces = map[string]bool{
	"the": true, "a": true, "an": true, "one": true, "any": true, "either": true, "somewhere": true, "anywhere": true, "in": true, "of": true,
	"within": true, "state": true, "states": true, "region": true, "regions": true, "country": true, "countries": true, "city": true,
	"area": true, "part": true, "parts": true, "greater": true, "eastern": true, "western": true, "northern": true, "southern": true, "central": true,
}

// eachRequirement calls f for each item and paragraph of the requirements of
// the family, of levels and of specialties, of which it also looks at what
// stands below no heading of a kind.
func (p *PagePass) eachRequirement(f func(source.Span)) {
	if !p.IsFamily {
		return
	}
	each := func(d *family.Duties) {
		eachItem(d, f)
		for _, t := range d.Prose {
			f(t.Span)
		}
	}
	each(&p.Family.Requirements)
	for _, l := range p.Family.Levels {
		each(&l.Requirements)
	}
	for _, s := range p.Family.Specialties {
		each(&s.Requirements)
		for _, t := range s.Other {
			f(t.Span)
		}
	}
}

// eachItem calls f with the span of each item of a list. An item encloses
// those below it; its span ends here where the first of them begins, so that
// nothing is looked at twice.
func eachItem(d *family.Duties, f func(own source.Span)) {
	for i, it := range d.Items {
		own := it.Span
		if i+1 < len(d.Items) && own.Contains(d.Items[i+1].Span.Start) {
			own.End = d.Items[i+1].Span.Start
		}
		f(own)
	}
}
