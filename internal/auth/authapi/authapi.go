// Package authapi is the JSON interface of accounts: who one is, principals
// with their roles, invitations, sessions, tokens and the journal.
//
// What the caller may not read of a principal is missing from it. Passwords,
// passkeys and identities are not here: people change on pages what they sign
// in with. Invitations, roles and tokens are, for somebody in a session: a token
// must let nobody in, nor make anybody more.
package authapi

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
)

// Register adds the operations of accounts.
func Register(a *api.API, s *auth.Service) {
	h := &operations{s}
	api.Register(a, read("get-me", "/me", "Read who you are"), h.me)
	api.Register(a, read("list-scopes", "/scopes", "List what tokens can be for"), h.scopes)

	api.Register(a, read("list-principals", "/principals", "List principals"), h.list)
	api.Register(a, read("get-principal", "/principals/{principal}", "Read a principal"), h.principal)
	api.Register(a, made("create-service", "/principals", "Add a service account"), h.addService)
	api.Register(a, write("rename-principal", http.MethodPatch, "/principals/{principal}", "Rename a principal"), h.rename)
	api.Register(a, write("disable-principal", http.MethodPost, "/principals/{principal}/disable", "Close an account, with its sessions and tokens"), h.disable)
	api.Register(a, write("enable-principal", http.MethodPost, "/principals/{principal}/enable", "Open a closed account"), h.enable)

	api.Register(a, read("list-principal-roles", "/principals/{principal}/roles", "List the roles that a principal has and had"), h.roles)
	api.Register(a, inSession(write("give-role", http.MethodPut, "/principals/{principal}/roles/{role}", "Give a role")), h.give)
	api.Register(a, inSession(write("take-role", http.MethodDelete, "/principals/{principal}/roles/{role}", "Take a role")), h.take)

	api.Register(a, read("list-invitations", "/invitations", "List open invitations"), h.invitations)
	api.Register(a, inSession(made("create-invitation", "/invitations", "Invite somebody")), h.invite)
	api.Register(a, inSession(write("resend-invitation", http.MethodPost, "/invitations/{invitation}/resend", "Send an invitation again")), h.resend)
	api.Register(a, inSession(write("withdraw-invitation", http.MethodDelete, "/invitations/{invitation}", "Withdraw an invitation")), h.withdraw)

	api.Register(a, read("list-sessions", "/sessions", "List your sessions, or those of somebody"), h.sessions)
	api.Register(a, write("end-session", http.MethodDelete, "/sessions/{session}", "End a session"), h.endSession)
	api.Register(a, write("end-sessions", http.MethodDelete, "/sessions", "End all sessions of somebody but the one in hand"), h.endSessions)

	api.Register(a, read("list-tokens", "/tokens", "List your tokens, or those of a principal"), h.tokens)
	api.Register(a, inSession(made("create-token", "/tokens", "Make a token")), h.newToken)
	api.Register(a, inSession(write("revoke-token", http.MethodDelete, "/tokens/{token}", "Revoke a token")), h.revoke)

	api.Register(a, read("list-journal", "/journal", "Read the journal"), h.journal)
}

var tags = []string{"Accounts"}

func read(id, path, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: api.Prefix + path, Tags: tags, Summary: summary, Security: api.Scope("auth:read"),
	}
}

func write(id, method, path, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: api.Prefix + path, Tags: tags, Summary: summary,
		Security: api.Scope("auth:write"), DefaultStatus: http.StatusNoContent,
	}
}

func made(id, path, summary string) huma.Operation {
	o := write(id, http.MethodPost, path, summary)
	o.DefaultStatus = http.StatusCreated
	return o
}

// inSession says that no token is good for an operation. The policies refuse
// them; this tells.
func inSession(o huma.Operation) huma.Operation {
	o.Description = "In a session alone: a token is answered 403, whatever its scopes. Sign in for it."
	o.Security = []map[string][]string{{"session": {}}}
	return o
}

type operations struct{ accounts *auth.Service }

// PrincipalPath names a principal in an address.
type PrincipalPath struct {
	ID auth.PrincipalID `path:"principal" maxLength:"100" doc:"The id of the principal."`
}
