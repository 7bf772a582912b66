package orgapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/cadre-hq/cadre/internal/api"
	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/org/orgtest"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

// A program imports people, looks first, does it once, and reads them again.
func TestImportPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		r := orgtest.Open(t, db)
		mux := http.NewServeMux()
		a := api.New(mux, api.Options{Version: "1", Log: slog.New(slog.DiscardHandler), Reference: func(context.Context) string { return "r" }})
		registerImport(a, r.Service)
		by := orgtest.Partner
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
			mux.ServeHTTP(w, q.WithContext(auth.With(q.Context(), by)))
		}))
		defer s.Close()
		ask := func(q *http.Request, status int) []byte {
			t.Helper()
			a, err := s.Client().Do(q)
			if err != nil {
				t.Fatal(err)
			}
			defer a.Body.Close()
			text, err := io.ReadAll(a.Body)
			if err != nil || a.StatusCode != status {
				t.Fatalf("%d, want %d: %s, %v", a.StatusCode, status, text, err)
			}
			return text
		}
		type answer struct {
			Change   *int64
			Seen     int64
			NeedsYes bool `json:"needs_yes"`
			Counts   struct{ New, Changed, Unchanged, Gone, Rejected int }
			Rejected []struct {
				Line   int
				Reason string
			}
		}
		send := func(status int, file string, fields ...string) (out answer) {
			t.Helper()
			var body bytes.Buffer
			w := multipart.NewWriter(&body)
			for i := 0; i < len(fields); i += 2 {
				if err := w.WriteField(fields[i], fields[i+1]); err != nil {
					t.Fatal(err)
				}
			}
			f, err := w.CreateFormFile("file", "people.csv")
			if err == nil {
				_, err = io.WriteString(f, file)
			}
			if err == nil {
				err = w.Close()
			}
			if err != nil {
				t.Fatal(err)
			}
			q := httptest.NewRequest(http.MethodPost, s.URL+"/api/v1/people/imports", &body)
			q.RequestURI = ""
			q.Header.Set("Content-Type", w.FormDataContentType())
			if text := ask(q, status); status == http.StatusOK {
				if err := json.Unmarshal(text, &out); err != nil {
					t.Fatal(err)
				}
			}
			return out
		}
		const file = "No,name,start_date,title,position_id,manager\n1,Ada Holm,2024-01-01,Chief,P1,\n2,Bo Lind,2025-01-01,Planner,P2,1\n3,Cy Roe,soon,Planner,P3,1\n"
		mapping := []string{"mapping", `{"employee_id": "No"}`}
		if got := send(200, file, append(mapping, "preview", "true")...); got.Change != nil || got.Counts.New != 2 || len(got.Rejected) != 1 || got.Rejected[0].Line != 4 {
			t.Errorf("preview: %+v", got)
		}
		if got := send(200, file, mapping...); got.Change == nil || *got.Change != 1 || got.Counts.New != 2 {
			t.Errorf("import: %+v", got)
		}
		if got := send(200, file, mapping...); got.Change != nil || got.Counts.Unchanged != 2 {
			t.Errorf("a second import: %+v", got)
		}
		send(409, strings.Replace(file, "Planner", "Pilot", 1), append(mapping, "seen", "1")...)
		send(422, file, "mapping", `["No"]`)
		send(422, file, "mapping", `{"employee_id": "Number"}`)
		send(422, file, append(mapping, "day", "tomorrow")...)

		get := func(query string, status int) string {
			q := httptest.NewRequest(http.MethodGet, s.URL+"/api/v1/people/export"+query, nil)
			q.RequestURI = ""
			return string(ask(q, status))
		}
		if got := get("", 200); !strings.Contains(got, "\n2,Bo Lind,,2025-01-01,,,,,,no,P2,Planner,,,,regular,1,\n") {
			t.Errorf("export: %s", got)
		}
		if got := get("?format=backstage&as_of=2024-06-01", 200); !strings.Contains(got, "displayName: Ada Holm") || strings.Contains(got, "Bo Lind") {
			t.Errorf("export of a past day: %s", got)
		}
		get("?format=xlsx", 422)
		by = orgtest.Member
		send(403, file, mapping...)
		get("", 200)
		by = orgtest.Nobody
		get("", 401)
	})
}
