package catalog

import "github.com/cadre-hq/cadre/internal/erasure"

// Personal is what the catalog holds of people, which is next to nothing: pages
// are about roles. What somebody uploaded and did not decide about goes with
// them.
var Personal = erasure.Tables{
	{Name: "catalog_release", Free: erasure.Reasons{
		"hash": erasure.AHash, "published_by": erasure.AnID, "origin": erasure.AState, "place": "the name of a folder, a repository or an archive",
		"revision": erasure.AHash, "reading": "settings of the compiler",
	}},
	{Name: "catalog_family", Free: erasure.Reasons{"id": erasure.AnID, "path": erasure.Document}},
	{Name: "catalog_version", Free: erasure.Reasons{
		"family": erasure.AnID, "hash": erasure.AHash, "path": erasure.Document, "title": erasure.Document, "description": erasure.Document, "department": erasure.Document,
	}},
	{Name: "catalog_page", Free: erasure.Reasons{"family": erasure.AnID, "text": erasure.Document, "model": erasure.Document}},
	{Name: "catalog_level", Free: erasure.Reasons{
		"family": erasure.AnID, "id": erasure.AnID, "title": erasure.Document, "grades": erasure.Document, "track": erasure.AState,
	}},
	{Name: "catalog_context", Free: erasure.Reasons{
		"family": erasure.AnID, "hash": erasure.AHash, "findings": "what the compiler says of a page", "duties": erasure.Document, "ladder": erasure.Document,
	}},
	{Name: "catalog_waiver", Free: erasure.Reasons{
		"id": erasure.AnID, "fingerprint": erasure.AHash, "code": erasure.AState, "path": erasure.Document,
		"reason": "why the organisation accepts a finding about a page", "given_by": erasure.AnID,
	}},
	{Name: "catalog_upload", Person: "by_whom", Personal: []string{"name", "archive"}, Free: erasure.Reasons{"id": erasure.AnID, "by_whom": erasure.AnID}},
	{Name: "catalog_delivery", Free: erasure.Reasons{"id": "a code host's name for a message", "revision": erasure.AHash, "outcome": erasure.AState}},
}
