package app

import (
	"io"
	"net/http"
	"runtime"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/store"
)

// measures are the metrics of a server. Labels are routes, status codes and
// states: all of them words of the program, so that their number is bounded and
// none tells of a person.
type measures struct {
	set    *metrics.Set
	flying atomic.Int64
}

// newMeasures returns the metrics of a program of a version.
func newMeasures(version string) *measures {
	m := &measures{set: metrics.NewSet()}
	m.set.NewGauge("cadre_build_info{version="+strconv.Quote(version)+",go="+strconv.Quote(runtime.Version())+"}", func() float64 { return 1 })
	m.set.NewGauge("cadre_http_requests_in_flight", func() float64 { return float64(m.flying.Load()) })
	return m
}

// answered counts a request to a route, such as "GET /families".
func (m *measures) answered(route string, status int, took time.Duration) {
	labels := "{route=" + strconv.Quote(route)
	m.set.GetOrCreateCounter("cadre_http_requests_total" + labels + ",status=" + strconv.Quote(strconv.Itoa(status)) + "}").Inc()
	m.set.GetOrCreatePrometheusHistogram("cadre_http_request_seconds" + labels + "}").Update(took.Seconds())
}

// watchDatabase measures the connections of the database.
func (m *measures) watchDatabase(db *store.DB) {
	stats := func(name string, read func() float64) { m.set.NewGauge("cadre_database_"+name, read) }
	stats("connections_open", func() float64 { return float64(db.Pool().Stats().OpenConnections) })
	stats("connections_in_use", func() float64 { return float64(db.Pool().Stats().InUse) })
	m.set.NewGauge("cadre_database_wait_seconds_total", func() float64 { return db.Pool().Stats().WaitDuration.Seconds() })
}

// serveMetrics answers with all metrics in the text format of Prometheus. What must
// be asked of the database is asked now, within a second.
func (a *App) serveMetrics(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	a.metrics.set.WritePrometheus(w)
	a.writeState(w, r)
	metrics.WriteProcessMetrics(w)
}

// writeState writes what the database knows: whether the server is ready, and
// how many jobs there are.
func (a *App) writeState(w io.Writer, r *http.Request) {
	ready := uint64(1)
	if a.problem(r.Context()) != "" {
		ready = 0
	}
	metrics.WriteGaugeUint64(w, "cadre_ready", ready)
	if ready == 0 {
		return
	}
	var counts map[jobs.State]int
	err := a.db.View(r.Context(), func(tx store.Tx) (err error) {
		counts, err = a.queue.Counts(r.Context(), tx)
		return err
	})
	if err != nil {
		return
	}
	for _, state := range jobs.States {
		metrics.WriteGaugeUint64(w, "cadre_jobs{state="+strconv.Quote(string(state))+"}", uint64(counts[state]))
	}
}
