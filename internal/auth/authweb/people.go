package authweb

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// pageSize is how many rows a page of a list has.
const pageSize = 50

// A directory is the list of accounts, as a page shows it.
type directory struct {
	People      []*auth.Principal
	Next        string
	Searched    bool
	URL         *url.URL
	Invite      bool // the reader may invite
	Invitations bool // the reader may see who is invited
}

// kindWords returns the kind of an account as people read it.
func kindWords(k auth.Kind) string {
	if k == auth.ServiceAccount {
		return "Service"
	}
	return "Person"
}

// roleWords lists roles as people read them.
func roleWords(roles []auth.Role) string {
	words := make([]string, len(roles))
	for i, r := range roles {
		words[i] = r.Words()
	}
	return strings.Join(words, ", ")
}

// facets are the filters of the list.
func facets() []ui.Facet {
	roles := ui.Facet{Label: "Role", Name: "role"}
	for _, r := range auth.Roles {
		roles.Choices = append(roles.Choices, ui.Choice{Value: string(r), Label: r.Words()})
	}
	return []ui.Facet{
		{Label: "Kind", Name: "kind", Choices: []ui.Choice{
			{Value: string(auth.Person), Label: "People"}, {Value: string(auth.ServiceAccount), Label: "Services"},
		}},
		{Label: "State", Name: "state", Choices: []ui.Choice{{Value: "enabled", Label: "Open"}, {Value: "disabled", Label: "Closed"}}},
		roles,
	}
}

func (h *pages) list(w http.ResponseWriter, r *http.Request) error {
	by := auth.From(r.Context())
	if err := h.Accounts.Can(by, "auth.directory.read", auth.Directory); err != nil {
		return err
	}
	q := r.URL.Query()
	after, _, err := api.ParseCursor[auth.PeopleKey](q.Get("after"))
	if err != nil {
		return err
	}
	list, err := h.Accounts.People(r.Context(), by, auth.PeopleQuery{
		Search: q.Get("q"), Kind: auth.Kind(q.Get("kind")), Role: auth.Role(q.Get("role")), State: q.Get("state"), After: after, Limit: pageSize,
	})
	if err != nil {
		return err
	}
	d := directory{
		People: list, URL: r.URL, Searched: r.URL.RawQuery != "",
		Invite:      h.Accounts.May(by, "auth.directory.invite", auth.Directory),
		Invitations: h.Accounts.May(by, "auth.invitation.read", auth.Entity{Kind: "invitation"}),
	}
	if len(list) > pageSize {
		d.People, d.Next = list[:pageSize], api.Cursor(list[pageSize-1].Key())
	}
	return web.Show(w, r, listPage(d))
}

// inviteForm is what somebody is invited with.
type inviteForm struct {
	Email string      `form:"email,required"`
	Name  string      `form:"name"`
	Roles []auth.Role `form:"roles"`
}

func (h *pages) invitePage(w http.ResponseWriter, r *http.Request) error {
	if err := h.Accounts.Can(auth.From(r.Context()), "auth.directory.invite", auth.Directory); err != nil {
		return err
	}
	return web.Show(w, r, invitePage(nil))
}

func (h *pages) invite(w http.ResponseWriter, r *http.Request) error {
	var in inviteForm
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	for _, role := range in.Roles {
		if _, err := auth.ParseRole(string(role)); err != nil {
			f.Refuse(err, "roles")
		}
	}
	if f.OK() {
		_, err := h.Accounts.Invite(r.Context(), auth.From(r.Context()), in.Email, in.Name, in.Roles...)
		if err == nil {
			return web.Done(w, r, "/accounts/invitations", ui.Toast{Text: "The invitation is on its way"})
		}
		if !f.Refuse(err, "email") {
			return err
		}
	}
	return web.Again(w, r, invitePage(f))
}

func (h *pages) invitations(w http.ResponseWriter, r *http.Request) error {
	by := auth.From(r.Context())
	list, err := h.Accounts.Invitations(r.Context(), by)
	if err != nil {
		return err
	}
	return web.Show(w, r, invitationsPage(list, h.Accounts.May(by, "auth.invitation.withdraw", auth.Entity{Kind: "invitation"})))
}

func (h *pages) resend(w http.ResponseWriter, r *http.Request) error {
	if err := h.Accounts.ResendInvitation(r.Context(), auth.From(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.Done(w, r, "/accounts/invitations", ui.Toast{Text: "The invitation is sent again, with a new link"})
}

func (h *pages) withdraw(w http.ResponseWriter, r *http.Request) error {
	if err := h.Accounts.WithdrawInvitation(r.Context(), auth.From(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.Done(w, r, "/accounts/invitations", ui.Toast{Text: "The invitation is withdrawn"})
}

func (h *pages) servicePage(w http.ResponseWriter, r *http.Request) error {
	if err := h.Accounts.Can(auth.From(r.Context()), "auth.directory.add_service", auth.Directory); err != nil {
		return err
	}
	return web.Show(w, r, servicePage(nil))
}

func (h *pages) addService(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Name string `form:"name,required"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() {
		p, err := h.Accounts.AddServiceAccount(r.Context(), auth.From(r.Context()), in.Name)
		if err == nil {
			return web.Done(w, r, personPath(p.ID)+"/tokens", ui.Toast{Text: "The service is there: make its first token"})
		}
		if !f.Refuse(err, "name") {
			return err
		}
	}
	return web.Again(w, r, servicePage(f))
}
