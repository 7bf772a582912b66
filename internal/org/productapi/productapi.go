// Package productapi is the JSON interface of the product hierarchy: its nodes
// and their history, findings, files in and out; counterparts, DRIs, use cases
// and changes that somebody asks for.
//
// Every question takes a day (as_of); missing means today. A node carries an
// entity tag, which whoever changes it sends back. Subjects, which are nodes or
// use cases, are written kind:key, such as group:vessel_calls.
package productapi

import (
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/org/product"
)

// Register adds the operations.
func Register(a *api.API, p *product.Service) {
	h := &operations{p}
	api.Register(a, read("list-product-nodes", "/product/nodes", "List the parts of the product hierarchy"), h.nodes)
	api.Register(a, read("get-product-node", "/product/nodes/{kind}/{key}", "Read a part of the hierarchy, with who stands in it"), h.node)
	api.Register(a, read("get-product-node-history", "/product/nodes/{kind}/{key}/history", "Read what a part of the hierarchy was"), h.history)
	api.Register(a, write("add-product-node", http.MethodPost, "/product/nodes", "Add a part of the hierarchy", http.StatusCreated), h.add)
	api.Register(a, write("change-product-node", http.MethodPatch, "/product/nodes/{kind}/{key}", "Rename, move or change a part of the hierarchy", 0), h.change)
	api.Register(a, write("retire-product-node", http.MethodDelete, "/product/nodes/{kind}/{key}", "Retire a part of the hierarchy", http.StatusNoContent), h.retire)
	api.Register(a, read("list-product-findings", "/product/findings", "List what is wrong with the hierarchy, with counts"), h.findings)
	api.Register(a, read("resolve-product-name", "/product/resolve", "Find the parts of the hierarchy that a name means"), h.resolve)
	api.Register(a, read("export-product-files", "/product/files", "Read the hierarchy as its three files"), h.files)
	api.Register(a, importing(), h.importFiles)

	api.Register(a, read("get-counterpart-board", "/product/counterparts", "Read who stands beside nodes or use cases"), h.board)
	api.Register(a, write("seat-counterparts", http.MethodPut, "/product/counterparts", "Say who stands beside a subject in a function", http.StatusNoContent), h.seat)
	api.Register(a, read("list-counterpart-meetings", "/product/meetings", "List the meetings of the counterparts of a subject"), h.meetings)
	api.Register(a, write("note-counterpart-meeting", http.MethodPost, "/product/meetings", "Note a meeting of counterparts", http.StatusCreated), h.note)

	api.Register(a, read("get-dri-register", "/product/dris", "Read who is directly responsible, and what nobody answers for"), h.register)
	api.Register(a, write("appoint-dri", http.MethodPost, "/product/dris", "Make somebody directly responsible", http.StatusCreated), h.appoint)
	api.Register(a, write("end-dri", http.MethodPost, "/product/dris/{id}/end", "End a responsibility", http.StatusNoContent), h.endDRI)
	api.Register(a, read("list-handovers", "/product/handovers", "List handovers of responsibilities"), h.handovers)
	api.Register(a, write("hand-over", http.MethodPost, "/product/handovers", "Hand a responsibility over", http.StatusCreated), h.handOver)
	api.Register(a, write("tick-handover-step", http.MethodPut, "/product/handovers/{id}/steps/{step}", "Say whether a step of a handover is done", http.StatusNoContent), h.tick)
	api.Register(a, read("get-product-coverage", "/product/coverage", "Read which sections, stages and groups have exactly one product manager"), h.coverage)

	api.Register(a, read("list-use-cases", "/product/use-cases", "List use cases, with what they lack"), h.useCases)
	api.Register(a, read("get-use-case", "/product/use-cases/{key}", "Read a use case"), h.useCase)
	api.Register(a, write("save-use-case", http.MethodPut, "/product/use-cases/{key}", "Add or change a use case", 0), h.saveUseCase)
	api.Register(a, write("retire-use-case", http.MethodDelete, "/product/use-cases/{key}", "Retire a use case", http.StatusNoContent), h.retireUseCase)

	api.Register(a, read("list-product-changes", "/product/changes", "List changes of the hierarchy that were asked for"), h.changes)
	api.Register(a, read("get-product-change", "/product/changes/{id}", "Read a change, with who has to agree"), h.request)
	api.Register(a, write("propose-product-change", http.MethodPost, "/product/changes", "Ask for a change of the hierarchy", http.StatusCreated), h.propose)
	api.Register(a, write("announce-product-change", http.MethodPost, "/product/changes/{id}/announcements", "Note where a downgrade was announced", http.StatusNoContent), h.announce)
	api.Register(a, write("name-product-approver", http.MethodPut, "/product/changes/{id}/approvers/{role}", "Name who decides for a role", http.StatusNoContent), h.nameApprover)
	api.Register(a, write("apply-product-change", http.MethodPost, "/product/changes/{id}/application", "Make a change that all have agreed to", http.StatusNoContent), h.apply)
	api.Register(a, write("withdraw-product-change", http.MethodPost, "/product/changes/{id}/withdrawal", "Take a change back", http.StatusNoContent), h.withdraw)
}

var tags = []string{"Product hierarchy"}

func read(id, path, summary string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: api.Prefix + path, Tags: tags, Summary: summary, Security: api.Scope("org:read"),
	}
}

// write returns an operation that changes something; status 0 is the usual one.
func write(id, method, path, summary string, status int) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: method, Path: api.Prefix + path, Tags: tags, Summary: summary, Security: api.Scope("org:write"),
		DefaultStatus: status, Errors: []int{http.StatusConflict, http.StatusUnprocessableEntity},
	}
}

// mostFiles is the size of the largest import in bytes.
const mostFiles = 32 << 20

func importing() huma.Operation {
	o := write("import-product-files", http.MethodPost, "/product/imports", "Import the hierarchy from its files", 0)
	o.Description = "Takes sections.yml, stages.yml and categories.yml; what a missing file would say stays as it is. Lines that cannot be used are told among the findings, with the " +
		"severity error, and change nothing. If more would go than the policy lets go, nothing is done and `needs_yes` is true: send `removals`. The same again changes nothing."
	o.MaxBodyBytes, o.BodyReadTimeout = mostFiles, time.Minute
	return o
}

type operations struct{ product *product.Service }

// AsOf is the part of an input that says for which day something is asked.
type AsOf struct {
	Day string `query:"as_of" format:"date" doc:"The day that is asked for; missing means today."`
}

func (a AsOf) day() (calendar.Day, error) { return day("query.as_of", a.Day) }

// day reads a day of a field; "" is today.
func day(field, text string) (calendar.Day, error) {
	if text == "" {
		return "", nil
	}
	d, err := calendar.ParseDay(text)
	if err != nil {
		return "", wrong(field, "is no day such as 2026-11-30")
	}
	return d, nil
}

func wrong(name, message string) error {
	return fault.New(fault.Invalid, "%w", &api.FieldError{Field: name, Message: message})
}

// subject reads a subject of a field.
func subject(field, text string) (product.Subject, error) {
	s, err := product.ParseSubject(text)
	if err != nil {
		return s, wrong(field, err.Error())
	}
	return s, nil
}

// Nothing is an answer without a body.
type Nothing struct{}

// list returns a list that is never null.
func list[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}
