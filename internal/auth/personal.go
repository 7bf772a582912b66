package auth

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/auth/internal/db"
	"github.com/cadre-hq/cadre/internal/erasure"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// Personal is what accounts hold of people. The id of a person is that of the
// account, or of an invitation that nobody accepted. The account stays, without
// name and address, since others refer to it, and is closed.
func Personal(clock func() time.Time) erasure.Holder {
	const byAddress = "with the account or the invitation that they are about"
	return erasure.Room{
		First: func(ctx context.Context, tx store.Tx, by audit.Actor, person erasure.PersonID) (int64, error) {
			return eraseAccount(ctx, tx, by, string(person), store.At(clock()))
		},
		Tables: erasure.Tables{
			{Name: "auth_session", Person: "principal", Personal: []string{"device"}, Free: erasure.Reasons{
				"id": erasure.AnID, "secret": erasure.AHash, "principal": erasure.AnID, "means": erasure.AState,
			}},
			{Name: "auth_token", Person: "principal", Personal: []string{"name"}, Free: erasure.Reasons{
				"id": erasure.AnID, "secret": erasure.AHash, "principal": erasure.AnID, "scopes": erasure.AState,
			}},
			{Name: "auth_password", Person: "principal", Personal: []string{"hash"}, Free: erasure.Reasons{"principal": erasure.AnID}},
			{Name: "auth_device", Person: "principal", Personal: []string{"secret"}, Free: erasure.Reasons{"principal": erasure.AnID}},
			{Name: "auth_passkey", Person: "principal", Personal: []string{"name", "credential", "record"}, Free: erasure.Reasons{
				"id": erasure.AnID, "principal": erasure.AnID, "relying_party": "the domain of the server",
			}},
			{Name: "auth_identity", Person: "principal", Personal: []string{"subject", "email"}, Free: erasure.Reasons{
				"id": erasure.AnID, "principal": erasure.AnID, "issuer": "the address of an identity provider",
			}},
			{Name: "auth_challenge", Person: "principal", Personal: []string{"content"}, Free: erasure.Reasons{
				"secret": erasure.AHash, "purpose": erasure.AState, "principal": erasure.AnID, "browser": erasure.AHash,
			}},
			{Name: "auth_letter", Erased: byAddress, Personal: []string{"email"}, Free: erasure.Reasons{
				"id": erasure.AnID, "kind": erasure.AState, "subject": erasure.AnID,
			}},
			{Name: "auth_link", Erased: byAddress, Personal: []string{"email"}, Free: erasure.Reasons{
				"secret": erasure.AHash, "purpose": erasure.AState, "subject": erasure.AnID,
			}},
			{Name: "auth_invitation", Erased: byAddress, Personal: []string{"email", "name"}, Free: erasure.Reasons{
				"id": erasure.AnID, "roles": erasure.AState, "invited_by": erasure.AnID, "principal": erasure.AnID,
			}},
			{Name: "auth_role", Free: erasure.Reasons{
				"principal": erasure.AnID, "role": erasure.AState, "given_by": erasure.AnID, "taken_by": erasure.AnID,
			}},
			{
				Name: "auth_principal", Person: "id", Personal: []string{"name", "email"},
				Becomes: erasure.Values{"name": "(erased)", "email": ""},
				Free:    erasure.Reasons{"id": erasure.AnID, "kind": erasure.AState},
			},
		},
	}
}

// eraseAccount removes what is found by a person's address, and closes the
// account. Of the last administrator it is a Conflict, unless an older copy of
// the database is brought up to date.
func eraseAccount(ctx context.Context, tx store.Tx, by audit.Actor, person string, now store.Time) (rows int64, err error) {
	var email string
	err = tx.QueryRowContext(ctx, "SELECT email FROM auth_principal WHERE id = $1", person).Scan(&email)
	known := err == nil
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.QueryRowContext(ctx, "SELECT email FROM auth_invitation WHERE id = $1", person).Scan(&email)
	}
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("find the account: %w", err)
	}
	if known {
		if err := closeAccount(ctx, tx, by, person, now); err != nil {
			return 0, err
		}
	}
	const invitations = "SELECT id FROM auth_invitation WHERE id = $1 OR principal = $1 OR email = $2 AND email <> ''"
	for _, statement := range []string{
		"DELETE FROM auth_letter WHERE subject = $1 OR email = $2 AND email <> '' OR subject IN (" + invitations + ")",
		"DELETE FROM auth_link WHERE subject = $1 OR email = $2 AND email <> '' OR subject IN (" + invitations + ")",
		"DELETE FROM auth_invitation WHERE id IN (" + invitations + ")",
	} {
		r, err := tx.ExecContext(ctx, statement, person, email)
		if err != nil {
			return 0, fmt.Errorf("erase what was sent to an address: %w", err)
		}
		n, err := r.RowsAffected()
		if err != nil {
			return 0, err
		}
		rows += n
	}
	return rows, nil
}

// closeAccount ends the roles of an account, and closes it.
func closeAccount(ctx context.Context, tx store.Tx, by audit.Actor, person string, now store.Time) error {
	account, err := db.New(tx).Principal(ctx, person)
	if err != nil {
		return fmt.Errorf("find the account: %w", err)
	}
	others, err := db.New(tx).OtherAdministrators(ctx, person)
	if err != nil {
		return fmt.Errorf("count administrators: %w", err)
	}
	if slices.Contains(held(account.Roles), Administrator) && others == 0 && by != nil {
		return fault.New(fault.Conflict, "this is the last administrator: make somebody else one first")
	}
	eraser := ""
	if by != nil {
		eraser = by.PrincipalID()
	}
	if _, err := tx.ExecContext(ctx, "UPDATE auth_role SET until = $1, taken_by = $2 WHERE principal = $3 AND until IS NULL", now, eraser, person); err != nil {
		return fmt.Errorf("end roles: %w", err)
	}
	_, err = tx.ExecContext(ctx, "UPDATE auth_principal SET verified = 0, disabled_at = coalesce(disabled_at, $1) WHERE id = $2", now, person)
	if err != nil {
		return fmt.Errorf("close the account: %w", err)
	}
	return nil
}
