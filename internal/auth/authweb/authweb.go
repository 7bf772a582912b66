// Package authweb is the pages of accounts: signing in and out, joining by an
// invitation, one's own account, and the administration of all accounts with
// the journal.
//
// All of it works without scripts, but for passkeys, which browsers give to
// scripts alone. Pages decide nothing: what somebody may do is asked of package
// auth, and what they may not do is not offered.
package authweb

import (
	"context"
	"net/http"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/auth/authmail"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// Options are what the pages need.
type Options struct {
	Accounts   *auth.Service
	Passkeys   *auth.Passkeys   // nil if nobody can sign in by one
	Federation *auth.Federation // nil if there are no providers
	Demo       *auth.Demo       // nil but in a demonstration
	// Secure says that browsers reach the site by HTTPS alone.
	Secure bool
}

// pages has the handlers.
type pages struct{ Options }

// Register adds the pages of accounts.
func Register(site *web.Site, o Options) {
	h := &pages{o}
	h.visitors(site)
	h.own(site)
	h.administration(site)
}

// asked lets the journal name the request in which somebody signs in or joins,
// who is nobody until then.
func asked(next web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !auth.From(r.Context()).IsKnown() {
			r = r.WithContext(auth.With(r.Context(), auth.Actor{Request: web.RequestID(r.Context())}))
		}
		return next(w, r)
	}
}

// visitors are the pages of people who are not signed in.
func (h *pages) visitors(site *web.Site) {
	site.Get("/first/{secret}", asked(h.first), web.Open)
	site.Post("/first/{secret}", asked(h.becomeFirst), web.Open)
	site.Get("/sign-in", asked(h.signInPage), web.Open)
	site.Post("/sign-in", asked(h.signIn), web.Open)
	site.Post("/sign-out", asked(h.signOut), web.Open)
	site.Get(authmail.AcceptPath+"{secret}", asked(h.invitation), web.Open)
	site.Post(authmail.AcceptPath+"{secret}", asked(h.accept), web.Open)
	site.Get("/forgot", asked(h.forgotPage), web.Open)
	site.Post("/forgot", asked(h.forgot), web.Open)
	site.Get(authmail.ResetPath+"{secret}", asked(h.resetPage), web.Open)
	site.Post(authmail.ResetPath+"{secret}", asked(h.reset), web.Open)
	site.Get(authmail.AddressPath+"{secret}", asked(h.verifyPage), web.Open)
	site.Post(authmail.AddressPath+"{secret}", asked(h.verify), web.Open)
	if h.Passkeys != nil {
		site.Post("/sign-in/passkey/options", asked(h.askPasskey), web.Open)
		site.Post("/sign-in/passkey", asked(h.takePasskey), web.Open)
	}
	if h.Federation != nil {
		site.Get("/sign-in/with/{provider}", asked(h.leave), web.Open)
		site.Get(auth.BackPath+"{provider}", asked(h.comeBack), web.Open)
	}
	if h.Demo != nil {
		site.Post("/sign-in/as", asked(h.signInAs), web.Open)
	}
}

// own are the pages of one's own account.
func (h *pages) own(site *web.Site) {
	site.Get("/account", h.account)
	site.Post("/account/name", h.rename)
	site.Post("/account/address", h.changeAddress)
	site.Get("/account/sign-in", h.means)
	site.Post("/account/password", h.changePassword)
	if h.Passkeys != nil {
		site.Post("/account/passkeys/options", h.offerPasskey)
		site.Post("/account/passkeys", h.addPasskey)
	}
	site.Post("/account/passkeys/{id}/name", h.renamePasskey)
	site.Post("/account/passkeys/{id}/remove", h.removePasskey)
	site.Post("/account/identities/{id}/remove", h.unlink)
	site.Get("/account/sessions", h.sessions)
	site.Post("/account/sessions/{id}/end", h.endSession)
	site.Post("/account/sessions/end", h.endSessions)
	site.Get("/account/tokens", h.tokens)
	site.Post("/account/tokens", h.newToken)
	site.Post("/account/tokens/{token}/revoke", h.revokeToken)
}

// administration are the pages about all accounts. Links to them are shown by who
// has the settings.
func (h *pages) administration(site *web.Site) {
	site.Get("/accounts", h.list)
	site.Get("/accounts/invite", h.invitePage)
	site.Post("/accounts/invite", h.invite)
	site.Get("/accounts/invitations", h.invitations)
	site.Post("/accounts/invitations/{id}/resend", h.resend)
	site.Post("/accounts/invitations/{id}/withdraw", h.withdraw)
	site.Get("/accounts/add-service", h.servicePage)
	site.Post("/accounts/add-service", h.addService)
	site.Get("/accounts/{id}", h.person)
	site.Post("/accounts/{id}/name", h.renamePerson)
	site.Post("/accounts/{id}/roles", h.giveRole)
	site.Post("/accounts/{id}/roles/{role}/take", h.takeRole)
	site.Post("/accounts/{id}/reset", h.sendReset)
	site.Post("/accounts/{id}/disable", h.disable)
	site.Post("/accounts/{id}/enable", h.enable)
	site.Get("/accounts/{id}/sessions", h.sessionsOf)
	site.Post("/accounts/{id}/sessions/end", h.endSessionsOf)
	site.Get("/accounts/{id}/tokens", h.tokensOf)
	site.Post("/accounts/{id}/tokens", h.newTokenOf)
	site.Post("/accounts/{id}/tokens/{token}/revoke", h.revokeTokenOf)
	site.Get("/journal", h.journal)
}

// Frame adds the reader's account to the frame of a page: who they are, its
// pages, and the way out. Give it to web.Options.
func Frame(ctx context.Context, f *ui.Frame) {
	by := auth.From(ctx)
	if !by.IsKnown() {
		return
	}
	f.Account.Name = by.Name
	if len(by.Roles) > 0 {
		f.Account.Line = by.Roles[0].Words()
	}
	f.Account.Menu = []ui.Link{
		{Label: "Your account", Href: "/account", Icon: ui.IconPerson},
		{Label: "Signing in", Href: "/account/sign-in", Icon: ui.IconLock},
		{Label: "Sessions", Href: "/account/sessions", Icon: ui.IconClock},
		{Label: "Tokens", Href: "/account/tokens", Icon: ui.IconSettings},
	}
	f.Account.SignOut = "/sign-out"
}
