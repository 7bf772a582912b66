package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/nearest"
)

// missingAnchor finds links to a place of the same page that is not there. A
// browser shows no error for them: it just stays where it is.
var missingAnchor = Rule{
	Code:     "CAD205",
	Name:     "missing-anchor",
	Title:    "A link to an anchor of the same page leads to a heading or anchor that exists.",
	Severity: diag.Error,
	Origin:   "JF081",
	Page: func(p *PagePass) {
		var anchors map[string]bool
		for i := range p.Outline.Links {
			l := &p.Outline.Links[i]
			if l.Image || !strings.Contains(l.Target, "#") {
				continue
			}
			d := p.destination(l.Target)
			if d.kind != samePage || d.anchor == "" || d.anchor == "top" {
				continue
			}
			if anchors == nil {
				anchors = make(map[string]bool, len(p.Outline.Anchors))
				for _, a := range p.Outline.Anchors {
					anchors[a.Name] = true
				}
			}
			if !anchors[d.anchor] && !p.mayBeGenerated(d.anchor) {
				p.reportAnchor(l, d.anchor)
			}
		}
	},
}

// reportAnchor reports a link to an anchor that is missing, with what may have
// been meant.
func (p *PagePass) reportAnchor(l *syntax.Link, anchor string) {
	f := diag.Finding{
		Message: fmt.Sprintf("the page has no heading or anchor %q", "#"+anchor),
		Hint:    "add the heading, or link to one that exists",
	}
	names := make([]string, len(p.Outline.Anchors))
	for i, a := range p.Outline.Anchors {
		names[i] = a.Name
	}
	meant := similarAnchors(names, anchor)
	if len(meant) > 0 {
		quoted := make([]string, len(meant))
		for i, name := range meant {
			quoted[i] = "#" + name
			a := p.Outline.Anchors[slices.Index(names, name)]
			f.Related = append(f.Related, p.Related(a.Span, quoted[i]))
		}
		f.Hint = "did you mean " + listed(quoted, "or") + "?"
	}
	if len(meant) == 1 && !l.TargetSpan.Empty() && strings.HasPrefix(l.Target, "#") {
		fix := replace("link to #"+meant[0], l.TargetSpan, "#"+meant[0])
		fix.Safe = false // another heading may be meant
		f.Fixes = []diag.Fix{fix}
	}
	p.Report(l.Span, f)
}

// maxSimilar is how many suggestions a reader takes in at a glance.
const maxSimilar = 3

// similarAnchors returns anchors that may be meant by one that is missing:
// those that end in its words ("director-specialties" for "specialties"),
// else those that begin with them, else those whose words it begins or ends
// with, else the nearest spelling.
func similarAnchors(names []string, anchor string) []string {
	var found []string
	if len(anchor) < 3 {
		return nil
	}
	for _, fits := range []func(name string) bool{
		func(name string) bool { return strings.HasSuffix(name, "-"+anchor) },
		func(name string) bool { return strings.HasPrefix(name, anchor+"-") },
		func(name string) bool { return strings.Contains(name, "-") && strings.HasPrefix(anchor, name+"-") },
		func(name string) bool { return strings.Contains(name, "-") && strings.HasSuffix(anchor, "-"+name) },
	} {
		for _, name := range names {
			if fits(name) && !slices.Contains(found, name) {
				if found = append(found, name); len(found) == maxSimilar {
					return found
				}
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	if name, ok := nearest.Word(anchor, names); ok && sameWords(name, anchor) {
		return []string{name}
	}
	return nil
}

// sameWords reports whether two hyphenated names differ by slips only: word by
// word they are equal or near each other. "senior-planner" is no slip for
// "junior-planner".
func sameWords(a, b string) bool {
	hyphen := func(r rune) bool { return r == '-' || r == '_' || r == '/' }
	as, bs := strings.FieldsFunc(a, hyphen), strings.FieldsFunc(b, hyphen)
	if len(as) != len(bs) {
		return strings.Join(as, "") == strings.Join(bs, "")
	}
	for i := range as {
		if strings.EqualFold(as[i], bs[i]) {
			continue
		}
		if _, near := nearest.Word(as[i], bs[i:i+1]); !near || len(as[i]) < 5 {
			return false
		}
	}
	return true
}

// mayBeGenerated reports whether an anchor that the file does not hold can be
// on the page all the same: a template writes part of it, or the settings list
// the anchor.
func (p *PagePass) mayBeGenerated(anchor string) bool {
	if dynamic(p.Outline) || slices.Contains(p.Site.Anchors["*"], anchor) {
		return true
	}
	at := served(p.File.Path)
	for key, list := range p.Site.Anchors {
		// Where the page lies on the site is known to the whole folder only; its
		// name is enough not to raise a false alarm.
		if path.Base(normal(key)) == path.Base(at) && slices.Contains(list, anchor) {
			return true
		}
	}
	return false
}
