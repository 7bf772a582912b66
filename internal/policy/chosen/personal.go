package chosen

import "github.com/cadre-hq/cadre/internal/erasure"

// Personal is what decisions hold of people, which is nothing: they are about
// the organisation's values.
var Personal = erasure.Tables{
	{Name: "policy_decision", Free: erasure.Reasons{
		"id": erasure.AnID, "path": erasure.AState, "value": erasure.Document, "reason": "why the organisation decided on a value",
		"decided_by": erasure.AnID, "ended_by": erasure.AnID, "end_reason": "why the organisation took a decision back",
	}},
	{Name: "policy_revision", Free: erasure.Reasons{"revision": erasure.AnID}},
}
