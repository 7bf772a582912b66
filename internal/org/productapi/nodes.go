package productapi

import (
	"context"
	"encoding/json"
	"io"
	"net/url"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
)

// NodeSummary is a part of the hierarchy in a list.
type NodeSummary struct {
	Kind   hierarchy.Kind `json:"kind" enum:"section,stage,group,category"`
	Key    string         `json:"key"`
	Name   string         `json:"name"`
	Title  string         `json:"title" doc:"As it is written among others: a group stands behind its stage."`
	Parent string         `json:"parent,omitempty" doc:"Key of the section of a stage, or the stage of others."`
	Groups []string       `json:"groups,omitempty" doc:"Keys of the groups that build a category."`
}

// HolderEntry is somebody, or nobody, who stands in a field of a node.
type HolderEntry struct {
	Field    string       `json:"field"`
	Function string       `json:"function"`
	Label    string       `json:"label,omitempty" doc:"What it is for, where the field says so: a department."`
	State    string       `json:"state" enum:"held,acting,open,team"`
	Person   string       `json:"person,omitempty" doc:"Id of the person; missing if nobody is known by the name."`
	Name     string       `json:"name,omitempty"`
	Since    calendar.Day `json:"since,omitempty"`
	Line     int          `json:"line,omitempty"`
}

// NodeEntry is a part of the hierarchy with all that is known of it.
type NodeEntry struct {
	NodeSummary
	Version  int64               `json:"version"`
	Since    calendar.Day        `json:"since" doc:"Since when it has been as it is."`
	File     string              `json:"file,omitempty"`
	Line     int                 `json:"line,omitempty"`
	Fields   map[string]any      `json:"fields" doc:"What the organisation writes about it, as in its files."`
	Holders  []HolderEntry       `json:"holders" nullable:"false"`
	Findings []hierarchy.Finding `json:"findings" nullable:"false"`
}

func summary(h *product.Hierarchy, n *product.Node) NodeSummary {
	s := NodeSummary{Kind: n.Kind, Key: n.Key, Name: n.Name, Title: h.Title(n), Parent: n.Parent.Key}
	if n.Kind == hierarchy.Category {
		for _, g := range h.Owners(n.Key) {
			s.Groups = append(s.Groups, g.Key)
		}
	}
	return s
}

func entry(h *product.Hierarchy, n *product.Node) (NodeEntry, error) {
	e := NodeEntry{
		NodeSummary: summary(h, n), Version: h.Version(n.Ref), Since: h.Since(n.Ref), File: n.File, Line: n.Line,
		Fields: map[string]any{}, Holders: []HolderEntry{}, Findings: list(h.Findings(n.Ref)),
	}
	if err := json.Unmarshal([]byte(n.Fields.JSON()), &e.Fields); err != nil {
		return e, err
	}
	for _, one := range h.HoldersOf(n.Ref) {
		e.Holders = append(e.Holders, holder(one))
	}
	return e, nil
}

func holder(one product.Holder) HolderEntry {
	return HolderEntry{
		Field: one.Field, Function: string(one.Function), Label: one.Label, State: string(one.State), Person: string(one.Person), Name: one.Called,
		Since: one.Since, Line: one.Line,
	}
}

// NodesInput says which nodes are wanted.
type NodesInput struct {
	AsOf
	api.Paging
	Kind   string `query:"kind" enum:"section,stage,group,category" doc:"Only nodes of this kind."`
	Parent string `query:"parent" maxLength:"100" doc:"Only nodes that lie in the one with this key."`
}

// address returns the address of the list with its filters.
func (in *NodesInput) address() *url.URL {
	q := url.Values{}
	for name, value := range map[string]string{"as_of": in.Day, "kind": in.Kind, "parent": in.Parent} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return &url.URL{Path: api.Prefix + "/product/nodes", RawQuery: q.Encode()}
}

// nodes lists the parts of the hierarchy, in the order of its files.
func (h *operations) nodes(ctx context.Context, in *NodesInput) (*api.Page[NodeSummary], error) {
	d, err := in.day()
	if err != nil {
		return nil, err
	}
	tree, err := h.product.Hierarchy(ctx, auth.From(ctx), d)
	if err != nil {
		return nil, err
	}
	after, found, err := api.ParseCursor[string](in.After)
	if err != nil {
		return nil, err
	}
	var items []NodeSummary
	skip := found
	for _, n := range tree.Nodes {
		if skip {
			skip = n.Ref.String() != after
			continue
		}
		if in.Kind != "" && string(n.Kind) != in.Kind || in.Parent != "" && n.Parent.Key != in.Parent || len(items) > in.Limit {
			continue
		}
		items = append(items, summary(tree, n))
	}
	return api.NewPage(in.Paging, in.address(), items, func(s NodeSummary) string { return string(s.Kind) + ":" + s.Key }), nil
}

// NodeInput names a node.
type NodeInput struct {
	AsOf
	Kind hierarchy.Kind `path:"kind" enum:"section,stage,group,category"`
	Key  string         `path:"key" maxLength:"100"`
}

// NodeOutput is a node.
type NodeOutput struct {
	ETag string `header:"ETag"`
	Body NodeEntry
}

// node reads a node.
func (h *operations) node(ctx context.Context, in *NodeInput) (*NodeOutput, error) {
	d, err := in.day()
	if err != nil {
		return nil, err
	}
	return h.answer(ctx, product.Ref{Kind: in.Kind, Key: in.Key}, d)
}

func (h *operations) answer(ctx context.Context, r product.Ref, d calendar.Day) (*NodeOutput, error) {
	tree, err := h.product.Hierarchy(ctx, auth.From(ctx), d)
	if err != nil {
		return nil, err
	}
	n, err := tree.Find(r)
	if err != nil {
		return nil, err
	}
	e, err := entry(tree, n)
	return &NodeOutput{ETag: tag(e.Version), Body: e}, err
}

func tag(version int64) string { return api.ETag(strconv.FormatInt(version, 10)) }

// NodeBody is what of a node is to be otherwise; what is missing stays.
type NodeBody struct {
	Name   *string        `json:"name,omitempty" maxLength:"200"`
	Parent *string        `json:"parent,omitempty" maxLength:"100" doc:"Key of the section or stage that it is to lie in."`
	Group  *string        `json:"group,omitempty" maxLength:"100" doc:"Key of the group that is to build a category; \"\" is none."`
	Fields map[string]any `json:"fields,omitempty" doc:"Fields to set; a null takes one away."`
	Day    string         `json:"day,omitempty" format:"date" doc:"Since when it holds; missing means today."`
}

func (b *NodeBody) edit(r product.Ref) (product.Edit, error) {
	e := product.Edit{Node: r, Name: b.Name, Parent: b.Parent, Group: b.Group}
	var err error
	if e.Day, err = day("body.day", b.Day); err != nil || len(b.Fields) == 0 {
		return e, err
	}
	text, err := json.Marshal(b.Fields)
	if err != nil {
		return e, err
	}
	e.Fields, err = hierarchy.ParseFields(string(text))
	return e, err
}

// AddNodeInput adds a node.
type AddNodeInput struct {
	Body struct {
		Kind hierarchy.Kind `json:"kind" enum:"section,stage,group,category"`
		Key  string         `json:"key" minLength:"1" maxLength:"100"`
		NodeBody
	}
}

// add adds a node.
func (h *operations) add(ctx context.Context, in *AddNodeInput) (*NodeOutput, error) {
	r := product.Ref{Kind: in.Body.Kind, Key: in.Body.Key}
	e, err := in.Body.edit(r)
	if err != nil {
		return nil, err
	}
	if _, err := h.product.Change(ctx, auth.From(ctx), e); err != nil {
		return nil, err
	}
	return h.answer(ctx, r, "")
}

// ChangeNodeInput changes a node.
type ChangeNodeInput struct {
	api.Matching
	Kind hierarchy.Kind `path:"kind" enum:"section,stage,group,category"`
	Key  string         `path:"key" maxLength:"100"`
	Body NodeBody
}

// change changes a node that is as the client has seen it.
func (h *operations) change(ctx context.Context, in *ChangeNodeInput) (*NodeOutput, error) {
	r := product.Ref{Kind: in.Kind, Key: in.Key}
	e, err := in.Body.edit(r)
	if err != nil {
		return nil, err
	}
	if e.Version, err = h.seen(ctx, r, in.Matching); err != nil {
		return nil, err
	}
	if _, err := h.product.Change(ctx, auth.From(ctx), e); err != nil {
		return nil, err
	}
	return h.answer(ctx, r, "")
}

// seen returns the version of a node, if it is the one that a client has seen.
func (h *operations) seen(ctx context.Context, r product.Ref, m api.Matching) (int64, error) {
	tree, err := h.product.Hierarchy(ctx, auth.From(ctx), "")
	if err != nil {
		return 0, err
	}
	if _, err := tree.Find(r); err != nil {
		return 0, err
	}
	version := tree.Version(r)
	return version, m.Check(tag(version))
}

// RetireNodeInput retires a node.
type RetireNodeInput struct {
	api.Matching
	Kind hierarchy.Kind `path:"kind" enum:"section,stage,group,category"`
	Key  string         `path:"key" maxLength:"100"`
}

// retire retires a node.
func (h *operations) retire(ctx context.Context, in *RetireNodeInput) (*Nothing, error) {
	r := product.Ref{Kind: in.Kind, Key: in.Key}
	version, err := h.seen(ctx, r, in.Matching)
	if err != nil {
		return nil, err
	}
	_, err = h.product.Change(ctx, auth.From(ctx), product.Edit{Node: r, Version: version, Retire: true})
	return &Nothing{}, err
}

// Era is what a node was for a span of days.
type Era struct {
	Since   calendar.Day          `json:"since"`
	Until   *calendar.Day         `json:"until" nullable:"true" doc:"The first day on which it was otherwise; null while it goes on."`
	Name    string                `json:"name"`
	Parent  string                `json:"parent,omitempty"`
	Changes []product.FieldChange `json:"changes" nullable:"false" doc:"What became different when it began."`
}

// Tenure is somebody in a function of a node, for a span of days.
type Tenure struct {
	Since    calendar.Day  `json:"since"`
	Until    *calendar.Day `json:"until" nullable:"true"`
	Function string        `json:"function"`
	Person   string        `json:"person,omitempty"`
	Name     string        `json:"name"`
	State    string        `json:"state" enum:"held,acting,team"`
}

// HistoryOutput is what a node was.
type HistoryOutput struct {
	Body struct {
		Eras    []Era    `json:"eras" nullable:"false" doc:"The latest first."`
		Tenures []Tenure `json:"tenures" nullable:"false" doc:"The latest first."`
	}
}

// until returns the end of a span; nil while it goes on.
func until(s calendar.Span) *calendar.Day {
	if s.Until == calendar.Never {
		return nil
	}
	return &s.Until
}

// history reads what a node was.
func (h *operations) history(ctx context.Context, in *NodeInput) (*HistoryOutput, error) {
	all, err := h.product.History(ctx, auth.From(ctx), product.Ref{Kind: in.Kind, Key: in.Key})
	if err != nil {
		return nil, err
	}
	out := &HistoryOutput{}
	out.Body.Eras, out.Body.Tenures = []Era{}, []Tenure{}
	for _, e := range all.Eras {
		out.Body.Eras = append(out.Body.Eras, Era{e.Since, until(e.Span), e.Name, e.Parent.Key, list(e.Changes)})
	}
	for _, t := range all.Tenures {
		out.Body.Tenures = append(out.Body.Tenures, Tenure{t.Since, until(t.Span), string(t.Function), string(t.Person), t.Called, string(t.State)})
	}
	return out, nil
}

// FindingsOutput is what is wrong with the hierarchy.
type FindingsOutput struct {
	Body hierarchy.Report
}

// findings judges the hierarchy.
func (h *operations) findings(ctx context.Context, in *AsOf) (*FindingsOutput, error) {
	d, err := in.day()
	if err != nil {
		return nil, err
	}
	tree, err := h.product.Hierarchy(ctx, auth.From(ctx), d)
	if err != nil {
		return nil, err
	}
	return &FindingsOutput{Body: tree.Report()}, nil
}

// ResolveInput names nodes.
type ResolveInput struct {
	AsOf
	Name string `query:"name" required:"true" minLength:"1" maxLength:"1000" doc:"A section, stage, group (Stage:Group) or category, or several."`
}

// ResolveOutput are the nodes that a name means.
type ResolveOutput struct {
	Body struct {
		Items []NodeSummary `json:"items" nullable:"false"`
	}
}

// resolve finds the nodes that a name means.
func (h *operations) resolve(ctx context.Context, in *ResolveInput) (*ResolveOutput, error) {
	d, err := in.day()
	if err != nil {
		return nil, err
	}
	tree, err := h.product.Hierarchy(ctx, auth.From(ctx), d)
	if err != nil {
		return nil, err
	}
	nodes, err := tree.Resolve(in.Name)
	if err != nil {
		return nil, err
	}
	out := &ResolveOutput{}
	for _, n := range nodes {
		out.Body.Items = append(out.Body.Items, summary(tree, n))
	}
	return out, nil
}

// FilesOutput are the files of the hierarchy.
type FilesOutput struct {
	Body struct {
		Files map[string]string `json:"files" doc:"The texts by the names of the files. Importing them changes nothing."`
	}
}

// files gives the hierarchy back as files.
func (h *operations) files(ctx context.Context, in *AsOf) (*FilesOutput, error) {
	d, err := in.day()
	if err != nil {
		return nil, err
	}
	tree, err := h.product.Hierarchy(ctx, auth.From(ctx), d)
	if err != nil {
		return nil, err
	}
	texts, err := tree.Files()
	if err != nil {
		return nil, err
	}
	out := &FilesOutput{}
	out.Body.Files = map[string]string{}
	for name, text := range texts {
		out.Body.Files[name] = string(text)
	}
	return out, nil
}

// ImportForm is what is sent to import.
type ImportForm struct {
	Sections   huma.FormFile `form:"sections" required:"false" contentType:"application/octet-stream" doc:"sections.yml"`
	Stages     huma.FormFile `form:"stages" required:"false" contentType:"application/octet-stream" doc:"stages.yml"`
	Categories huma.FormFile `form:"categories" required:"false" contentType:"application/octet-stream" doc:"categories.yml"`
	Day        string        `form:"day" required:"false" maxLength:"10" doc:"Since when the files hold; missing means today."`
	Removals   bool          `form:"removals" required:"false" doc:"The explicit yes to many removals."`
	Preview    bool          `form:"preview" required:"false" doc:"Say what importing would do, and do nothing."`
}

// ImportInput is the input of an import.
type ImportInput struct {
	RawBody huma.MultipartFormFiles[ImportForm]
}

// ImportOutput is what an import did.
type ImportOutput struct {
	Body product.Import
}

// importFiles imports files.
func (h *operations) importFiles(ctx context.Context, in *ImportInput) (*ImportOutput, error) {
	form := in.RawBody.Data()
	r := product.Request{Files: map[string][]byte{}, Removals: form.Removals}
	var err error
	if r.Day, err = day("body.day", form.Day); err != nil {
		return nil, err
	}
	for name, file := range map[string]huma.FormFile{
		hierarchy.SectionsFile: form.Sections, hierarchy.StagesFile: form.Stages, hierarchy.CategoriesFile: form.Categories,
	} {
		if !file.IsSet {
			continue
		}
		text, err := io.ReadAll(io.LimitReader(file, mostFiles))
		if err != nil {
			return nil, fault.New(fault.Invalid, "%s cannot be read: %w", name, err)
		}
		r.Files[name] = text
	}
	do := h.product.Import
	if form.Preview {
		do = h.product.Preview
	}
	out, err := do(ctx, auth.From(ctx), r)
	if err != nil {
		return nil, err
	}
	out.Changes, out.Findings = list(out.Changes), list(out.Findings)
	for i := range out.Changes {
		out.Changes[i].Fields = list(out.Changes[i].Fields)
	}
	return &ImportOutput{Body: *out}, nil
}
