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
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/api"
	server "github.com/cadre-hq/cadre/internal/app"
	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/hierarchy"
	"github.com/cadre-hq/cadre/internal/org/product"
)

func (a *app) importCommand() *cobra.Command {
	return group("import", "Bring data of other systems to a server",
		"Bring data of other systems to a server. A second import of the same changes nothing.",
		a.importHierarchyCommand(), a.importPeopleCommand(),
	)
}

// An importing is `cadre import hierarchy` at work.
type importing struct {
	app     *app
	command *cobra.Command
	data    serverFlags
	outputs outputs

	address  string
	token    string
	pack     string
	day      string
	dryRun   bool
	removals bool
}

func (a *app) importHierarchyCommand() *cobra.Command {
	i := &importing{app: a, outputs: outputs{known: []string{"text", "json"}}}
	c := &cobra.Command{
		Use:   "hierarchy [DIR]",
		Short: "Import the product hierarchy",
		Long: "Import the product hierarchy from sections.yml, stages.yml and categories.yml in a folder (the\n" +
			"current one): to a server, or straight into its data folder. Lines that cannot be used are told,\n" +
			"and the exit code is 1 then; all others count. With --dry-run nothing is written: it counts, says\n" +
			"what is wrong and where, and what would change if it is told where to import to.\n\n" +
			"The token needs the scope org:write. It is better given by CADRE_TOKEN than by --token, which\n" +
			"others on the machine can see.",
		Example: "cadre import hierarchy --dry-run data\n" +
			"cadre import hierarchy --server https://cadre.example data\n" +
			"cadre import hierarchy --data DIR data",
		Args: atMostOne("folder"),
	}
	i.command = c
	i.outputs.flags(c)
	i.data.flags(c)
	flags := c.Flags()
	flags.StringVar(&i.address, "server", "", "the address URL of the server (default CADRE_SERVER)")
	flags.StringVar(&i.token, "token", "", "the TOKEN to import with (default CADRE_TOKEN)")
	flags.StringVar(&i.pack, "policy", "", "without a server, judge by the policy pack NAME, or by that in a FILE (default: that of cadre.yaml)")
	flags.StringVar(&i.day, "day", "", "the DAY since which the files hold (default today)")
	flags.BoolVar(&i.dryRun, "dry-run", false, "say what importing would do, and do nothing")
	flags.BoolVar(&i.removals, "allow-removals", false, "do it even if it removes more than the policy lets go")
	c.RunE = func(c *cobra.Command, args []string) error { return i.run(c.Context(), orHere(args)[0]) }
	return c
}

// An importReport is what an import prints in JSON.
type importReport struct {
	SchemaVersion string `json:"schema_version"`
	DryRun        bool   `json:"dry_run"`
	hierarchy.Report
	// Import is what changed, or would; nil if nobody said where to import to.
	Import *importChanges `json:"import"`
}

// importChanges are what an import changes in what is there.
type importChanges struct {
	Day      calendar.Day         `json:"day"`
	New      int                  `json:"new"`
	Changed  int                  `json:"changed"`
	Gone     int                  `json:"gone"`
	Same     int                  `json:"same"`
	NeedsYes bool                 `json:"needs_yes"`
	Most     int                  `json:"most_removals"`
	Applied  bool                 `json:"applied"`
	Changes  []product.NodeChange `json:"changes"`
}

// run imports.
func (i *importing) run(ctx context.Context, folder string) error {
	given := i.command.Flags().Changed
	i.token = cmp.Or(i.token, i.app.variable("CADRE_TOKEN"))
	direct := given("data") || given("database")
	if !direct && !i.dryRun {
		i.address = cmp.Or(i.address, i.app.variable("CADRE_SERVER"))
	}
	switch {
	case direct && given("server"):
		return wrongUse(i.command, "import to a --server or into the folder of --data, not both")
	case !direct && i.address == "" && !i.dryRun:
		return wrongUse(i.command, "say where to import to: --server URL, or --data DIR; or look first, with --dry-run")
	case i.address != "" && i.token == "":
		return wrongUse(i.command, "importing to a server needs a token: set CADRE_TOKEN")
	}
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return fault.New(fault.NotFound, "there is no folder %s", folder)
	}
	r := product.Request{Files: map[string][]byte{}, Removals: i.removals}
	var err error
	if i.day != "" {
		if r.Day, err = calendar.ParseDay(i.day); err != nil {
			return wrongUse(i.command, "--day wants a day such as 2026-11-30, not %q", i.day)
		}
	}
	for _, name := range []string{hierarchy.SectionsFile, hierarchy.StagesFile, hierarchy.CategoriesFile} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err == nil {
			r.Files[name] = text
		} else if !errors.Is(err, os.ErrNotExist) {
			return fault.New(fault.Invalid, "cannot read the hierarchy: %w", err)
		}
	}
	report := &importReport{SchemaVersion: "1", DryRun: i.dryRun}
	switch {
	case direct:
		err = i.direct(ctx, r, report)
	case i.address != "":
		err = i.send(ctx, r, report)
	default:
		err = i.look(r, report)
	}
	if err != nil {
		return err
	}
	return i.print(folder, report)
}

// look judges the files by themselves.
func (i *importing) look(r product.Request, report *importReport) error {
	read, err := hierarchy.Parse(r.Files)
	if err != nil {
		return err
	}
	pack, err := i.app.pack(i.pack)
	if err != nil {
		return err
	}
	report.Report = hierarchy.Examine(read.Tree, read.Rejected, pack)
	return nil
}

// direct imports into the data of a server.
func (i *importing) direct(ctx context.Context, r product.Request, report *importReport) (err error) {
	s, err := i.app.settings(i.command, &i.data)
	if err != nil {
		return err
	}
	data, err := server.Open(ctx, i.app.serverOptions(s))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	do := data.Product().Import
	if i.dryRun {
		do = data.Product().Preview
	}
	done, err := do(ctx, byProgram, r)
	if err != nil {
		return err
	}
	report.take(done)
	return nil
}

// take puts what an import did into the report.
func (r *importReport) take(p *product.Import) {
	r.Report = p.Report
	r.Import = &importChanges{p.Day, p.New, p.Changed, p.Gone, p.Same, p.NeedsYes, p.Most, p.Applied, p.Changes}
	if r.Import.Changes == nil {
		r.Import.Changes = []product.NodeChange{}
	}
}

// send imports to a server.
func (i *importing) send(ctx context.Context, r product.Request, report *importReport) error {
	base, err := url.Parse(i.address)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return wrongUse(i.command, "--server wants an address such as https://cadre.example, not %q", i.address)
	}
	kind, body, err := i.form(r)
	if err != nil {
		return err
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, base.JoinPath(api.Prefix, "product", "imports").String(), body)
	if err != nil {
		return fault.New(fault.Invalid, "%q is no address: %w", i.address, err)
	}
	q.Header.Set("Content-Type", kind)
	q.Header.Set("Authorization", "Bearer "+i.token)
	q.Header.Set("User-Agent", "cadre/"+buildOf().version)
	client := &http.Client{Timeout: 10 * time.Minute, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	a, err := client.Do(q)
	if err != nil {
		return fault.New(fault.Busy, "cannot reach the server: %w", err)
	}
	defer func() { _ = a.Body.Close() }() // it was only read
	return i.answer(a, report)
}

// form writes what a server is sent.
func (i *importing) form(r product.Request) (kind string, body io.Reader, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range []struct{ name, value string }{
		{"day", string(r.Day)}, {"removals", map[bool]string{true: "true"}[r.Removals]}, {"preview", map[bool]string{true: "true"}[i.dryRun]},
	} {
		if f.value != "" {
			err = errors.Join(err, w.WriteField(f.name, f.value))
		}
	}
	for _, name := range []string{hierarchy.SectionsFile, hierarchy.StagesFile, hierarchy.CategoriesFile} {
		text, ok := r.Files[name]
		if !ok {
			continue
		}
		f, fileErr := w.CreateFormFile(strings.TrimSuffix(name, ".yml"), name)
		if fileErr == nil {
			_, fileErr = f.Write(text)
		}
		err = errors.Join(err, fileErr)
	}
	return w.FormDataContentType(), &b, errors.Join(err, w.Close())
}

// answer reads the answer of a server.
func (i *importing) answer(a *http.Response, report *importReport) error {
	text, err := io.ReadAll(io.LimitReader(a.Body, mostAnswer))
	if err != nil {
		return fault.New(fault.Busy, "the answer of the server broke off: %w", err)
	}
	kind, _, _ := mime.ParseMediaType(a.Header.Get("Content-Type"))
	if a.StatusCode == http.StatusOK && kind == "application/json" {
		var out product.Import
		if err := json.Unmarshal(text, &out); err != nil {
			return fault.New(fault.Invalid, "%s answers, but not as a Cadre server does", i.address)
		}
		report.take(&out)
		return nil
	}
	var problem struct {
		Detail string `json:"detail"`
		Errors []struct{ Message, Location string }
	}
	if kind != "application/problem+json" || json.Unmarshal(text, &problem) != nil {
		return fault.New(fault.Invalid, "%s answers with %s, and not as a Cadre server does", i.address, a.Status)
	}
	for _, e := range problem.Errors {
		problem.Detail += "\n" + strings.TrimSpace(e.Location+": "+e.Message)
	}
	return fault.New(fault.Invalid, "the server says: %s", problem.Detail)
}

// print says what was found, and what was done.
func (i *importing) print(folder string, r *importReport) error {
	err := i.app.printTo(i.command, &i.outputs, func(format string) (string, error) {
		if format == "json" {
			text, err := json.MarshalIndent(r, "", " ")
			return string(text) + "\n", err
		}
		return importLines(folder, r), nil
	})
	if err != nil {
		return err
	}
	if r.Rejected() > 0 {
		i.app.code = max(i.app.code, exitFindings)
	}
	c := r.Counts
	i.app.note("%s, %s, %s, %s; %s", counted(c.Sections, "section"), counted(c.Stages, "stage"), counted(c.Groups, "group"), categories(c.Categories), counted(len(r.Findings), "finding"))
	switch m := r.Import; {
	case m == nil:
	case m.NeedsYes:
		i.app.code = max(i.app.code, exitFindings)
		i.app.complain("nothing was done: %d parts would go, of at most %d; if that is right, say --allow-removals", m.Gone, m.Most)
	case m.New+m.Changed+m.Gone == 0:
		i.app.note("nothing has changed")
	case r.DryRun:
		i.app.note("this would be %d new, %d changed, %d gone", m.New, m.Changed, m.Gone)
	default:
		i.app.note("imported: %d new, %d changed, %d gone", m.New, m.Changed, m.Gone)
	}
	return nil
}

// importLines prints findings as compilers do, and changes behind them.
func importLines(folder string, r *importReport) string {
	var b strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&b, "%s:%d: %s[%s] %s\n", filepath.ToSlash(filepath.Join(folder, f.File)), f.Line, f.Severity, f.Code, f.Message)
	}
	if r.Import == nil {
		return b.String()
	}
	var rows [][]string
	for _, c := range r.Import.Changes {
		var fields []string
		for _, f := range c.Fields {
			fields = append(fields, f.Field)
		}
		rows = append(rows, []string{string(c.Kind), c.Node.String(), strings.Join(fields, ", ")})
	}
	b.WriteString(columns(rows))
	return b.String()
}

func categories(n int) string {
	if n == 1 {
		return "1 category"
	}
	return fmt.Sprintf("%d categories", n)
}
