package delta

import (
	"encoding/json"
	"io"
)

// jsonPage and jsonChange are the shape that other programs read; null stands
// for what there is none of.
type jsonPage struct {
	Path    string       `json:"path"`
	OldPath string       `json:"old_path,omitempty"`
	Changes []jsonChange `json:"changes"`
}

type jsonChange struct {
	Category Category `json:"category"`
	Kind     Kind     `json:"kind"`
	Level    *string  `json:"level"`
	Old      *string  `json:"old"`
	New      *string  `json:"new"`
	LineOld  *int     `json:"line_old"`
	LineNew  *int     `json:"line_new"`
	About    string   `json:"about,omitempty"`
}

// WriteJSON writes the pages and their changes as one JSON list.
func WriteJSON(w io.Writer, pages []PageChange) error {
	out := make([]jsonPage, len(pages))
	for i, p := range pages {
		out[i] = jsonPage{Path: p.Path, OldPath: p.OldPath, Changes: make([]jsonChange, len(p.Changes))}
		for j, c := range p.Changes {
			out[i].Changes[j] = jsonChange{
				Category: c.Category, Kind: c.Kind, Level: stated(c.Level), Old: stated(c.Old), New: stated(c.New),
				LineOld: stated(c.LineOld), LineNew: stated(c.LineNew), About: c.About,
			}
		}
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}

// stated returns a pointer to v, or nil if v is the zero value.
func stated[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}
