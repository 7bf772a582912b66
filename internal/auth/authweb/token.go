package authweb

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A purse is the tokens of a principal, as a page shows them.
type purse struct {
	Tokens []auth.Token
	Scopes []string
	Path   string // where its forms go
	Make   bool   // the reader may make tokens
	Made   auth.Secret
	Form   *form.Form
	Now    time.Time
}

// state says how a token is.
func (p purse) state(t auth.Token) templ.Component {
	switch {
	case t.Revoked != nil:
		return ui.Status(ui.Plain, "Revoked")
	case !p.Now.Before(t.Expires):
		return ui.Status(ui.Unknown, "Expired")
	}
	return ui.Status(ui.OK, "Valid")
}

// usable reports whether a token is good.
func (p purse) usable(t auth.Token) bool { return t.Revoked == nil && p.Now.Before(t.Expires) }

// scopeWords returns a scope as people read it.
func scopeWords(scope string) string {
	room, verb, _ := strings.Cut(scope, ":")
	if room == "auth" {
		room = "accounts and journal"
	}
	return strings.ToUpper(verb[:1]) + verb[1:] + " " + room
}

// scopeChoices are the scopes to choose from.
func (p purse) scopeChoices() []ui.Choice {
	list := make([]ui.Choice, len(p.Scopes))
	for i, s := range p.Scopes {
		list[i] = ui.Choice{Value: s, Label: scopeWords(s)}
	}
	return list
}

// ages are how long a token may last, in days.
func ages() []ui.Choice {
	var list []ui.Choice
	for _, days := range []int{7, 30, 90, 365} {
		list = append(list, ui.Choice{Value: strconv.Itoa(days), Label: fmt.Sprintf("%d days", days)})
	}
	return list
}

func (h *pages) purse(r *http.Request, of auth.PrincipalID, path string, f *form.Form) (p purse, err error) {
	p = purse{Scopes: h.Accounts.Scopes(), Path: path, Form: f, Now: h.Accounts.Time(), Make: true}
	p.Tokens, err = h.Accounts.Tokens(r.Context(), auth.From(r.Context()), of)
	return p, err
}

// makeToken makes a token as the form says. The secret is "" if something is
// wrong with the form.
func (h *pages) makeToken(r *http.Request, of auth.PrincipalID) (auth.Secret, *form.Form, error) {
	var in struct {
		Name   string   `form:"name,required"`
		Scopes []string `form:"scopes"`
		Days   int      `form:"days,required"`
	}
	f, err := form.Read(r, &in)
	if err != nil || !f.OK() {
		return "", f, err
	}
	if len(in.Scopes) == 0 {
		f.Wrong("scopes", "choose what the token is for")
		return "", f, nil
	}
	expires := h.Accounts.Time().AddDate(0, 0, in.Days)
	_, secret, err := h.Accounts.NewToken(r.Context(), auth.From(r.Context()), of, in.Name, in.Scopes, expires)
	if err != nil && !f.Refuse(err, "name") {
		return "", f, err
	}
	return secret, f, nil
}

func (h *pages) tokens(w http.ResponseWriter, r *http.Request) error {
	p, err := h.purse(r, auth.From(r.Context()).ID, "/account/tokens", nil)
	if err != nil {
		return err
	}
	return web.Show(w, r, ownTokensPage(p))
}

// newToken shows the secret in its answer and nowhere else: it is not kept.
func (h *pages) newToken(w http.ResponseWriter, r *http.Request) error {
	by := auth.From(r.Context())
	secret, f, err := h.makeToken(r, by.ID)
	if err != nil {
		return err
	}
	if secret != "" {
		f = nil
	}
	p, err := h.purse(r, by.ID, "/account/tokens", f)
	if err != nil {
		return err
	}
	if p.Made = secret; secret == "" {
		return web.Again(w, r, ownTokensPage(p))
	}
	return web.Show(w, r, ownTokensPage(p))
}

func (h *pages) revokeToken(w http.ResponseWriter, r *http.Request) error {
	if err := h.Accounts.RevokeToken(r.Context(), auth.From(r.Context()), r.PathValue("token")); err != nil {
		return err
	}
	return web.Done(w, r, "/account/tokens", ui.Toast{Text: "The token is revoked"})
}
