package compile

import (
	"context"
	"slices"
	"sync"

	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/compile/syntax"
	"github.com/cadre-hq/cadre/internal/diag"
	"github.com/cadre-hq/cadre/internal/source"
)

// Check compiles files and runs the rules over them. Files must be in the
// order of their paths, as source.Load returns them. It stops early only when
// ctx ends.
func Check(ctx context.Context, files []*source.File, o Options) (*Snapshot, error) {
	s := &Snapshot{Pages: make([]*Page, len(files))}
	results := make([]lint.Result, len(files))
	order := largestFirst(files)
	err := each(ctx, len(files), func(n int) {
		i := order[n]
		s.Pages[i], results[i] = o.page(files[i])
	}, o.Progress)
	if err != nil {
		return s, err
	}
	s.Findings = o.Lint.Finish(results, o.Severity, o.fingerprints())
	return s, nil
}

// fingerprints returns what tells the fingerprints of findings, or nil if they
// are not wanted.
func (o *Options) fingerprints() *diag.Fingerprints {
	if o.WithoutFingerprints {
		return nil
	}
	return diag.NewFingerprints(o.Name)
}

// largestFirst returns the indexes of files in the order in which all
// processors are done with them at about the same time.
func largestFirst(files []*source.File) []int {
	order := make([]int, len(files))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(files[b].Text) - len(files[a].Text) })
	return order
}

// parsers read pages that are forgotten as soon as they were looked at.
var parsers = sync.Pool{New: func() any { return new(syntax.Parser) }}

// page compiles one file and looks at it alone: the part of Check whose result
// depends on the bytes of the page and the options only, so that a cache may
// know it.
func (o *Options) page(f *source.File) (*Page, lint.Result) {
	if o.Cache != nil {
		if r, ok := o.Cache.Find(f); ok {
			return &Page{File: f, IsFamily: r.Facts.IsFamily}, r
		}
	}
	var p *Page
	if o.FindingsOnly {
		parser := parsers.Get().(*syntax.Parser)
		defer parsers.Put(parser) // by then, the outline is forgotten
		p = o.model(f, parser.Parse(f, o.Dialect))
	} else {
		p = o.Page(f)
	}
	r := o.Lint.CheckPage(&lint.Page{
		File: p.File, Outline: p.Outline, Family: p.Family, IsFamily: p.IsFamily,
	}, o.Severity)
	if o.Cache != nil {
		o.Cache.Keep(f, r)
	}
	if o.FindingsOnly {
		p = &Page{File: f, IsFamily: p.IsFamily}
	}
	return p, r
}
