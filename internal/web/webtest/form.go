package webtest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A Form is a form of a page, with what stands in its fields.
type Form struct {
	Values url.Values

	page   *Page
	node   *html.Node
	fields []string
}

func readForm(p *Page, n *html.Node) *Form {
	f := &Form{Values: url.Values{}, page: p, node: n}
	for e := range elements(n) {
		name := attribute(e, "name")
		if name == "" || has(e, "disabled") {
			continue
		}
		switch e.Data {
		case "input":
			f.fields = append(f.fields, name)
			switch attribute(e, "type") {
			case "checkbox", "radio":
				if has(e, "checked") {
					f.Values.Add(name, attribute(e, "value"))
				}
			case "file", "submit":
			default:
				f.Values.Add(name, attribute(e, "value"))
			}
		case "textarea":
			f.fields = append(f.fields, name)
			if e.FirstChild != nil {
				f.Values.Add(name, e.FirstChild.Data)
			}
		case "select":
			f.fields = append(f.fields, name)
			f.Values.Add(name, selected(e))
		}
	}
	return f
}

func selected(e *html.Node) string {
	first := ""
	for o := range elements(e) {
		if o.Data != "option" {
			continue
		}
		if has(o, "selected") {
			return attribute(o, "value")
		}
		if first == "" {
			first = attribute(o, "value")
		}
	}
	return first
}

// Fill puts a value, or several, into a field. The test fails if the form has
// no such field.
func (f *Form) Fill(name string, values ...string) *Form {
	f.page.t.Helper()
	if !slices.Contains(f.fields, name) {
		f.page.t.Fatalf("the form to %s has no field %q, but %v", attribute(f.node, "action"), name, f.fields)
	}
	f.Values[name] = values
	return f
}

// Text returns what the form says, its buttons included.
func (f *Form) Text() string { return textOf(f.node) }

// Press adds what a button says of itself, for forms with several.
func (f *Form) Press(name, value string) *Form {
	f.Values.Set(name, value)
	return f
}

// Click presses the button whose words begin with a text: it sends the form with
// what the button says of itself.
func (f *Form) Click(text string) *Page {
	f.page.t.Helper()
	for n := range elements(f.node) {
		if n.Data == "button" && (strings.HasPrefix(textOf(n), text) || strings.HasPrefix(attribute(n, "aria-label"), text)) {
			if name := attribute(n, "name"); name != "" {
				f.Values.Set(name, attribute(n, "value"))
			}
			return f.Submit()
		}
	}
	f.page.t.Fatalf("the form to %s has no button %q", attribute(f.node, "action"), text)
	return nil
}

// Submit sends the form, and returns the page to which that leads.
func (f *Form) Submit() *Page {
	f.page.t.Helper()
	address := f.page.resolve(attribute(f.node, "action"))
	if strings.EqualFold(attribute(f.node, "method"), http.MethodPost) {
		return f.page.browser.Post(address, f.Values)
	}
	at, _, _ := strings.Cut(address, "?")
	return f.page.browser.Get(at + "?" + f.Values.Encode())
}
