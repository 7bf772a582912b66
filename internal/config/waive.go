package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/strict"
)

// Waived is what waivers make of findings.
type Waived struct {
	// Open are the findings that still count, in their order.
	Open []diag.Finding
	// Accepted are those that a waiver covers, with its reason.
	Accepted []Accepted
	// Notes say which waivers have run out and which cover nothing any more.
	Notes strict.Problems
}

// Accepted is a finding that does not count, and why.
type Accepted struct {
	diag.Finding
	Reason string
}

// Waive sorts out the findings that waivers cover. A waiver counts up to and
// including its last day. One that covers no finding is noted if its rule runs
// and pages, the paths that were checked, hold one that it speaks of. The names
// of rules come from rules.
func (c *Config) Waive(fs []diag.Finding, rules []Rule, pages []string, today time.Time) Waived {
	if len(c.Waivers) == 0 {
		return Waived{Open: fs}
	}
	var w Waived
	names := c.namer()
	active := make([]*Waiver, len(c.Waivers)) // nil for one that has run out
	codes := make([]diag.Code, len(c.Waivers))
	for i := range c.Waivers {
		codes[i] = codeOf(c.Waivers[i].Code, rules)
		if c.Waivers[i].over(today) {
			w.note(c, i, "the waiver of %s ran out on %s", c.Waivers[i].Code, c.Waivers[i].Until)
			continue
		}
		active[i] = &c.Waivers[i]
	}
	used := make([]bool, len(active))
	for _, f := range fs {
		name, covered := names(f.Path), -1
		for i, waiver := range active {
			if waiver != nil && codes[i] == f.Code && waiver.covers(&f, name) {
				covered = i
				break
			}
		}
		if covered < 0 {
			w.Open = append(w.Open, f)
			continue
		}
		used[covered] = true
		w.Accepted = append(w.Accepted, Accepted{f, active[covered].Reason})
	}
	for i, waiver := range active {
		if waiver != nil && !used[i] && c.runs(codes[i], rules) && waiver.speaksOf(pages, names) {
			w.note(c, i, "the waiver of %s for %s covers no finding; remove it", waiver.Code, waiver.Path)
		}
	}
	return w
}

// note adds a remark about the i-th waiver.
func (w *Waived) note(c *Config, i int, format string, args ...any) {
	at := c.stack.Place(fmt.Sprintf("waivers[%d]", i))
	w.Notes = append(w.Notes, strict.Problem{File: c.File, Line: at.Line, Column: at.Column, Message: fmt.Sprintf(format, args...)})
}

// runs reports whether a rule runs anywhere.
func (c *Config) runs(code diag.Code, rules []Rule) bool {
	return slices.ContainsFunc(rules, func(r Rule) bool { return r.Code == code && c.Decide(r).Severity != diag.Off })
}

// over reports whether the waiver's last day is past.
func (w *Waiver) over(today time.Time) bool {
	if w.Until == "" {
		return false
	}
	last, err := time.Parse(time.DateOnly, w.Until)
	return err == nil && today.Format(time.DateOnly) > last.Format(time.DateOnly)
}

// covers reports whether the waiver speaks of a finding of its rule on the page
// of that name.
func (w *Waiver) covers(f *diag.Finding, name string) bool {
	return source.Match(w.Path, name) &&
		(w.Match == "" || strings.Contains(f.Message, w.Match)) &&
		(w.Heading == "" || encloses(w.Heading, f.Heading))
}

// encloses reports whether a heading is one of those that enclose a finding,
// or all of them as findings write them.
func encloses(heading, path string) bool {
	if strings.EqualFold(heading, path) {
		return true
	}
	for title := range strings.SplitSeq(path, " > ") {
		if strings.EqualFold(heading, title) {
			return true
		}
	}
	return false
}

// speaksOf reports whether the waiver is about one of the pages.
func (w *Waiver) speaksOf(pages []string, name func(path string) string) bool {
	for _, p := range pages {
		if source.Match(w.Path, name(p)) {
			return true
		}
	}
	return false
}

// namer returns a function that is name, but asks the file system once for each
// path.
func (c *Config) namer() func(path string) string {
	names := map[string]string{}
	return func(path string) string {
		name, ok := names[path]
		if !ok {
			name = c.name(path)
			names[path] = name
		}
		return name
	}
}

// codeOf returns the code of the rule that is named by code or name.
func codeOf(word string, rules []Rule) diag.Code {
	for _, r := range rules {
		if r.Name == word {
			return r.Code
		}
	}
	return diag.Code(word)
}
