package api

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strconv"

	"github.com/cadre-hq/cadre/internal/fault"
)

// Paging is the part of a list's input that says which page is wanted. Embed
// it in the input of an operation.
type Paging struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many to return at most."`
	After string `query:"after" maxLength:"500" doc:"The place after which the page begins: the value of the link to the next page."`
}

// A Page is one page of a list.
type Page[T any] struct {
	Link string `header:"Link" doc:"The next page, with rel=\"next\" (RFC 8288)."`
	Body struct {
		Items []T    `json:"items" nullable:"false" doc:"What was found, in the order of the list."`
		Next  string `json:"next,omitempty" doc:"The value of after for the next page; missing on the last one."`
	}
}

// NewPage returns a page of the items that were read, which are up to one more
// than the limit asked for: the surplus one tells that there is a next page,
// and is dropped. The key of the last item is where the next page begins. The
// address is that of the list with its filters.
func NewPage[T, K any](p Paging, address *url.URL, items []T, key func(T) K) *Page[T] {
	page := &Page[T]{}
	page.Body.Items = items
	if page.Body.Items == nil {
		page.Body.Items = []T{}
	}
	if len(items) <= p.Limit {
		return page
	}
	page.Body.Items = items[:p.Limit]
	page.Body.Next = Cursor(key(items[p.Limit-1]))
	next := *address
	q := next.Query()
	q.Set("after", page.Body.Next)
	q.Set("limit", strconv.Itoa(p.Limit))
	next.RawQuery = q.Encode()
	page.Link = "<" + next.RequestURI() + `>; rel="next"`
	return page
}

// Cursor returns the key of an item as the text that a client gives back. The
// client takes it as it is.
func Cursor[K any](key K) string {
	text, err := json.Marshal(key)
	if err != nil {
		panic(err) // keys are structs of strings and numbers
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// ParseCursor returns the key of a cursor; none if it is empty. The error is
// Invalid.
func ParseCursor[K any](cursor string) (key K, found bool, err error) {
	if cursor == "" {
		return key, false, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(text, &key)
	}
	if err != nil {
		return key, false, fault.New(fault.Invalid, "%w", &FieldError{
			Field: "query.after", Message: "this is no place in the list: take the value that came with the page before, or leave it out",
		})
	}
	return key, true, nil
}
