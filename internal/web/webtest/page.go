package webtest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// A Page is what a browser got.
type Page struct {
	Status  int
	Address *url.URL
	Header  http.Header
	HTML    string

	t       testing.TB
	browser *Browser
	root    *html.Node
}

// Text returns what the page says, with single blanks.
func (p *Page) Text() string {
	if p.root == nil {
		return p.HTML
	}
	return textOf(p.root)
}

// Title returns the heading of the page.
func (p *Page) Title() string {
	if h := p.find(func(n *html.Node) bool { return n.Data == "h1" }); h != nil {
		return textOf(h)
	}
	return ""
}

// Has reports whether the page says something.
func (p *Page) Has(text string) bool { return strings.Contains(p.Text(), text) }

// Wants fails the test unless the page says all of some things. It returns the
// page.
func (p *Page) Wants(texts ...string) *Page {
	p.t.Helper()
	for _, text := range texts {
		if !p.Has(text) {
			p.t.Errorf("%s (%d) does not say %q; it says:\n%s", p.Address.Path, p.Status, text, p.Text())
		}
	}
	return p
}

// Lacks fails the test if the page holds any of some things, be it in a place
// that is not shown.
func (p *Page) Lacks(texts ...string) *Page {
	p.t.Helper()
	for _, text := range texts {
		if p.Has(text) || strings.Contains(p.HTML, html.EscapeString(text)) {
			p.t.Errorf("%s (%d) holds %q", p.Address.Path, p.Status, text)
		}
	}
	return p
}

// WantsStatus fails the test unless the page came with a status. It returns the
// page.
func (p *Page) WantsStatus(status int) *Page {
	p.t.Helper()
	if p.Status != status {
		p.t.Errorf("%s has the status %d, want %d; it says:\n%s", p.Address.Path, p.Status, status, p.Text())
	}
	return p
}

// Follow opens the first link whose words, or name, begin with a text.
func (p *Page) Follow(text string) *Page {
	p.t.Helper()
	link := p.find(func(n *html.Node) bool {
		return n.Data == "a" && (strings.HasPrefix(textOf(n), text) || strings.HasPrefix(attribute(n, "aria-label"), text))
	})
	if link == nil {
		p.t.Fatalf("%s has no link %q; it says:\n%s", p.Address.Path, text, p.Text())
	}
	return p.browser.Get(p.resolve(attribute(link, "href")))
}

// Links returns the addresses of all links, in order and once.
func (p *Page) Links() (all []string) {
	for n := range p.all() {
		if n.Data == "a" {
			if to := attribute(n, "href"); !slices.Contains(all, to) {
				all = append(all, to)
			}
		}
	}
	return all
}

// Form returns the form that is sent to an address; the test fails if there is
// none.
func (p *Page) Form(action string) *Form {
	p.t.Helper()
	n := p.find(func(n *html.Node) bool {
		to, _, _ := strings.Cut(attribute(n, "action"), "?")
		return n.Data == "form" && (to == action || attribute(n, "action") == action)
	})
	if n == nil {
		p.t.Fatalf("%s has no form to %s; it says:\n%s", p.Address.Path, action, p.Text())
	}
	return readForm(p, n)
}

// Forms returns all forms of the page, in order.
func (p *Page) Forms() (all []*Form) {
	for n := range p.all() {
		if n.Data == "form" {
			all = append(all, readForm(p, n))
		}
	}
	return all
}

func (p *Page) resolve(address string) string {
	to, err := p.Address.Parse(address)
	if err != nil {
		p.t.Fatalf("%s: the address %q: %v", p.Address.Path, address, err)
	}
	return to.String()
}

// all yields the elements of the page.
func (p *Page) all() func(func(*html.Node) bool) { return elements(p.root) }

func (p *Page) find(is func(*html.Node) bool) *html.Node {
	for n := range p.all() {
		if is(n) {
			return n
		}
	}
	return nil
}

func elements(root *html.Node) func(func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		if root == nil {
			return
		}
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && !yield(n) {
				return
			}
		}
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// textOf returns what an element says, with single blanks.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && (d.Parent == nil || d.Parent.Data != "script" && d.Parent.Data != "style") {
			b.WriteString(d.Data)
			if d.Parent != nil && isBlock(d.Parent.Data) {
				b.WriteByte(' ')
			}
		}
		if d.Type == html.ElementNode && isBlock(d.Data) {
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// isBlock reports whether what stands in an element is apart from what is
// beside it.
func isBlock(name string) bool {
	return !slices.Contains([]string{"a", "b", "i", "em", "strong", "code", "ins", "del", "mark", "small", "time", "abbr"}, name)
}
