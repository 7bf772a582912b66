package authweb

import (
	"net/http"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// linkOf returns the secret of a link, and keeps its address from being told
// to where the page leads.
func linkOf(w http.ResponseWriter, r *http.Request) auth.Secret {
	w.Header().Set("Referrer-Policy", "no-referrer")
	return auth.Secret(r.PathValue("secret"))
}

func (h *pages) first(w http.ResponseWriter, r *http.Request) error {
	if err := h.Accounts.CheckFirst(r.Context(), linkOf(w, r)); err != nil {
		return err
	}
	return web.Show(w, r, firstPage(r.URL.Path, nil))
}

func (h *pages) becomeFirst(w http.ResponseWriter, r *http.Request) error {
	link := linkOf(w, r)
	var in struct {
		Name     string `form:"name,required"`
		Email    string `form:"email,required"`
		Password string `form:"password,required,raw"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() && !f.Refuse(auth.CheckPassword(in.Password, in.Name, in.Email), "password") {
		session, err := h.Accounts.BecomeFirst(r.Context(), link, in.Name, in.Email, in.Password, deviceOf(r.UserAgent()))
		if err == nil {
			return h.welcome(w, r, session)
		}
		if !f.Refuse(err, "email") {
			return err
		}
	}
	return web.Again(w, r, firstPage(r.URL.Path, f))
}

// welcome signs in somebody who has just joined.
func (h *pages) welcome(w http.ResponseWriter, r *http.Request, session auth.Secret) error {
	if err := h.enter(w, r, auth.SignedIn{Session: session}); err != nil {
		return err
	}
	return web.Done(w, r, "/", ui.Toast{
		Text: "Welcome. A passkey lets you sign in without the password", Link: &ui.Link{Label: "Add a passkey", Href: "/account/sign-in"},
	})
}

func (h *pages) invitation(w http.ResponseWriter, r *http.Request) error {
	i, err := h.Accounts.InvitationOf(r.Context(), linkOf(w, r))
	if err != nil {
		return err
	}
	in := struct {
		Name string `form:"name"`
	}{i.Name}
	return web.Show(w, r, acceptPage(r.URL.Path, i, form.New(in)))
}

func (h *pages) accept(w http.ResponseWriter, r *http.Request) error {
	link := linkOf(w, r)
	i, err := h.Accounts.InvitationOf(r.Context(), link)
	if err != nil {
		return err
	}
	var in struct {
		Name     string `form:"name,required"`
		Password string `form:"password,required,raw"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() && !f.Refuse(auth.CheckPassword(in.Password, in.Name, i.Email), "password") {
		session, err := h.Accounts.Accept(r.Context(), link, in.Name, in.Password, deviceOf(r.UserAgent()))
		if err == nil {
			return h.welcome(w, r, session)
		}
		if !f.Refuse(err, "name") {
			return err
		}
	}
	return web.Again(w, r, acceptPage(r.URL.Path, i, f))
}
