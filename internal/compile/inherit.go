package compile

import (
	"github.com/cadre-hq/cadre/internal/compile/lint"
	"github.com/cadre-hq/cadre/internal/compile/resolve"
	"github.com/cadre-hq/cadre/internal/family"
)

// Finder returns the finder of levels over all pages of the snapshot: a
// reference means a level of its own page, or of the page that it links to, or
// the only level of all pages that has this title. With it, duties are
// inherited across pages.
func (s *Snapshot) Finder(o *Options) family.Finder {
	pages := make(map[string]*Page, len(s.Pages))
	facts := make(map[*family.Family]*lint.Facts, len(s.Pages))
	all := make([]*lint.Facts, len(s.Pages))
	for i, p := range s.Pages {
		all[i] = o.Lint.Facts(&lint.Page{File: p.File, Outline: p.Outline, Family: p.Family, IsFamily: p.IsFamily})
		pages[p.File.Path], facts[p.Family] = p, all[i]
	}
	index := lint.NewIndex(&o.Lint, all)
	return func(f *family.Family, ref *family.Reference) (*family.Family, *family.Level) {
		if g, l := family.Find(f, ref); l != nil {
			return g, l
		}
		if ref.Target != "" && facts[f] != nil {
			if t := index.Resolve(facts[f], ref.Target); t.Page != nil {
				g := pages[t.Page.Path].Family
				return g, levelAt(g, t.Anchor, ref.Title)
			}
		}
		if named := index.Named(ref.Title); len(named) == 1 {
			g := pages[named[0].Page.Path].Family
			return g, g.Level(named[0].Level.Title)
		}
		return nil, nil
	}
}

// levelAt returns the level that a link into a page means: the one with the
// anchor, with the title, or the only one.
func levelAt(f *family.Family, anchor, title string) *family.Level {
	for _, l := range f.Levels {
		if anchor != "" && l.Slug == anchor {
			return l
		}
	}
	for _, l := range f.Levels {
		if resolve.SameRole(l.Title, title) {
			return l
		}
	}
	if len(f.Levels) == 1 {
		return f.Levels[0]
	}
	return nil
}
