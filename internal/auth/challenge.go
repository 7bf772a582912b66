package auth

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/cadre-hq/cadre/internal/auth/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// challengeTime is how long a browser has to answer a challenge of a passkey,
// and providerTime to come back from an identity provider, where somebody may
// have to type.
const (
	challengeTime = 5 * time.Minute
	providerTime  = 15 * time.Minute
)

// The purposes of challenges.
const (
	toAddPasskey = "passkey.add"
	toSignIn     = "passkey.sign_in"
	atProvider   = "provider"
)

// errAnswer is the fault of an answer to a challenge that was not made, was
// answered before, or ran out.
var errAnswer = fault.New(fault.Invalid, "this took too long, or was answered already: begin again")

// challenge keeps what the answer to a challenge is judged by. The word is the
// challenge itself, which the answer repeats.
func (s *Service) challenge(ctx context.Context, word, purpose string, by PrincipalID, browser string, lasts time.Duration, content any) error {
	text, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("keep challenge: %w", err)
	}
	return s.db.Update(ctx, func(tx store.Tx) error {
		err := db.New(tx).AddChallenge(ctx, db.AddChallengeParams{
			Secret: digest(word), Purpose: purpose, Principal: string(by), Browser: browser,
			Content: string(text), ExpiresAt: store.At(s.clock().Add(lasts)),
		})
		if err != nil {
			return fmt.Errorf("keep challenge: %w", err)
		}
		return nil
	})
}

// answered takes a challenge, which is no more then: whatever comes of the
// answer, there is no second one. It is committed before the answer is judged.
func (s *Service) answered(ctx context.Context, word, purpose, browser string, content any) (by PrincipalID, err error) {
	var row db.AuthChallenge
	err = s.db.Update(ctx, func(tx store.Tx) error {
		q := db.New(tx)
		if row, err = q.Challenge(ctx, digest(word)); err != nil {
			return err
		}
		n, err := q.EndChallenge(ctx, row.Secret)
		if err == nil && n == 0 {
			err = sql.ErrNoRows
		}
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return "", errAnswer
	}
	if err != nil {
		return "", fmt.Errorf("find challenge: %w", err)
	}
	if row.Purpose != purpose || row.Browser != browser || !s.clock().Before(row.ExpiresAt.Time) {
		return "", errAnswer
	}
	if err := json.Unmarshal([]byte(row.Content), content); err != nil {
		return "", fmt.Errorf("read challenge: %w", err)
	}
	return PrincipalID(row.Principal), nil
}

// digest returns what is kept of a word that only its owner should know.
func digest(word string) string {
	h := sha256.Sum256([]byte(word))
	return hex.EncodeToString(h[:])
}
