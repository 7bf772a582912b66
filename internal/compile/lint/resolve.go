package lint

import (
	"path"
	"slices"
	"strings"
)

// A Verdict is what can be said about a link without asking the network.
type Verdict int

// The verdicts. A link whose target lies outside what was given is Unknown and
// never called broken.
const (
	Unknown Verdict = iota
	OK
	NoPage   // the page should be among those given and is not
	NoAnchor // the page is there, the anchor is not
)

// A Target is where a link leads.
type Target struct {
	Verdict Verdict
	Page    *Facts // nil if it is not among those given
	Path    string // path on the site, or of the file, without the anchor
	Anchor  string
	// Moved is the path, with anchor, that a redirect leads to; empty without
	// one.
	Moved string
}

// maxRedirects is where a chain of redirects counts as a circle.
const maxRedirects = 10

// Targets says where the links of a page lead, in their order.
func (x *Index) Targets(page *Facts) []Target { return x.targets[page]() }

func (x *Index) resolved(page *Facts) []Target {
	targets := make([]Target, len(page.Links))
	for i := range page.Links {
		targets[i] = x.Resolve(page, page.Links[i].Target)
	}
	return targets
}

// Resolve says where a link on the page from leads.
func (x *Index) Resolve(from *Facts, target string) Target {
	d := x.settings.destination(target)
	t := Target{Path: d.path, Anchor: d.anchor}
	switch d.kind {
	case samePage:
		t.Page = from
		return x.anchored(t)
	case sitePath:
		return x.onSite(t)
	case relative, pageRef:
		if strings.HasPrefix(d.path, "/") {
			return x.onSite(t)
		}
		return x.besides(from, t, d.kind)
	}
	return t
}

// onSite follows redirects and looks for the page.
func (x *Index) onSite(t Target) Target {
	at := normal(t.Path)
	for range maxRedirects {
		next, ok := x.moved[at]
		if !ok {
			break
		}
		d := x.settings.destination(next)
		if d.kind != sitePath {
			return Target{Path: next, Moved: next}
		}
		t.Path, at = d.path, normal(d.path)
		if d.hasAnchor {
			t.Anchor = d.anchor
		}
		if t.Moved = t.Path; t.Anchor != "" {
			t.Moved += "#" + t.Anchor
		}
	}
	rest, ok := below(at, x.base)
	if x.base == "" {
		rest, ok = strings.TrimPrefix(at, "/"), true
	}
	if !x.mapped || !ok || isFile(at) {
		return t
	}
	return x.found(t, path.Join(x.root, rest))
}

// besides looks for a page by a path that counts from the linking one: from
// its folder, as in the repository, or from the path under which it is served,
// as in a browser. A reference of a generator may also name a page alone.
func (x *Index) besides(from *Facts, t Target, kind targetKind) Target {
	if isFile(t.Path) {
		return t
	}
	name := trimPageEnd(strings.TrimSuffix(t.Path, "/"))
	name = strings.TrimSuffix(strings.TrimSuffix(name, "/index"), "/_index")
	inFolder, inPage := path.Join(parent(from.Path), name), path.Join(served(from.Path), name)
	for _, at := range []string{inFolder, inPage} {
		if x.pages[at] != nil || x.folders[at] {
			return x.found(t, at)
		}
	}
	if kind == pageRef {
		if same := x.byName[path.Base(name)]; len(same) == 1 {
			t.Page = same[0]
			return x.anchored(t)
		}
		return t
	}
	if x.covers(inPage) {
		return x.found(t, inFolder)
	}
	return t
}

// found looks at the place where a page should be, as files lie.
func (x *Index) found(t Target, at string) Target {
	t.Page = x.pages[at]
	switch {
	case t.Page != nil:
		return x.anchored(t)
	case x.folders[at]: // a generator may list the pages of a folder by itself
		return t
	case x.covers(at):
		t.Verdict = NoPage
	}
	return t
}

// covers reports whether everything in the folder of a page was given.
func (x *Index) covers(at string) bool {
	for _, w := range x.whole {
		if rest, ok := below(at, w); ok && !strings.HasPrefix(rest, "..") {
			return true
		}
	}
	return false
}

// anchored looks for the anchor on the page that was found.
func (x *Index) anchored(t Target) Target {
	switch {
	case t.Anchor == "" || t.Anchor == "top" || slices.Contains(t.Page.Anchors, t.Anchor):
		t.Verdict = OK
	case x.settings.Site.generated(x.sitePath(t.Page), t.Anchor):
		t.Verdict = OK
	case !t.Page.Dynamic:
		t.Verdict = NoAnchor
	}
	return t
}

// generated reports whether the site's generator makes an anchor on the page
// of that path.
func (s *Site) generated(page, anchor string) bool {
	if len(s.Anchors) == 0 {
		return false
	}
	if slices.Contains(s.Anchors["*"], anchor) {
		return true
	}
	page = normal(page)
	for key, list := range s.Anchors {
		if normal(key) == page && slices.Contains(list, anchor) {
			return true
		}
	}
	return false
}
