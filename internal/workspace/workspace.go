// Package workspace opens a place where pages lie: the cadre.yaml that counts
// there, with all that it leads to. The command line and whoever publishes ask
// it how pages are found, read and judged, so that what is green on a desk
// cannot be red on a server.
//
// A Workspace is the configuration and what follows from it. A Reading is the part
// that decides what a page means by itself; it is kept with what is published,
// so that the same text can be read in the same way later.
package workspace

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/config"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/strict"
)

// A Workspace is the configuration of a place with what it leads to.
type Workspace struct {
	*config.Config
	Rules     []config.Rule
	Selection *config.Selection
}

// Open loads the configuration; the default pack counts where it names none.
// What cannot be placed in it is returned as problems beside the workspace, which
// holds the rest. It fails as config.Load does for what cannot be read at all.
func Open(o config.Options) (*Workspace, strict.Problems, error) {
	o.Policy = policy.DefaultName
	c, err := config.Load(o)
	if c == nil {
		return nil, nil, err
	}
	problems, _ := errors.AsType[strict.Problems](err)
	w := &Workspace{Config: c, Rules: make([]config.Rule, len(lint.Rules))}
	for i, r := range lint.Rules {
		w.Rules[i] = config.Rule{Code: r.Code, Name: r.Name, Severity: r.Severity, Style: r.Style}
	}
	w.Selection = c.Select(w.Rules)
	return w, problems, nil
}

// Mistakes returns what is wrong with the values of the configuration. It looks
// whether the files that they name exist.
func (w *Workspace) Mistakes() strict.Problems {
	problems, _ := errors.AsType[strict.Problems](w.Validate(config.Known{Rules: w.Rules, Packs: policy.Names()}))
	return problems
}

// Files returns the paths of the files that the configuration names.
func (w *Workspace) Files() []string {
	var paths []string
	for _, at := range []string{
		w.PolicyFile(), w.Path("hierarchy.sections"), w.Path("hierarchy.stages"), w.Path("hierarchy.categories"), w.Path("site.redirects"),
	} {
		if at != "" {
			paths = append(paths, at)
		}
	}
	return paths
}

// Source returns how pages are found; paths in the configuration count from
// base.
func (w *Workspace) Source(base string) source.Options {
	return source.Options{Ignore: w.Ignore, Base: base, MaxBytes: w.MaxPageBytes}
}

// Options returns how pages are compiled. It fails with Invalid if a file that
// the configuration names cannot be read.
func (w *Workspace) Options() (compile.Options, error) {
	o := w.Reading().Options()
	o.Severity = func(r *lint.Rule, path string) diag.Severity { return w.Selection.Severity(r.Code, path) }
	o.Lint = lint.Settings{
		MandatoryText: w.Mandatory.Text, OwnHosts: w.Site.Hosts, InternalHosts: w.Site.InternalHosts,
		Site: lint.Site{Base: w.Site.Base, Anchors: w.Site.Anchors},
	}
	var err error
	if o.Lint.Policy, err = w.Pack(); err != nil {
		return o, err
	}
	if o.Lint.Mandatory, err = w.Mandatory.Regexp(); err != nil {
		return o, err
	}
	if o.Lint.Site.Redirects, err = w.RedirectMap(); err != nil {
		return o, err
	}
	if w.Hierarchy != (config.Hierarchy{}) {
		o.Lint.Hierarchy, err = hierarchy.Read(hierarchy.Paths{
			Sections: w.Path("hierarchy.sections"), Stages: w.Path("hierarchy.stages"), Categories: w.Path("hierarchy.categories"),
		}, os.ReadFile)
	}
	return o, err
}

// Pack returns the policy pack; nil is the default one, which is read only when
// a rule asks for it.
func (w *Workspace) Pack() (*policy.Pack, error) {
	if file := w.PolicyFile(); file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fault.New(fault.Invalid, "policy: %w", err)
		}
		return policy.Parse(filepath.ToSlash(file), text)
	}
	if w.Policy == "" || w.Policy == policy.DefaultName {
		return nil, nil
	}
	return policy.Named(w.Policy)
}

// Reading returns the part of the configuration that decides what a page means
// by itself.
func (w *Workspace) Reading() Reading {
	return Reading{Dialect: w.Dialect, Headings: w.Headings, Aliases: w.Aliases}
}

// A Reading decides what a page means by itself.
type Reading struct {
	Dialect  string            `json:"dialect"`
	Headings map[string]string `json:"headings,omitempty"`
	Aliases  map[string]string `json:"aliases,omitempty"`
}

// ParseReading returns the reading of a text that String has made.
func ParseReading(text string) (Reading, error) {
	var r Reading
	if err := json.Unmarshal([]byte(text), &r); err != nil {
		return r, fault.New(fault.Internal, "the settings of a release cannot be read: %w", err)
	}
	return r, nil
}

// String returns the reading as JSON, the same for equal ones.
func (r Reading) String() string {
	text, err := json.Marshal(r)
	if err != nil {
		panic(err) // it holds nothing but texts
	}
	return string(text)
}

// Family returns what a page says, read in this way.
func (r Reading) Family(f *source.File) *family.Family {
	o := r.Options()
	return o.Page(f).Family
}

// Options returns the part of the compiler's options that the reading decides.
func (r Reading) Options() compile.Options {
	o := compile.Options{
		Dialect: syntax.Dialect(r.Dialect),
		Resolve: resolve.Settings{Aliases: r.Aliases, Headings: make(map[string]family.Kind, len(r.Headings))},
	}
	for spelling, kind := range r.Headings {
		o.Resolve.Headings[spelling] = family.Kind(kind)
	}
	return o
}
