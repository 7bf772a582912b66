package search

import "github.com/cadre-hq/cadre/internal/erasure"

// Personal is what the index holds of people: the words of every document.
var Personal = erasure.Tables{
	{
		Name: "search_document", Personal: []string{"title", "names", "body"}, Erased: byRoom,
		Free: erasure.Reasons{
			"room": erasure.AState, "kind": erasure.AState, "thing": erasure.AnID, "address": "a path of ids", "audiences": "keys of roles and ids",
		},
	},
	{Name: "search_word", Personal: []string{"word"}, Erased: byRoom},
	{Name: "search_trigram", Personal: []string{"trigram", "word"}, Erased: byRoom},
	{Name: "search_term", Personal: []string{"word"}, Erased: byRoom},
	{Name: "search_index", Personal: []string{"words"}, Erased: byRoom},
}

const byRoom = "by the room of the thing, with Remove"
