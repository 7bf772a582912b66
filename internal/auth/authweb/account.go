package authweb

import (
	"errors"
	"net/http"
	"unicode"
	"unicode/utf8"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// meansPath is the page of what somebody signs in with.
const meansPath = "/account/sign-in"

// sentence returns the words of an error as people write a sentence.
func sentence(err error) string {
	text := err.Error()
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// ownTabs are the parts of one's own account.
func ownTabs(on string) []ui.Tab {
	tabs := []ui.Tab{
		{Label: "You", Href: "/account"},
		{Label: "Signing in", Href: meansPath},
		{Label: "Sessions", Href: "/account/sessions"},
		{Label: "Tokens", Href: "/account/tokens"},
	}
	for i := range tabs {
		tabs[i].On = tabs[i].Href == on
	}
	return tabs
}

// An own page shows who the reader is. Its forms may have something wrong.
type own struct {
	*auth.Principal
	Name, Address *form.Form
}

func (h *pages) ownPage(r *http.Request) (own, error) {
	by := auth.From(r.Context())
	p, err := h.Accounts.Person(r.Context(), by, by.ID)
	if err != nil {
		return own{}, err
	}
	name := form.New(struct {
		Name string `form:"name"`
	}{p.Name})
	name.ID = "name"
	return own{p, name, &form.Form{ID: "address"}}, nil
}

func (h *pages) account(w http.ResponseWriter, r *http.Request) error {
	o, err := h.ownPage(r)
	if err != nil {
		return err
	}
	return web.Show(w, r, ownPage(o))
}

func (h *pages) rename(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Name string `form:"name,required"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	by := auth.From(r.Context())
	if f.OK() {
		err := h.Accounts.Rename(r.Context(), by, by.ID, in.Name)
		if err == nil {
			return web.Done(w, r, "/account", ui.Toast{Text: "Your name is changed"})
		}
		if !f.Refuse(err, "name") {
			return err
		}
	}
	o, err := h.ownPage(r)
	if err != nil {
		return err
	}
	f.ID, o.Name = "name", f
	return web.Again(w, r, ownPage(o))
}

func (h *pages) changeAddress(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Email string `form:"email,required"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() {
		err := h.Accounts.AskAddress(r.Context(), auth.From(r.Context()), in.Email, from(r))
		if err == nil {
			return web.Done(w, r, "/account", ui.Toast{Text: "A letter is on its way: the address is yours when you use its link"})
		}
		if fault.KindOf(err) == fault.Busy {
			f.Wrong("email", "%s", sentence(err))
		} else if !f.Refuse(err, "email") {
			return Stale(w, r, err, "/account")
		}
	}
	o, err := h.ownPage(r)
	if err != nil {
		return err
	}
	f.ID, o.Address = "address", f
	return web.Again(w, r, ownPage(o))
}

// A keyring is what the reader signs in with.
type keyring struct {
	auth.Means
	Form      *form.Form // to change the password
	Passkeys  bool       // that some can be added
	Providers []auth.Provider
}

// label returns what a provider is called.
func (k keyring) label(i auth.Identity) string {
	for _, p := range k.Providers {
		if p.Issuer == i.Issuer {
			return p.Label
		}
	}
	return i.Issuer
}

func (h *pages) keyring(r *http.Request, f *form.Form) (k keyring, err error) {
	k = keyring{Form: f, Passkeys: h.Passkeys != nil}
	if h.Federation != nil {
		k.Providers = h.Federation.Providers()
	}
	k.Means, err = h.Accounts.Means(r.Context(), auth.From(r.Context()))
	return k, err
}

func (h *pages) means(w http.ResponseWriter, r *http.Request) error {
	k, err := h.keyring(r, nil)
	if err != nil {
		return err
	}
	return web.Show(w, r, meansPage(k))
}

func (h *pages) changePassword(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Old string `form:"old,raw"`
		New string `form:"new,required,raw"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() {
		err := h.Accounts.ChangePassword(r.Context(), auth.From(r.Context()), in.Old, in.New, from(r))
		switch {
		case err == nil:
			return web.Done(w, r, meansPath, ui.Toast{Text: "Your password is changed, and your other sessions have ended"})
		case fault.KindOf(err) == fault.Busy:
			f.Wrong("old", "%s", sentence(err))
		case errors.Is(err, auth.ErrOldPassword):
			f.Wrong("old", "%s", sentence(err))
		case !f.Refuse(err, "new"):
			return Stale(w, r, err, meansPath)
		}
	}
	k, err := h.keyring(r, f)
	if err != nil {
		return err
	}
	return web.Again(w, r, meansPage(k))
}

func (h *pages) sessions(w http.ResponseWriter, r *http.Request) error {
	by := auth.From(r.Context())
	list, err := h.Accounts.Sessions(r.Context(), by, by.ID)
	if err != nil {
		return err
	}
	return web.Show(w, r, ownSessionsPage(list, by.Session))
}

func (h *pages) endSession(w http.ResponseWriter, r *http.Request) error {
	if err := h.Accounts.EndSession(r.Context(), auth.From(r.Context()), r.PathValue("id")); err != nil {
		return err
	}
	return web.Done(w, r, "/account/sessions", ui.Toast{Text: "The session has ended"})
}

func (h *pages) endSessions(w http.ResponseWriter, r *http.Request) error {
	by := auth.From(r.Context())
	if _, err := h.Accounts.EndSessions(r.Context(), by, by.ID); err != nil {
		return err
	}
	return web.Done(w, r, "/account/sessions", ui.Toast{Text: "You are signed out everywhere else"})
}
