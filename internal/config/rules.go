package config

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// A Rule is what a configuration needs to know of a rule.
type Rule struct {
	Code     diag.Code
	Name     string
	Severity diag.Severity
	Style    bool // is in the group "style", not in "default"
}

// The groups of rules.
const (
	GroupAll     = "all"
	GroupDefault = "default" // all but style
	GroupStyle   = "style"
)

// Groups lists the groups that Use and Except may name.
var Groups = []string{GroupAll, GroupDefault, GroupStyle}

// names reports whether a word of the configuration means the rule.
func (r *Rule) names(word string) bool {
	switch word {
	case string(r.Code), r.Name, GroupAll:
		return true
	case GroupDefault:
		return !r.Style
	case GroupStyle:
		return r.Style
	}
	return false
}

// A Decision says whether a rule runs, how it counts, and why.
type Decision struct {
	// Severity is how the rule counts; diag.Off if it does not run.
	Severity diag.Severity
	// Ignored are the patterns of pages of which the rule says nothing.
	Ignored []string
	// Why lists the reasons, each with its origin, the deciding one last.
	Why []string
}

// Decide says what the configuration makes of a rule.
func (c *Config) Decide(r Rule) Decision {
	d := Decision{Severity: diag.Off}
	word, origin, used := c.uses(&r)
	if used {
		d.Severity = r.Severity
		d.because("use names %q", word, origin)
	} else {
		d.because("use does not name it%s", "", origin)
	}
	// A severity switches a rule on, but not against --use: who names rules on
	// the command line wants those and no others.
	stronger := c.Origin("use").Kind > c.Origin("severities").Kind && c.Origin("use").Kind == FromFlag
	if word, ok := c.severityOf(&r); ok && (used || !stronger) {
		if s, err := diag.ParseSeverity(c.Severities[word]); err == nil {
			d.Severity = s
			d.because("severities makes it %q", s.String(), c.origin("severities", "severities."+word))
		}
	}
	if i := slices.IndexFunc(c.Except, r.names); i >= 0 {
		d.Severity = diag.Off
		d.because("except names %q", c.Except[i], c.origin("except", fmt.Sprintf("except[%d]", i)))
	}
	if d.Severity == diag.Off {
		return d
	}
	for _, word := range sortedKeys(c.IgnoreOnly) {
		if r.names(word) {
			d.Ignored = append(d.Ignored, c.IgnoreOnly[word]...)
			d.because("ignore_only leaves out pages for %q", word, c.origin("ignore_only", "ignore_only."+word))
		}
	}
	return d
}

// because adds a reason.
func (d *Decision) because(format, word string, from Origin) {
	d.Why = append(d.Why, fmt.Sprintf(format, word)+" ("+from.String()+")")
}

// uses returns the word of Use that names the rule, and where it stands.
func (c *Config) uses(r *Rule) (word string, from Origin, ok bool) {
	use := c.Use
	if len(use) == 0 {
		use = []string{GroupDefault}
	}
	i := slices.IndexFunc(use, r.names)
	if i < 0 {
		return "", c.Origin("use"), false
	}
	return use[i], c.origin("use", fmt.Sprintf("use[%d]", i)), true
}

// severityOf returns the word under which Severities has the rule; the code
// wins over the name.
func (c *Config) severityOf(r *Rule) (string, bool) {
	for _, word := range []string{string(r.Code), r.Name} {
		if _, ok := c.Severities[word]; ok {
			return word, true
		}
	}
	return "", false
}

// origin returns where a part of a key comes from: its own line, if the key
// comes from the file.
func (c *Config) origin(key, part string) Origin {
	whole := c.Origin(key)
	if whole.Kind != FromFile {
		return whole
	}
	return cmp.Or(c.Origin(part), whole)
}

// A Selection answers, for each page, how a rule counts there.
type Selection struct {
	config    *Config
	decisions map[diag.Code]Decision
}

// Select decides about all rules at once.
func (c *Config) Select(rules []Rule) *Selection {
	s := &Selection{config: c, decisions: make(map[diag.Code]Decision, len(rules))}
	for _, r := range rules {
		s.decisions[r.Code] = c.Decide(r)
	}
	return s
}

// Severity returns how a rule counts for a page, diag.Off if it does not run
// there. An unknown rule does not run.
func (s *Selection) Severity(code diag.Code, path string) diag.Severity {
	d, ok := s.decisions[code]
	switch {
	case !ok:
		return diag.Off
	case len(d.Ignored) > 0 && source.MatchAny(d.Ignored, s.config.name(path)):
		return diag.Off
	}
	return d.Severity
}

// Decision returns what was decided about a rule.
func (s *Selection) Decision(code diag.Code) Decision { return s.decisions[code] }

// name returns the path of a page as patterns see it.
func (c *Config) name(path string) string { return source.Relative(c.Root, path) }
