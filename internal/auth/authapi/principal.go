package authapi

import (
	"context"
	"net/url"
	"time"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
)

// Principal is somebody or something that can act.
type Principal struct {
	ID       auth.PrincipalID `json:"id"`
	Kind     auth.Kind        `json:"kind" enum:"person,service"`
	Name     string           `json:"name"`
	Email    string           `json:"email,omitempty" doc:"Missing of a service, and for who may not read it."`
	Verified *bool            `json:"email_verified,omitempty" doc:"That the address is theirs; missing as the address is."`
	Roles    []auth.Role      `json:"roles,omitempty" doc:"For the whole organisation. Missing if there are none, and for who may not read them."`
	Created  time.Time        `json:"created_at"`
	Disabled *time.Time       `json:"disabled_at,omitempty" doc:"Since when the account is closed."`
}

func principal(p *auth.Principal) Principal {
	out := Principal{ID: p.ID, Kind: p.Kind, Name: p.Name, Email: p.Email, Roles: p.Roles, Created: p.Created.UTC(), Disabled: p.Disabled}
	if p.Email != "" {
		out.Verified = &p.Verified
	}
	return out
}

// MeOutput is who the caller is.
type MeOutput struct {
	Body struct {
		Principal
		Scopes []string `json:"scopes,omitempty" doc:"Of the token with which you ask; missing in a session."`
	}
}

// me reads who the caller is.
func (h *operations) me(ctx context.Context, _ *struct{}) (*MeOutput, error) {
	by := auth.From(ctx)
	p, err := h.accounts.Person(ctx, by, by.ID)
	if err != nil {
		return nil, err
	}
	out := &MeOutput{}
	out.Body.Principal, out.Body.Scopes = principal(p), by.Scopes
	return out, nil
}

// ListInput says which principals are wanted.
type ListInput struct {
	api.Paging
	Search string    `query:"q" maxLength:"200" doc:"Part of a name or address."`
	Kind   auth.Kind `query:"kind" enum:"person,service"`
	Role   auth.Role `query:"role" maxLength:"40" doc:"Who has it now."`
	State  string    `query:"state" enum:"enabled,disabled"`
}

// list lists principals in the order of names.
func (h *operations) list(ctx context.Context, in *ListInput) (*api.Page[Principal], error) {
	after, _, err := api.ParseCursor[auth.PeopleKey](in.After)
	if err != nil {
		return nil, err
	}
	people, err := h.accounts.People(ctx, auth.From(ctx), auth.PeopleQuery{
		Search: in.Search, Kind: in.Kind, Role: in.Role, State: in.State, After: after, Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	items := make([]Principal, len(people))
	for i, p := range people {
		items[i] = principal(p)
	}
	address := address("/principals", "q", in.Search, "kind", string(in.Kind), "role", string(in.Role), "state", in.State)
	return api.NewPage(in.Paging, address, items, func(p Principal) auth.PeopleKey { return auth.PeopleKey{Name: p.Name, ID: p.ID} }), nil
}

// address returns the address of a list with those of its filters that are set.
func address(path string, filters ...string) *url.URL {
	q := url.Values{}
	for i := 0; i < len(filters); i += 2 {
		if filters[i+1] != "" {
			q.Set(filters[i], filters[i+1])
		}
	}
	return &url.URL{Path: api.Prefix + path, RawQuery: q.Encode()}
}

// PrincipalOutput is one principal.
type PrincipalOutput struct{ Body Principal }

// principal reads one principal.
func (h *operations) principal(ctx context.Context, in *PrincipalPath) (*PrincipalOutput, error) {
	p, err := h.accounts.Person(ctx, auth.From(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &PrincipalOutput{principal(p)}, nil
}

// ServiceInput is a service account to be.
type ServiceInput struct {
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"200" doc:"Of the program that will use the interface."`
	}
}

// CreatedOutput is what was made, with where it is.
type CreatedOutput[T any] struct {
	Location string `header:"Location"`
	Body     T
}

// addService adds a service account.
func (h *operations) addService(ctx context.Context, in *ServiceInput) (*CreatedOutput[Principal], error) {
	p, err := h.accounts.AddServiceAccount(ctx, auth.From(ctx), in.Body.Name)
	if err != nil {
		return nil, err
	}
	return &CreatedOutput[Principal]{api.Prefix + "/principals/" + url.PathEscape(string(p.ID)), principal(p)}, nil
}

// RenameInput is another name of a principal.
type RenameInput struct {
	PrincipalPath
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"200"`
	}
}

// rename gives a principal another name.
func (h *operations) rename(ctx context.Context, in *RenameInput) (*struct{}, error) {
	return nil, h.accounts.Rename(ctx, auth.From(ctx), in.ID, in.Body.Name)
}

// disable closes an account.
func (h *operations) disable(ctx context.Context, in *PrincipalPath) (*struct{}, error) {
	return nil, h.accounts.Disable(ctx, auth.From(ctx), in.ID)
}

// enable opens a closed account.
func (h *operations) enable(ctx context.Context, in *PrincipalPath) (*struct{}, error) {
	return nil, h.accounts.Enable(ctx, auth.From(ctx), in.ID)
}

// Tenure is a time for which a principal has or had a role.
type Tenure struct {
	Role  auth.Role         `json:"role"`
	Since time.Time         `json:"since"`
	Given auth.PrincipalID  `json:"given_by,omitempty" doc:"Missing if it was the program."`
	Until *time.Time        `json:"until,omitempty" doc:"Missing while they have it."`
	Taken *auth.PrincipalID `json:"taken_by,omitempty"`
}

// ItemsOutput is a list that is not paged.
type ItemsOutput[T any] struct {
	Body struct {
		Items []T `json:"items" nullable:"false"`
	}
}

func items[T any](list []T) *ItemsOutput[T] {
	out := &ItemsOutput[T]{}
	if out.Body.Items = list; list == nil {
		out.Body.Items = []T{}
	}
	return out
}

// roles lists the roles that a principal has and had.
func (h *operations) roles(ctx context.Context, in *PrincipalPath) (*ItemsOutput[Tenure], error) {
	history, err := h.accounts.RoleHistory(ctx, auth.From(ctx), in.ID)
	var list []Tenure
	for _, t := range history {
		one := Tenure{Role: t.Role, Since: t.Since.UTC(), Given: t.Given, Until: t.Until}
		if t.Until != nil {
			one.Taken = &t.Taken
		}
		list = append(list, one)
	}
	return items(list), err
}

// RolePath names a role of a principal.
type RolePath struct {
	PrincipalPath
	Role string `path:"role" maxLength:"40"`
}

// give gives a role.
func (h *operations) give(ctx context.Context, in *RolePath) (*struct{}, error) {
	r, err := auth.ParseRole(in.Role)
	if err != nil {
		return nil, err
	}
	return nil, h.accounts.GiveRole(ctx, auth.From(ctx), in.ID, r)
}

// take takes a role.
func (h *operations) take(ctx context.Context, in *RolePath) (*struct{}, error) {
	r, err := auth.ParseRole(in.Role)
	if err != nil {
		return nil, err
	}
	return nil, h.accounts.TakeRole(ctx, auth.From(ctx), in.ID, r)
}
