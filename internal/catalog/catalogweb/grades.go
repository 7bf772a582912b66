package catalogweb

import (
	"net/http"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
)

// A gradeView is what the table of grades shows.
type gradeView struct {
	latest *catalog.Edition // nil before anything was published
	table  *catalog.GradeTable
	on     time.Time // the day that was asked for; zero is now
	none   bool      // nothing was in force on that day
	form   *form.Form
}

func (h *pages) grades(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		On time.Time `form:"on"`
	}
	v := gradeView{form: form.Query(r, &in), on: in.On}
	var err error
	if v.latest, err = h.released(r); err != nil || v.latest == nil {
		if err != nil {
			return err
		}
		return web.Show(w, r, gradesPage(&v))
	}
	e := v.latest
	if !v.on.IsZero() && v.form.OK() {
		e, err = h.catalog.EditionAt(r.Context(), auth.From(r.Context()), v.on.AddDate(0, 0, 1).Add(-time.Microsecond))
		if v.none = fault.KindOf(err) == fault.NotFound; err != nil && !v.none {
			return err
		}
	}
	if !v.none {
		v.table = e.Grades()
	}
	return web.Show(w, r, gradesPage(&v))
}
