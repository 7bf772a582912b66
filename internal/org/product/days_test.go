package product_test

import (
	"fmt"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
	"github.com/cadre-hq/cadre/internal/org/product/producttest"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// Whatever is changed, several things on one day and some on others: each day
// keeps the hierarchy that it ended with, and that can be given back as files
// which change nothing.
func TestEachDayKeepsItsHierarchy(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d := &days{producttest.Open(t, storetest.Open(t, storetest.SQLite(t))), map[calendar.Day][]*product.Node{}}
		d.Import(t, producttest.Harbour())
		for range rapid.IntRange(1, 12).Draw(rt, "edits") {
			d.edit(rt)
			d.Days(rapid.IntRange(0, 1).Draw(rt, "days"))
		}
		d.check(rt)
	})
}

// days are what each day of a hierarchy ended with.
type days struct {
	*producttest.Room
	ended map[calendar.Day][]*product.Node
}

func (d *days) read(t *rapid.T, day calendar.Day) *product.Hierarchy {
	h, err := d.Hierarchy(t.Context(), admin, day)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// edit makes an edit, and looks at what that left.
func (d *days) edit(t *rapid.T) {
	e := drawEdit(t, d.read(t, ""))
	_, err := d.Change(t.Context(), admin, e)
	if err != nil && !e.Retire { // something may lie in it still
		t.Fatal(err)
	}
	after := d.read(t, "")
	if n := after.Node(e.Node); err == nil {
		switch {
		case e.Retire != (n == nil):
			t.Fatalf("%+v left %+v", e, n)
		case e.Name != nil && n.Name != *e.Name || e.Parent != nil && n.Parent.Key != *e.Parent:
			t.Fatalf("%+v left %+v", e, n)
		}
	}
	d.ended[after.Day] = after.Nodes
}

// check asks for each day, and gives the last one back as files.
func (d *days) check(t *rapid.T) {
	for day, want := range d.ended {
		diff := gocmp.Diff(want, d.read(t, day).Nodes, cmpopts.IgnoreFields(product.Node{}, "File", "Line", "Lines"), cmpopts.EquateEmpty())
		if diff != "" {
			t.Fatalf("on %s (-want +got):\n%s", day, diff)
		}
	}
	files, err := d.read(t, "").Files()
	if err != nil {
		t.Fatal(err)
	}
	again, err := d.Preview(t.Context(), admin, product.Request{Files: files})
	if err != nil || len(again.Changes) > 0 {
		t.Fatalf("the files change %v, %v", told(again), err)
	}
}

// drawEdit draws an edit that can be made, or the retirement of something.
func drawEdit(t *rapid.T, h *product.Hierarchy) product.Edit {
	stages := h.Of(hierarchy.Stage)
	stage := func() *string { return &rapid.SampledFrom(stages).Draw(t, "stage").Key }
	name := text(rapid.StringMatching(`[A-Z][a-z]{1,6}`).Draw(t, "name"))
	groups := h.Of(hierarchy.Group)
	switch kind := rapid.SampledFrom([]string{"add", "rename", "move", "pm", "list", "retire"}).Draw(t, "kind"); kind {
	case "add":
		for i := 0; ; i++ {
			r := product.Ref{Kind: hierarchy.Group, Key: fmt.Sprintf("%s%d", *name, i)}
			if h.Node(r) == nil {
				return product.Edit{Node: r, Name: name, Parent: stage()}
			}
		}
	case "rename":
		n := rapid.SampledFrom(h.Nodes).Draw(t, "node")
		return product.Edit{Node: n.Ref, Version: h.Version(n.Ref), Name: name}
	case "retire":
		n := rapid.SampledFrom(h.Nodes).Draw(t, "node")
		return product.Edit{Node: n.Ref, Version: h.Version(n.Ref), Retire: true}
	case "move":
		if len(groups) > 0 {
			n := rapid.SampledFrom(groups).Draw(t, "group")
			return product.Edit{Node: n.Ref, Version: h.Version(n.Ref), Parent: stage()}
		}
	case "pm", "list":
		n := rapid.SampledFrom(h.Nodes).Draw(t, "node")
		v := hierarchy.TextOf(rapid.SampledFrom([]string{"", "TBD", "Ben Tide", "Ida Wharf (Acting)"}).Draw(t, "who"))
		if kind == "list" {
			v = hierarchy.Texts(rapid.SliceOfN(rapid.SampledFrom([]string{"TBD", "Ben Tide", "Cai Lighter"}), 0, 3).Draw(t, "whos")...)
		}
		return product.Edit{Node: n.Ref, Version: h.Version(n.Ref), Fields: hierarchy.Fields{{Key: "pdm", Value: v}}}
	}
	n := h.Nodes[0]
	return product.Edit{Node: n.Ref, Version: h.Version(n.Ref), Name: name}
}
