package authweb

import (
	"net/http"
	"net/url"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// signInPath is where people sign in.
const signInPath = "/sign-in"

// againAddress is where somebody signs in again, and then goes back.
func againAddress(back string) string {
	return signInPath + "?" + url.Values{"again": {"yes"}, "next": {back}}.Encode()
}

// An entrance is the page on which somebody signs in.
type entrance struct {
	Next      string
	Again     bool // they are signed in, and must show once more who they are
	Form      *form.Form
	Passkeys  bool
	Providers []auth.Provider
	Cast      []*auth.Principal // of a demonstration
}

func (h *pages) entrance(r *http.Request, next string, f *form.Form) (entrance, error) {
	e := entrance{Next: web.Local(next), Form: f, Passkeys: h.Passkeys != nil, Again: auth.From(r.Context()).Session != ""}
	if h.Federation != nil {
		e.Providers = h.Federation.Providers()
	}
	if h.Demo != nil {
		var err error
		if e.Cast, err = h.Demo.Cast(r.Context()); err != nil {
			return e, err
		}
	}
	return e, nil
}

// Goes returns the address that leads to a provider.
func (e entrance) goes(p auth.Provider) string {
	return "/sign-in/with/" + p.Name + "?" + url.Values{"next": {e.Next}}.Encode()
}

func (h *pages) signInPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if auth.From(r.Context()).Session != "" && q.Get("again") == "" {
		return web.Redirect(w, r, web.Local(q.Get("next")))
	}
	e, err := h.entrance(r, q.Get("next"), nil)
	if err != nil {
		return err
	}
	return web.Show(w, r, signInPage(e))
}

func (h *pages) signIn(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Email    string `form:"email,required"`
		Password string `form:"password,required,raw"`
		Next     string `form:"next"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	status := http.StatusUnprocessableEntity
	if f.OK() {
		try := h.attempt(r)
		try.Email, try.Password = in.Email, in.Password
		done, err := h.Accounts.ByPassword(r.Context(), try)
		if err == nil {
			if err := h.enter(w, r, done); err != nil {
				return err
			}
			return web.Redirect(w, r, web.Local(in.Next))
		}
		switch fault.KindOf(err) {
		case fault.Unauthenticated, fault.Forbidden, fault.Busy:
			f.Wrong("", "%s", sentence(err))
			status = fault.KindOf(err).HTTPStatus()
			web.RetryAfter(w, err)
		default:
			return err
		}
	}
	e, err := h.entrance(r, in.Next, f)
	if err != nil {
		return err
	}
	return web.ShowAs(w, r, status, signInPage(e))
}

func (h *pages) signInAs(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		ID   auth.PrincipalID `form:"id,required"`
		Next string           `form:"next"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if !f.OK() {
		return fault.New(fault.Invalid, "choose somebody to sign in as")
	}
	done, err := h.Demo.SignIn(r.Context(), in.ID, h.attempt(r))
	if err != nil {
		return err
	}
	if err := h.enter(w, r, done); err != nil {
		return err
	}
	return web.Redirect(w, r, web.Local(in.Next))
}

func (h *pages) signOut(w http.ResponseWriter, r *http.Request) error {
	by, to := auth.From(r.Context()), ""
	var err error
	if h.Federation != nil {
		to, err = h.Federation.SignOut(r.Context(), by)
	} else {
		_, err = h.Accounts.SignOut(r.Context(), by)
	}
	if err != nil {
		return err
	}
	h.drop(w, api.SessionCookie, "/")
	// The cache of this browser holds what the person saw.
	w.Header().Set("Clear-Site-Data", `"cache"`)
	if to != "" {
		return web.Show(w, r, signedOutPage(to))
	}
	return web.Done(w, r, signInPath, ui.Toast{Text: "You are signed out"})
}
