package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/api"
	server "github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/catalog/draft"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/revision"
)

// A publishing is `cadre publish` at work.
type publishing struct {
	app     *app
	command *cobra.Command
	data    serverFlags

	address  string
	token    string
	revision string
	name     string
	inForce  string
	waive    []string
	dryRun   bool
}

func (a *app) publishCommand() *cobra.Command {
	p := &publishing{app: a}
	c := &cobra.Command{
		Use:   "publish [PATH]",
		Short: "Publish job families to a server",
		Long: "Publish the pages in a folder (the current one) with the cadre.yaml that counts for them: to a\n" +
			"server, or straight into its data folder. Pages with errors are refused, unless each error is\n" +
			"waived with a reason; the exit code is 1 then. The same pages again change nothing.\n\n" +
			"The token needs the scope catalog:write. It is better given by CADRE_TOKEN than by --token, which\n" +
			"others on the machine can see.",
		Example: "cadre publish --server https://cadre.example handbook\n" +
			"cadre publish --server https://cadre.example --revision main --dry-run\n" +
			"cadre publish --data DIR handbook",
		Args: atMostOne("folder"),
	}
	p.command = c
	p.data.flags(c)
	flags := c.Flags()
	flags.StringVar(&p.address, "server", "", "the address URL of the server (default CADRE_SERVER)")
	flags.StringVar(&p.token, "token", "", "the TOKEN to publish with (default CADRE_TOKEN)")
	flags.StringVar(&p.revision, "revision", "", "publish the pages as they are in the git revision REV")
	flags.StringVar(&p.name, "name", "", "the NAME by which the history calls the pages (default that of the revision or folder)")
	flags.StringVar(&p.inForce, "in-force", "", "the DAY since which the pages hold, for an old state that is published for the history")
	flags.StringArrayVar(&p.waive, "waive", nil, "accept an error: FINGERPRINT=REASON; may be given again")
	flags.BoolVar(&p.dryRun, "dry-run", false, "say what publishing would do, and do nothing")
	c.RunE = func(c *cobra.Command, args []string) error { return p.run(c.Context(), args) }
	return c
}

// run publishes.
func (p *publishing) run(ctx context.Context, args []string) error {
	p.address, p.token = cmp.Or(p.address, p.app.variable("CADRE_SERVER")), cmp.Or(p.token, p.app.variable("CADRE_TOKEN"))
	direct := p.command.Flags().Changed("data") || p.command.Flags().Changed("database")
	switch {
	case direct && p.command.Flags().Changed("server"):
		return wrongUse(p.command, "publish to a --server or into the folder of --data, not both")
	case !direct && p.address == "":
		return wrongUse(p.command, "say where to publish: --server URL, or --data DIR")
	case !direct && p.token == "":
		return wrongUse(p.command, "publishing to a server needs a token: set CADRE_TOKEN")
	}
	source, err := p.source(orHere(args)[0])
	if err != nil {
		return err
	}
	var out *published
	if direct {
		out, err = p.direct(ctx, source)
	} else {
		out, err = p.send(ctx, source)
	}
	if err != nil {
		return err
	}
	return p.print(out)
}

// source returns the pages at a path, of a revision if one is named.
func (p *publishing) source(path string) (catalog.Source, error) {
	if p.revision == "" {
		return catalog.Source{Folder: path, Name: p.name}, nil
	}
	folder, at, err := inCommit(path)
	return catalog.Source{Repository: folder, Path: at, Revision: p.revision, Name: p.name}, err
}

// published is what publishing did, or would do.
type published struct {
	Release   *int64 `json:"release"`
	Published bool   `json:"published"`
	Differs   bool   `json:"differs"`
	Families  int    `json:"families"`
	Changes   []struct {
		Kind    string `json:"kind"`
		Title   string `json:"title"`
		Version int    `json:"version"`
		Changes []struct {
			Category string `json:"category"`
		} `json:"changes"`
	} `json:"changes"`
	Blocking []blockingError `json:"blocking"`
	Notes    []string        `json:"notes"`
}

// A blockingError is an error for which pages are refused.
type blockingError struct {
	Path        string `json:"path"`
	Line        int    `json:"line"`
	Column      int    `json:"column"`
	Code        string `json:"code"`
	Message     string `json:"message"`
	Fingerprint string `json:"fingerprint"`

	place, said string // as a server wrote them
}

// waivers returns what --waive says.
func (p *publishing) waivers() ([]catalog.Waiver, error) {
	var all []catalog.Waiver
	for _, text := range p.waive {
		fingerprint, reason, ok := strings.Cut(text, "=")
		if !ok || strings.TrimSpace(reason) == "" {
			return nil, wrongUse(p.command, "--waive wants FINGERPRINT=REASON, not %q", text)
		}
		all = append(all, catalog.Waiver{Fingerprint: fingerprint, Reason: reason})
	}
	return all, nil
}

// direct publishes into the data of a server.
func (p *publishing) direct(ctx context.Context, source catalog.Source) (out *published, err error) {
	request := catalog.Request{Source: source}
	if request.Waivers, err = p.waivers(); err != nil {
		return nil, err
	}
	if p.inForce != "" {
		if request.InForce, err = time.Parse(time.DateOnly, p.inForce); err != nil {
			return nil, wrongUse(p.command, "--in-force wants a day such as 2026-11-30, not %q", p.inForce)
		}
	}
	s, err := p.app.settings(p.command, &p.data)
	if err != nil {
		return nil, err
	}
	data, err := server.Open(ctx, p.app.serverOptions(s))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	c := catalog.New(data.DB(), data.Accounts().Authority, audit.New(data.DB(), time.Now), time.Now)
	do := c.Publish
	if p.dryRun {
		do = c.Preview
	}
	done, err := do(ctx, byProgram, request)
	if err != nil {
		return nil, err
	}
	return told(done)
}

// told returns a publication in the form that the API gives it.
func told(p *catalog.Publication) (*published, error) {
	out := &published{Published: p.Published, Differs: p.Anew, Families: p.Families, Notes: p.Notes}
	if p.Release != 0 {
		n := int64(p.Release)
		out.Release = &n
	}
	for _, part := range []struct{ from, to any }{{p.Changes, &out.Changes}, {p.Blocking, &out.Blocking}} {
		text, err := json.Marshal(part.from)
		if err == nil {
			err = json.Unmarshal(text, part.to)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// send publishes to a server.
func (p *publishing) send(ctx context.Context, source catalog.Source) (*published, error) {
	base, err := url.Parse(p.address)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return nil, wrongUse(p.command, "--server wants an address such as https://cadre.example, not %q", p.address)
	}
	packed, err := draft.Pack(ctx, source)
	if err != nil {
		return nil, err
	}
	kind, body, err := p.form(packed)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, base.JoinPath(api.Prefix, "releases").String(), body)
	if err != nil {
		return nil, fault.New(fault.Invalid, "%q is no address: %w", p.address, err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Authorization", "Bearer "+p.token)
	r.Header.Set("User-Agent", "cadre/"+buildOf().version)
	client := &http.Client{Timeout: 10 * time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a, err := client.Do(r)
	if err != nil {
		return nil, fault.New(fault.Busy, "cannot reach the server: %w", err)
	}
	defer func() { _ = a.Body.Close() }() // it was only read
	return p.answer(a)
}

// form writes what a server is sent.
func (p *publishing) form(packed *draft.Packed) (kind string, body io.Reader, err error) {
	waivers, err := p.waivers()
	if err != nil {
		return "", nil, err
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	field := func(name, value string) {
		if value != "" && err == nil {
			err = w.WriteField(name, value)
		}
	}
	field("name", packed.Name)
	field("commit", packed.Commit)
	field("in_force", p.inForce)
	if p.dryRun {
		field("preview", "true")
	}
	if len(waivers) > 0 {
		list := make([]map[string]string, len(waivers))
		for i, one := range waivers {
			list[i] = map[string]string{"fingerprint": one.Fingerprint, "reason": one.Reason}
		}
		text, jsonErr := json.Marshal(list)
		err = errors.Join(err, jsonErr)
		field("waivers", string(text))
	}
	if err != nil {
		return "", nil, err
	}
	f, err := w.CreateFormFile("archive", "pages.tar.gz")
	if err == nil {
		_, err = f.Write(packed.Archive)
	}
	if err == nil {
		err = w.Close()
	}
	return w.FormDataContentType(), &b, err
}

// mostAnswer is how much of an answer is read.
const mostAnswer = 64 << 20

// answer reads the answer of a server.
func (p *publishing) answer(a *http.Response) (*published, error) {
	text, err := io.ReadAll(io.LimitReader(a.Body, mostAnswer))
	if err != nil {
		return nil, fault.New(fault.Busy, "the answer of the server broke off: %w", err)
	}
	kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	switch {
	case (a.StatusCode == http.StatusOK || a.StatusCode == http.StatusCreated) && kind == "application/json":
		var out published
		if err := json.Unmarshal(text, &out); err != nil {
			return nil, fault.New(fault.Invalid, "%s answers, but not as a Cadre server does", p.address)
		}
		return &out, nil
	case kind != "application/problem+json":
		return nil, fault.New(fault.Invalid, "%s answers with %s, and not as a Cadre server does", p.address, a.Status)
	}
	var problem struct {
		Detail string `json:"detail"`
		Errors []struct {
			Message, Location string
			Value             any
		} `json:"errors"`
	}
	if err := json.Unmarshal(text, &problem); err != nil {
		return nil, fault.New(fault.Invalid, "%s answers with %s, and not as a Cadre server does", p.address, a.Status)
	}
	if a.StatusCode != http.StatusUnprocessableEntity || len(problem.Errors) == 0 || !strings.Contains(problem.Errors[0].Message, "[CAD") {
		for _, e := range problem.Errors {
			problem.Detail += "\n" + strings.TrimSpace(e.Location+": "+e.Message)
		}
		return nil, fault.New(fault.Invalid, "the server says: %s", problem.Detail)
	}
	out := &published{}
	for _, e := range problem.Errors {
		fingerprint, _ := e.Value.(string)
		out.Blocking = append(out.Blocking, blockingError{place: e.Location, said: e.Message, Fingerprint: fingerprint})
	}
	return out, nil
}

// print says what was done.
func (p *publishing) print(out *published) error {
	for _, n := range out.Notes {
		p.app.note("%s", n)
	}
	if len(out.Blocking) > 0 {
		p.app.code = max(p.app.code, exitFindings)
		for _, e := range out.Blocking {
			if e.place == "" {
				e.place, e.said = fmt.Sprintf("%s:%d:%d", e.Path, e.Line, e.Column), fmt.Sprintf("error[%s] %s", e.Code, e.Message)
			}
			if _, err := fmt.Fprintf(p.app.out, "%s: %s (%s)\n", e.place, e.said, e.Fingerprint); err != nil {
				return err
			}
		}
		p.app.note("refused for %s: correct the pages, or give a reason for each: --waive FINGERPRINT=REASON", counted(len(out.Blocking), "error"))
		return nil
	}
	var rows [][]string
	for _, c := range out.Changes {
		n := map[string]int{}
		for _, ch := range c.Changes {
			n[ch.Category]++
		}
		var words []string
		for _, category := range []string{"CONTRACT", "EXPECTATION", "LINK", "TEXT"} {
			if n[category] > 0 {
				words = append(words, fmt.Sprintf("%d %s", n[category], category))
			}
		}
		rows = append(rows, []string{c.Kind, c.Title, fmt.Sprintf("version %d", c.Version), strings.Join(words, ", ")})
	}
	slices.SortStableFunc(rows, func(a, b []string) int { return cmp.Compare(a[1], b[1]) })
	if _, err := io.WriteString(p.app.out, columns(rows)); err != nil {
		return err
	}
	switch {
	case p.dryRun && out.Differs:
		p.app.note("this would be a new release: %s of %s", counted(len(out.Changes), "change"), families(out.Families))
	case p.dryRun:
		p.app.note("this would change nothing")
	case out.Published && out.Release != nil:
		p.app.note("release %d is published: %s of %s", *out.Release, counted(len(out.Changes), "change"), families(out.Families))
	case out.Release != nil:
		p.app.note("nothing has changed since release %d", *out.Release)
	}
	return nil
}

// families counts job families.
func families(n int) string {
	if n == 1 {
		return "1 job family"
	}
	return fmt.Sprintf("%d job families", n)
}

// inCommit returns a folder of the repository that a path lies in, and where in
// it the path is.
func inCommit(path string) (folder, at string, err error) {
	repo, err := revision.Open(path)
	if err != nil {
		return "", "", err
	}
	at, ok := inRepository(repo, path)
	if err := repo.Close(); err != nil {
		return "", "", err
	}
	if !ok {
		return "", "", fault.New(fault.Invalid, "%s lies in no working tree: name a folder of a clone", path)
	}
	return repo.Root, at, nil
}
