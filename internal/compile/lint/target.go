package lint

import (
	"strings"

	"github.com/cadre-hq/cadre/internal/source"
)

// A targetKind says where the destination of a link lies.
type targetKind int

const (
	elsewhere targetKind = iota // another site, a mail address, a template expression
	samePage                    // "#anchor", or nothing
	sitePath                    // "/people/values/": from the root of the site
	relative                    // "../values.md": from the page
	pageRef                     // {{< ref "values#top" >}}: by the generator's own rules
)

// A destination is the target of a link, cut into its parts.
type destination struct {
	kind         targetKind
	path, anchor string
	hasAnchor    bool // "#" stands in the target, even with nothing behind it
	host         string
}

// destination reads the target of a link. An absolute address of the
// organisation's own site is a path on it.
func (s *Settings) destination(target string) destination {
	t := unbracket(strings.TrimSpace(target))
	if ref, ok := shortcodeRef(t); ok {
		d := destination{kind: pageRef}
		d.path, d.anchor, d.hasAnchor = strings.Cut(ref, "#")
		if d.path == "" {
			d.kind = samePage
		}
		return d
	}
	if strings.Contains(t, "<%") || strings.Contains(t, "{{") {
		return destination{}
	}
	d := destination{kind: relative}
	d.path, d.anchor, d.hasAnchor = strings.Cut(t, "#")
	d.path, _, _ = strings.Cut(d.path, "?")
	if rest, ok := afterScheme(d.path); ok {
		host, path, _ := strings.Cut(rest, "/")
		d.host, d.path = strings.ToLower(host), "/"+path
		if d.kind = elsewhere; hostIn(d.host, s.OwnHosts) {
			d.kind = sitePath
		}
		return d
	}
	switch {
	case d.path == "":
		d.kind = samePage
	case strings.HasPrefix(d.path, "/"):
		d.kind = sitePath
	case hasScheme(d.path):
		d.kind = elsewhere
	}
	return d
}

// unbracket removes brackets around an address, "[text]((address))". Browsers
// do not forgive this slip, and a rule of its own tells it; what the address
// means can be said all the same.
func unbracket(t string) string {
	if bare, ok := strings.CutPrefix(t, "("); ok {
		return strings.TrimSuffix(bare, ")")
	}
	return t
}

// afterScheme returns what follows "https://", "http://" or "//".
func afterScheme(t string) (string, bool) {
	for _, scheme := range []string{"https://", "http://", "//"} {
		if len(t) >= len(scheme) && strings.EqualFold(t[:len(scheme)], scheme) {
			return t[len(scheme):], true
		}
	}
	return "", false
}

// hasScheme reports whether t begins with a scheme such as "mailto:".
func hasScheme(t string) bool {
	i := strings.IndexAny(t, ":/")
	return i > 0 && t[i] == ':'
}

// hostIn reports whether host is one of the list, or lies below one that is
// written ".example.org" or "*.example.org". A port does not matter.
func hostIn(host string, list []string) bool {
	host, _, _ = strings.Cut(host, ":")
	for _, h := range list {
		h = strings.TrimPrefix(h, "*")
		if strings.EqualFold(host, h) || strings.HasPrefix(h, ".") && strings.HasSuffix(host, strings.ToLower(h)) {
			return true
		}
	}
	return false
}

// shortcodeRef returns what a Hugo ref or relref shortcode names.
func shortcodeRef(t string) (string, bool) {
	if !strings.HasPrefix(t, "{{<") && !strings.HasPrefix(t, "{{%") {
		return "", false
	}
	t = strings.TrimSpace(strings.TrimRight(t[3:], "}>% \t"))
	name, rest, _ := strings.Cut(t, " ")
	if name != "ref" && name != "relref" {
		return "", false
	}
	return strings.Trim(strings.TrimSpace(rest), "\"`'"), true
}

// onSite reports whether a link may aim at another page of the site.
func (s *Settings) onSite(target string) bool {
	k := s.destination(target).kind
	return k == sitePath || k == relative || k == pageRef
}

// served returns the path under which a file is served, without a slash at
// the end: "a/x/index.html.md" and "a/x.md.erb" are both "a/x".
func served(file string) string {
	dir, name := "", file
	if i := strings.LastIndexByte(file, '/'); i >= 0 {
		dir, name = file[:i], file[i+1:]
	}
	name = trimPageEnd(name)
	switch {
	case name == "index" || name == "_index" || name == "README":
		return dir
	case dir == "" && !strings.HasPrefix(file, "/"):
		return name
	}
	return dir + "/" + name
}

// trimPageEnd removes the endings that make a name a page.
func trimPageEnd(name string) string {
	for _, end := range []string{".erb", ".md", ".markdown", ".html"} {
		if n := len(name) - len(end); n > 0 && strings.EqualFold(name[n:], end) {
			name = name[:n]
		}
	}
	return name
}

// isFile reports whether a path names something that is no page: a picture, a
// table, an archive.
func isFile(path string) bool {
	name := trimPageEnd(path[strings.LastIndexByte(path, '/')+1:])
	i := strings.LastIndexByte(name, '.')
	return i > 0 && len(name)-i <= 6 && !source.IsPage(name)
}
