// Package lint says what is wrong with pages that compiled.
//
// A rule is a value: code, name, severity and a function that reports
// findings. There is one file for each rule and one registry, Rules. A rule of
// scope Page looks at one page alone, so that its findings can be kept with
// the page in a cache (Result); a rule of scope Folder looks at the facts of
// all pages.
//
// Rules never parse Markdown again: they read the model and the outline that
// it came from. Thresholds and word lists come from the policy pack, house
// wording from Settings.
//
// To add a rule: write <name>.go with the value and its function, list it in
// registry.go, write docs/rules/CADnnn.md and testdata/CADnnn.txtar. A test
// demands all four.
package lint

import (
	"regexp"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/policy"
)

// A Rule is one thing to look for. Exactly one of Page and Folder is set, but
// for the rule about unused suppressions, which Finish applies itself.
type Rule struct {
	Code     diag.Code
	Name     string // for people: "empty-link"
	Title    string // one sentence: what the rule wants
	Severity diag.Severity
	Origin   string // the rule of the handbook that asks for it, such as "JF080"
	Style    bool   // style rules are off unless asked for

	Page   func(*PagePass)
	Folder func(*FolderPass)
}

// Default returns the severity at which the rule runs where nobody says
// otherwise: diag.Off for a style rule.
func (r *Rule) Default() diag.Severity {
	if r.Style {
		return diag.Off
	}
	return r.Severity
}

// Settings are what an organisation may tell the rules. The zero value is
// useful: rules that need a value that is not there stay silent.
type Settings struct {
	// Policy holds thresholds and word lists; nil means policy.Default.
	Policy *policy.Pack
	// Mandatory is the requirement that every level must have, by itself or
	// from the family; nil switches the rule off. MandatoryText is how it is
	// quoted to people.
	Mandatory     *regexp.Regexp
	MandatoryText string
	// OwnHosts are the hosts of the organisation's own site; InternalHosts are
	// hosts that only members of the organisation can open.
	OwnHosts, InternalHosts []string
	Site                    Site
	Hierarchy               *Hierarchy
}

// policy returns the pack that holds.
func (s *Settings) policy() *policy.Pack {
	if s.Policy == nil {
		return policy.Default()
	}
	return s.Policy
}

// Site says how links map to the files that were given.
type Site struct {
	// Base is the path of the given folder on the site, such as
	// "/job-families/"; empty means: find out from the links themselves.
	Base string
	// Root is the folder that Base is the path of, as the paths of the files
	// begin; empty means the longest folder that all of them share.
	Root string
	// Whole lists folders that were given with everything in them, as the
	// paths of the files begin: a link to a page that is not there is broken,
	// while elsewhere it is unknown. Nil means Root, if more than one file was
	// given.
	Whole []string
	// Redirects maps a path on the site to the path that it leads to.
	Redirects map[string]string
	// Anchors lists, for a path on the site, anchors that a generator makes.
	// Those of "*" are on every page.
	Anchors map[string][]string
}

// Hierarchy is the organisation's product hierarchy; nil if none was given.
type Hierarchy struct {
	Sections, Stages, Groups, Categories []Node
}

// A Node is one entry of the hierarchy.
type Node struct {
	Key, Name, Parent string
	Marketing         bool
}
