package roster

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/fault"
)

// Read reads a file of any of the formats: YAML by its ending, else CSV. A
// mapping counts for CSV alone.
func Read(name string, text []byte, m Mapping) (*File, error) {
	switch strings.ToLower(path.Ext(name)) {
	case ".yml", ".yaml":
		return ReadYAML(text)
	}
	return ReadCSV(text, m)
}

// ReadYAML reads the team file of a handbook, or entities of Backstage.
func ReadYAML(text []byte) (*File, error) {
	text, err := decoded(text)
	if err != nil {
		return nil, err
	}
	y := &team{file: &File{Fields: Fields{}}}
	y.text("", text)
	return y.end()
}

// ReadFolder reads all YAML files of a folder and those below it: such as one
// for each person and each vacancy.
func ReadFolder(folder fs.FS) (*File, error) {
	y := &team{file: &File{Fields: Fields{}}}
	size := 0
	err := fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if ext := path.Ext(name); err != nil || d.IsDir() || ext != ".yml" && ext != ".yaml" {
			return err
		}
		text, err := fs.ReadFile(folder, name)
		if err != nil {
			return err
		}
		if size += len(text); size > MostBytes {
			return fault.New(fault.Invalid, "the files have more than %d MiB: import them in parts", MostBytes>>20)
		}
		y.text(name, text)
		return y.file.full()
	})
	if err != nil {
		return nil, fmt.Errorf("read a folder of people: %w", err)
	}
	if len(y.entries)+len(y.file.Rejected) == 0 {
		return nil, fault.New(fault.Invalid, "there is no .yml file of people in the folder")
	}
	return y.end()
}

// A team gathers what YAML files say.
type team struct {
	file     *File
	entries  []*entry
	entities []*entity
}

// An entry is a person or a vacancy of a team file.
type entry struct {
	Row
	slug string
}

// text takes a file.
func (y *team) text(name string, text []byte) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var doc yaml.Node
		switch err := d.Decode(&doc); {
		case err == io.EOF: //nolint:errorlint // it comes as it is
			return
		case err != nil:
			y.file.reject(name, 1, "it is no YAML: %v", strings.TrimPrefix(err.Error(), "yaml: "))
			return
		case len(doc.Content) == 0:
			continue
		}
		top := doc.Content[0]
		if top.Kind == yaml.SequenceNode {
			for _, n := range top.Content {
				y.take(name, n)
			}
			continue
		}
		y.take(name, top)
	}
}

// take takes one entry.
func (y *team) take(name string, n *yaml.Node) {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return
	}
	if n.Kind != yaml.MappingNode {
		y.file.reject(name, n.Line, "it is neither a person nor a vacancy: write name, slug and so on")
		return
	}
	if version := value(n, "apiVersion"); version != nil && strings.HasPrefix(version.Value, "backstage.io/") {
		if e := readEntity(name, n); e != nil {
			y.entities = append(y.entities, e)
		}
		return
	}
	e := &entry{Row: Row{File: name, Line: n.Line}}
	if err := e.read(n, y.file.Fields); err != nil {
		y.file.reject(name, n.Line, "%v", err)
		return
	}
	y.entries = append(y.entries, e)
}

// value returns the value of a key, or nil.
func value(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// words returns a scalar as a text, and a list as one with commas.
func words(n *yaml.Node) string {
	switch {
	case n == nil || n.Tag == "!!null":
		return ""
	case n.Kind == yaml.ScalarNode:
		return n.Value
	case n.Kind == yaml.SequenceNode:
		var all []string
		for _, c := range n.Content {
			if text := words(c); text != "" {
				all = append(all, text)
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}

// read reads an entry. Keys that are none of ours are passed over.
func (e *entry) read(n *yaml.Node, has Fields) error {
	set := func(f Field, text string) error {
		has[f] = true
		return e.set(f, text)
	}
	e.slug = words(value(n, "slug"))
	for _, f := range All {
		if v := value(n, string(f)); v != nil {
			if err := set(f, words(v)); err != nil {
				return err
			}
		}
	}
	if to := value(n, "reports_to"); to != nil {
		if err := set(Manager, words(to)); err != nil {
			return err
		}
	}
	if list := value(n, "departments"); list != nil && e.Department == "" {
		if list.Kind == yaml.SequenceNode && len(list.Content) > 0 {
			list = list.Content[0]
		}
		if err := set(Department, words(list)); err != nil {
			return err
		}
	}
	if role := value(n, "role"); role != nil && e.Title == "" && e.Level == "" {
		title, level := readRole(words(role))
		has[Title] = true
		e.Title = title
		if level != "" {
			has[Level] = true
			e.Level, e.Guessed = level, true
		}
	}
	return e.known(words(value(n, "type")) == "vacancy", has)
}

// known says by which word the entry is known.
func (e *entry) known(vacancy bool, has Fields) error {
	if vacancy || e.Holding == Vacant {
		if e.Title == "" && e.Level == "" {
			e.Title = e.Name
		}
		e.Name, e.Number, e.Email, e.Holding = "", "", "", Vacant
		e.ManagedBefore, e.Start, e.End, e.Factor, e.Zone = false, "", "", "", ""
		e.Country, e.Locality = "", ""
		if e.Position == "" {
			e.Position = e.slug
		}
		if e.Position == "" {
			return fmt.Errorf("a vacancy needs a slug")
		}
		return nil
	}
	if e.Number == "" {
		e.Number = e.slug
	}
	has[Number] = true
	if e.Number == "" && e.Email == "" {
		return fmt.Errorf("a person needs a slug, an employee_id or an email")
	}
	return nil
}

// readRole returns what people call a role, and the level that its link means.
func readRole(text string) (title, level string) {
	var b strings.Builder
	inTag := false
	for _, r := range text {
		switch {
		case r == '<':
			inTag = true
		case r == '>':
			inTag = false
		case !inTag:
			b.WriteRune(r)
		}
	}
	title = strings.Join(strings.Fields(strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'").Replace(b.String())), " ")
	_, link, found := strings.Cut(text, `href="`)
	link, rest, closed := strings.Cut(link, `"`)
	at, fragment, _ := strings.Cut(link, "#")
	if !found || !closed || !strings.Contains(at, "job-families/") {
		return title, ""
	}
	name := path.Base(strings.TrimSuffix(strings.TrimRight(at, "/"), "/index.html"))
	name = strings.TrimSuffix(strings.TrimSuffix(name, ".html"), ".md")
	if fragment == "" {
		_, linked, _ := strings.Cut(rest, ">")
		linked, _, _ = strings.Cut(linked, "<")
		fragment = slug(linked)
	}
	if fragment == "" {
		return title, ""
	}
	return title, name + "#" + fragment
}

// slug returns a text as a part of an address.
func slug(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "-")
}

// end brings what was read together: slugs become the numbers of those whom they
// mean.
func (y *team) end() (*File, error) {
	f := y.file
	people, seats, numbered := map[string]string{}, map[string]string{}, false
	for _, e := range y.entries {
		switch {
		case e.Holding == Vacant:
			seats[e.slug] = e.Position
		case e.slug != "":
			people[e.slug] = e.Number
		}
		numbered = numbered || e.Number != "" && e.Number != e.slug
	}
	f.Slugs = !numbered && !f.Fields[Position] && len(y.entries) > 0
	for _, e := range y.entries {
		if number, ok := people[e.Manager]; ok && e.Manager != "" {
			e.Manager = number
		} else if seat, ok := seats[e.Manager]; ok && e.Manager != "" {
			e.Manager, e.ManagerPosition = "", seat
			f.Fields[ManagerPosition] = true
		}
		f.add(&e.Row)
	}
	if len(y.entries) > 0 {
		f.Fields[HoldingField] = f.Fields[HoldingField] || len(seats) > 0
		f.Fields[Position] = f.Fields[Position] || len(seats) > 0
	}
	y.backstage()
	if err := f.full(); err != nil {
		return nil, err
	}
	return f.sorted(), nil
}

// WriteYAML writes rows as the team file of a handbook: a list of people and
// vacancies.
func WriteYAML(w io.Writer, rows []Row) error {
	list := &yaml.Node{Kind: yaml.SequenceNode}
	for i := range rows {
		list.Content = append(list.Content, teamEntry(&rows[i]))
	}
	return encode(w, list)
}

func encode(w io.Writer, docs ...*yaml.Node) error {
	if len(docs) == 0 {
		return nil
	}
	e := yaml.NewEncoder(w)
	e.SetIndent(2)
	for _, d := range docs {
		if err := e.Encode(d); err != nil {
			return fmt.Errorf("write people: %w", err)
		}
	}
	return e.Close()
}

// A mapping is a YAML mapping that is being written.
type mapping struct{ *yaml.Node }

func newMapping() mapping { return mapping{&yaml.Node{Kind: yaml.MappingNode}} }

// put adds a key with a text, unless that is empty.
func (m mapping) put(key, text string) {
	if text != "" {
		m.add(key, textNode(text))
	}
}

func (m mapping) add(key string, n *yaml.Node) { m.Content = append(m.Content, textNode(key), n) }

func textNode(text string) *yaml.Node {
	n := &yaml.Node{}
	n.SetString(text)
	return n
}

func teamEntry(r *Row) *yaml.Node {
	m := newMapping()
	kind := "person"
	if r.Holding == Vacant {
		kind = "vacancy"
	}
	m.put("type", kind)
	if r.Holding == Vacant {
		m.put("slug", r.Position)
	} else {
		m.put("slug", r.Number)
	}
	for _, f := range All {
		switch {
		case f == Manager:
			m.put("reports_to", r.Manager)
		case f == ManagedBefore && !r.ManagedBefore:
		default:
			m.put(string(f), r.Text(f))
		}
	}
	return m.Node
}
