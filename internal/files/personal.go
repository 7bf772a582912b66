package files

import "github.com/cadre-hq/cadre/internal/erasure"

// Personal is what is known of files that may tell of people: their names. The
// content is beside the database.
var Personal = erasure.Tables{{
	Name: "files_file", Personal: []string{"name"}, Erased: "by the room of the thing that they belong to, with Service.Erase",
	Free: erasure.Reasons{
		"id": erasure.AnID, "owner_kind": erasure.AState, "owner_id": erasure.AnID, "declared": "a media type", "type": "a media type",
		"sha256": erasure.AHash, "state": erasure.AState, "added_by": erasure.AnID,
	},
}}
