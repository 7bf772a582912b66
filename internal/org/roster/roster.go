// Package roster reads and writes lists of people and their positions, as other
// systems have them: CSV, the team files of a handbook, the catalog of Backstage.
//
// All of them become the same Rows: one for each position, with who holds it, or
// for each way in which somebody holds one. A reader keeps the rows that are
// good and says of each other line what is wrong with it; it fails only for a
// file that is none. What rows mean for an organisation is not decided here, and
// nothing here knows a database.
//
// What is written can be read again, and is then the same, as far as the format
// has a place for it: CSV and team files have one for everything.
package roster

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/nearest"
)

// A Row is a position with who holds it, or a person without a position.
type Row struct {
	File string // in a folder; "" if there is but one
	Line int

	// The person. All of it is empty for a vacant position.
	Number        string // by which the other system knows them
	Name          string
	Email         string
	Start         calendar.Day // of the employment; of the cover, in a row of one
	End           calendar.Day // the last day; "" is open
	Country       string
	Locality      string
	Zone          string // of the tz database
	Factor        string // location factor
	ManagedBefore bool   // had managed people before they came

	// The position. All of it is empty for somebody without one.
	Position   string // by which the other system knows it
	Title      string // "" is that of the level
	Level      string // family#level
	Specialty  string
	Department string
	Holding    Holding
	// Whom the position reports to: a person, by number or address, or a position
	// by its number. At most one of the two is given.
	Manager         string
	ManagerPosition string

	// Guessed says that the level is made of what the position is called.
	Guessed bool
}

// A Holding says how the person of a row holds its position.
type Holding string

// The holdings.
const (
	Regular     Holding = "regular"
	Interim     Holding = "interim"
	Acting      Holding = "acting"
	LifeSupport Holding = "life_support"
	Vacant      Holding = "vacant" // nobody does
	None        Holding = ""       // there is no position
)

// Holdings lists them as they are written.
var Holdings = []Holding{Regular, Interim, Acting, LifeSupport, Vacant}

// Covers reports whether it is a cover of a position that is not theirs.
func (h Holding) Covers() bool { return h == Interim || h == Acting || h == LifeSupport }

// IsPerson reports whether the row names somebody.
func (r *Row) IsPerson() bool { return r.Number != "" || r.Email != "" || r.Name != "" }

// IsPosition reports whether the row is about a position.
func (r *Row) IsPosition() bool {
	return r.Position != "" || r.Title != "" || r.Level != "" || r.Manager != "" || r.ManagerPosition != ""
}

// Place says where the row stands, for messages.
func (r *Row) Place() string {
	if r.File != "" {
		return fmt.Sprintf("%s:%d", r.File, r.Line)
	}
	return fmt.Sprintf("line %d", r.Line)
}

// A Field is a part of a row, by the name that its column has if nobody says
// otherwise.
type Field string

// The fields.
const (
	Number          Field = "employee_id"
	Name            Field = "name"
	Email           Field = "email"
	Start           Field = "start_date"
	End             Field = "end_date"
	Country         Field = "country"
	Locality        Field = "locality"
	Zone            Field = "time_zone"
	Factor          Field = "location_factor"
	ManagedBefore   Field = "managed_before"
	Position        Field = "position_id"
	Title           Field = "title"
	Level           Field = "level"
	Specialty       Field = "specialty"
	Department      Field = "department"
	HoldingField    Field = "holding"
	Manager         Field = "manager"
	ManagerPosition Field = "manager_position"
)

// All lists the fields in the order in which they are written.
var All = []Field{
	Number, Name, Email, Start, End, Country, Locality, Zone, Factor, ManagedBefore,
	Position, Title, Level, Specialty, Department, HoldingField, Manager, ManagerPosition,
}

// Fields is a set of fields.
type Fields map[Field]bool

// A File is what was read.
type File struct {
	Rows     []Row
	Rejected []Rejected // by line
	// Fields are those that the file has. What a file has no place for, it says
	// nothing about.
	Fields Fields
	// Slugs says that numbers are but words by which the file calls people, and
	// not those of another system.
	Slugs bool
}

// Rejected is a line that cannot be taken.
type Rejected struct {
	File   string `json:"file,omitempty"`
	Line   int    `json:"line"`
	Reason string `json:"reason"`
}

func (f *File) reject(file string, line int, format string, args ...any) {
	f.Rejected = append(f.Rejected, Rejected{file, line, fmt.Sprintf(format, args...)})
}

// Bounds of what is read.
const (
	MostBytes = 32 << 20 // of a file
	MostRows  = 200_000
	mostCell  = 2000
)

// Text returns a field as it is written.
func (r *Row) Text(f Field) string {
	if s := r.place(f); s != nil {
		return *s
	}
	switch f {
	case Start:
		return string(r.Start)
	case End:
		return string(r.End)
	case HoldingField:
		return string(r.Holding)
	case ManagedBefore:
		switch {
		case r.ManagedBefore:
			return "yes"
		case r.IsPerson():
			return "no"
		}
	}
	return ""
}

// place returns where a field is kept that is no more than text.
func (r *Row) place(f Field) *string {
	switch f {
	case Number:
		return &r.Number
	case Name:
		return &r.Name
	case Email:
		return &r.Email
	case Country:
		return &r.Country
	case Locality:
		return &r.Locality
	case Zone:
		return &r.Zone
	case Factor:
		return &r.Factor
	case Position:
		return &r.Position
	case Title:
		return &r.Title
	case Level:
		return &r.Level
	case Specialty:
		return &r.Specialty
	case Department:
		return &r.Department
	case Manager:
		return &r.Manager
	case ManagerPosition:
		return &r.ManagerPosition
	}
	return nil
}

// set puts a text that was read into a field. The error says what is wrong with
// it.
func (r *Row) set(f Field, text string) error {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > mostCell {
		return fmt.Errorf("%s has more than %d letters", f, mostCell)
	}
	switch f {
	case Email:
		r.Email = strings.ToLower(text)
	case Factor:
		r.Factor = strings.Replace(text, ",", ".", 1)
	case Start:
		return setDay(&r.Start, f, text)
	case End:
		return setDay(&r.End, f, text)
	case HoldingField:
		r.Holding = Holding(strings.ReplaceAll(strings.ToLower(text), " ", "_"))
		if r.Holding != None && !slices.Contains(Holdings, r.Holding) {
			return fmt.Errorf("%q is no holding%s", text, hintOf(string(r.Holding)))
		}
	case ManagedBefore:
		switch strings.ToLower(text) {
		case "yes", "y", "true", "1":
			r.ManagedBefore = true
		case "", "no", "n", "false", "0":
			r.ManagedBefore = false
		default:
			return fmt.Errorf("%s is %q: write yes or no", f, text)
		}
	default:
		*r.place(f) = text
	}
	return nil
}

// hintOf says which holdings there are.
func hintOf(written string) string {
	var known []string
	for _, h := range Holdings {
		known = append(known, string(h))
	}
	if hint := nearest.Hint(written, known); hint != "" {
		return hint
	}
	return ": write " + strings.Join(known, ", ")
}

func setDay(into *calendar.Day, f Field, text string) (err error) {
	if len(text) > 10 && text[10] == 'T' { // a moment: its day counts
		text = text[:10]
	}
	if *into = ""; text == "" {
		return nil
	}
	if *into, err = calendar.ParseDay(text); err != nil {
		return fmt.Errorf("%s: %w", f, err)
	}
	return nil
}

// settle gives a row the holding that it does not say, and tells what cannot be.
func (r *Row) settle() error {
	switch {
	case !r.IsPerson() && !r.IsPosition():
		return fmt.Errorf("it names neither a person nor a position")
	case r.Holding == None && !r.IsPosition():
	case r.Holding == None && r.IsPerson():
		r.Holding = Regular
	case r.Holding == None:
		r.Holding = Vacant
	case !r.IsPosition():
		return fmt.Errorf("it says how a position is held, but not which: give its id or what it is called")
	case r.Holding == Vacant && r.IsPerson():
		return fmt.Errorf("it is vacant, and yet somebody holds it: leave out who, or say how they hold it")
	case r.Holding != Vacant && !r.IsPerson():
		return fmt.Errorf("it says how the position is held, but not by whom")
	}
	switch {
	case r.Manager != "" && r.ManagerPosition != "":
		return fmt.Errorf("it names two managers, %s and the position %s: nobody has more than one", r.Manager, r.ManagerPosition)
	case r.End != "" && r.Start != "" && r.End < r.Start:
		return fmt.Errorf("it ends on %s, before it begins on %s", r.End, r.Start)
	}
	return nil
}

// add settles a row and takes it, or rejects it.
func (f *File) add(r *Row) {
	if err := r.settle(); err != nil {
		f.reject(r.File, r.Line, "%v", err)
		return
	}
	f.Rows = append(f.Rows, *r)
}

// full fails if a file has more rows than are taken.
func (f *File) full() error {
	if len(f.Rows)+len(f.Rejected) > MostRows {
		return fault.New(fault.Invalid, "the file has more than %d rows: send it in parts", MostRows)
	}
	return nil
}

// sorted brings what was rejected into order.
func (f *File) sorted() *File {
	slices.SortStableFunc(f.Rejected, func(x, y Rejected) int {
		if c := strings.Compare(x.File, y.File); c != 0 {
			return c
		}
		return x.Line - y.Line
	})
	return f
}
