// Package catalogapi is the JSON interface of the catalog: job families, their
// versions, ladders, grades, findings and releases, and publishing.
//
// An operation reads its input, asks the service and turns the answer into the
// types of this package, whose names are the words of the field. The model of a
// version is the contract that `cadre export` prints.
//
// What does not change, such as a version, carries an entity tag; who has it
// already gets 304.
package catalogapi

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/catalog"
)

// Register adds the operations of the catalog.
func Register(a *api.API, c *catalog.Service) {
	h := &operations{c}
	api.Register(a, get("list-families", "/families", "List job families"), h.list)
	api.Register(a, get("get-family", "/families/{family}", "Read the latest version of a job family"), h.family)
	api.Register(a, get("list-family-versions", "/families/{family}/versions", "List the versions of a job family"), h.versions)
	api.Register(a, get("get-family-version", "/families/{family}/versions/{version}", "Read a version of a job family"), h.version)
	api.Register(a, get("get-family-source", "/families/{family}/versions/{version}/source", "Read the page of a version, as it was written"), h.source)
	api.Register(a, get("list-family-levels", "/families/{family}/versions/{version}/levels", "List the levels of a version, with what is asked of them"), h.levels)
	api.Register(a, get("diff-family-versions", "/families/{family}/diff", "Compare two versions in meaning"), h.diff)
	api.Register(a, get("get-ladders", "/ladders", "Read the career ladders of all families"), h.ladders)
	api.Register(a, get("get-grades", "/grades", "Read the table of grades, as of a day"), h.grades)
	api.Register(a, get("list-findings", "/findings", "List the findings of the latest release"), h.findings)
	api.Register(a, get("list-releases", "/releases", "List releases"), h.releases)
	api.Register(a, get("get-release", "/releases/{release}", "Read a release, with the families that it changed"), h.release)
	api.Register(a, huma.Operation{
		OperationID: "publish", Method: http.MethodPost, Path: api.Prefix + "/releases", Tags: tags, Summary: "Publish job families",
		Description: "Publishes the pages of an archive (.tar.gz, .tar or .zip) with the cadre.yaml in it. Errors in the pages are answered with 422, one in `errors` for each, " +
			"with its fingerprint as `value`: correct them, or waive each with a reason. The same pages again change nothing.",
		Security: api.Scope("catalog:write"), DefaultStatus: http.StatusCreated, MaxBodyBytes: mostArchive, BodyReadTimeout: 5 * time.Minute,
		Errors: []int{http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity},
	}, h.publish)
}

// mostArchive is the size of the largest archive that is taken.
const mostArchive = 32 << 20

var tags = []string{"Job families"}

func get(id, path, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: api.Prefix + path, Tags: tags, Summary: summary, Security: api.Scope("catalog:read"),
	}
}

type operations struct{ catalog *catalog.Service }

// Known is the part of an input that lets a client say what it has already.
type Known struct {
	IfNoneMatch string `header:"If-None-Match" doc:"The ETag of the answer that you have. If it is still right, the answer is 304, without a body."`
}

// is reports whether the client has the answer with a tag.
func (k *Known) is(tag string) bool { return k.IfNoneMatch == tag || k.IfNoneMatch == "*" }
