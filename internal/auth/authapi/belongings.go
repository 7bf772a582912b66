package authapi

import (
	"context"
	"encoding/json"
	"time"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth"
)

// scopes lists what tokens can be for.
func (h *operations) scopes(ctx context.Context, _ *struct{}) (*ItemsOutput[string], error) {
	by := auth.From(ctx)
	if err := h.accounts.Can(by, "auth.token.read", (&auth.Principal{ID: by.ID, Kind: by.Kind}).Belonging()); err != nil {
		return nil, err
	}
	return items(h.accounts.Scopes()), nil
}

// Invitation asks somebody to join.
type Invitation struct {
	ID      string           `json:"id"`
	Email   string           `json:"email"`
	Name    string           `json:"name,omitempty"`
	Roles   []auth.Role      `json:"roles" nullable:"false"`
	By      auth.PrincipalID `json:"invited_by"`
	Created time.Time        `json:"created_at"`
	Expires time.Time        `json:"expires_at" doc:"Until when its newest link can be used."`
}

func invitation(i auth.Invitation) Invitation {
	out := Invitation{ID: i.ID, Email: i.Email, Name: i.Name, Roles: i.Roles, By: i.By, Created: i.Created.UTC(), Expires: i.Expires.UTC()}
	if out.Roles == nil {
		out.Roles = []auth.Role{}
	}
	return out
}

// invitations lists open invitations.
func (h *operations) invitations(ctx context.Context, _ *struct{}) (*ItemsOutput[Invitation], error) {
	open, err := h.accounts.Invitations(ctx, auth.From(ctx))
	var list []Invitation
	for _, i := range open {
		list = append(list, invitation(i))
	}
	return items(list), err
}

// InviteInput is an invitation to be.
type InviteInput struct {
	Body struct {
		Email string   `json:"email" maxLength:"254"`
		Name  string   `json:"name,omitempty" maxLength:"200" doc:"A suggestion."`
		Roles []string `json:"roles,omitempty" maxItems:"20"`
	}
}

// invite invites somebody.
func (h *operations) invite(ctx context.Context, in *InviteInput) (*CreatedOutput[Invitation], error) {
	roles := make([]auth.Role, len(in.Body.Roles))
	for n, word := range in.Body.Roles {
		var err error
		if roles[n], err = auth.ParseRole(word); err != nil {
			return nil, err
		}
	}
	i, err := h.accounts.Invite(ctx, auth.From(ctx), in.Body.Email, in.Body.Name, roles...)
	if err != nil {
		return nil, err
	}
	return &CreatedOutput[Invitation]{api.Prefix + "/invitations", invitation(i)}, nil
}

// InvitationPath names an invitation.
type InvitationPath struct {
	ID string `path:"invitation" maxLength:"100"`
}

// resend sends an invitation again.
func (h *operations) resend(ctx context.Context, in *InvitationPath) (*struct{}, error) {
	return nil, h.accounts.ResendInvitation(ctx, auth.From(ctx), in.ID)
}

// withdraw withdraws an invitation.
func (h *operations) withdraw(ctx context.Context, in *InvitationPath) (*struct{}, error) {
	return nil, h.accounts.WithdrawInvitation(ctx, auth.From(ctx), in.ID)
}

// OfInput says of whom something is wanted.
type OfInput struct {
	Of auth.PrincipalID `query:"principal" maxLength:"100" doc:"Of whom; missing means of you."`
}

// of returns whom an input is about.
func (in OfInput) of(by auth.Actor) auth.PrincipalID {
	if in.Of == "" {
		return by.ID
	}
	return in.Of
}

// Session is one browser in which somebody is signed in.
type Session struct {
	ID      string    `json:"id"`
	Means   string    `json:"means" doc:"How they signed in: password, passkey, link, demo, or the name of an identity provider."`
	Device  string    `json:"device"`
	Created time.Time `json:"created_at"`
	Seen    time.Time `json:"seen_at" doc:"To about five minutes."`
	Expires time.Time `json:"expires_at"`
	Here    bool      `json:"here" doc:"That it is the one with which you ask."`
}

// sessions lists sessions, the latest used first.
func (h *operations) sessions(ctx context.Context, in *OfInput) (*ItemsOutput[Session], error) {
	by := auth.From(ctx)
	found, err := h.accounts.Sessions(ctx, by, in.of(by))
	var list []Session
	for _, s := range found {
		list = append(list, Session{s.ID, s.Means, s.Device, s.Created.UTC(), s.Seen.UTC(), s.Expires.UTC(), s.ID == by.Session})
	}
	return items(list), err
}

// SessionPath names a session.
type SessionPath struct {
	ID string `path:"session" maxLength:"100"`
}

// endSession ends a session.
func (h *operations) endSession(ctx context.Context, in *SessionPath) (*struct{}, error) {
	return nil, h.accounts.EndSession(ctx, auth.From(ctx), in.ID)
}

// endSessions ends all sessions but the one in hand.
func (h *operations) endSessions(ctx context.Context, in *OfInput) (*struct{}, error) {
	by := auth.From(ctx)
	_, err := h.accounts.EndSessions(ctx, by, in.of(by))
	return nil, err
}

// Token lets a program act for its owner.
type Token struct {
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Scopes  []string   `json:"scopes" nullable:"false"`
	Created time.Time  `json:"created_at"`
	Expires time.Time  `json:"expires_at"`
	Used    *time.Time `json:"used_at,omitempty" doc:"To about five minutes; missing if it never was."`
	Revoked *time.Time `json:"revoked_at,omitempty"`
}

func token(t auth.Token) Token {
	return Token{t.ID, t.Name, t.Scopes, t.Created.UTC(), t.Expires.UTC(), t.Used, t.Revoked}
}

// tokens lists tokens, the newest first.
func (h *operations) tokens(ctx context.Context, in *OfInput) (*ItemsOutput[Token], error) {
	by := auth.From(ctx)
	found, err := h.accounts.Tokens(ctx, by, in.of(by))
	var list []Token
	for _, t := range found {
		list = append(list, token(t))
	}
	return items(list), err
}

// TokenInput is a token to be.
type TokenInput struct {
	Body struct {
		Of      auth.PrincipalID `json:"principal,omitempty" maxLength:"100" doc:"Whose it is; missing means yours. Administrators make those of services."`
		Name    string           `json:"name" minLength:"1" maxLength:"100"`
		Scopes  []string         `json:"scopes" minItems:"1" maxItems:"100" nullable:"false"`
		Expires time.Time        `json:"expires_at" doc:"Within a year."`
	}
}

// TokenSecret is a token with its secret.
type TokenSecret struct {
	Token
	Secret string `json:"secret" doc:"What a program sends as Authorization: Bearer … It is not kept: this is the only time that you see it."`
}

// newToken makes a token.
func (h *operations) newToken(ctx context.Context, in *TokenInput) (*CreatedOutput[TokenSecret], error) {
	by := auth.From(ctx)
	t, secret, err := h.accounts.NewToken(ctx, by, OfInput{in.Body.Of}.of(by), in.Body.Name, in.Body.Scopes, in.Body.Expires)
	if err != nil {
		return nil, err
	}
	return &CreatedOutput[TokenSecret]{api.Prefix + "/tokens", TokenSecret{token(t), secret.Reveal()}}, nil
}

// TokenPath names a token.
type TokenPath struct {
	ID string `path:"token" maxLength:"100"`
}

// revoke revokes a token.
func (h *operations) revoke(ctx context.Context, in *TokenPath) (*struct{}, error) {
	return nil, h.accounts.RevokeToken(ctx, auth.From(ctx), in.ID)
}

// JournalInput says which entries are wanted.
type JournalInput struct {
	api.Paging
	Actor  string    `query:"actor" maxLength:"100" doc:"Who did it: the id of a principal, or - for the program."`
	Action string    `query:"action" maxLength:"100" doc:"The whole name, or its beginning up to a dot."`
	Kind   string    `query:"kind" maxLength:"100" doc:"Of the thing."`
	ID     string    `query:"id" maxLength:"200" doc:"Of the thing; counts with kind alone."`
	From   time.Time `query:"from"`
	Until  time.Time `query:"until" doc:"This moment not included."`
}

// Entry is what was done.
type Entry struct {
	At      time.Time        `json:"at"`
	Actor   auth.PrincipalID `json:"actor,omitempty" doc:"Missing if it was the program."`
	Action  string           `json:"action"`
	Kind    string           `json:"kind" doc:"Of the thing."`
	ID      string           `json:"id,omitempty" doc:"Of the thing."`
	Request string           `json:"request,omitempty" doc:"Of the request or job."`
	Facts   json.RawMessage  `json:"facts" doc:"Ids, states and numbers."`
	Hash    string           `json:"hash" doc:"Hexadecimal SHA-256."`
}

// journal reads the journal, the newest entry first.
func (h *operations) journal(ctx context.Context, in *JournalInput) (*api.Page[Entry], error) {
	f := audit.Filter{Action: in.Action, Kind: in.Kind, ID: in.ID, From: in.From, Until: in.Until, Limit: in.Limit}
	switch in.Actor {
	case "":
	case "-":
		f.Actor = new(string)
	default:
		f.Actor = &in.Actor
	}
	after, found, err := api.ParseCursor[audit.Key](in.After)
	if err != nil {
		return nil, err
	}
	if found {
		f.After = &after
	}
	entries, err := h.accounts.Entries(ctx, auth.From(ctx), f)
	if err != nil {
		return nil, err
	}
	list, keys := make([]Entry, len(entries)), make(map[string]audit.Key, len(entries))
	for i, e := range entries {
		list[i] = Entry{e.At.UTC(), auth.PrincipalID(e.Actor), e.Action, e.Kind, e.ID, e.Request, json.RawMessage(e.Facts), e.Hash}
		keys[e.Hash] = e.Key()
	}
	moment := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.RFC3339Nano)
	}
	at := address("/journal", "actor", in.Actor, "action", in.Action, "kind", in.Kind, "id", in.ID, "from", moment(in.From), "until", moment(in.Until))
	return api.NewPage(in.Paging, at, list, func(e Entry) audit.Key { return keys[e.Hash] }), nil
}
