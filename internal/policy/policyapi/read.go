package policyapi

import (
	"context"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/policy"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
)

// StandingOutput is what has been decided as of now.
type StandingOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		Pack      string           `json:"pack" doc:"The pack that counts."`
		Title     string           `json:"title"`
		Choice    *PolicyDecision  `json:"choice,omitempty" doc:"Missing if nobody chose, so that the default counts."`
		Overrides []PolicyDecision `json:"overrides" nullable:"false"`
		Lapsed    []LapsedDecision `json:"lapsed" nullable:"false" doc:"Decisions that this version of Cadre cannot follow; the value of the pack counts instead."`
	}
}

// standing reads what has been decided.
func (h *operations) standing(ctx context.Context, in *struct{ Known }) (*StandingOutput, error) {
	st, err := h.policy.Standing(ctx, auth.From(ctx))
	if err != nil {
		return nil, err
	}
	out := standing(st)
	if in.is(out.ETag) {
		return nil, huma.Status304NotModified()
	}
	return out, nil
}

func standing(st *chosen.Standing) *StandingOutput {
	out := &StandingOutput{ETag: api.ETag(st.Revision)}
	out.Body.Pack, out.Body.Title = st.Base.Version, st.Base.Title
	if st.Choice != nil {
		out.Body.Choice = new(decision(*st.Choice))
	}
	out.Body.Overrides = decisions(st.Overrides)
	out.Body.Lapsed = make([]LapsedDecision, len(st.Lapsed))
	for i, l := range st.Lapsed {
		out.Body.Lapsed[i] = LapsedDecision{decision(l.Decision), l.Why}
	}
	return out
}

// ValueQuery is the input of the list of values.
type ValueQuery struct {
	api.Paging
	Text string `query:"q" maxLength:"200" doc:"Words that all stand in the path, the meaning, the value or its source."`
	Room string `query:"room" maxLength:"40" doc:"The room that goes by them, such as hiring; pages are job-family pages."`
	Only string `query:"only" enum:"overridden,weak," doc:"Only those that are overridden, or whose source is weak."`
}

// values lists the values that count.
func (h *operations) values(ctx context.Context, in *ValueQuery) (*api.Page[PolicyValue], error) {
	st, err := h.policy.Standing(ctx, auth.From(ctx))
	if err != nil {
		return nil, err
	}
	after, found, err := api.ParseCursor[string](in.After)
	if err != nil {
		return nil, err
	}
	var list []policy.Value
	reached := !found
	for _, v := range st.Pack.Values() {
		if reached && in.wants(v) && len(list) <= in.Limit {
			list = append(list, v)
		}
		reached = reached || v.Path == after
	}
	return api.NewPage(in.Paging, in.address(), values(list), func(v PolicyValue) string { return v.Path }), nil
}

func (q *ValueQuery) wants(v policy.Value) bool {
	switch {
	case q.Room != "" && v.Room() != q.Room, q.Only == "overridden" && !v.Source.Overridden, q.Only == "weak" && !v.Source.IsWeak():
		return false
	}
	return v.Matches(q.Text)
}

// address returns the address of the list with its filters.
func (q *ValueQuery) address() *url.URL {
	v := url.Values{}
	for name, value := range map[string]string{"q": q.Text, "room": q.Room, "only": q.Only} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return &url.URL{Path: api.Prefix + "/policy/values", RawQuery: v.Encode()}
}

// ValueInput names a value.
type ValueInput struct {
	Known
	Path string `path:"path" maxLength:"200" doc:"Such as rooms.hiring.scorecards.due_business_days."`
}

// ValueOutput is a value and where it comes from.
type ValueOutput struct {
	ETag string `header:"ETag"`
	Body struct {
		PolicyValue
		Shipped  PolicyValue     `json:"shipped" doc:"The value of the pack."`
		Override *PolicyDecision `json:"override,omitempty" doc:"Missing if the value is that of the pack."`
	}
}

// value reads a value.
func (h *operations) value(ctx context.Context, in *ValueInput) (*ValueOutput, error) {
	st, err := h.policy.Standing(ctx, auth.From(ctx))
	if err != nil {
		return nil, err
	}
	out, err := origin(st, in.Path)
	if err != nil {
		return nil, err
	}
	if in.is(out.ETag) {
		return nil, huma.Status304NotModified()
	}
	return out, nil
}

func origin(st *chosen.Standing, path string) (*ValueOutput, error) {
	o, err := st.Origin(path)
	if err != nil {
		return nil, err
	}
	out := &ValueOutput{ETag: api.ETag(st.Revision)}
	out.Body.PolicyValue, out.Body.Shipped = value(o.Value), value(o.Shipped)
	if o.Override != nil {
		out.Body.Override = new(decision(*o.Override))
	}
	return out, nil
}

// PackList are the packs to choose from.
type PackList struct {
	ETag string `header:"ETag"`
	Body struct {
		Items []PolicyPack `json:"items" nullable:"false" doc:"The oldest first."`
	}
}

// packs lists the packs.
func (h *operations) packs(ctx context.Context, _ *struct{}) (*PackList, error) {
	st, err := h.policy.Standing(ctx, auth.From(ctx))
	if err != nil {
		return nil, err
	}
	out := &PackList{ETag: api.ETag(st.Revision)}
	for _, name := range policy.Names() {
		p, err := policy.Named(name)
		if err != nil {
			return nil, err
		}
		out.Body.Items = append(out.Body.Items, PolicyPack{name, p.Title, p.Extends, name == st.Base.Version, len(st.Base.Compare(p))})
	}
	return out, nil
}

// effective is the name of what counts: the chosen pack with the overrides.
const effective = "effective"

// DiffInput names two packs.
type DiffInput struct {
	Old string `query:"old" required:"true" maxLength:"40" doc:"The name of a pack; effective is the chosen one with the overrides."`
	New string `query:"new" required:"true" maxLength:"40" doc:"The name of a pack; effective is the chosen one with the overrides."`
}

// DiffOutput is what two packs have apart.
type DiffOutput struct {
	Body struct {
		Old         string             `json:"old"`
		New         string             `json:"new"`
		Differences []PolicyDifference `json:"differences" nullable:"false"`
	}
}

// diff compares two packs.
func (h *operations) diff(ctx context.Context, in *DiffInput) (*DiffOutput, error) {
	st, err := h.policy.Standing(ctx, auth.From(ctx))
	if err != nil {
		return nil, err
	}
	old, err := packOf(st, in.Old)
	if err != nil {
		return nil, err
	}
	other, err := packOf(st, in.New)
	if err != nil {
		return nil, err
	}
	out := &DiffOutput{}
	out.Body.Old, out.Body.New = in.Old, in.New
	differences := old.Compare(other)
	out.Body.Differences = make([]PolicyDifference, len(differences))
	for i, d := range differences {
		out.Body.Differences[i] = PolicyDifference{d.Path, d.Doc, value(d.Old), value(d.New)}
	}
	return out, nil
}

func packOf(st *chosen.Standing, name string) (*policy.Pack, error) {
	if name == effective {
		return st.Pack, nil
	}
	return policy.Named(name)
}

// DecisionQuery is the input of the list of decisions.
type DecisionQuery struct {
	api.Paging
	Path string `query:"path" maxLength:"200" doc:"Only decisions on this value."`
	Kind string `query:"kind" enum:"pack," doc:"Only choices of packs."`
}

// decisions lists what was decided.
func (h *operations) decisions(ctx context.Context, in *DecisionQuery) (*api.Page[PolicyDecision], error) {
	f := chosen.Filter{Limit: in.Limit + 1}
	address := url.URL{Path: api.Prefix + "/policy/decisions"}
	switch {
	case in.Path != "" && in.Kind != "":
		return nil, fault.New(fault.Invalid, "ask for the decisions on one value, or for the choices of packs")
	case in.Path != "":
		f.Path, address.RawQuery = &in.Path, url.Values{"path": {in.Path}}.Encode()
	case in.Kind != "":
		f.Path, address.RawQuery = new(""), url.Values{"kind": {in.Kind}}.Encode()
	}
	key, found, err := api.ParseCursor[chosen.Key](in.After)
	if err != nil {
		return nil, err
	}
	if found {
		f.After = &key
	}
	list, err := h.policy.History(ctx, auth.From(ctx), f)
	if err != nil {
		return nil, err
	}
	return api.NewPage(in.Paging, &address, decisions(list), func(d PolicyDecision) chosen.Key { return chosen.Key{Since: d.Since, ID: d.ID} }), nil
}
