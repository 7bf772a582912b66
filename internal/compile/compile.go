// Package compile turns a set of pages into one immutable Snapshot: the model
// of every page and every finding about them. check, export, diff and all
// later users take this one path, so that what is green in one place cannot be
// red in another.
//
// The stages are syntax (Markdown to an outline), resolve (outline to model)
// and lint (model to findings). None of them fails; an unreadable page is a
// finding.
package compile

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/family"
	"github.com/cadre-hq/cadre/internal/source"
)

// Options steer a compilation; the zero value has useful defaults.
type Options struct {
	Dialect syntax.Dialect
	Resolve resolve.Settings
	Lint    lint.Settings
	// Severity says how a rule counts for a path; diag.Off does not run it.
	// Nil means each rule's own severity.
	Severity lint.Severity
	// Name gives the path of a page as seen from the root of the repository,
	// which is what fingerprints are made of; nil leaves paths as they are.
	Name func(path string) string
	// Progress, if set, is called with the number of pages done so far. It may
	// be called from several goroutines.
	Progress func(done int)
	// FindingsOnly lets Check forget the outline and the model of a page as soon
	// as it was looked at, so that a large folder needs little memory.
	FindingsOnly bool
	// WithoutFingerprints leaves the findings without fingerprints, for those who
	// neither print nor compare them.
	WithoutFingerprints bool
	// Cache, if set, knows what Check said about pages in earlier runs.
	Cache Cache
}

// A Cache keeps the results of pages from one run to the next. Find returns one
// only if CheckPage would return it, too. Both are called from several
// goroutines.
type Cache interface {
	Find(f *source.File) (lint.Result, bool)
	Keep(f *source.File, r lint.Result)
}

// A Page is one compiled file. A page that Check took from a cache, or was to
// forget, has no outline and no model.
type Page struct {
	File    *source.File
	Outline *syntax.Outline
	Family  *family.Family
	// IsFamily is false for pages that are no job family, such as the
	// handbook pages that families link to.
	IsFamily bool
}

// A Snapshot is a compiled set of pages, in the order of their paths, with the
// findings that remain after suppressions, sorted.
type Snapshot struct {
	Pages    []*Page
	Findings []diag.Finding
}

// Page compiles the model of one file, without findings.
func (o *Options) Page(f *source.File) *Page { return o.model(f, syntax.Parse(f, o.Dialect)) }

// model makes the model of an outline.
func (o *Options) model(f *source.File, outline *syntax.Outline) *Page {
	settings := o.Resolve
	settings.WithoutIDs = o.FindingsOnly
	fam := resolve.Family(outline, settings)
	return &Page{File: f, Outline: outline, Family: fam, IsFamily: resolve.IsFamily(outline, fam)}
}

// Models compiles the models of files without running any rule. Pages come in
// the order of files. It stops early only when ctx ends.
func Models(ctx context.Context, files []*source.File, o Options) (*Snapshot, error) {
	s := &Snapshot{Pages: make([]*Page, len(files))}
	err := each(ctx, len(files), func(i int) {
		s.Pages[i] = o.Page(files[i])
	}, o.Progress)
	return s, err
}

// each runs f for 0 to n-1 on all processors and returns when all are done.
func each(ctx context.Context, n int, f func(int), progress func(int)) error {
	var next, done atomic.Int64
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), n) {
		wg.Go(func() {
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				f(i)
				if progress != nil {
					progress(int(done.Add(1)))
				}
			}
		})
	}
	wg.Wait()
	return ctx.Err()
}
