package roster

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/nearest"
)

// A Mapping says which column of a CSV file is which field, by the heading of
// the column; "" is none of them. A field that it does not name is guessed.
type Mapping map[Field]string

// synonyms are what other systems call a field, in small letters without what is
// between them.
var synonyms = map[Field][]string{
	Number:          {"employeeid", "employeenumber", "employeeno", "personid", "personnumber", "staffid", "personnelnumber", "workerid", "number"},
	Name:            {"name", "fullname", "displayname", "employeename", "preferredname", "legalname"},
	Email:           {"email", "emailaddress", "workemail", "mail", "businessemail", "companyemail"},
	Start:           {"startdate", "hiredate", "start", "joined", "datehired", "employmentstart"},
	End:             {"enddate", "terminationdate", "end", "leavingdate", "lastday", "employmentend"},
	Country:         {"country", "countryname"},
	Locality:        {"locality", "city", "location", "town"},
	Zone:            {"timezone", "tz", "zone"},
	Factor:          {"locationfactor", "geofactor", "locfactor"},
	ManagedBefore:   {"managedbefore", "managementexperience", "wasmanager"},
	Position:        {"positionid", "positionnumber", "position", "seatid", "jobid"},
	Title:           {"title", "jobtitle", "positiontitle", "role"},
	Level:           {"level", "joblevel", "familylevel"},
	Specialty:       {"specialty", "speciality", "specialization"},
	Department:      {"department", "dept", "costcenter", "team"},
	HoldingField:    {"holding", "status", "positionstatus"},
	Manager:         {"manager", "managerid", "manageremployeeid", "reportsto", "supervisor", "supervisorid", "linemanager", "manageremail"},
	ManagerPosition: {"managerposition", "managerpositionid", "reportstoposition", "supervisorposition"},
}

// Guess says which column is probably which field.
func Guess(header []string) Mapping {
	m := Mapping{}
	taken := map[string]bool{}
	for _, f := range All {
		for _, known := range synonyms[f] {
			i := slices.IndexFunc(header, func(h string) bool { return !taken[h] && bare(h) == known })
			if i >= 0 {
				m[f] = header[i]
				taken[header[i]] = true
				break
			}
		}
	}
	return m
}

// bare returns a heading in small letters, without what is between them.
func bare(heading string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}

// Header returns the headings of the columns of a CSV file.
func Header(text []byte) ([]string, error) {
	r, err := newCSV(text)
	if err != nil {
		return nil, err
	}
	return header(r)
}

func header(r *csv.Reader) ([]string, error) {
	row, err := r.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, fault.New(fault.Invalid, "the file is empty")
	case err != nil:
		return nil, fault.New(fault.Invalid, "the first line cannot be read: %w", unwrapped(err))
	}
	seen := map[string]bool{}
	for i, h := range row {
		row[i] = strings.Join(strings.Fields(h), " ")
		if row[i] != "" && seen[row[i]] {
			return nil, fault.New(fault.Invalid, "two columns are called %q: give each a heading of its own", row[i])
		}
		seen[row[i]] = true
	}
	return row, nil
}

// unwrapped returns what a CSV reader found, without its place.
func unwrapped(err error) error {
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		return e.Err
	}
	return err
}

// newCSV returns a reader of a file, whose cells are separated by what stands in
// its first line.
func newCSV(text []byte) (*csv.Reader, error) {
	text, err := decoded(text)
	if err != nil {
		return nil, err
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	first, _, _ := bytes.Cut(text, []byte("\n"))
	most := 0
	for _, sep := range ",;\t" {
		if n := bytes.Count(first, []byte(string(sep))); n > most {
			most, r.Comma = n, sep
		}
	}
	return r, nil
}

// decoded returns a text of UTF-8 without its mark, or says what it is instead.
func decoded(text []byte) ([]byte, error) {
	if len(text) > MostBytes {
		return nil, fault.New(fault.Invalid, "the file has more than %d MiB: send it in parts", MostBytes>>20)
	}
	if bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) {
		return nil, fault.New(fault.Invalid, "the file is UTF-16: save it as CSV in UTF-8")
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if utf8.Valid(text) {
		return text, nil
	}
	line := 1
	for rest := text; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		rest = rest[n:]
	}
	return nil, fault.New(fault.Invalid, "line %d has letters that are not UTF-8, as in files of Windows-1252: save the file as “CSV UTF-8”", line)
}

// ReadCSV reads a CSV file. Its cells are separated by commas, semicolons or
// tabs; its columns may stand in any order, and others are ignored.
func ReadCSV(text []byte, m Mapping) (*File, error) {
	r, err := newCSV(text)
	if err != nil {
		return nil, err
	}
	head, err := header(r)
	if err != nil {
		return nil, err
	}
	columns, err := m.columns(head)
	if err != nil {
		return nil, err
	}
	f := &File{Fields: Fields{}}
	for _, c := range columns {
		f.Fields[c.field] = true
	}
	for {
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return f.sorted(), nil
		}
		if err != nil {
			f.broken(err)
		} else if line, _ := r.FieldPos(0); !isBlank(cells) {
			f.row(line, cells, head, columns)
		}
		if err := f.full(); err != nil {
			return nil, err
		}
	}
}

// isBlank reports whether a line says nothing.
func isBlank(cells []string) bool {
	return !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" })
}

// broken rejects a line that is no CSV.
func (f *File) broken(err error) {
	line := 0
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		line = e.StartLine
	}
	f.reject("", line, "its quotation marks cannot be read: %v", unwrapped(err))
}

// A column is one that is a field.
type column struct {
	at    int
	field Field
}

// columns finds the columns of a header.
func (m Mapping) columns(head []string) ([]column, error) {
	guess := Guess(head)
	for f, heading := range m {
		if !slices.Contains(All, f) {
			return nil, fault.New(fault.Invalid, "there is no field %q to map a column to%s", f, nearest.Hint(string(f), names()))
		}
		for other, h := range guess {
			if h == heading && other != f {
				delete(guess, other) // what somebody says counts more
			}
		}
		guess[f] = heading
	}
	var found []column
	for _, f := range All {
		heading := strings.Join(strings.Fields(guess[f]), " ")
		if heading == "" {
			continue
		}
		i := slices.Index(head, heading)
		if i < 0 {
			return nil, fault.New(fault.Invalid, "no column is called %q%s", heading, nearest.Hint(heading, head))
		}
		found = append(found, column{i, f})
	}
	is := func(f Field) bool { return slices.ContainsFunc(found, func(c column) bool { return c.field == f }) }
	if !is(Number) && !is(Email) && !is(Position) {
		return nil, fault.New(fault.Invalid, "no column tells people or positions apart: map %s, %s or %s to one", Number, Email, Position)
	}
	return found, nil
}

// names returns the fields as words.
func names() []string {
	all := make([]string, len(All))
	for i, f := range All {
		all[i] = string(f)
	}
	return all
}

// row takes a line.
func (f *File) row(line int, cells, head []string, columns []column) {
	if len(cells) > len(head) && !isBlank(cells[len(head):]) {
		f.reject("", line, "it has %d cells, and there are %d columns: is a cell with a separator in it not quoted?", len(cells), len(head))
		return
	}
	r := &Row{Line: line}
	for _, c := range columns {
		if c.at >= len(cells) {
			continue
		}
		if err := r.set(c.field, unguarded(strings.TrimSpace(cells[c.at]))); err != nil {
			f.reject("", line, "%v", err)
			return
		}
	}
	f.add(r)
}

// WriteCSV writes rows with a column for each field. A cell that a spreadsheet
// would take for a formula begins with an apostrophe.
func WriteCSV(w io.Writer, rows []Row) error {
	out := csv.NewWriter(w)
	cells := names()
	if err := out.Write(cells); err != nil {
		return fmt.Errorf("write people: %w", err)
	}
	for i := range rows {
		for j, f := range All {
			cells[j] = guarded(rows[i].Text(f))
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("write people: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}

// isFormula reports whether a spreadsheet might compute a cell, or would if it
// did not begin with apostrophes.
func isFormula(cell string) bool {
	cell = strings.TrimLeft(cell, "'")
	return cell != "" && strings.ContainsRune("=+-@", rune(cell[0]))
}

func guarded(cell string) string {
	if isFormula(cell) {
		return "'" + cell
	}
	return cell
}

func unguarded(cell string) string {
	if isFormula(cell) {
		return strings.TrimPrefix(cell, "'")
	}
	return cell
}
