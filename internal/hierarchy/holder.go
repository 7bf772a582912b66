package hierarchy

import (
	"slices"
	"strconv"
	"strings"
)

// A Function is what a counterpart of a node does, in the words of the policy
// pack.
type Function string

// The functions that the files name. Those of the policy pack are among them.
const (
	Product             Function = "product"
	Development         Function = "development"
	ProductDesign       Function = "product design"
	Quality             Function = "quality"
	ProductMarketing    Function = "product marketing"
	Support             Function = "support"
	TechnicalWriting    Function = "technical writing"
	ApplicationSecurity Function = "application security"
	Research            Function = "UX research"
	CustomerSuccess     Function = "customer success"
	Content             Function = "content"
	Legal               Function = "legal"
	AnalystRelations    Function = "analyst relations"
	Reliability         Function = "reliability engineering"
	Sponsor             Function = "product sponsor"
	InternalCustomer    Function = "internal customer"
)

// A slot is a field in which the files name people.
type slot struct {
	field    string
	function Function
	team     bool // it names a team, by the tag of its members, not a person
}

// slots are the fields in which people stand. The first of a function is where
// a new counterpart goes.
var slots = []slot{
	{"pm", Product, false},
	{"em", Development, false},
	{"backend_engineering_manager", Development, false},
	{"frontend_engineering_manager", Development, false},
	{"fullstack_engineering_manager", Development, false},
	{"fullstack_managers", Development, false},
	{"pdm", ProductDesign, false},
	{"ux", ProductDesign, false},
	{"spd", ProductDesign, false},
	{"sets", Quality, false},
	{"qm", Quality, false},
	{"pmm", ProductMarketing, false},
	{"support", Support, false},
	{"sm", Support, false},
	{"support_team_tag", Support, true},
	{"tech_writer", TechnicalWriting, false},
	{"appsec_engineer", ApplicationSecurity, false},
	{"uxr", Research, false},
	{"cs", CustomerSuccess, false},
	{"cs_team_tag", CustomerSuccess, true},
	{"cm", Content, false},
	{"legal", Legal, false},
	{"legal_team_tag", Legal, true},
	{"ar", AnalystRelations, false},
	{"ar_team_tag", AnalystRelations, true},
	{"rem", Reliability, false},
	{"product_sponsor", Sponsor, false},
}

// customers is a list of departments, each with somebody who answers for it.
const customers = "internal_customers"

// FieldOf returns the field in which a counterpart of a function stands; "" for
// a function that the files do not know.
func FieldOf(f Function) string {
	for _, s := range slots {
		if s.function == f {
			return s.field
		}
	}
	return ""
}

// FieldsOf returns all fields of a function.
func FieldsOf(f Function) []string {
	var out []string
	for _, s := range slots {
		if s.function == f {
			out = append(out, s.field)
		}
	}
	return out
}

// Words say how the files write that nobody holds something, or somebody only
// for now.
type Words struct {
	Open   []string // in place of a name, in any case
	Acting string   // behind a name
}

// A HolderState says how a slot is held.
type HolderState string

// The states of a slot.
const (
	Held   HolderState = "held"
	Acting HolderState = "acting"
	Open   HolderState = "open" // nobody: "TBD"
	ByTeam HolderState = "team" // a team, by its tag
)

// A Holder is somebody, or nobody, who is named in a field of a node.
type Holder struct {
	Path     string // of the value in the fields: "pm", "pdm/1"
	Field    string
	Function Function
	Label    string // what it is for, if the field says so: a department
	Text     string // as it is written
	Name     string // without the word that says acting; "" for an open one
	State    HolderState
}

// Holders returns who stands in the fields of a node, in their order.
func (n *Node) Holders(w Words) []Holder {
	var out []Holder
	for _, f := range n.Fields {
		visit(f, func(h Holder, text string) string {
			h.read(text, w)
			out = append(out, h)
			return text
		})
	}
	return out
}

// read says what a text in a slot means.
func (h *Holder) read(text string, w Words) {
	h.Text, h.Name = text, strings.TrimSpace(text)
	switch {
	case slices.ContainsFunc(w.Open, func(o string) bool { return strings.EqualFold(o, h.Name) }):
		h.Name, h.State = "", Open
	case h.State == ByTeam:
	case w.Acting != "" && strings.HasSuffix(strings.ToLower(h.Name), strings.ToLower(w.Acting)):
		h.Name, h.State = strings.TrimSpace(h.Name[:len(h.Name)-len(w.Acting)]), Acting
	default:
		h.State = Held
	}
}

// visit goes through the texts of a field that name people, and returns the
// field with each as f returns it.
func visit(f Field, each func(h Holder, text string) string) Field {
	if f.Key == customers {
		f.Value = visitCustomers(f.Value, each)
		return f
	}
	i := slices.IndexFunc(slots, func(s slot) bool { return s.field == f.Key })
	if i < 0 {
		return f
	}
	h := Holder{Path: f.Key, Field: f.Key, Function: slots[i].function}
	if slots[i].team {
		h.State = ByTeam
	}
	if f.Value.Kind != List {
		f.Value = visitText(f.Value, h, each)
		return f
	}
	items := slices.Clone(f.Value.Items)
	for i := range items {
		h.Path = f.Key + "/" + strconv.Itoa(i)
		items[i] = visitText(items[i], h, each)
	}
	f.Value.Items = items
	return f
}

// visitText gives a text that is not empty to each.
func visitText(v Value, h Holder, each func(Holder, string) string) Value {
	if v.Kind == Number { // a name of digits is a name
		v.Kind = Text
	}
	if v.Kind == Text && strings.TrimSpace(v.Text) != "" {
		v.Text = each(h, v.Text)
	}
	return v
}

func visitCustomers(v Value, each func(Holder, string) string) Value {
	if v.Kind != List {
		return v
	}
	v.Items = slices.Clone(v.Items)
	for i, item := range v.Items {
		if item.Kind != Map {
			continue
		}
		h := Holder{
			Path: customers + "/" + strconv.Itoa(i) + "/dri", Field: customers, Function: InternalCustomer, Label: item.Pairs.Get("department").String(),
		}
		if dri := item.Pairs.Get("dri"); dri.Kind == Text || dri.Kind == Number {
			v.Items[i].Pairs = item.Pairs.With("dri", visitText(dri, h, each))
		}
	}
	return v
}

// away stands in fields for a name that is kept elsewhere.
const away = "\x00"

// Strip returns fields without the names in them, and the names by path. Fill
// puts them back.
func (f Fields) Strip() (Fields, map[string]string) {
	names := map[string]string{}
	out := make(Fields, len(f))
	for i, one := range f {
		out[i] = visit(one, func(h Holder, text string) string {
			names[h.Path] = text
			return away
		})
	}
	return out, names
}

// Fill returns stripped fields with the names put back. One that is not there
// any more, because its bearer was erased, is open.
func (f Fields) Fill(names map[string]string, open string) Fields {
	out := make(Fields, len(f))
	for i, one := range f {
		out[i] = visit(one, func(h Holder, text string) string {
			switch name := names[h.Path]; {
			case text != away:
				return text
			case name == "":
				return open
			default:
				return name
			}
		})
	}
	return out
}

// SlotAt returns who stands in a slot by its path and words; false for a path
// in which no names stand.
func SlotAt(path, words string, w Words) (Holder, bool) {
	field, _, _ := strings.Cut(path, "/")
	h := Holder{Path: path, Field: field}
	if field == customers {
		h.Function = InternalCustomer
		h.read(words, w)
		return h, true
	}
	i := slices.IndexFunc(slots, func(s slot) bool { return s.field == field })
	if i < 0 {
		return h, false
	}
	h.Function = slots[i].function
	if slots[i].team {
		h.State = ByTeam
	}
	h.read(words, w)
	return h, true
}

// IsSlot reports whether names stand in a field.
func IsSlot(field string) bool {
	_, ok := SlotAt(field, "", Words{})
	return ok
}

// SlotFields lists the fields in which counterparts stand.
func SlotFields() []string {
	out := make([]string, len(slots))
	for i, s := range slots {
		out[i] = s.field
	}
	return out
}
