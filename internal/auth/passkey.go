package auth

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/cadre-hq/cadre/internal/auth/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Passkey is a key that somebody's device keeps, by which they sign in.
type Passkey struct {
	ID      string
	Name    string // what its owner calls it
	Created time.Time
	Used    *time.Time
}

// Passkeys lets people sign in by passkeys (WebAuthn): the device checks who
// holds it, and signs a challenge with a key that is good for this site alone.
type Passkeys struct {
	*Service
	web *webauthn.WebAuthn
}

// NewPasskeys returns the passkeys of a site, whose address people type. They
// need https, but for localhost. A passkey is bound to the host name of the
// address: when that changes, passkeys are made anew.
func NewPasskeys(s *Service, site, name string) (*Passkeys, error) {
	u, err := url.Parse(site)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Hostname() != "localhost" {
		return nil, fault.New(fault.Invalid, "passkeys need the public address of the server, with https or on localhost; it is %q", site)
	}
	yes := true
	web, err := webauthn.New(&webauthn.Config{
		RPID: u.Hostname(), RPDisplayName: name, RPOrigins: []string{u.Scheme + "://" + u.Host},
		AttestationPreference: protocol.PreferNoAttestation, // which device it is, is nobody's business
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			RequireResidentKey: &yes, ResidentKey: protocol.ResidentKeyRequirementRequired,
			UserVerification: protocol.VerificationRequired,
		},
	})
	if err != nil {
		return nil, fmt.Errorf("passkeys: %w", err)
	}
	return &Passkeys{Service: s, web: web}, nil
}

// An owner is a principal as the library knows it. Its handle is the id, which
// tells nothing about the person.
type owner struct {
	*Principal
	keys []webauthn.Credential
}

// WebAuthnID implements webauthn.User.
func (o owner) WebAuthnID() []byte { return []byte(o.ID) }

// WebAuthnName implements webauthn.User.
func (o owner) WebAuthnName() string { return o.Email }

// WebAuthnDisplayName implements webauthn.User.
func (o owner) WebAuthnDisplayName() string { return o.Name }

// WebAuthnCredentials implements webauthn.User.
func (o owner) WebAuthnCredentials() []webauthn.Credential { return o.keys }

// owner returns a principal with the keys that they have for this site.
func (k *Passkeys) owner(ctx context.Context, tx store.Tx, id PrincipalID) (owner, error) {
	p, err := k.find(ctx, tx, id)
	if err != nil {
		return owner{}, err
	}
	rows, err := db.New(tx).PasskeysOf(ctx, string(id))
	if err != nil {
		return owner{}, fmt.Errorf("list passkeys: %w", err)
	}
	o := owner{Principal: p}
	for _, r := range rows {
		if r.RelyingParty != k.web.Config.RPID {
			continue
		}
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(r.Record), &c); err != nil {
			return owner{}, fmt.Errorf("read passkey %s: %w", r.ID, err)
		}
		o.keys = append(o.keys, c)
	}
	return o, nil
}

// BeginAdd returns the options, as JSON, with which the actor's browser makes a
// passkey. Devices that hold one already are left out.
func (k *Passkeys) BeginAdd(ctx context.Context, by Actor) (options json.RawMessage, err error) {
	if err := k.Can(by, "auth.passkey.add", ownThing("passkey", by)); err != nil {
		return nil, err
	}
	var o owner
	err = k.db.View(ctx, func(tx store.Tx) error {
		if err := k.fresh(ctx, tx, by); err != nil {
			return err
		}
		o, err = k.owner(ctx, tx, by.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	creation, session, err := k.web.BeginRegistration(o, webauthn.WithExclusions(webauthn.Credentials(o.keys).CredentialDescriptors()))
	if err != nil {
		return nil, fmt.Errorf("begin to add a passkey: %w", err)
	}
	if err := k.challenge(ctx, session.Challenge, toAddPasskey, by.ID, by.Session, challengeTime, session); err != nil {
		return nil, err
	}
	return json.Marshal(creation.Response)
}

// FinishAdd adds the passkey that the browser made. Answer is the credential as
// JSON. It is Invalid for anything but the answer to a challenge of BeginAdd in
// this session.
func (k *Passkeys) FinishAdd(ctx context.Context, by Actor, name string, answer []byte) (added Passkey, err error) {
	if err := k.Can(by, "auth.passkey.add", ownThing("passkey", by)); err != nil {
		return added, err
	}
	if name, err = keyName(name); err != nil {
		return added, err
	}
	made, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return added, refusedKey(err)
	}
	var session webauthn.SessionData
	of, err := k.answered(ctx, made.Response.CollectedClientData.Challenge, toAddPasskey, by.Session, &session)
	if err != nil {
		return added, err
	}
	if of != by.ID {
		return added, errAnswer
	}
	now := k.clock()
	added = Passkey{ID: newID(), Name: name, Created: now}
	return added, k.db.Update(ctx, func(tx store.Tx) error {
		o, err := k.owner(ctx, tx, by.ID)
		if err != nil {
			return err
		}
		c, err := k.web.CreateCredential(o, session, made)
		if err != nil {
			return refusedKey(err)
		}
		record, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("keep passkey: %w", err)
		}
		err = db.New(tx).AddPasskey(ctx, db.AddPasskeyParams{
			ID: added.ID, Principal: string(by.ID), RelyingParty: k.web.Config.RPID,
			Credential: base64.RawURLEncoding.EncodeToString(c.ID), Name: name, Record: string(record), CreatedAt: store.At(now),
		})
		if store.IsTaken(err) {
			return fault.New(fault.Conflict, "this passkey is added already")
		}
		if err != nil {
			return fmt.Errorf("add passkey: %w", err)
		}
		if err := k.notify(ctx, tx, o.Principal, NoticePasskey); err != nil {
			return err
		}
		return k.journal.Record(ctx, tx, by, "auth.passkey.add", "passkey", added.ID)
	})
}

// keyName returns the name of a passkey.
func keyName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || len(name) > 100 {
		return "", fault.New(fault.Invalid, "a passkey has a name of up to 100 characters, by which you know it again")
	}
	return name, nil
}

// refusedKey is the fault of an answer that the library refuses. Why is for
// whoever debugs a browser; the text of the library holds no secret.
func refusedKey(err error) error {
	var detailed *protocol.Error
	if errors.As(err, &detailed) {
		err = fmt.Errorf("%s (%s)", detailed.Details, detailed.DevInfo)
	}
	return fault.New(fault.Invalid, "the passkey was not accepted: %w", err)
}

// RenamePasskey gives a passkey of the actor another name.
func (s *Service) RenamePasskey(ctx context.Context, by Actor, id, name string) error {
	if err := s.Can(by, "auth.passkey.rename", ownThing("passkey", by)); err != nil {
		return err
	}
	name, err := keyName(name)
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		n, err := db.New(tx).RenamePasskey(ctx, db.RenamePasskeyParams{Name: name, ID: id, Principal: string(by.ID)})
		if err != nil {
			return fmt.Errorf("rename passkey: %w", err)
		}
		if n == 0 {
			return fault.New(fault.NotFound, "you have no such passkey; it may be removed already")
		}
		return s.journal.Record(ctx, tx, by, "auth.passkey.rename", "passkey", id)
	})
}

// RemovePasskey removes a passkey of the actor. It is a Conflict if they could
// not sign in any more.
func (s *Service) RemovePasskey(ctx context.Context, by Actor, id string) error {
	return s.remove(ctx, by, "auth.passkey.remove", "passkey", id, NoticePasskey, func(q *db.Queries) (int64, error) {
		return q.RemovePasskey(ctx, db.RemovePasskeyParams{ID: id, Principal: string(by.ID)})
	})
}

// BeginSignIn returns the options, as JSON, with which any browser asks its
// device for a passkey of this site. Nobody says who they are before: the
// passkey tells.
func (k *Passkeys) BeginSignIn(ctx context.Context) (options json.RawMessage, err error) {
	assertion, session, err := k.web.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, fmt.Errorf("begin to sign in: %w", err)
	}
	if err := k.challenge(ctx, session.Challenge, toSignIn, "", "", challengeTime, session); err != nil {
		return nil, err
	}
	return json.Marshal(assertion.Response)
}

// errKey does not tell why.
var errKey = fault.New(fault.Unauthenticated, "this passkey does not let in: it may be removed, or its account closed")

// SignIn signs in whoever answered a challenge of BeginSignIn. Answer is the
// credential as JSON. The fault is Unauthenticated, or Invalid for an answer to
// no challenge. A counter that went backwards tells of a copy of the key, which
// is refused.
func (k *Passkeys) SignIn(ctx context.Context, answer []byte, in SignIn) (SignedIn, error) {
	signed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return SignedIn{}, refusedKey(err)
	}
	var session webauthn.SessionData
	if _, err := k.answered(ctx, signed.Response.CollectedClientData.Challenge, toSignIn, "", &session); err != nil {
		return SignedIn{}, err
	}
	var out SignedIn
	return out, k.db.Update(ctx, func(tx store.Tx) error {
		row, err := db.New(tx).Passkey(ctx, db.PasskeyParams{
			RelyingParty: k.web.Config.RPID, Credential: base64.RawURLEncoding.EncodeToString(signed.RawID),
		})
		if errors.Is(err, sql.ErrNoRows) {
			return errKey
		}
		if err != nil {
			return fmt.Errorf("find passkey: %w", err)
		}
		o, err := k.owner(ctx, tx, PrincipalID(row.Principal))
		if err != nil {
			return err
		}
		c, err := k.web.ValidateDiscoverableLogin(func(_, handle []byte) (webauthn.User, error) {
			if string(handle) != row.Principal {
				return nil, errKey
			}
			return o, nil
		}, session, signed)
		if err != nil || c.Authenticator.CloneWarning || o.Disabled != nil {
			return errKey
		}
		record, err := json.Marshal(c)
		if err != nil {
			return fmt.Errorf("keep passkey: %w", err)
		}
		now := k.clock()
		err = db.New(tx).UsePasskey(ctx, db.UsePasskeyParams{Record: string(record), UsedAt: store.MaybeAt(&now), ID: row.ID})
		if err != nil {
			return fmt.Errorf("note the use of a passkey: %w", err)
		}
		if out.Known, err = k.remember(ctx, tx, o.Principal, in.Known); err != nil {
			return err
		}
		out.Session, err = k.begin(ctx, tx, o.Principal, "passkey", in.Device)
		return err
	})
}
