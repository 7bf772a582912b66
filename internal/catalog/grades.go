package catalog

import (
	"cmp"
	"slices"

	"github.com/cadre-hq/cadre/internal/policy"
)

// A GradeTable lists the levels of all families by grade, as of a release.
type GradeTable struct {
	Release  Release
	Rows     []GradeRow    // the highest grade first
	Ungraded []GradedLevel // levels whose page states no grade
}

// A GradeRow holds the levels of one grade. A level of several grades is in
// several rows.
type GradeRow struct {
	Grade      string
	Management []GradedLevel
	Individual []GradedLevel
	Other      []GradedLevel // of which the page does not tell the track
}

// A GradedLevel is a level in a table of grades.
type GradedLevel struct {
	Family      FamilyID
	FamilyTitle string
	Version     int
	LevelSummary
}

// Grades returns the table of grades of the edition.
func (e *Edition) Grades() *GradeTable {
	t := &GradeTable{Release: e.Release}
	rows := map[string]*GradeRow{}
	for i := range e.Families {
		f := &e.Families[i]
		for _, l := range f.Levels {
			g := GradedLevel{f.ID, f.Title, f.Version, l}
			if len(l.Grades) == 0 {
				t.Ungraded = append(t.Ungraded, g)
			}
			for _, value := range l.Grades {
				row := rows[value]
				if row == nil {
					row = &GradeRow{Grade: value}
					rows[value] = row
				}
				switch l.Track {
				case "manager":
					row.Management = append(row.Management, g)
				case "ic":
					row.Individual = append(row.Individual, g)
				default:
					row.Other = append(row.Other, g)
				}
			}
		}
	}
	for _, row := range rows {
		t.Rows = append(t.Rows, *row)
	}
	slices.SortFunc(t.Rows, func(a, b GradeRow) int {
		return cmp.Or(policy.CompareGrades(b.Grade, a.Grade), cmp.Compare(a.Grade, b.Grade))
	})
	return t
}
