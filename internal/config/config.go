// Package config reads cadre.yaml, the one file in which an organisation tells
// Cadre how to read its pages and what to say about them.
//
// The file is found upwards from the pages. A value comes, the later the
// stronger, from the defaults, the file, the environment (CADRE_FAIL_ON for the
// key fail_on) or a flag; Origin tells which. Load lists what it cannot place,
// Validate everything that is wrong with the values, with lines; what is right
// can be used all the same.
//
// The package knows nothing of rules and pages: rules are codes with names that
// the caller hands in, and the caller turns a Config into what the compiler
// takes.
package config

import (
	_ "embed"

	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/layers"
	"github.com/cadre-hq/cadre/internal/source"
)

// Name is the name of the file.
const Name = "cadre.yaml"

// A Config holds the keys of cadre.yaml. The zero value of a key means what
// its comment says; Load puts in the defaults.
type Config struct {
	// Use names the rules to run, by code, name or group (see Groups); empty
	// means the group "default".
	Use []string `yaml:"use"`
	// Except names rules not to run.
	Except []string `yaml:"except"`
	// Severities sets how a rule counts: error, warning, info or off. Any but
	// off also runs a rule that Use does not name.
	Severities map[string]string `yaml:"severities"`
	// Ignore lists patterns (source.Match) of pages that are not read.
	Ignore []string `yaml:"ignore"`
	// IgnoreOnly lists, for a rule, patterns of pages of which it says nothing.
	IgnoreOnly map[string][]string `yaml:"ignore_only"`
	Waivers    []Waiver            `yaml:"waivers"`
	// FailOn is the severity from which on a check fails; "off" never does.
	// Empty means error.
	FailOn string `yaml:"fail_on"`

	// Policy is the name of a shipped pack, or the path of one's own; empty
	// means the default pack.
	Policy    string    `yaml:"policy"`
	Mandatory Mandatory `yaml:"mandatory"`
	// Headings maps further spellings of headings to kinds of section.
	Headings map[string]string `yaml:"headings"`
	// Aliases maps names of roles to titles of levels.
	Aliases map[string]string `yaml:"aliases"`
	// Dialect is how the site makes anchors (see Dialects); empty means gfm.
	Dialect   string    `yaml:"dialect"`
	Site      Site      `yaml:"site"`
	Hierarchy Hierarchy `yaml:"hierarchy"`

	// MaxPageBytes is the size of the largest page that is read; 0 means
	// source.DefaultMaxBytes.
	MaxPageBytes int64 `yaml:"max_page_bytes"`
	// Cache keeps what was compiled in the user's cache folder.
	Cache bool `yaml:"cache"`

	// File is the path of the file that was read, as seen from the working
	// directory; empty if there is none.
	File string `yaml:"-"`
	// Root is the folder that patterns count from: that of the file, or the one
	// in which the search began.
	Root string `yaml:"-"`
	// Repository is the root of the git repository; empty outside of one.
	Repository string `yaml:"-"`

	stack layers.Stack
}

// A Waiver says that a finding is known and accepted, and why.
type Waiver struct {
	// Code is the rule, by code or name.
	Code string `yaml:"code"`
	// Path is a pattern of the pages that are meant.
	Path string `yaml:"path"`
	// Heading is the title of a heading that encloses the finding; empty means
	// anywhere.
	Heading string `yaml:"heading"`
	// Match is a part of the finding's message; empty means any.
	Match string `yaml:"match"`
	// Reason is why the finding is accepted. A waiver needs one.
	Reason string `yaml:"reason"`
	// Until is the last day of the waiver, as 2026-12-31; empty means for ever.
	Until string `yaml:"until"`
}

// Mandatory is the requirement that every level must have.
type Mandatory struct {
	// Text is the bullet as the organisation writes it; empty means none.
	Text string `yaml:"text"`
	// Pattern is a regular expression for the ways in which pages write it;
	// empty means the text itself, in any case.
	Pattern string `yaml:"pattern"`
}

// Site says how links lead to the pages.
type Site struct {
	// Base is the path on the site of the folder that is checked.
	Base string `yaml:"base"`
	// Hosts are those of the organisation's own site.
	Hosts []string `yaml:"hosts"`
	// InternalHosts can be opened by members of the organisation alone.
	InternalHosts []string  `yaml:"internal_hosts"`
	Redirects     Redirects `yaml:"redirects"`
	// Anchors lists, for a path on the site, anchors that a generator makes.
	Anchors map[string][]string `yaml:"anchors"`
}

// Hierarchy names the files of the product hierarchy; an empty one is not
// known. Config.Path returns where they are.
type Hierarchy struct {
	Sections   string `yaml:"sections"`
	Stages     string `yaml:"stages"`
	Categories string `yaml:"categories"`
}

// Dialects lists the ways of making anchors, the default first.
var Dialects = []string{"gfm", "kramdown", "gitlab", "hugo"}

// defaults returns the configuration that counts where nothing is said.
func defaults(policy string) *Config {
	c := &Config{
		Use:    []string{GroupDefault},
		FailOn: diag.Error.String(), Policy: policy, Dialect: Dialects[0],
		MaxPageBytes: source.DefaultMaxBytes, Cache: true,
	}
	c.stack = *layers.New(c, Name)
	return c
}

// FailSeverity returns FailOn as a severity.
func (c *Config) FailSeverity() diag.Severity {
	if s, err := diag.ParseSeverity(c.FailOn); err == nil && c.FailOn != "" {
		return s
	}
	return diag.Error
}

//go:embed example.yaml
var example string

// Example returns the text of a file that says what the defaults say, with
// every key explained: what `cadre init` writes.
func Example() string { return example }

//go:embed cadre.schema.json
var schema string

// Schema returns the JSON Schema (2020-12) of the file, for editors.
func Schema() string { return schema }
