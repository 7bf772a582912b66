package roster

import (
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
)

// An entity is a user or a group of Backstage. Backstage has no positions: what
// there is of them besides stands in annotations, so that it comes back.
type entity struct {
	Row
	kind    string
	title   string
	members []string
	of      []string // memberOf
	broken  error
}

// annotation begins the names of annotations.
const annotation = "cadre/"

// key returns the name of the annotation of a field.
func (f Field) key() string { return annotation + strings.ReplaceAll(string(f), "_", "-") }

// list returns the texts of a list.
func list(n *yaml.Node) (all []string) {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	for _, c := range n.Content {
		all = append(all, refName(words(c)))
	}
	return all
}

// refName returns the name in a reference such as "group:default/yard".
func refName(ref string) string { return strings.ToLower(ref[strings.LastIndexAny(ref, ":/")+1:]) }

// readEntity reads a user or a group; nil is another kind of entity.
func readEntity(file string, n *yaml.Node) *entity {
	e := &entity{Row: Row{File: file, Line: n.Line}, kind: words(value(n, "kind"))}
	if e.kind != "User" && e.kind != "Group" {
		return nil
	}
	meta, spec := value(n, "metadata"), value(n, "spec")
	profile, notes := value(spec, "profile"), value(meta, "annotations")
	name := words(value(meta, "name"))
	e.title = words(value(profile, "displayName"))
	e.of, e.members = list(value(spec, "memberOf")), list(value(spec, "members"))
	set := func(f Field, text string) {
		if err := e.set(f, text); err != nil && e.broken == nil {
			e.broken = err
		}
	}
	if e.kind == "User" {
		set(Number, name)
		set(Name, e.title)
		if e.Name == "" {
			e.Name = name
		}
		set(Email, words(value(profile, "email")))
	}
	for _, f := range All {
		if v := value(notes, f.key()); v != nil {
			set(f, words(v))
		}
	}
	return e
}

// backstage takes what entities say: users are people, and a group that stands
// for a vacant position is one.
func (y *team) backstage() {
	f := y.file
	annotated := false
	for _, e := range y.entities {
		if e.broken != nil {
			f.reject(e.File, e.Line, "%v", e.broken)
			continue
		}
		annotated = annotated || e.Position != ""
		if e.kind == "Group" && e.Holding != Vacant {
			continue
		}
		f.add(&e.Row)
	}
	if len(y.entities) == 0 {
		return
	}
	for _, field := range []Field{Number, Name, Email} {
		f.Fields[field] = true
	}
	f.Slugs = !annotated
	if annotated {
		// Covers, and vacant positions that nobody reports to, have no place in
		// Backstage: it says nothing about how positions are held.
		for _, field := range All {
			f.Fields[field] = f.Fields[field] || field != HoldingField && field != Factor
		}
	}
}

// WriteBackstage writes rows as users and groups of Backstage: a group for each
// position that others report to, with who does so as its members. Covers, and
// vacant positions that nobody reports to, are left out.
func WriteBackstage(w io.Writer, rows []Row) error {
	b := &backstage{names: map[string]bool{}, team: map[int]string{}, byNumber: map[string]int{}, bySeat: map[string]int{}}
	for i := range rows {
		r := &rows[i]
		if r.Position != "" && (r.Holding == Regular || r.Holding == Vacant) {
			b.bySeat[r.Position] = i
		}
		if r.Holding == Regular {
			b.byNumber[r.person()] = i
		}
	}
	for i := range rows { // a position that is only covered is a vacant one here
		if r := &rows[i]; r.Holding.Covers() && r.Position != "" {
			if _, ok := b.bySeat[r.Position]; !ok {
				b.bySeat[r.Position] = i
			}
		}
	}
	below := map[int][]int{}
	for i := range rows {
		if up := b.above(&rows[i]); up >= 0 && !rows[i].Holding.Covers() {
			below[up] = append(below[up], i)
		}
	}
	for i := range rows {
		if len(below[i]) > 0 {
			b.team[i] = b.name("team-" + firstOf(rows[i].Position, rows[i].person()))
		}
	}
	users := map[int]string{}
	for i := range rows {
		if r := &rows[i]; r.Holding == Regular || r.Holding == None {
			users[i] = b.name(firstOf(r.Number, r.Email))
		}
	}
	var docs []*yaml.Node
	for i := range rows {
		if b.team[i] != "" {
			docs = append(docs, b.group(rows, i, below[i], users))
		}
	}
	for i := range rows {
		if users[i] != "" {
			docs = append(docs, b.user(&rows[i], users[i], b.team[i]))
		}
	}
	return encode(w, docs...)
}

// A backstage is a catalog that is being written.
type backstage struct {
	names            map[string]bool
	team             map[int]string // name of the group that a row leads
	byNumber, bySeat map[string]int
}

// person returns by what others name the person of a row.
func (r *Row) person() string { return firstOf(r.Number, r.Email) }

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// above returns the row of the position that one reports to, or -1.
func (b *backstage) above(r *Row) int {
	if r.Manager != "" {
		if i, ok := b.byNumber[r.Manager]; ok {
			return i
		}
	}
	if r.ManagerPosition != "" {
		if i, ok := b.bySeat[r.ManagerPosition]; ok {
			return i
		}
	}
	return -1
}

// name makes a name that Backstage takes, and that nothing else has.
func (b *backstage) name(text string) string {
	name := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, text)
	name = strings.Trim(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '-' }), "-"), "-")
	if name = name[:min(len(name), 55)]; name == "" {
		name = "somebody"
	}
	unique := name
	for n := 2; b.names[strings.ToLower(unique)]; n++ {
		unique = fmt.Sprintf("%s-%d", name, n)
	}
	b.names[strings.ToLower(unique)] = true
	return unique
}

// start returns an entity with its head; what a row says besides its name and
// address becomes annotations.
func start(kind, name string, r *Row) (m, meta, spec mapping) {
	m, meta, spec = newMapping(), newMapping(), newMapping()
	m.put("apiVersion", "backstage.io/v1alpha1")
	m.put("kind", kind)
	m.add("metadata", meta.Node)
	m.add("spec", spec.Node)
	meta.put("name", name)
	notes := newMapping()
	for _, f := range All {
		switch f {
		case Name, Email, Factor: // a location factor is not for a catalog of software
			continue
		case ManagedBefore:
			if r.ManagedBefore {
				notes.put(f.key(), "yes")
			}
			continue
		}
		notes.put(f.key(), r.Text(f))
	}
	if len(notes.Content) > 0 {
		meta.add("annotations", notes.Node)
	}
	return m, meta, spec
}

func (b *backstage) group(rows []Row, i int, below []int, users map[int]string) *yaml.Node {
	r := rows[i]
	if users[i] != "" {
		r = Row{Position: r.Position} // the user says the rest
	} else {
		r.Number, r.Name, r.Email, r.Start, r.End, r.Country, r.Locality, r.Zone, r.ManagedBefore = "", "", "", "", "", "", "", "", false
		r.Holding = Vacant
	}
	m, _, spec := start("Group", b.team[i], &r)
	spec.put("type", "team")
	profile := newMapping()
	profile.put("displayName", firstOf(rows[i].Title, rows[i].Name, rows[i].Level, rows[i].Position))
	spec.add("profile", profile.Node)
	if up := b.above(&rows[i]); up >= 0 {
		spec.put("parent", b.team[up])
	}
	children, members := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}, &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	for _, at := range append([]int{i}, below...) {
		if name := b.team[at]; name != "" && at != i {
			children.Content = append(children.Content, textNode(name))
		}
		if users[at] != "" {
			members.Content = append(members.Content, textNode(users[at]))
		}
	}
	spec.add("children", children)
	spec.add("members", members)
	return m.Node
}

func (b *backstage) user(r *Row, name, leads string) *yaml.Node {
	m, _, spec := start("User", name, r)
	profile := newMapping()
	profile.put("displayName", r.Name)
	profile.put("email", r.Email)
	spec.add("profile", profile.Node)
	of := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
	if up := b.above(r); up >= 0 && b.team[up] != "" {
		of.Content = append(of.Content, textNode(b.team[up]))
	}
	if leads != "" {
		of.Content = append(of.Content, textNode(leads))
	}
	spec.add("memberOf", of)
	return m.Node
}
