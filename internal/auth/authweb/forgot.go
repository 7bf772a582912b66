package authweb

import (
	"net/http"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

func (h *pages) forgotPage(w http.ResponseWriter, r *http.Request) error {
	return web.Show(w, r, forgotPage(nil, r.URL.Query().Has("sent")))
}

func (h *pages) forgot(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		Email string `form:"email,required"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() {
		err := h.Accounts.AskReset(r.Context(), in.Email, from(r))
		if err == nil {
			return web.Redirect(w, r, "/forgot?sent=yes")
		}
		if fault.KindOf(err) == fault.Busy {
			f.Wrong("", "%s", sentence(err))
		} else if !f.Refuse(err, "email") {
			return err
		}
	}
	return web.Again(w, r, forgotPage(f, false))
}

func (h *pages) resetPage(w http.ResponseWriter, r *http.Request) error {
	if err := h.Accounts.CheckReset(r.Context(), linkOf(w, r)); err != nil {
		return err
	}
	return web.Show(w, r, resetPage(r.URL.Path, nil))
}

func (h *pages) reset(w http.ResponseWriter, r *http.Request) error {
	link := linkOf(w, r)
	var in struct {
		Password string `form:"password,required,raw"`
	}
	f, err := form.Read(r, &in)
	if err != nil {
		return err
	}
	if f.OK() {
		err := h.Accounts.Reset(r.Context(), link, in.Password)
		if err == nil {
			return web.Done(w, r, signInPath, ui.Toast{Text: "Your password is changed: sign in with it"})
		}
		if !f.Refuse(err, "password") {
			return err
		}
	}
	return web.Again(w, r, resetPage(r.URL.Path, f))
}

// verifyPage asks for a press of a button: programs that look into letters for
// what is harmful open every link in them.
func (h *pages) verifyPage(w http.ResponseWriter, r *http.Request) error {
	linkOf(w, r)
	return web.Show(w, r, verifyPage(r.URL.Path))
}

func (h *pages) verify(w http.ResponseWriter, r *http.Request) error {
	if err := h.Accounts.VerifyAddress(r.Context(), linkOf(w, r)); err != nil {
		return err
	}
	return web.Done(w, r, "/account", ui.Toast{Text: "The address is yours"})
}
