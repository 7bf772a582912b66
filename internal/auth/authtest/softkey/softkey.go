// Package softkey is a passkey in software, for tests: what a browser and its
// authenticator do, without either. Create answers the options to make a
// passkey, Sign those to sign in. The fields of a Key may be changed, to do it
// wrongly.
package softkey

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/go-webauthn/webauthn/protocol/webauthncbor"
)

// A Key is a passkey.
type Key struct {
	ID       []byte
	Site     string // the relying party id
	Origin   string
	Owner    string // the user handle
	Counter  uint32
	Unlocked bool // that the device checked who holds it

	private *ecdsa.PrivateKey
}

// New returns a key for an origin, such as "http://localhost:8080".
func New(t testing.TB, site, origin string) *Key {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k := &Key{ID: make([]byte, 16), Site: site, Origin: origin, Unlocked: true, private: private}
	_, _ = rand.Read(k.ID) // never fails
	return k
}

// challengeOf returns the challenge of options.
func challengeOf(t testing.TB, options []byte, owner *string) string {
	t.Helper()
	var o struct {
		Challenge string `json:"challenge"`
		User      struct {
			ID string `json:"id"`
		} `json:"user"`
	}
	if err := json.Unmarshal(options, &o); err != nil {
		t.Fatal(err)
	}
	if o.User.ID != "" {
		handle, err := base64.RawURLEncoding.DecodeString(o.User.ID)
		if err != nil {
			t.Fatal(err)
		}
		*owner = string(handle)
	}
	return o.Challenge
}

// Create answers the options to make a passkey.
func (k *Key) Create(t testing.TB, options []byte) []byte {
	t.Helper()
	client := k.client(t, "webauthn.create", challengeOf(t, options, &k.Owner))
	x, y := make([]byte, 32), make([]byte, 32)
	point, err := k.private.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	copy(x, point[1:33])
	copy(y, point[33:65])
	public, err := webauthncbor.Marshal(map[int]any{1: 2, 3: -7, -1: 1, -2: x, -3: y}) // an ES256 key (RFC 9053)
	if err != nil {
		t.Fatal(err)
	}
	data := k.data(1 << 6)
	data = append(data, make([]byte, 16)...) // no model of authenticator
	data = binary.BigEndian.AppendUint16(data, uint16(len(k.ID)))
	data = append(append(data, k.ID...), public...)
	object, err := webauthncbor.Marshal(map[string]any{"fmt": "none", "attStmt": map[string]any{}, "authData": data})
	if err != nil {
		t.Fatal(err)
	}
	return k.answer(t, map[string]any{"clientDataJSON": encode(client), "attestationObject": encode(object), "transports": []string{"internal"}})
}

// Sign answers the options to sign in.
func (k *Key) Sign(t testing.TB, options []byte) []byte {
	t.Helper()
	client := k.client(t, "webauthn.get", challengeOf(t, options, new(string)))
	k.Counter++
	data := k.data(0)
	digest := sha256.Sum256(client)
	signed := sha256.Sum256(append(data, digest[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, k.private, signed[:])
	if err != nil {
		t.Fatal(err)
	}
	return k.answer(t, map[string]any{
		"clientDataJSON": encode(client), "authenticatorData": encode(data), "signature": encode(signature), "userHandle": encode([]byte(k.Owner)),
	})
}

// data returns what an authenticator says of itself, with some more flags.
func (k *Key) data(flags byte) []byte {
	site := sha256.Sum256([]byte(k.Site))
	flags |= 1 // somebody is there
	if k.Unlocked {
		flags |= 1 << 2
	}
	return binary.BigEndian.AppendUint32(append(site[:], flags), k.Counter)
}

func (k *Key) client(t testing.TB, kind, challenge string) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": k.Origin, "crossOrigin": false})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func (k *Key) answer(t testing.TB, response map[string]any) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{
		"id": encode(k.ID), "rawId": encode(k.ID), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
