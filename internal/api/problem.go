package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/fault"
)

// A FieldError says which part of the input is wrong, for callers that show
// errors beside the field.
type FieldError struct {
	Field   string // as in the JSON: "body.title", "query.limit"
	Message string
}

// Error returns the message with its field.
func (e *FieldError) Error() string { return e.Field + ": " + e.Message }

// problem turns an error of a handler into what the client gets, and logs what
// the client does not get.
func (a *API) problem(ctx context.Context, err error) error {
	if p, ok := errors.AsType[huma.StatusError](err); ok {
		return p
	}
	m := a.model(ctx, err)
	headers := http.Header{}
	if m.Status == http.StatusServiceUnavailable {
		headers.Set("Retry-After", fault.RetryAfter(fault.WaitOf(err)))
	}
	return huma.ErrorWithHeaders(m, headers)
}

func (a *API) model(ctx context.Context, err error) *huma.ErrorModel {
	status := fault.KindOf(err).HTTPStatus()
	m := &huma.ErrorModel{Status: status, Title: http.StatusText(status), Detail: err.Error()}
	if status == http.StatusInternalServerError {
		ref := a.reference(ctx)
		a.log.ErrorContext(ctx, "a request failed", "request", ref, "error", err)
		m.Detail = "Something went wrong here. The administrator finds the cause under the reference " + ref + "."
		m.Instance = "urn:cadre:request:" + ref
		return m
	}
	for _, f := range fields(err) {
		m.Errors = append(m.Errors, &huma.ErrorDetail{Location: f.Field, Message: f.Message})
	}
	return m
}

// fields returns the field errors in the tree of an error, in their order.
func fields(err error) []*FieldError {
	switch e := err.(type) { //nolint:errorlint // it walks the tree itself
	case nil:
		return nil
	case *FieldError:
		return []*FieldError{e}
	case interface{ Unwrap() []error }:
		var all []*FieldError
		for _, part := range e.Unwrap() {
			all = append(all, fields(part)...)
		}
		return all
	}
	return fields(errors.Unwrap(err))
}

// Fail answers a request that reached no operation with a problem.
func (a *API) Fail(w http.ResponseWriter, r *http.Request, err error) {
	m := a.model(r.Context(), err)
	if m.Status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", fault.RetryAfter(fault.WaitOf(err)))
	}
	if m.Status == http.StatusUnauthorized {
		w.Header().Set("WWW-Authenticate", `Bearer realm="cadre"`)
	}
	WriteProblem(w, m)
}

// WriteProblem answers with a problem.
func WriteProblem(w http.ResponseWriter, m *huma.ErrorModel) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(m.Status)
	_ = json.NewEncoder(w).Encode(m) // the client went away
}
