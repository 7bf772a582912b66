package policyapi

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
)

// Why is the part of a decision that says why it is taken.
type Why struct {
	Reason string `json:"reason" minLength:"1" maxLength:"2000" doc:"Why; everybody who signs in can read it beside the value."`
}

// ChooseInput chooses a pack.
type ChooseInput struct {
	api.Matching
	Body struct {
		Why
		Pack string `json:"pack" minLength:"1" maxLength:"40" doc:"The name of a shipped pack."`
	}
}

// choose makes another pack count.
func (h *operations) choose(ctx context.Context, in *ChooseInput) (*StandingOutput, error) {
	change, err := h.change(ctx, in.Matching, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	if err := h.policy.Choose(ctx, auth.From(ctx), in.Body.Pack, change); err != nil {
		return nil, err
	}
	return h.standing(ctx, &struct{ Known }{})
}

// OverrideInput overrides a value.
type OverrideInput struct {
	api.Matching
	Path string `path:"path" maxLength:"200"`
	Body struct {
		Why
		Value any `json:"value" doc:"The value, of the kind that it is."`
	}
}

// override makes a value another one.
func (h *operations) override(ctx context.Context, in *OverrideInput) (*ValueOutput, error) {
	change, err := h.change(ctx, in.Matching, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(in.Body.Value) // which is YAML as well
	if err != nil {
		return nil, fault.New(fault.Invalid, "the value cannot be read")
	}
	err = h.policy.Override(ctx, auth.From(ctx), in.Path, string(text), change)
	if fault.KindOf(err) == fault.Invalid {
		return nil, fault.New(fault.Invalid, "%w", &api.FieldError{Field: "body.value", Message: err.Error()})
	}
	if err != nil {
		return nil, err
	}
	return h.value(ctx, &ValueInput{Path: in.Path})
}

// WithdrawInput withdraws an override.
type WithdrawInput struct {
	api.Matching
	Path string `path:"path" maxLength:"200"`
	Body Why
}

// withdraw makes the value of the pack count again.
func (h *operations) withdraw(ctx context.Context, in *WithdrawInput) (*StandingOutput, error) {
	change, err := h.change(ctx, in.Matching, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	if err := h.policy.Withdraw(ctx, auth.From(ctx), in.Path, change); err != nil {
		return nil, err
	}
	return h.standing(ctx, &struct{ Known }{})
}

// change returns what goes with a decision of somebody who has seen the present
// state. Who may not decide learns that first.
func (h *operations) change(ctx context.Context, seen api.Matching, reason string) (chosen.Change, error) {
	st, err := h.policy.Standing(ctx, auth.From(ctx))
	if err != nil {
		return chosen.Change{}, err
	}
	if err := h.policy.CanDecide(auth.From(ctx)); err != nil {
		return chosen.Change{}, err
	}
	if strings.TrimSpace(reason) == "" {
		return chosen.Change{}, fault.New(fault.Invalid, "%w", &api.FieldError{Field: "body.reason", Message: "say why"})
	}
	if err := seen.Check(api.ETag(st.Revision)); err != nil {
		return chosen.Change{}, err
	}
	return chosen.Change{Reason: reason, Revision: st.Revision}, nil
}
