package auth

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Provider is an identity provider (OpenID Connect) by which people sign in.
type Provider struct {
	Name   string // in addresses and the list of sessions, such as "keycloak"
	Label  string // on the button, such as "Meridian account"
	Issuer string // its address, under which it describes itself
	Client string // what it calls this server
	// Secret returns the secret that this server shows it; nil if it wants
	// none.
	Secret func(context.Context) (string, error)
	// Domains are those of addresses whose owners get an account when they
	// first sign in. Everybody else needs one, or an invitation.
	Domains []string
}

// validate reports what is wrong with a provider.
func (p Provider) validate() error {
	word := func(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' }
	u, err := url.Parse(p.Issuer)
	switch {
	case p.Name == "" || len(p.Name) > 40 || strings.TrimFunc(p.Name, word) != "" || strings.ContainsFunc(p.Name, func(r rune) bool { return !word(r) }):
		return fault.New(fault.Invalid, "an identity provider's name is a word of a–z, 0–9 and -; it is %q", p.Name)
	case slices.Contains([]string{"password", "passkey", "link", "demo"}, p.Name):
		return fault.New(fault.Invalid, "an identity provider cannot be named %q: that is another way to sign in", p.Name)
	case p.Client == "":
		return fault.New(fault.Invalid, "the identity provider %s needs the client id that it gave this server", p.Name)
	case err != nil || u.Host == "" || u.Scheme != "https" && !(u.Scheme == "http" && slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())):
		return fault.New(fault.Invalid, "the identity provider %s needs the https address of its issuer; it is %q", p.Name, p.Issuer)
	}
	return nil
}

// A Federation lets people sign in by identity providers, by the authorization
// code flow with PKCE, state and nonce.
type Federation struct {
	*Service
	site      *url.URL
	client    *http.Client
	providers []*provider
}

// A provider is one that was, or will be, asked for its description.
type provider struct {
	Provider
	mu        sync.Mutex
	described *oidc.Provider
}

// NewFederation returns the federation with some providers. Site is the public
// address of this server. Providers are not asked for anything yet: one that
// cannot be reached does not keep the server from starting.
func NewFederation(s *Service, site string, providers ...Provider) (*Federation, error) {
	u, err := url.Parse(site)
	if err != nil || u.Host == "" {
		return nil, fault.New(fault.Invalid, "identity providers need the public address of the server; it is %q", site)
	}
	f := &Federation{Service: s, site: u, client: &http.Client{Timeout: 15 * time.Second}}
	for _, p := range providers {
		if err := p.validate(); err != nil {
			return nil, err
		}
		if _, missing := f.provider(p.Name); missing == nil {
			return nil, fault.New(fault.Invalid, "two identity providers are named %q", p.Name)
		}
		p.Domains = slices.Clone(p.Domains)
		for i, d := range p.Domains {
			p.Domains[i] = strings.ToLower(strings.TrimPrefix(d, "@"))
		}
		f.providers = append(f.providers, &provider{Provider: p})
	}
	return f, nil
}

// Providers returns the providers, in the order in which they are offered.
func (f *Federation) Providers() []Provider {
	list := make([]Provider, len(f.providers))
	for i, p := range f.providers {
		list[i] = p.Provider
	}
	return list
}

func (f *Federation) provider(name string) (*provider, error) {
	for _, p := range f.providers {
		if p.Name == name {
			return p, nil
		}
	}
	return nil, fault.New(fault.NotFound, "there is no identity provider %q", name)
}

// BackPath is where a provider sends browsers back to, with its name at the
// end.
const BackPath = "/sign-in/back/"

// A way is what this server knows of somebody who is at a provider.
type way struct {
	Provider string `json:"provider"`
	Nonce    string `json:"nonce"`
	Verifier string `json:"verifier"`
	Next     string `json:"next"`
}

// Begin returns the address of a provider to which the browser goes, and the
// secret of a cookie that it brings back: the way back is good for this browser
// alone. Next is where the person wants to go afterwards. An actor who is
// signed in links an identity to their account.
func (f *Federation) Begin(ctx context.Context, by Actor, name, next string) (address string, cookie Secret, err error) {
	p, err := f.provider(name)
	if err != nil {
		return "", "", err
	}
	if by.IsKnown() {
		if err := f.Can(by, "auth.identity.link", ownThing("identity", by)); err != nil {
			return "", "", err
		}
		if err := f.db.View(ctx, func(tx store.Tx) error { return f.fresh(ctx, tx, by) }); err != nil {
			return "", "", err
		}
	}
	c, _, err := f.config(ctx, p)
	if err != nil {
		return "", "", err
	}
	cookie = newSecret(wayPrefix)
	state := newSecret("").Reveal()
	w := way{Provider: name, Nonce: newSecret("").Reveal(), Verifier: oauth2.GenerateVerifier(), Next: next}
	if err := f.challenge(ctx, state, atProvider, by.ID, cookie.sum(), providerTime, w); err != nil {
		return "", "", err
	}
	return c.AuthCodeURL(state, oidc.Nonce(w.Nonce), oauth2.S256ChallengeOption(w.Verifier)), cookie, nil
}

// config returns how this server speaks with a provider, and what the latter
// said of itself.
func (f *Federation) config(ctx context.Context, p *provider) (*oauth2.Config, *oidc.Provider, error) {
	described, err := f.describe(ctx, p)
	if err != nil {
		return nil, nil, err
	}
	secret := ""
	if p.Secret != nil {
		if secret, err = p.Secret(ctx); err != nil {
			return nil, nil, fmt.Errorf("find the secret for the identity provider %s: %w", p.Name, err)
		}
	}
	return &oauth2.Config{
		ClientID: p.Client, ClientSecret: secret, Endpoint: described.Endpoint(),
		RedirectURL: f.site.JoinPath(BackPath, p.Name).String(),
		Scopes:      []string{oidc.ScopeOpenID, "email", "profile"},
	}, described, nil
}

// describe asks a provider for its description, once.
func (f *Federation) describe(ctx context.Context, p *provider) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.described != nil {
		return p.described, nil
	}
	// The keys are fetched later, with the client of this context.
	described, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), f.client), p.Issuer)
	if err != nil {
		return nil, fault.New(fault.Busy, "the identity provider %s cannot be reached: %w", p.Name, err)
	}
	p.described = described
	return described, nil
}

// Back signs in whoever comes back from a provider, or links the identity to
// the actor's account if they were signed in when they left; then no session
// begins. Query is that of the address, and cookie what Begin returned. It
// returns where the person wanted to go.
func (f *Federation) Back(ctx context.Context, by Actor, name string, query url.Values, cookie Secret, in SignIn) (out SignedIn, next string, err error) {
	p, err := f.provider(name)
	if err != nil {
		return out, "", err
	}
	var w way
	of, err := f.answered(ctx, query.Get("state"), atProvider, cookie.sum(), &w)
	if err != nil {
		return out, "", err
	}
	if w.Provider != name || of != "" && of != by.ID {
		return out, "", errAnswer
	}
	c, err := f.claims(ctx, p, query, w)
	if err != nil {
		return out, w.Next, err
	}
	if of != "" {
		return out, w.Next, f.linkOwn(ctx, by, c)
	}
	return out, w.Next, f.db.Update(ctx, func(tx store.Tx) error {
		who, err := f.known(ctx, tx, c)
		if err == nil && who == nil {
			who, err = f.byAddress(ctx, tx, c, p.Domains)
		}
		if err != nil {
			return err
		}
		if who.Disabled == nil {
			if out.Known, err = f.remember(ctx, tx, who, in.Known); err != nil {
				return err
			}
		}
		out.Session, err = f.begin(ctx, tx, who, name, in.Device)
		return err
	})
}

// claims takes the code that a browser brought to the provider, and returns
// what that says of the person.
func (f *Federation) claims(ctx context.Context, p *provider, query url.Values, w way) (claims, error) {
	no := func(format string, args ...any) error {
		return fault.New(fault.Unauthenticated, "the sign-in with "+p.Label+" did not succeed: "+format, args...)
	}
	if query.Has("error") {
		return claims{}, no("it was cancelled or refused there")
	}
	if iss := query.Get("iss"); iss != "" && iss != p.Issuer { // RFC 9207
		return claims{}, no("the answer comes from somebody else")
	}
	config, described, err := f.config(ctx, p)
	if err != nil {
		return claims{}, err
	}
	ctx = oidc.ClientContext(ctx, f.client)
	token, err := config.Exchange(ctx, query.Get("code"), oauth2.VerifierOption(w.Verifier))
	if err != nil {
		return claims{}, no("the code was not accepted: %w", short(err))
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return claims{}, no("there was no ID token")
	}
	id, err := described.Verifier(&oidc.Config{ClientID: p.Client, Now: f.clock}).Verify(ctx, raw)
	if err != nil {
		return claims{}, no("the ID token is not valid: %w", err)
	}
	if subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(w.Nonce)) != 1 {
		return claims{}, no("the ID token was made for another sign-in")
	}
	var said profile
	if err := id.Claims(&said); err != nil {
		return claims{}, no("the ID token cannot be read: %w", err)
	}
	if said.Email == "" { // many providers tell it only when asked
		info, err := described.UserInfo(ctx, config.TokenSource(ctx, token))
		if err != nil || info.Subject != id.Subject {
			return claims{}, no("it does not tell the address")
		}
		if err := info.Claims(&said); err != nil {
			return claims{}, no("the profile cannot be read: %w", err)
		}
	}
	c := claims{issuer: id.Issuer, subject: id.Subject, name: said.Name, verified: bool(said.Verified)}
	if email, err := normalEmail(said.Email); err == nil {
		c.email = email
	}
	return c, nil
}

// A profile is what a provider says of somebody, as JSON.
type profile struct {
	Email    string `json:"email"`
	Verified truth  `json:"email_verified"`
	Name     string `json:"name"`
}

// A truth is a boolean that some providers write as a string.
type truth bool

// UnmarshalJSON implements json.Unmarshaler.
func (t *truth) UnmarshalJSON(text []byte) error {
	*t = string(text) == "true" || string(text) == `"true"`
	return nil
}

// short returns an error of the exchange without what the provider wrote, which
// may be long.
func short(err error) error {
	if refused, ok := errors.AsType[*oauth2.RetrieveError](err); ok && refused.ErrorCode != "" {
		return fmt.Errorf("%.60s", refused.ErrorCode)
	}
	return err
}

// linkOwn links an identity to the actor's account. Its address must be theirs,
// too: an account has one person.
func (f *Federation) linkOwn(ctx context.Context, by Actor, c claims) error {
	return f.db.Update(ctx, func(tx store.Tx) error {
		who, err := f.known(ctx, tx, c)
		if err != nil {
			return err
		}
		if who != nil && who.ID == by.ID {
			return nil
		}
		if who != nil {
			return fault.New(fault.Conflict, "this identity is linked with another account")
		}
		p, err := f.find(ctx, tx, by.ID)
		if err != nil {
			return err
		}
		if p.Email != c.email {
			return fault.New(fault.Conflict, "the provider knows you by another address: an identity is linked by its verified address")
		}
		_, err = f.byAddress(ctx, tx, c, nil)
		return err
	})
}

// SignOut ends the session in which the actor works. If that began at a
// provider which can sign out as well, its address for that is returned; else
// "".
func (f *Federation) SignOut(ctx context.Context, by Actor) (address string, err error) {
	means, err := f.Service.SignOut(ctx, by)
	if err != nil {
		return "", err
	}
	p, err := f.provider(means)
	if err != nil {
		return "", nil
	}
	described, err := f.describe(ctx, p)
	if err != nil {
		return "", nil // they are signed out here, which is what counts
	}
	var its struct {
		Address string `json:"end_session_endpoint"`
	}
	if err := described.Claims(&its); err != nil || its.Address == "" {
		return "", nil
	}
	u, err := url.Parse(its.Address)
	if err != nil {
		return "", nil
	}
	q := u.Query()
	q.Set("client_id", p.Client)
	q.Set("post_logout_redirect_uri", f.site.JoinPath("/sign-in").String())
	u.RawQuery = q.Encode()
	return u.String(), nil
}
