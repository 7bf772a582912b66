package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/compile/cache"
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

// A project is the configuration of a run with what it leads to: how pages are
// read and compiled.
type project struct {
	*config.Config
	app       *app
	rules     []config.Rule
	selection *config.Selection
	base      func() source.Base // from which name sees pages
	names     map[string]string  // what name has returned
}

// configRules returns the rules as a configuration knows them.
func configRules() []config.Rule {
	rules := make([]config.Rule, len(lint.Rules))
	for i, r := range lint.Rules {
		rules[i] = config.Rule{Code: r.Code, Name: r.Name, Severity: r.Severity, Style: r.Style}
	}
	return rules
}

// project loads the configuration that counts for a path, with what flags say.
// Mistakes in it are told at once; the rest of it counts, unless that would
// leave no rule.
func (a *app) project(start string, flags ...config.Flag) (*project, error) {
	c, err := config.Load(config.Options{
		Start: start, File: a.configFile, Without: a.withoutConfig, Policy: policy.DefaultName,
		Environ: a.environ, Flags: flags,
	})
	if c == nil {
		return nil, err
	}
	rules := configRules()
	p := &project{Config: c, app: a, rules: rules, selection: c.Select(rules), names: map[string]string{}}
	p.base = sync.OnceValue(func() source.Base {
		switch {
		case c.Repository != "":
			return source.BaseAt(c.Repository)
		case c.File != "":
			return source.BaseAt(c.Root)
		}
		return source.BaseAt("")
	})
	problems, _ := errors.AsType[strict.Problems](err)
	more, _ := errors.AsType[strict.Problems](c.Validate(config.Known{Rules: rules, Packs: policy.Names()}))
	if problems = append(problems, more...); len(problems) > 0 {
		problems.Sort()
		fmt.Fprintln(a.err, problems) // each with its place, which a terminal can open
		a.flawed = len(problems)
		if !slices.ContainsFunc(rules, func(r config.Rule) bool { return p.selection.Decision(r.Code).Severity != diag.Off }) {
			return nil, errFlawed
		}
	}
	return p, nil
}

// name returns the path of a page as seen from the root of the repository: the
// name by which fingerprints and code hosts know it. Without a repository it is
// seen from the configuration, else from the working directory.
func (p *project) name(path string) string {
	name, ok := p.names[path]
	if !ok {
		name = p.base().Relative(path)
		p.names[path] = name
	}
	return name
}

// severity says how a rule counts for a page.
func (p *project) severity(r *lint.Rule, path string) diag.Severity {
	return p.selection.Severity(r.Code, path)
}

// sourceOptions returns how pages are read.
func (p *project) sourceOptions() source.Options {
	return source.Options{Ignore: p.Ignore, Base: p.Root, MaxBytes: p.MaxPageBytes}
}

// load reads the pages at the paths from the command line, no path being the
// current folder. It fails where there is none at all. What cannot be read is
// said on standard error, and makes the run end with exit code 2.
func (p *project) load(ctx context.Context, paths []string, stdinName string) ([]*source.File, []source.Problem, error) {
	o := p.sourceOptions()
	o.Stdin, o.StdinName = p.app.in, stdinName
	paths = orHere(paths)
	files, problems, err := source.Load(ctx, paths, o)
	if err != nil {
		return nil, nil, err
	}
	p.app.unread(problems)
	if len(files) == 0 && len(problems) == 0 {
		return nil, nil, fault.New(fault.NotFound, "there is no page in %s: a page is a file that ends in .md, .markdown or .md.erb%s", shown(paths), p.ignoring())
	}
	p.noteOverlooked(files)
	return files, problems, nil
}

// ignoring reminds of the patterns that may be why no page was found.
func (p *project) ignoring() string {
	if len(p.Ignore) == 0 {
		return ""
	}
	return ", and is not covered by ignore (" + p.Origin("ignore").String() + ")"
}

// orHere returns the paths, or the current folder.
func orHere(paths []string) []string {
	if len(paths) == 0 {
		return []string{"."}
	}
	return paths
}

// unread says which pages cannot be read.
func (a *app) unread(problems []source.Problem) {
	for _, u := range problems {
		a.complain("%s", u)
		a.code = exitBroken
	}
}

// compileOptions returns how pages are compiled; paths are those from the
// command line.
func (p *project) compileOptions(paths []string) (compile.Options, error) {
	o, err := p.options(paths)
	if err != nil && p.app.flawed > 0 {
		err = errFlawed // it was told already
	}
	return o, err
}

func (p *project) options(paths []string) (compile.Options, error) {
	o := compile.Options{
		Dialect: syntax.Dialect(p.Dialect),
		Resolve: resolve.Settings{Aliases: p.Aliases, Headings: make(map[string]family.Kind, len(p.Headings))},
		Lint: lint.Settings{
			MandatoryText: p.Mandatory.Text, OwnHosts: p.Config.Site.Hosts, InternalHosts: p.Config.Site.InternalHosts,
			Site: lint.Site{Base: p.Config.Site.Base, Anchors: p.Config.Site.Anchors, Whole: folders(orHere(paths))},
		},
		Severity: p.severity,
		Name:     p.name,
	}
	for spelling, kind := range p.Headings {
		o.Resolve.Headings[spelling] = family.Kind(kind)
	}
	var err error
	if o.Lint.Policy, err = p.policy(); err != nil {
		return o, err
	}
	if o.Lint.Mandatory, err = p.Mandatory.Regexp(); err != nil {
		return o, err
	}
	if o.Lint.Site.Redirects, err = p.RedirectMap(); err != nil {
		return o, err
	}
	o.Lint.Hierarchy, err = p.hierarchy()
	return o, err
}

// cache returns what earlier runs over the paths with these options have found.
func (p *project) cache(o *compile.Options, paths []string) *cache.Cache {
	return cache.Open(cache.Folder(p.app.variable("XDG_CACHE_HOME")), o, paths)
}

// folders returns those of the paths that are folders.
func folders(paths []string) []string {
	found := []string{}
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			found = append(found, filepath.ToSlash(filepath.Clean(path)))
		}
	}
	return found
}

// policy returns the policy pack; nil is the default one, which is read only
// when a rule asks for it.
func (p *project) policy() (*policy.Pack, error) {
	if file := p.PolicyFile(); file != "" {
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fault.New(fault.Invalid, "policy: %w", err)
		}
		return policy.Parse(filepath.ToSlash(file), text)
	}
	if p.Policy == "" || p.Policy == policy.DefaultName {
		return nil, nil
	}
	return policy.Named(p.Policy)
}

// hierarchy returns the product hierarchy, or nil if the configuration names
// none.
func (p *project) hierarchy() (*lint.Hierarchy, error) {
	files := namedFiles{
		hierarchy.SectionsFile:   p.Path("hierarchy.sections"),
		hierarchy.StagesFile:     p.Path("hierarchy.stages"),
		hierarchy.CategoriesFile: p.Path("hierarchy.categories"),
	}
	if p.Hierarchy == (config.Hierarchy{}) {
		return nil, nil
	}
	return hierarchy.Load(files)
}

// namedFiles is a folder whose files lie somewhere else, each under the path
// that it is listed with; an empty path is no file.
type namedFiles map[string]string

// Open opens a file by its name in the folder.
func (f namedFiles) Open(name string) (fs.File, error) {
	path := f[name]
	if path == "" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return os.Open(path)
}

// startOf returns the path from which the configuration is looked for.
func startOf(paths []string, stdinName string) string {
	paths = orHere(paths)
	if paths[0] == "-" {
		return cmp.Or(stdinName, ".")
	}
	return paths[0]
}

// shown is how a message calls the paths from the command line.
func shown(paths []string) string {
	if slices.Equal(paths, []string{"."}) {
		return "the current folder"
	}
	text := paths[0]
	for i, path := range paths[1:] {
		if i == len(paths)-2 {
			text += " or " + path
		} else {
			text += ", " + path
		}
	}
	return text
}

// inFolder reports whether a page was found in one of the folders, rather than
// named itself.
func inFolder(page string, folders []string) bool {
	return slices.ContainsFunc(folders, func(folder string) bool {
		return folder == "." && !filepath.IsAbs(page) && !strings.HasPrefix(page, "../") || strings.HasPrefix(page, folder+"/") || folder == "/"
	})
}
