package lint

import (
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/cadre-hq/cadre/internal/nearest"
)

// An Index finds pages, anchors and roles among the facts of all pages. It may
// be asked by several goroutines; what only some rules want is made when the
// first asks.
type Index struct {
	settings *Settings
	pages    map[string]*Facts        // by the path under which they are served, as files lie
	folders  map[string]bool          // that hold pages, at any depth
	byName   map[string][]*Facts      // by the last part of the served path
	whole    []string                 // folders of which everything was given
	root     string                   // folder that base is the path of
	base     string                   // path on the site, without a slash at the end
	mapped   bool                     // root and base are known
	moved    map[string]string        // redirects, by normal path
	roles    func() map[string][]Role // by roleKey
	chairs   func() *chairs
	callings *callings                  // of all titles
	targets  map[*Facts]func() []Target // of all links of a page, in their order
}

// A Role is a level together with the page that defines it.
type Role struct {
	Page  *Facts
	Level *LevelFact
}

// NewIndex makes the index of the pages, which are in the order of their
// paths.
func NewIndex(s *Settings, pages []*Facts) *Index {
	x := &Index{
		settings: s, pages: make(map[string]*Facts, len(pages)), folders: map[string]bool{},
		byName: make(map[string][]*Facts, len(pages)), moved: map[string]string{},
		targets: make(map[*Facts]func() []Target, len(pages)),
	}
	x.callings = newCallings(s)
	x.roles = sync.OnceValue(func() map[string][]Role { return x.rolesOf(pages) })
	x.chairs = sync.OnceValue(func() *chairs { return newChairs(x.callings, pages) })
	for _, f := range pages {
		x.targets[f] = sync.OnceValue(func() []Target { return x.resolved(f) })
		at := served(f.Path)
		x.pages[at] = f
		name := at[strings.LastIndexByte(at, '/')+1:]
		x.byName[name] = append(x.byName[name], f)
		for dir := parent(f.Path); dir != "" && !x.folders[dir]; dir = parent(dir) {
			x.folders[dir] = true
		}
	}
	x.place(pages)
	for from, to := range s.Site.Redirects {
		x.moved[normal(from)] = to
	}
	for _, f := range pages {
		for _, old := range f.Redirects {
			if strings.HasPrefix(old, "/") && x.mapped {
				if old = normal(old); x.moved[old] == "" {
					x.moved[old] = x.sitePath(f)
				}
			}
		}
	}
	return x
}

// rolesOf returns the levels of pages, by roleKey.
func (x *Index) rolesOf(pages []*Facts) map[string][]Role {
	total := 0
	for _, f := range pages {
		total += len(f.Levels)
	}
	roles := make(map[string][]Role, total)
	for _, f := range pages {
		for i := range f.Levels {
			key := x.callings.of(f.Levels[i].Title).key
			roles[key] = append(roles[key], Role{f, &f.Levels[i]})
		}
	}
	return roles
}

// parent returns the folder of a path, "" at the top.
func parent(p string) string {
	if i := strings.LastIndexByte(p, '/'); i >= 0 {
		return p[:i]
	}
	return ""
}

// normal brings a path on the site into the form in which paths are compared:
// no slash at the end, no "index.html".
func normal(p string) string {
	p = strings.TrimSuffix(p, "/")
	p = strings.TrimSuffix(p, "/index.html")
	return strings.TrimSuffix(p, ".html")
}

// place finds out where on the site the files lie.
func (x *Index) place(pages []*Facts) {
	site := &x.settings.Site
	common := commonFolder(pages)
	switch x.whole = site.Whole; {
	case x.whole != nil:
		x.whole = make([]string, len(site.Whole))
		for i, w := range site.Whole {
			x.whole[i] = path.Clean(w)
		}
	case len(pages) > 1:
		x.whole = []string{common}
	}
	if site.Base != "" {
		x.base, x.mapped = normal("/"+strings.Trim(site.Base, "/")), true
		if x.root = path.Clean(site.Root); site.Root == "" {
			x.root = common
			if root, _, ok := x.vote(pages, &x.base); ok {
				x.root = root
			}
		}
		return
	}
	x.root, x.base, x.mapped = x.vote(pages, nil)
}

// commonFolder returns the longest folder that holds all pages.
func commonFolder(pages []*Facts) string {
	if len(pages) == 0 {
		return ""
	}
	dir := parent(pages[0].Path)
	for _, f := range pages[1:] {
		for dir != "" && !strings.HasPrefix(f.Path, dir+"/") {
			dir = parent(dir)
		}
	}
	return dir
}

// A mapping says that the folder root is served under the path base.
type mapping struct{ root, base string }

// vote finds the mapping that most pages speak for: a link speaks for one if
// its path ends like the path of a page. It is believed if two pages do, and
// if a quarter of the paths below base lead to a page. With a base that is
// known, only root is looked for.
func (x *Index) vote(pages []*Facts, base *string) (string, string, bool) {
	voters := map[mapping]map[*Facts]bool{}
	paths := map[string]bool{}
	for _, f := range pages {
		for i := range f.Links {
			d := x.settings.destination(f.Links[i].Target)
			if p := normal(d.path); d.kind == sitePath && !paths[p] {
				paths[p] = true
				x.count(voters, p)
			}
		}
	}
	var best mapping
	for m, who := range voters {
		if base != nil && m.base != *base {
			continue
		}
		n, most := len(who), len(voters[best])
		if n > most || n == most && (len(m.base) > len(best.base) || len(m.base) == len(best.base) && m.root < best.root) {
			best = m
		}
	}
	below := 0
	for p := range paths {
		if strings.HasPrefix(p, best.base+"/") {
			below++
		}
	}
	n := len(voters[best])
	return best.root, best.base, n >= 2 && n*4 >= below || n >= 1 && base != nil
}

// count adds the votes of one path on the site.
func (x *Index) count(voters map[mapping]map[*Facts]bool, p string) {
	name := p[strings.LastIndexByte(p, '/')+1:]
	for _, f := range x.byName[name] {
		at, site := served(f.Path), p
		for at != "" && site != "" && path.Base(at) == path.Base(site) {
			at, site = parent(at), parent(site)
		}
		m := mapping{at, site}
		if voters[m] == nil {
			voters[m] = map[*Facts]bool{}
		}
		voters[m][f] = true
	}
}

// sitePath returns the path of a page on the site, with a slash at the end, or
// "" if nobody knows.
func (x *Index) sitePath(f *Facts) string {
	rest, ok := below(served(f.Path), x.root)
	if !x.mapped || !ok {
		return ""
	}
	if rest == "" {
		return x.base + "/"
	}
	return x.base + "/" + rest + "/"
}

// below returns the part of a path behind a folder.
func below(p, folder string) (string, bool) {
	if folder == "" || folder == "." {
		return p, true
	}
	if p == folder {
		return "", true
	}
	return strings.CutPrefix(p, folder+"/")
}

// Named returns the levels of all pages that a title names, whatever the order
// of its words, in the order of the pages.
func (x *Index) Named(title string) []Role { return x.roles()[x.callings.of(title).key] }

// Similar returns the path on the site of the page that was probably meant by
// one that does not exist, or "".
func (x *Index) Similar(site string) string {
	if !x.mapped {
		return ""
	}
	name := path.Base(normal(site))
	if same := x.byName[name]; len(same) == 1 && strings.Contains(name, "-") {
		return x.sitePath(same[0])
	}
	var known []string // names of as many words, one of them the same
	for n, pages := range x.byName {
		if len(pages) == 1 && n != name && alike(n, name) {
			known = append(known, n)
		}
	}
	slices.Sort(known)
	if n, ok := nearest.Word(name, known); ok && sameWords(n, name) {
		return x.sitePath(x.byName[n][0])
	}
	return ""
}

// alike reports at little cost whether two names may differ by a slip only.
func alike(a, b string) bool {
	if len(a)-len(b) > 3 || len(b)-len(a) > 3 || strings.Count(a, "-") != strings.Count(b, "-") {
		return false
	}
	head, tail := a[:min(2, len(a))], a[max(0, len(a)-2):]
	return strings.HasPrefix(b, head) || strings.HasSuffix(b, tail)
}
