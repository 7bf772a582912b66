package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Matching is the part of an input that makes a change depend on what the
// client has seen. Embed it in the input of an operation that changes what
// several people may edit.
type Matching struct {
	IfMatch string `header:"If-Match" required:"true" doc:"The ETag of the state that you have seen. If the thing has changed since, nothing happens and the answer is 412."`
}

// Check reports whether the client has seen the present state: nil, or the
// problem 412.
func (m Matching) Check(etag string) error {
	for tag := range strings.SplitSeq(m.IfMatch, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || tag == etag {
			return nil
		}
	}
	return huma.Error412PreconditionFailed("somebody changed it since you have read it: read it again, and repeat your change if it is still right")
}

// ETag returns the entity tag of a version, such as a number or a hash.
func ETag(version string) string { return `"` + version + `"` }
