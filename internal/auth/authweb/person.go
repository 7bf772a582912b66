package authweb

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

func personPath(id auth.PrincipalID) string { return "/accounts/" + url.PathEscape(string(id)) }

// A file is what is known of an account, and what the reader may do with it.
type file struct {
	*auth.Principal
	History []auth.Tenure
	May     func(auth.Action) bool
	Form    *form.Form // to rename
	Own     bool       // it is the reader's
}

// path returns an address below that of the account.
func (f file) path(rest string) string { return personPath(f.ID) + rest }

// tabs are the parts of the account that the reader may see.
func (f file) tabs(on string) []ui.Tab {
	tabs := []ui.Tab{{Label: "Account", Href: f.path("")}}
	if f.Kind == auth.Person && f.May("auth.session.end") {
		tabs = append(tabs, ui.Tab{Label: "Sessions", Href: f.path("/sessions")})
	}
	if f.May("auth.token.read") {
		tabs = append(tabs, ui.Tab{Label: "Tokens", Href: f.path("/tokens")})
	}
	for i := range tabs {
		tabs[i].On = tabs[i].Href == on
	}
	return tabs
}

// choices are the roles that they could be given.
func (f file) choices() []ui.Choice {
	var list []ui.Choice
	for _, r := range auth.Roles {
		if !slices.Contains(f.Roles, r) && (f.Kind == auth.Person || r != auth.Administrator) {
			list = append(list, ui.Choice{Value: string(r), Label: r.Words()})
		}
	}
	return list
}

// file reads the account that an address names.
func (h *pages) file(r *http.Request) (file, error) {
	by := auth.From(r.Context())
	p, err := h.Accounts.Person(r.Context(), by, auth.PrincipalID(r.PathValue("id")))
	if err != nil {
		return file{}, err
	}
	name := form.New(struct {
		Name string `form:"name"`
	}{p.Name})
	name.ID = "rename"
	f := file{Principal: p, Form: name, Own: by.ID == p.ID, May: func(a auth.Action) bool {
		return h.Accounts.May(by, a, p.Belonging())
	}}
	if h.Accounts.May(by, "auth.principal.read_roles", p) {
		f.History, err = h.Accounts.RoleHistory(r.Context(), by, p.ID)
	}
	return f, err
}

func (h *pages) person(w http.ResponseWriter, r *http.Request) error {
	f, err := h.file(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, personPage(f))
}

func (h *pages) renamePerson(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Name string `form:"name,required"`
	}
	typed, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	id := auth.PrincipalID(r.PathValue("id"))
	if typed.OK() {
		err := h.Accounts.Rename(r.Context(), auth.From(r.Context()), id, in.Name)
		if err == nil {
			return web.Done(w, r, personPath(id), ui.Toast{Text: "The name is changed"})
		}
		if !typed.Refuse(err, "name") {
			return err
		}
	}
	f, err := h.file(r)
	if err != nil {
		return err
	}
	typed.ID, f.Form = "rename", typed
	return web.Again(w, r, personPage(f))
}

// act carries out something that needs no more than the account.
func (h *pages) act(w http.ResponseWriter, r *http.Request, told string, do func(by auth.Actor, id auth.PrincipalID) error) error {
	id := auth.PrincipalID(r.PathValue("id"))
	if err := do(auth.From(r.Context()), id); err != nil {
		return err
	}
	return web.Done(w, r, personPath(id), ui.Toast{Text: told})
}

func (h *pages) giveRole(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "The role is given", func(by auth.Actor, id auth.PrincipalID) error {
		role, err := auth.ParseRole(r.PostFormValue("role"))
		if err != nil {
			return err
		}
		return h.Accounts.GiveRole(r.Context(), by, id, role)
	})
}

func (h *pages) takeRole(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "The role is taken", func(by auth.Actor, id auth.PrincipalID) error {
		role, err := auth.ParseRole(r.PathValue("role"))
		if err != nil {
			return err
		}
		return h.Accounts.TakeRole(r.Context(), by, id, role)
	})
}

func (h *pages) sendReset(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "A letter to choose a new password is on its way", func(by auth.Actor, id auth.PrincipalID) error {
		return h.Accounts.SendReset(r.Context(), by, id)
	})
}

func (h *pages) disable(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "The account is closed", func(by auth.Actor, id auth.PrincipalID) error {
		return h.Accounts.Disable(r.Context(), by, id)
	})
}

func (h *pages) enable(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "The account is open again", func(by auth.Actor, id auth.PrincipalID) error {
		return h.Accounts.Enable(r.Context(), by, id)
	})
}

func (h *pages) endSessionsOf(w http.ResponseWriter, r *http.Request) error {
	return h.act(w, r, "All sessions have ended", func(by auth.Actor, id auth.PrincipalID) error {
		_, err := h.Accounts.EndSessions(r.Context(), by, id)
		return err
	})
}

func (h *pages) sessionsOf(w http.ResponseWriter, r *http.Request) error {
	f, err := h.file(r)
	if err != nil {
		return err
	}
	list, err := h.Accounts.Sessions(r.Context(), auth.From(r.Context()), f.ID)
	if err != nil {
		return err
	}
	return web.Show(w, r, sessionsPage(f, list))
}

// purseOf reads the tokens of the account that an address names.
func (h *pages) purseOf(r *http.Request, typed *form.Form) (file, purse, error) {
	f, err := h.file(r)
	if err != nil {
		return f, purse{}, err
	}
	p, err := h.purse(r, f.ID, f.path("/tokens"), typed)
	p.Make = f.May("auth.token.make") && f.Disabled == nil
	return f, p, err
}

func (h *pages) tokensOf(w http.ResponseWriter, r *http.Request) error {
	f, p, err := h.purseOf(r, nil)
	if err != nil {
		return err
	}
	return web.Show(w, r, tokensPage(f, p))
}

func (h *pages) newTokenOf(w http.ResponseWriter, r *http.Request) error {
	secret, typed, err := h.makeToken(r, auth.PrincipalID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if secret != "" {
		typed = nil
	}
	f, p, err := h.purseOf(r, typed)
	if err != nil {
		return err
	}
	if p.Made = secret; secret == "" {
		return web.Again(w, r, tokensPage(f, p))
	}
	return web.Show(w, r, tokensPage(f, p))
}

func (h *pages) revokeTokenOf(w http.ResponseWriter, r *http.Request) error {
	id := auth.PrincipalID(r.PathValue("id"))
	if err := h.Accounts.RevokeToken(r.Context(), auth.From(r.Context()), r.PathValue("token")); err != nil {
		return err
	}
	return web.Done(w, r, personPath(id)+"/tokens", ui.Toast{Text: "The token is revoked"})
}
