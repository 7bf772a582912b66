package productapi

import (
	"context"
	"strconv"
	"time"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
)

// UseCaseEntry is a use case.
type UseCaseEntry struct {
	Key     string       `json:"key"`
	Version int64        `json:"version"`
	Since   calendar.Day `json:"since"`
	UseCaseBody
	DRIs []DRIEntry `json:"dris" nullable:"false"`
	Gaps []string   `json:"gaps" nullable:"false" doc:"What it should have and does not."`
}

// UseCaseBody is what is written about a use case.
type UseCaseBody struct {
	Name         string   `json:"name" minLength:"1" maxLength:"200"`
	Kind         string   `json:"kind" minLength:"1" maxLength:"40" doc:"Of the policy pack: solution, capability."`
	Objective    string   `json:"objective,omitempty" maxLength:"4000"`
	Analysts     string   `json:"analysts,omitempty" maxLength:"4000"`
	Channel      string   `json:"channel,omitempty" maxLength:"200"`
	Drivers      []string `json:"drivers,omitempty" maxItems:"20"`
	Requirements []string `json:"requirements,omitempty" maxItems:"200"`
	Categories   []string `json:"categories,omitempty" maxItems:"200" doc:"Keys."`
	Personas     []string `json:"personas,omitempty" maxItems:"200"`
	Pages        []string `json:"pages,omitempty" maxItems:"200" doc:"Addresses."`
}

func useCaseEntry(u *product.UseCase, roles []string) UseCaseEntry {
	e := UseCaseEntry{
		Key: u.Key, Version: u.Version, Since: u.Since,
		UseCaseBody: UseCaseBody{u.Name, u.Kind, u.Objective, u.Analysts, u.Channel, u.Drivers, u.Requirements, u.Categories, u.Personas, u.Pages},
		DRIs:        []DRIEntry{}, Gaps: list(u.Gaps),
	}
	for _, role := range roles {
		if d, ok := u.DRIs[role]; ok {
			e.DRIs = append(e.DRIs, driEntry(&d))
		}
	}
	return e
}

// UseCaseList are use cases.
type UseCaseList struct {
	Body struct {
		Items []UseCaseEntry `json:"items" nullable:"false" doc:"Solutions first."`
	}
}

// roles are those of the policy pack who answer for a use case.
func (h *operations) roles(ctx context.Context) ([]string, error) {
	tree, err := h.product.Hierarchy(ctx, auth.From(ctx), "")
	if err != nil {
		return nil, err
	}
	return tree.Pack.Rooms().Org.UseCases.DRIs, nil
}

// useCases lists use cases.
func (h *operations) useCases(ctx context.Context, in *AsOf) (*UseCaseList, error) {
	d, err := in.day()
	if err != nil {
		return nil, err
	}
	roles, err := h.roles(ctx)
	if err != nil {
		return nil, err
	}
	all, err := h.product.UseCases(ctx, auth.From(ctx), d)
	if err != nil {
		return nil, err
	}
	out := &UseCaseList{}
	out.Body.Items = []UseCaseEntry{}
	for _, u := range all {
		out.Body.Items = append(out.Body.Items, useCaseEntry(u, roles))
	}
	return out, nil
}

// UseCaseInput names a use case.
type UseCaseInput struct {
	AsOf
	Key string `path:"key" maxLength:"100"`
}

// UseCaseOutput is a use case.
type UseCaseOutput struct {
	ETag string `header:"ETag"`
	Body UseCaseEntry
}

// useCase reads a use case.
func (h *operations) useCase(ctx context.Context, in *UseCaseInput) (*UseCaseOutput, error) {
	d, err := in.day()
	if err != nil {
		return nil, err
	}
	roles, err := h.roles(ctx)
	if err != nil {
		return nil, err
	}
	u, err := h.product.UseCase(ctx, auth.From(ctx), in.Key, d)
	if err != nil {
		return nil, err
	}
	return &UseCaseOutput{ETag: tag(u.Version), Body: useCaseEntry(u, roles)}, nil
}

// SaveUseCaseInput adds or changes a use case.
type SaveUseCaseInput struct {
	Key     string `path:"key" maxLength:"100"`
	IfMatch string `header:"If-Match" doc:"The ETag of the use case that you have seen; missing adds one."`
	Body    UseCaseBody
}

// saveUseCase adds or changes a use case.
func (h *operations) saveUseCase(ctx context.Context, in *SaveUseCaseInput) (*UseCaseOutput, error) {
	b := in.Body
	e := product.UseCaseEdit{Key: in.Key, Name: b.Name, Kind: b.Kind, UseCaseBody: product.UseCaseBody{
		Objective: b.Objective, Analysts: b.Analysts, Channel: b.Channel, Drivers: b.Drivers, Requirements: b.Requirements, Categories: b.Categories,
		Personas: b.Personas, Pages: b.Pages,
	}}
	if in.IfMatch != "" {
		u, err := h.product.UseCase(ctx, auth.From(ctx), in.Key, "")
		if err != nil {
			return nil, err
		}
		if err := (api.Matching{IfMatch: in.IfMatch}).Check(tag(u.Version)); err != nil {
			return nil, err
		}
		e.Version = u.Version
	}
	if err := h.product.SaveUseCase(ctx, auth.From(ctx), e); err != nil {
		return nil, err
	}
	return h.useCase(ctx, &UseCaseInput{Key: in.Key})
}

// RetireUseCaseInput retires a use case.
type RetireUseCaseInput struct {
	api.Matching
	Key string `path:"key" maxLength:"100"`
}

// retireUseCase retires a use case.
func (h *operations) retireUseCase(ctx context.Context, in *RetireUseCaseInput) (*Nothing, error) {
	u, err := h.product.UseCase(ctx, auth.From(ctx), in.Key, "")
	if err != nil {
		return nil, err
	}
	if err := in.Check(tag(u.Version)); err != nil {
		return nil, err
	}
	return &Nothing{}, h.product.SaveUseCase(ctx, auth.From(ctx), product.UseCaseEdit{Key: in.Key, Version: u.Version, Retire: true})
}

// ChangeEntry is a change that somebody asked for.
type ChangeEntry struct {
	ID        string                `json:"id"`
	Kind      string                `json:"kind" enum:"add,retire,rename,move,downgrade,details"`
	Node      string                `json:"node"`
	Title     string                `json:"title"`
	State     string                `json:"state" enum:"review,approved,applied,rejected,withdrawn"`
	Reason    string                `json:"reason"`
	Canvas    string                `json:"canvas,omitempty"`
	Announced []string              `json:"announced" nullable:"false"`
	By        string                `json:"asked_by"`
	At        time.Time             `json:"asked_at"`
	End       *calendar.Day         `json:"ended" nullable:"true"`
	Changes   []product.FieldChange `json:"changes" nullable:"false"`
	Approvals []ApprovalEntry       `json:"approvals" nullable:"false"`
	Informed  []string              `json:"informed" nullable:"false" doc:"Roles that are told."`
	Wanting   []string              `json:"wanting" nullable:"false" doc:"What still stands against it, in words."`
}

// ApprovalEntry is the agreement of a role.
type ApprovalEntry struct {
	Role     string        `json:"role" doc:"Of the policy pack; behind a colon a section other than that of the node."`
	Person   string        `json:"person,omitempty" doc:"Who has the role; missing if nobody is known to have it."`
	Name     string        `json:"name,omitempty"`
	Decision string        `json:"decision,omitempty" enum:"approved,rejected"`
	Day      *calendar.Day `json:"day" nullable:"true"`
	Note     string        `json:"note,omitempty"`
}

func changeEntry(c *product.ChangeRequest) ChangeEntry {
	e := ChangeEntry{
		ID: string(c.ID), Kind: string(c.Kind), Node: c.Node.String(), Title: c.Title, State: string(c.State), Reason: c.Reason, Canvas: c.Canvas,
		Announced: list(c.Announced), By: string(c.By), At: c.At.UTC(), End: known(c.End), Changes: list(c.Fields),
		Approvals: []ApprovalEntry{}, Informed: list(c.Informed), Wanting: list(c.Wanting),
	}
	for _, a := range c.Approvals {
		e.Approvals = append(e.Approvals, ApprovalEntry{a.Role, string(a.Person), a.Called, a.Decision, known(a.Day), a.Note})
	}
	return e
}

// ChangesInput says which changes are wanted.
type ChangesInput struct {
	Node string `query:"node" maxLength:"200" doc:"Only those of a node, such as category:quays."`
}

// ChangeList are changes that were asked for.
type ChangeList struct {
	Body struct {
		Items []ChangeEntry `json:"items" nullable:"false" doc:"The latest first."`
	}
}

// changes lists changes that were asked for.
func (h *operations) changes(ctx context.Context, in *ChangesInput) (*ChangeList, error) {
	var of product.Ref
	if in.Node != "" {
		var ok bool
		if of, ok = hierarchy.ParseRef(in.Node); !ok {
			return nil, wrong("query.node", "is no node such as category:quays")
		}
	}
	all, err := h.product.Requests(ctx, auth.From(ctx), of)
	if err != nil {
		return nil, err
	}
	out := &ChangeList{}
	out.Body.Items = []ChangeEntry{}
	for _, c := range all {
		out.Body.Items = append(out.Body.Items, changeEntry(c))
	}
	return out, nil
}

// ChangeInput names a change.
type ChangeInput struct {
	ID string `path:"id" maxLength:"100"`
}

// ChangeOutput is a change.
type ChangeOutput struct {
	ETag string `header:"ETag"`
	Body ChangeEntry
}

// request reads a change.
func (h *operations) request(ctx context.Context, in *ChangeInput) (*ChangeOutput, error) {
	c, err := h.product.Request(ctx, auth.From(ctx), product.ChangeID(in.ID))
	if err != nil {
		return nil, err
	}
	return &ChangeOutput{ETag: api.ETag(strconv.FormatInt(c.Version, 10)), Body: changeEntry(c)}, nil
}

// ProposeInput asks for a change.
type ProposeInput struct {
	Body struct {
		Node string `json:"node" minLength:"1" maxLength:"200" doc:"A node that is, or one that is to be added."`
		NodeBody
		Retire    bool     `json:"retire,omitempty"`
		Reason    string   `json:"reason" minLength:"1" maxLength:"4000"`
		Canvas    string   `json:"canvas,omitempty" maxLength:"2000" doc:"Address of the reviewed opportunity canvas, for a new category."`
		Announced []string `json:"announced,omitempty" maxItems:"20" doc:"Where a downgrade was announced."`
	}
}

// propose asks for a change.
func (h *operations) propose(ctx context.Context, in *ProposeInput) (*ChangeOutput, error) {
	r, ok := hierarchy.ParseRef(in.Body.Node)
	if !ok {
		return nil, wrong("body.node", "is no node such as category:quays")
	}
	e, err := in.Body.edit(r)
	if err != nil {
		return nil, err
	}
	e.Retire = in.Body.Retire
	id, err := h.product.Propose(ctx, auth.From(ctx), product.Proposal{Edit: e, Reason: in.Body.Reason, Canvas: in.Body.Canvas, Announced: in.Body.Announced})
	if err != nil {
		return nil, err
	}
	return h.request(ctx, &ChangeInput{ID: string(id)})
}

// AnnounceInput notes an announcement.
type AnnounceInput struct {
	ID   string `path:"id" maxLength:"100"`
	Body struct {
		Link string `json:"link" minLength:"1" maxLength:"2000"`
	}
}

// announce notes where a downgrade was announced.
func (h *operations) announce(ctx context.Context, in *AnnounceInput) (*Nothing, error) {
	return &Nothing{}, h.product.Announce(ctx, auth.From(ctx), product.ChangeID(in.ID), in.Body.Link)
}

// ApproverInput names who decides for a role.
type ApproverInput struct {
	ID   string `path:"id" maxLength:"100"`
	Role string `path:"role" maxLength:"200"`
	Body struct {
		Person string `json:"person" minLength:"1" maxLength:"100"`
	}
}

// nameApprover names who decides for a role. The decision itself is taken by
// somebody who signed in, not by a token.
func (h *operations) nameApprover(ctx context.Context, in *ApproverInput) (*Nothing, error) {
	return &Nothing{}, h.product.Name(ctx, auth.From(ctx), product.ChangeID(in.ID), in.Role, product.PersonID(in.Body.Person))
}

// apply makes a change.
func (h *operations) apply(ctx context.Context, in *ChangeInput) (*Nothing, error) {
	return &Nothing{}, h.product.Apply(ctx, auth.From(ctx), product.ChangeID(in.ID))
}

// withdraw takes a change back.
func (h *operations) withdraw(ctx context.Context, in *ChangeInput) (*Nothing, error) {
	return &Nothing{}, h.product.Withdraw(ctx, auth.From(ctx), product.ChangeID(in.ID))
}
