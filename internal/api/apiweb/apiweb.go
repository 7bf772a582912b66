// Package apiweb is the page on which people read what the JSON interface can
// do. It is made of the description that programs get (OpenAPI), on the server,
// with nothing loaded from elsewhere.
package apiweb

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"
	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/web"
)

// Home is the address of the page.
const Home = "/docs/api"

// Register adds the page. Source is where the description itself is. The
// description is read when the page is asked for, so operations may still be
// added.
func Register(site *web.Site, d *huma.OpenAPI, source string) {
	site.Get(Home, web.Page(func(*http.Request) (templ.Component, error) {
		return page(read(d), source), nil
	}))
}

// A document is a description as it is shown.
type document struct {
	About  string
	Groups []group
}

// A group are the operations about one thing.
type group struct {
	ID, Title string
	Items     []operation
}

// An operation is one thing that the interface can do.
type operation struct {
	ID, Method, Path string
	Summary, About   string
	Who              string // who may use it
	Takes            []field
	Answers          []answer
}

// others lists the answers of which there is no more to say.
func (o operation) others() string {
	var list []string
	for _, a := range o.Answers {
		if len(a.Fields) == 0 {
			list = append(list, a.Status+" "+a.About)
		}
	}
	return strings.Join(list, ", ")
}

// An answer is one of those that an operation gives.
type answer struct {
	Status, About string
	Fields        []field
}

// A field is a part of what is sent or answered.
type field struct {
	Name, Place string // Place is "path", "query", "header" or "body"
	Type, About string
	Required    bool
}

// read returns a description in the order in which it is shown.
func read(d *huma.OpenAPI) document {
	out := document{About: d.Info.Description}
	groups := map[string]*group{}
	for _, o := range api.Operations(d) {
		if o.Hidden {
			continue
		}
		title := "Other"
		if len(o.Tags) > 0 {
			title = o.Tags[0]
		}
		if groups[title] == nil {
			groups[title] = &group{ID: anchor(title), Title: title}
		}
		groups[title].Items = append(groups[title].Items, operationOf(d, o))
	}
	for _, title := range slices.Sorted(maps.Keys(groups)) {
		out.Groups = append(out.Groups, *groups[title])
	}
	return out
}

// spans parts a text of the description at its backticks: what stands between
// two is code.
func spans(text string) iter.Seq2[string, bool] {
	return func(yield func(string, bool) bool) {
		isCode := false
		for part := range strings.SplitSeq(text, "`") {
			if part != "" && !yield(part, isCode) {
				return
			}
			isCode = !isCode
		}
	}
}

// anchor returns the id of a heading.
func anchor(title string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(title)), "-")
}

func operationOf(d *huma.OpenAPI, o *huma.Operation) operation {
	out := operation{
		ID: cmp.Or(o.OperationID, anchor(o.Method+o.Path)), Method: o.Method, Path: o.Path,
		Summary: o.Summary, About: o.Description, Who: who(d, o),
	}
	for _, p := range o.Parameters {
		about := p.Description
		if about == "" && p.Schema != nil {
			about = p.Schema.Description
		}
		out.Takes = append(out.Takes, field{Name: p.Name, Place: p.In, Type: typeOf(d, p.Schema), About: about, Required: p.Required})
	}
	if o.RequestBody != nil {
		for _, media := range slices.Sorted(maps.Keys(o.RequestBody.Content)) {
			out.Takes = append(out.Takes, fields(d, o.RequestBody.Content[media].Schema, "body")...)
		}
	}
	for _, status := range slices.Sorted(maps.Keys(o.Responses)) {
		r := o.Responses[status]
		a := answer{Status: status, About: r.Description}
		for media, content := range r.Content {
			if media != "application/problem+json" {
				a.Fields = append(a.Fields, fields(d, content.Schema, "")...)
			}
		}
		out.Answers = append(out.Answers, a)
	}
	return out
}

// who says who may use an operation.
func who(d *huma.OpenAPI, o *huma.Operation) string {
	security := o.Security
	if security == nil {
		security = d.Security
	}
	if len(security) == 0 {
		return "Everybody"
	}
	for _, way := range security {
		if scopes := way["token"]; len(scopes) > 0 {
			return "Whoever is signed in, or has a token for " + strings.Join(scopes, ", ")
		}
	}
	return "Whoever is signed in, or has a token"
}

// deepest bounds how far the fields of fields are listed.
const deepest = 4

// fields lists the fields of a schema with those of their own, by paths such as
// "items[].title".
func fields(d *huma.OpenAPI, s *huma.Schema, place string) []field {
	var list []field
	var walk func(s *huma.Schema, prefix string, above []string)
	walk = func(s *huma.Schema, prefix string, above []string) {
		if s == nil || len(above) > deepest || s.Ref != "" && slices.Contains(above, s.Ref) {
			return
		}
		above = append(slices.Clone(above), s.Ref)
		s = resolved(d, s)
		if s.Items != nil {
			walk(s.Items, prefix+"[]", above)
			return
		}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			if strings.HasPrefix(name, "$") {
				continue
			}
			p := s.Properties[name]
			at := strings.TrimPrefix(prefix+"."+name, ".")
			list = append(list, field{
				Name: at, Place: place, Type: typeOf(d, p), About: cmp.Or(p.Description, resolved(d, p).Description),
				Required: slices.Contains(s.Required, name),
			})
			walk(p, at, above)
		}
	}
	walk(s, "", nil)
	return list
}

// resolved follows the reference of a schema.
func resolved(d *huma.OpenAPI, s *huma.Schema) *huma.Schema {
	if s.Ref == "" {
		return s
	}
	if to := d.Components.Schemas.SchemaFromRef(s.Ref); to != nil {
		return to
	}
	return &huma.Schema{}
}

// typeOf says in words what a value is.
func typeOf(d *huma.OpenAPI, s *huma.Schema) string {
	if s == nil {
		return ""
	}
	s = resolved(d, s)
	word := s.Type
	switch {
	case len(s.Enum) > 0:
		words := make([]string, len(s.Enum))
		for i, v := range s.Enum {
			words[i] = fmt.Sprint(v)
		}
		word = strings.Join(words, " | ")
	case s.Items != nil:
		word = "list of " + typeOf(d, s.Items)
	case s.Format == "date-time":
		word = "time"
	case s.Format == "binary":
		word = "file"
	}
	if s.Nullable {
		word += " or null"
	}
	return word + bounds(s)
}

// bounds says how large or long a value may be.
func bounds(s *huma.Schema) string {
	number := func(n *float64) string {
		if n == nil {
			return ""
		}
		return strconv.FormatFloat(*n, 'f', -1, 64)
	}
	low, high := number(s.Minimum), number(s.Maximum)
	if s.MaxLength != nil {
		high = strconv.Itoa(*s.MaxLength) + " characters"
	}
	switch {
	case low != "" && high != "":
		return ", " + low + " to " + high
	case high != "":
		return ", up to " + high
	case low != "":
		return ", from " + low
	}
	return ""
}
