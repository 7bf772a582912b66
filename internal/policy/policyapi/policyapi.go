// Package policyapi is the JSON interface of the policy: the values that count,
// each with its source, the packs to choose from, what was decided when, and
// the decisions themselves.
//
// The entity tag of all of it is the revision of the policy, which changes with
// each decision. Who decides sends the tag of what they have seen.
package policyapi

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/policy/chosen"
)

// Register adds the operations of the policy.
func Register(a *api.API, c *chosen.Service) {
	h := &operations{c}
	api.Register(a, read("get-policy", "/policy", "Read which pack counts and which values are overridden"), h.standing)
	api.Register(a, read("list-policy-values", "/policy/values", "List the values that count, each with its source"), h.values)
	api.Register(a, read("get-policy-value", "/policy/values/{path}", "Read a value, and where it comes from"), h.value)
	api.Register(a, read("list-policy-packs", "/policy/packs", "List the packs to choose from"), h.packs)
	api.Register(a, read("diff-policy-packs", "/policy/diff", "Compare two packs"), h.diff)
	api.Register(a, read("list-policy-decisions", "/policy/decisions", "List what was decided, the newest first"), h.decisions)
	api.Register(a, write("choose-policy-pack", http.MethodPut, "/policy/pack", "Choose the pack that counts"), h.choose)
	api.Register(a, write("override-policy-value", http.MethodPut, "/policy/values/{path}/override", "Override a value"), h.override)
	api.Register(a, write("withdraw-policy-override", http.MethodPost, "/policy/values/{path}/withdrawal", "Withdraw the override of a value"), h.withdraw)
}

var tags = []string{"Policy"}

func read(id, path, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: api.Prefix + path, Tags: tags, Summary: summary, Security: api.Scope("policy:read"),
	}
}

func write(id, method, path, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: api.Prefix + path, Tags: tags, Summary: summary, Security: api.Scope("policy:write"),
		DefaultStatus: http.StatusOK, Errors: []int{http.StatusPreconditionFailed},
	}
}

type operations struct{ policy *chosen.Service }

// Known is the part of an input that lets a client say what it has already.
type Known struct {
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag of the answer that you have. If it is still right, the answer is 304, without a body."`
}

// is reports whether the client has the answer with a tag.
func (k *Known) is(tag string) bool { return k.IfNoneMatch == tag || k.IfNoneMatch == "*" }
