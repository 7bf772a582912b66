package authweb

import (
	"net/http"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// leave sends the browser to an identity provider. Somebody who is signed in
// and wants to link an identity says so; otherwise they sign in, whoever was
// signed in before. A page of another site cannot have that done: a provider
// may let its reader in without a word.
func (h *pages) leave(w http.ResponseWriter, r *http.Request) error {
	by, q := auth.Actor{}, r.URL.Query()
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" || site == "same-site" {
		return web.Redirect(w, r, signInPath)
	}
	if q.Get("link") != "" {
		by = auth.From(r.Context())
		if by.Session == "" {
			return fault.New(fault.Unauthenticated, "sign in first")
		}
	}
	address, way, err := h.Federation.Begin(r.Context(), by, r.PathValue("provider"), web.Local(q.Get("next")))
	if err != nil {
		return Stale(w, r, err, meansPath)
	}
	h.set(w, wayCookie, auth.BackPath, way, wayAge)
	http.Redirect(w, r, address, http.StatusSeeOther)
	return nil
}

// comeBack is where the provider sends the browser.
func (h *pages) comeBack(w http.ResponseWriter, r *http.Request) error {
	by := auth.From(r.Context())
	in, next, err := h.Federation.Back(r.Context(), by, r.PathValue("provider"), r.URL.Query(), h.cookie(r, wayCookie, auth.BackPath), h.attempt(r))
	h.drop(w, wayCookie, auth.BackPath)
	if err != nil {
		return h.notIn(w, r, next, err)
	}
	if in.Session == "" {
		return web.Done(w, r, meansPath, ui.Toast{Text: "You can sign in that way from now on"})
	}
	if err := h.enter(w, r, in); err != nil {
		return err
	}
	return web.Redirect(w, r, web.Local(next))
}

// notIn shows the page to sign in again, with why it did not work.
func (h *pages) notIn(w http.ResponseWriter, r *http.Request, next string, err error) error {
	k := fault.KindOf(err)
	if k == fault.Internal || k == fault.NotFound {
		return err
	}
	f := &form.Form{}
	f.Wrong("", "%s", sentence(err))
	e, failed := h.entrance(r, next, f)
	if failed != nil {
		return failed
	}
	return web.ShowAs(w, r, k.HTTPStatus(), signInPage(e))
}

func (h *pages) unlink(w http.ResponseWriter, r *http.Request) error {
	if err := h.Accounts.Unlink(r.Context(), auth.From(r.Context()), r.PathValue("id")); err != nil {
		return Stale(w, r, err, meansPath)
	}
	return web.Done(w, r, meansPath, ui.Toast{Text: "The identity is separated from your account"})
}
