// Package idempotency keeps a request that is sent twice from being carried out
// twice. A client that got no answer cannot know whether its change took
// place; it sends the same request again under the same key, and a form that is
// submitted by a nervous hand does so too.
//
// The key goes with the context of the request. The first update of the request
// writes it in its own transaction (Guard, which package store runs), so the key
// is there exactly if the change is. A second request under the key changes
// nothing and is answered as the first was: with the same status and the same
// Location. Bodies are not kept, since they may hold what a person can have
// erased; Middleware reads the thing at the Location anew instead.
//
// Keys are kept for Lifetime; Forget removes older ones.
package idempotency

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// Lifetime is how long a key is known. Clients repeat within minutes; a form
// may be sent again from a tab that was left open over night.
const Lifetime = 24 * time.Hour

// MaxKey is the longest key in bytes.
const MaxKey = 200

// A Request is one request under a key.
type Request struct {
	Sender      string // the principal, or the session of a visitor
	Key         string
	Fingerprint string
	At          time.Time

	saved bool // in a transaction that was committed
}

// Fingerprint returns what tells two requests apart that use the same key.
func Fingerprint(method, path string, body []byte) string {
	h := sha256.New()
	_, _ = fmt.Fprintf(h, "%d %s %d %s ", len(method), method, len(path), path)
	_, _ = h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// Check reports what is wrong with a key: Invalid, with what to do.
func Check(key string) error {
	if key == "" || len(key) > MaxKey || strings.ContainsFunc(key, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return fault.New(fault.Invalid, "an Idempotency-Key has 1 to %d printable ASCII characters: use a random UUID for each change", MaxKey)
	}
	return nil
}

type contextKey struct{}

// With returns a context whose updates belong to a request.
func With(ctx context.Context, r *Request) context.Context {
	return context.WithValue(ctx, contextKey{}, r)
}

// ErrDone says that a request under the same key was carried out before.
var ErrDone = errors.New("this request was carried out before")

// Guard writes the key of the context's request with its first update. It
// returns ErrDone, as a Conflict, if the key is there already. Package store
// calls it at the beginning of every update.
func Guard(ctx context.Context, tx store.Tx) error {
	r, ok := ctx.Value(contextKey{}).(*Request)
	if !ok || r.saved {
		return nil
	}
	done, err := tx.ExecContext(ctx, `INSERT INTO idempotency_request (sender, key, fingerprint, at, status, location)
		VALUES ($1, $2, $3, $4, 0, '') ON CONFLICT (sender, key) DO NOTHING`, r.Sender, r.Key, r.Fingerprint, store.At(r.At))
	if err != nil {
		return fmt.Errorf("note the key of the request: %w", err)
	}
	if n, err := done.RowsAffected(); err != nil || n == 0 {
		return errors.Join(fault.New(fault.Conflict, "%w", ErrDone), err)
	}
	tx.OnEnd(func(o store.Outcome) { r.saved = o == store.Committed })
	return nil
}

// An Answer is how a request was answered.
type Answer struct {
	Fingerprint string
	Status      int // 0 if it is not known, because the program ended before
	Location    string
}

// Find returns how a request of a sender under a key was answered, if there was
// one.
func Find(ctx context.Context, tx store.Tx, sender, key string) (a Answer, found bool, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT fingerprint, status, location FROM idempotency_request WHERE sender = $1 AND key = $2`, sender, key)
	if err != nil {
		return a, false, fmt.Errorf("find the key of a request: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if found = rows.Next(); found {
		err = rows.Scan(&a.Fingerprint, &a.Status, &a.Location)
	}
	return a, found, errors.Join(err, rows.Err())
}

// Answered notes how a request was answered.
func Answered(ctx context.Context, tx store.Tx, r *Request, status int, location string) error {
	_, err := tx.ExecContext(ctx, `UPDATE idempotency_request SET status = $1, location = $2 WHERE sender = $3 AND key = $4`,
		status, location, r.Sender, r.Key)
	return err
}

// Forget removes the keys that are older than Lifetime.
func Forget(ctx context.Context, tx store.Tx, now time.Time) error {
	_, err := tx.ExecContext(ctx, `DELETE FROM idempotency_request WHERE at < $1`, store.At(now.Add(-Lifetime)))
	return err
}
