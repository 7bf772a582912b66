package product

import (
	"context"
	"net/url"
	"strings"

	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/search"
)

// Address returns the path of a node's page.
func Address(r Ref) string { return "/hierarchy/" + string(r.Kind) + "/" + url.PathEscape(r.Key) }

// findable lets a node be found by its name, its key and what it is for; one
// that is gone is found no more. Names of people are not part of it.
func (w *writer) findable(ctx context.Context, t *hierarchy.Tree, r Ref) error {
	n := t.Node(r)
	if n == nil {
		return search.Remove(ctx, w.tx, "org", "node", r.String())
	}
	d := search.Document{
		Room: "org", Kind: "node", ID: r.String(), Title: t.Title(n), Names: []string{n.Name, n.Key},
		Text:    strings.Join([]string{n.Description(), n.Text("focus"), n.Text("label"), strings.Join(n.Fields.Get("feature_labels").Strings(), "\n")}, "\n"),
		Address: Address(r), Audiences: []string{search.Everyone}, At: w.day.Time(),
	}
	return search.Put(ctx, w.tx, d)
}
