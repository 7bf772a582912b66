package cli

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/cadre-hq/cadre/internal/compile"
	"github.com/cadre-hq/cadre/internal/compile/cache"
	"github.com/cadre-hq/cadre/internal/config"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/source"
	"github.com/cadre-hq/cadre/internal/workspace"
)

// A project is what pages are read and judged by, in a run.
type project struct {
	*workspace.Workspace
	app   *app
	base  func() source.Base // from which name sees pages
	names map[string]string  // what name has returned
}

// project loads the configuration that counts for a path, with what flags say.
// Mistakes in it are told at once; the rest of it counts, unless that would
// leave no rule.
func (a *app) project(start string, flags ...config.Flag) (*project, error) {
	w, problems, err := workspace.Open(config.Options{
		Start: start, File: a.configFile, Without: a.withoutConfig, Environ: a.environ, Flags: flags,
	})
	if err != nil {
		return nil, err
	}
	p := &project{Workspace: w, app: a, names: map[string]string{}}
	p.base = sync.OnceValue(func() source.Base {
		switch {
		case w.Repository != "":
			return source.BaseAt(w.Repository)
		case w.File != "":
			return source.BaseAt(w.Root)
		}
		return source.BaseAt("")
	})
	if problems = append(problems, w.Mistakes()...); len(problems) > 0 {
		problems.Sort()
		fmt.Fprintln(a.err, problems) // each with its place, which a terminal can open
		a.flawed = len(problems)
		if !slices.ContainsFunc(w.Rules, func(r config.Rule) bool { return w.Selection.Decision(r.Code).Severity != diag.Off }) {
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

// load reads the pages at the paths from the command line, no path being the
// current folder. It fails where there is none at all. What cannot be read is
// said on standard error, and makes the run end with exit code 2.
func (p *project) load(ctx context.Context, paths []string, stdinName string) ([]*source.File, []source.Problem, error) {
	o := p.Source(p.Root)
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
	o, err := p.Options()
	if err != nil && p.app.flawed > 0 {
		err = errFlawed // it was told already
	}
	o.Lint.Site.Whole = folders(orHere(paths))
	o.Name = p.name
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
