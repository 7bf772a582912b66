package catalogweb

import (
	"net/http"
	"strconv"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/form"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// A releaseList is what the list of releases shows.
type releaseList struct {
	releases []catalog.Release
	delivery *catalog.Delivery // the last message of the code host; may be nil
	own      bool              // the server has a source of its own
	names    people
	next     string
	publish  bool
	r        *http.Request
}

func (h *pages) releases(w http.ResponseWriter, r *http.Request) error {
	var in struct {
		After int64 `form:"after"`
	}
	_ = form.Query(r, &in) // what is no number begins with the latest
	l := releaseList{publish: h.mayPublish(r), own: h.options.Source != nil, r: r}
	var err error
	if l.delivery, err = h.catalog.LatestDelivery(r.Context(), auth.From(r.Context())); err != nil {
		return err
	}
	l.releases, err = h.catalog.Releases(r.Context(), auth.From(r.Context()), catalog.ReleaseNumber(in.After), pageSize+1)
	if err != nil {
		return err
	}
	if len(l.releases) > pageSize {
		l.releases = l.releases[:pageSize]
		l.next = strconv.FormatInt(int64(l.releases[pageSize-1].Number), 10)
	}
	ids := make([]auth.PrincipalID, len(l.releases))
	for i, e := range l.releases {
		ids[i] = e.By
	}
	if l.names, err = h.names(r.Context(), ids...); err != nil {
		return err
	}
	return web.Show(w, r, releasesPage(&l))
}

// A releaseView is what the page of a release shows.
type releaseView struct {
	*catalog.ReleaseDetail
	names people
}

func (h *pages) release(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil || n < 1 {
		return fault.New(fault.NotFound, "%q is no release: releases are counted from 1", r.PathValue("number"))
	}
	v := releaseView{}
	if v.ReleaseDetail, err = h.catalog.Release(r.Context(), auth.From(r.Context()), catalog.ReleaseNumber(n)); err != nil {
		return err
	}
	if v.names, err = h.names(r.Context(), v.By); err != nil {
		return err
	}
	return web.Show(w, r, releasePage(&v))
}

func releaseWords(n catalog.ReleaseNumber) string { return "Release " + strconv.Itoa(int(n)) }

// origin says where a release comes from.
func origin(r *catalog.Release) string {
	if r.Commit != "" {
		return r.Name + ", " + short(r.Commit)
	}
	return r.Name
}

// kindState returns how a kind of change is shown.
func kindState(k catalog.ChangeKind) (ui.State, string) {
	switch k {
	case catalog.Added:
		return ui.OK, "New"
	case catalog.Restored:
		return ui.OK, "Back"
	case catalog.Retired:
		return ui.Warn, "Retired"
	case catalog.Changed:
	}
	return ui.Current, "Changed"
}
