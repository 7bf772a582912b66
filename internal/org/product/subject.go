package product

import (
	"net/url"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
)

// useCaseKind is the kind of a subject that is a use case.
const useCaseKind = "use_case"

// A Subject is what somebody is responsible for, or stands beside: a node or a
// use case.
type Subject struct {
	Kind string `json:"kind"`
	Key  string `json:"key"`
}

// OfNode returns a node as a subject.
func OfNode(r Ref) Subject { return Subject{string(r.Kind), r.Key} }

// OfUseCase returns a use case as a subject.
func OfUseCase(key string) Subject { return Subject{useCaseKind, key} }

// IsUseCase reports whether a subject is a use case.
func (s Subject) IsUseCase() bool { return s.Kind == useCaseKind }

// Node returns the node that a subject is.
func (s Subject) Node() Ref { return Ref{Kind: hierarchy.Kind(s.Kind), Key: s.Key} }

// String returns the subject as ParseSubject reads it: "group:vessel_calls".
func (s Subject) String() string { return s.Kind + ":" + s.Key }

// ParseSubject reads what String wrote. The error is Invalid.
func ParseSubject(text string) (Subject, error) {
	kind, key, _ := strings.Cut(text, ":")
	if _, ok := hierarchy.ParseRef(text); !ok && (kind != useCaseKind || key == "") {
		return Subject{}, fault.New(fault.Invalid, "%q is neither a part of the hierarchy, such as stage:yard, nor a use case, such as use_case:reefers", text)
	}
	return Subject{kind, key}, nil
}

// Address returns the path of the page of a subject.
func (s Subject) Address() string {
	if s.IsUseCase() {
		return "/hierarchy/use-cases/" + url.PathEscape(s.Key)
	}
	return Address(s.Node())
}
