package config

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/nearest"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/strict"
)

// Known is what values may name.
type Known struct {
	Rules []Rule
	// Packs are the names of the shipped policy packs.
	Packs []string
}

// Kinds lists the kinds of section that Headings may name.
var Kinds = []string{
	string(family.OverviewKind), string(family.LevelsKind), string(family.LevelKind), string(family.GradeKind),
	string(family.ResponsibleKind), string(family.RequirementsKind), string(family.BothKind), string(family.NiceKind),
	string(family.IndicatorsKind), string(family.ActivitiesKind), string(family.HiringKind), string(family.LadderKind),
	string(family.SpecialtiesKind), string(family.SpecialtyKind), string(family.SegmentsKind), string(family.SegmentKind),
	string(family.ReferencesKind), string(family.CompensationKind), string(family.AboutKind), string(family.ContentsKind),
	string(family.GroupKind),
}

// Validate looks at what the values mean and returns everything that is wrong
// with them as one error of kind Invalid, in the order of the file.
func (c *Config) Validate(known Known) error {
	v := &validator{config: c, known: known}
	v.rules()
	v.patterns()
	v.waivers()
	v.words()
	v.site()
	v.files()
	if len(v.problems) == 0 {
		return nil
	}
	v.problems.Sort()
	return fault.New(fault.Invalid, "%w", v.problems)
}

// A validator collects what is wrong.
type validator struct {
	config   *Config
	known    Known
	problems strict.Problems
}

// report adds a problem with what stands under a key, or with a part of it:
// "use[1]" of "use".
func (v *validator) report(key, part, format string, args ...any) {
	v.problems = append(v.problems, v.config.stack.Problem(key, part, format, args...))
}

// rules looks at the keys that name rules.
func (v *validator) rules() {
	for key, list := range map[string][]string{"use": v.config.Use, "except": v.config.Except} {
		for i, word := range list {
			v.rule(key, fmt.Sprintf("%s[%d]", key, i), word, Groups)
		}
	}
	for _, word := range sortedKeys(v.config.Severities) {
		part := "severities." + word
		v.rule("severities", part, word, nil)
		v.oneOf("severities", part, v.config.Severities[word], severityWords)
	}
	for _, word := range sortedKeys(v.config.IgnoreOnly) {
		v.rule("ignore_only", "ignore_only."+word, word, Groups)
	}
	for _, r := range v.known.Rules {
		if _, byName := v.config.Severities[r.Name]; byName {
			if _, byCode := v.config.Severities[string(r.Code)]; byCode {
				v.report("severities", "severities."+r.Name, "severities names the rule %s twice, by its code and as %q", r.Code, r.Name)
			}
		}
	}
}

// severityWords are the words for severities.
var severityWords = []string{"error", "warning", "info", "off"}

// rule looks at the code or name of a rule; groups are words that may stand
// there too.
func (v *validator) rule(key, part, word string, groups []string) {
	words := slices.Clone(groups)
	for _, r := range v.known.Rules {
		words = append(words, string(r.Code), r.Name)
	}
	if !slices.Contains(words, word) {
		v.report(key, part, "%s names the unknown rule %q%s", key, word, RuleHint(word, words))
	}
}

// RuleHint says what somebody perhaps meant who wrote a word that no rule is
// known by, to be put behind a message. A code that is complete, but unknown,
// has no neighbours: CAD999 means CAD109 no more than any other.
func RuleHint(word string, known []string) string {
	const shape = "CADnnn"
	digits, isCode := strings.CutPrefix(strings.ToUpper(word), "CAD")
	isCode = isCode && len(word) == len(shape) && strings.Trim(digits, "0123456789") == ""
	meant, near := nearest.Word(word, known)
	if !near || isCode && !strings.EqualFold(meant, word) {
		return "; `cadre rules` lists them"
	}
	return fmt.Sprintf("; did you mean %q?", meant)
}

// oneOf looks at a value that must be one of some words.
func (v *validator) oneOf(key, part, value string, words []string) {
	if slices.Contains(words, value) {
		return
	}
	hint := nearest.Hint(value, words)
	if hint == "" {
		hint = ": use " + strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
	}
	v.report(key, part, "%s cannot be %q%s", part, value, hint)
}

// patterns looks at the keys that hold patterns of paths.
func (v *validator) patterns() {
	v.patternList("ignore", "ignore", v.config.Ignore)
	for _, rule := range sortedKeys(v.config.IgnoreOnly) {
		v.patternList("ignore_only", "ignore_only."+rule, v.config.IgnoreOnly[rule])
	}
}

func (v *validator) patternList(key, part string, patterns []string) {
	for i, p := range patterns {
		v.pattern(key, fmt.Sprintf("%s[%d]", part, i), p)
	}
}

func (v *validator) pattern(key, part, pattern string) {
	switch {
	case strings.Contains(pattern, `\`):
		v.report(key, part, "the pattern %q has a backslash; paths are written with /", pattern)
	case source.CheckPattern(pattern) != nil:
		v.report(key, part, "the pattern %q cannot be read: a [ has no ]", pattern)
	}
}

// waivers looks at the waivers.
func (v *validator) waivers() {
	for i := range v.config.Waivers {
		w := &v.config.Waivers[i]
		at := fmt.Sprintf("waivers[%d]", i)
		if w.Code == "" {
			v.report("waivers", at, "the waiver names no rule: give its code")
		} else {
			v.rule("waivers", at+".code", w.Code, nil)
		}
		if w.Path == "" {
			v.report("waivers", at, "the waiver names no page: give its path")
		} else {
			v.pattern("waivers", at+".path", w.Path)
		}
		if strings.TrimSpace(w.Reason) == "" {
			v.report("waivers", at, "the waiver gives no reason")
		}
		if _, err := time.Parse(time.DateOnly, w.Until); w.Until != "" && err != nil {
			v.report("waivers", at+".until", "the last day of the waiver is not a date such as 2026-12-31, but %q", w.Until)
		}
	}
}

// words looks at the keys with one of some words, and at the wording.
func (v *validator) words() {
	c := v.config
	if c.FailOn != "" {
		v.oneOf("fail_on", "fail_on", c.FailOn, severityWords)
	}
	if c.Dialect != "" {
		v.oneOf("dialect", "dialect", c.Dialect, Dialects)
	}
	if c.MaxPageBytes < 0 {
		v.report("max_page_bytes", "max_page_bytes", "max_page_bytes is less than nothing: %d", c.MaxPageBytes)
	}
	for _, spelling := range sortedKeys(c.Headings) {
		v.oneOf("headings", "headings."+spelling, c.Headings[spelling], Kinds)
	}
	for _, name := range sortedKeys(c.Aliases) {
		if strings.TrimSpace(c.Aliases[name]) == "" {
			v.report("aliases", "aliases."+name, "the alias %q stands for no level", name)
		}
	}
	if _, err := c.Mandatory.Regexp(); err != nil {
		v.report("mandatory.pattern", "mandatory.pattern", "mandatory.pattern is no regular expression: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	if c.Mandatory.Pattern != "" && c.Mandatory.Text == "" {
		v.report("mandatory.pattern", "mandatory.pattern", "mandatory.pattern stands without mandatory.text, by which findings quote the requirement")
	}
}

// site looks at the keys of the site.
func (v *validator) site() {
	s := &v.config.Site
	if s.Base != "" && !strings.HasPrefix(s.Base, "/") {
		v.report("site.base", "site.base", "site.base is a path on the site and begins with /, not %q", s.Base)
	}
	for key, hosts := range map[string][]string{"site.hosts": s.Hosts, "site.internal_hosts": s.InternalHosts} {
		for i, host := range hosts {
			if host == "" || strings.ContainsAny(host, "/ @?#") {
				v.report(key, fmt.Sprintf("%s[%d]", key, i), "%q is no host; write it without https:// and without a path", host)
			}
		}
	}
	if s.Redirects.wrong != "" {
		v.report("site.redirects", "site.redirects", "site.redirects %s", s.Redirects.wrong)
	}
	for _, path := range sortedKeys(s.Anchors) {
		if !strings.HasPrefix(path, "/") {
			v.report("site.anchors", "site.anchors."+path, "site.anchors are listed by paths on the site, which begin with /, not %q", path)
		}
	}
}

// files looks whether the files that are named exist.
func (v *validator) files() {
	c := v.config
	for _, key := range []string{"hierarchy.sections", "hierarchy.stages", "hierarchy.categories", "site.redirects"} {
		v.file(key, c.Path(key))
	}
	switch {
	case isPath(c.Policy):
		v.file("policy", c.PolicyFile())
	case c.Policy != "" && !slices.Contains(v.known.Packs, c.Policy):
		hint := nearest.Hint(c.Policy, v.known.Packs)
		if hint == "" {
			hint = "; shipped are " + strings.Join(v.known.Packs, ", ") + ", and a path to one of your own may stand here"
		}
		v.report("policy", "policy", "there is no policy pack %q%s", c.Policy, hint)
	}
}

func (v *validator) file(key, path string) {
	if path == "" {
		return
	}
	if info, err := os.Stat(path); err != nil {
		v.report(key, key, "%s: there is no file %s", key, shown(path))
	} else if info.IsDir() {
		v.report(key, key, "%s: %s is a folder, not a file", key, shown(path))
	}
}

// Regexp returns the regular expression that finds the requirement; nil, which
// finds nothing, if the organisation has none.
func (m *Mandatory) Regexp() (*regexp.Regexp, error) {
	expression := m.Pattern
	if words := strings.Fields(m.Text); expression == "" && len(words) > 0 {
		for i, w := range words {
			words[i] = regexp.QuoteMeta(w)
		}
		expression = "(?i)" + strings.Join(words, `\s+`)
	}
	if expression == "" {
		return nil, nil
	}
	return regexp.Compile(expression)
}
