package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// people is how many accounts there are: more than a page of the list has. Of
// families there are as many.
const people = 60

// The administrator in whose name lists are read and accounts are made.
const (
	somebody = "ada@meridian.example"
	password = "seven herons over the estuary"
)

// An organisation is a server of Cadre with somebody who is signed in.
type organisation struct {
	*server
	cookie string
}

// found makes an organisation by the commands that an administrator has, and
// serves it. A database is a postgres:// address, or "" for a SQLite file in
// the folder.
func found(ctx context.Context, cadre, folder, name, database string) (*organisation, error) {
	handbook, data := filepath.Join(folder, "handbook"), filepath.Join(folder, name)
	if err := writeHandbook(handbook); err != nil {
		return nil, err
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails
	environment := append(os.Environ(), "CADRE_RATE_LIMIT=0", "CADRE_MASTER_KEY="+base64.StdEncoding.EncodeToString(secret))
	place := []string{"--data", data}
	if database != "" {
		place = append(place, "--database", database)
	}
	run := func(input string, arguments ...string) error {
		c := exec.CommandContext(ctx, cadre, append(arguments, place...)...)
		c.Stdin, c.Env = strings.NewReader(input), environment
		if out, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("cadre %s: %w\n%s", strings.Join(arguments[:2], " "), err, out)
		}
		return nil
	}
	if err := run("", "migrate", "--quiet"); err != nil {
		return nil, err
	}
	if err := run(password+"\n", "user", "add", somebody, "--name", "Ada Okafor", "--role", "administrator", "--password-stdin"); err != nil {
		return nil, err
	}
	if err := run("", "publish", handbook); err != nil {
		return nil, err
	}
	s, err := start(ctx, name, folder, "/readyz", func(address string) *exec.Cmd {
		c := exec.Command(cadre, append([]string{"serve", "--addr", address, "--metrics-addr", ""}, place...)...)
		c.Env = environment
		return c
	})
	if err != nil {
		return nil, err
	}
	o := &organisation{server: s}
	if err := o.signIn(ctx); err != nil {
		return nil, fmt.Errorf("sign in: %w", err)
	}
	return o, o.hire(ctx)
}

// signIn begins a session of the administrator.
func (o *organisation) signIn(ctx context.Context) error {
	form := url.Values{"email": {somebody}, "password": {password}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+o.address+"/sign-in", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	a, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	for _, c := range a.Cookies() {
		if c.Name == "cadre_session" {
			o.cookie = c.Name + "=" + c.Value
			return nil
		}
	}
	return fmt.Errorf("no session: %s", a.Status)
}

// hire makes the accounts, each with two roles.
func (o *organisation) hire(ctx context.Context) error {
	for i := range people - 1 {
		var made struct {
			ID string `json:"id"`
		}
		text, err := o.do(ctx, http.MethodPost, "/api/v1/principals", fmt.Sprintf(`{"name": "Program %03d"}`, i), http.StatusCreated)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(text, &made); err != nil {
			return err
		}
		for _, role := range []string{"recruiter", "coordinator"} {
			if _, err := o.do(ctx, http.MethodPut, "/api/v1/principals/"+made.ID+"/roles/"+role, "", http.StatusNoContent); err != nil {
				return err
			}
		}
	}
	return nil
}

// request returns a request in the administrator's session.
func (o *organisation) request(ctx context.Context, method, path, body string) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, method, "http://"+o.address+path, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	r.Header.Set("Cookie", o.cookie)
	return r, nil
}

// do asks for something and returns the body of the answer.
func (o *organisation) do(ctx context.Context, method, path, body string, status int) ([]byte, error) {
	r, err := o.request(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err == nil && a.StatusCode != status {
		err = fmt.Errorf("%s %s: %s: %s", method, path, a.Status, text)
	}
	return text, err
}

// rows writes the rows of both lists to a file, as the other servers take them.
func (o *organisation) rows(ctx context.Context, file string) error {
	content := map[string][]map[string]any{}
	for _, name := range []string{"families", "principals"} {
		text, err := o.do(ctx, http.MethodGet, "/api/v1/"+name+"?limit=200", "", http.StatusOK)
		if err != nil {
			return err
		}
		var page struct {
			Items []map[string]any `json:"items"`
		}
		if err := json.Unmarshal(text, &page); err != nil {
			return err
		}
		for _, row := range page.Items {
			row[strings.TrimSuffix(strings.Replace(name, "ies", "y", 1), "s")] = row["id"] // PocketBase has ids of its own
		}
		content[name] = page.Items
	}
	if n, m := len(content["families"]), len(content["principals"]); n != len(fields)*len(crafts) || m != people {
		return fmt.Errorf("there are %d families and %d accounts, not %d and %d", n, m, len(fields)*len(crafts), people)
	}
	text, err := json.Marshal(content)
	if err != nil {
		return err
	}
	return os.WriteFile(file, text, 0o644)
}

// What families are called: each field with each profession, whose department
// they are in.
var (
	fields = []string{"Demand", "Price", "Risk", "Stock", "Fleet", "Water", "Harbour", "Traffic", "Energy", "Weather"}
	crafts = []struct{ name, department string }{
		{"Analyst", "finance"}, {"Planner", "product"}, {"Designer", "engineering"}, {"Adviser", "people"}, {"Seller", "sales"}, {"Writer", "marketing"},
	}
)

// writeHandbook writes pages of four levels each, without a fault.
func writeHandbook(folder string) error {
	for _, craft := range crafts {
		for _, field := range fields {
			name := strings.ToLower(field + "-" + craft.name)
			at := filepath.Join(folder, "job-families", craft.department, name+".md")
			if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(at, handbookPage(field+" "+craft.name, field), 0o644); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(filepath.Join(folder, "cadre.yaml"), nil, 0o644)
}

// handbookPage returns a page of the handbook.
func handbookPage(name, field string) []byte {
	var b bytes.Buffer
	p := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	p("---\ntitle: %q\ndescription: \"%ss find out what is known of the field %s, and what it means for the organisation.\"\n---\n", name, name, field)
	p("%ss answer questions with numbers, and say what cannot be known.\n", name)
	p("## Responsibilities\n\n* Answer questions within a week\n* Keep the numbers of the field complete\n")
	p("## Requirements\n\n* Explains numbers to people who do not like them\n* Finds out what is asked\n")
	p("## Levels\n")
	for level, title := range []string{"Junior " + name, name, "Senior " + name, "Staff " + name} {
		p("### %s\n", title)
		p("The %s reports to the Head of Analysis.\n", title)
		p("#### %s Job Grade\n\nThe %s is a [grade %d](/job-grades/).\n", title, title, level+5)
		p("#### %s Responsibilities\n\n* Looks after %d reports of the field\n", title, 2*level+1)
		p("#### %s Requirements\n\n* Has worked with numbers for %d years\n", title, 2*level+1)
	}
	p("## Performance Indicators\n\n* Days until a question is answered\n")
	p("## Hiring Process\n\n* A screening call with a recruiter (30 minutes)\n* An interview with the manager (50 minutes)\n")
	return b.Bytes()
}
