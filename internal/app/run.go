package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
)

// Bounds of a connection, for who sends or reads so slowly that the server has
// no end of it. Pages and API have a bound for the work of each route; one that
// takes large uploads lifts readTime for those who are signed in.
const (
	headerTime = 10 * time.Second
	readTime   = time.Minute
	writeTime  = 10 * time.Minute
	idleTime   = 2 * time.Minute
	maxHeader  = 64 << 10
)

// Run serves until the context ends. Ready is called with the address of pages
// and API once they are served; it may be nil.
func (a *App) Run(ctx context.Context, ready func(net.Addr)) error {
	pages, err := net.Listen("tcp", a.settings.Addr)
	if err != nil {
		return fault.New(fault.Invalid, "cannot listen at %s: %w", a.settings.Addr, err)
	}
	figures, err := a.listenForMetrics()
	if err != nil {
		return errors.Join(err, pages.Close())
	}
	// What runs goes on after the context has ended, until it is told to stop.
	running := context.WithoutCancel(ctx)
	jobs, stopJobs := context.WithCancel(running)
	defer stopJobs()
	failed := make(chan error, 4)
	begin := func(what string, f func() error) {
		go func() {
			if err := f(); err != nil && !errors.Is(err, http.ErrServerClosed) {
				err = fmt.Errorf("%s: %w", what, err)
				failed <- err
				return
			}
			failed <- nil
		}()
	}
	front := a.server(running, a.handler)
	begin("serve pages", func() error { return front.Serve(pages) })
	begin("do jobs", func() error { return a.queue.Run(jobs) })
	begin("seal", func() error { a.sealEvery(jobs, time.Hour); return nil })
	parts := 3
	back := a.server(running, http.HandlerFunc(a.serveMetrics))
	if figures != nil {
		begin("serve metrics", func() error { return back.Serve(figures) })
		parts++
	}
	if ready != nil {
		ready(pages.Addr())
	}
	select {
	case <-ctx.Done():
	case err = <-failed:
		parts--
	}
	a.stopping.Store(true)
	a.log.InfoContext(running, "the server stops", "within", a.settings.StopWithin.String())
	limit, cancel := context.WithTimeout(running, time.Duration(a.settings.StopWithin))
	defer cancel()
	stopJobs()
	err = errors.Join(err, a.end(limit, front), a.end(limit, back))
	for ; parts > 0; parts-- {
		err = errors.Join(err, <-failed)
	}
	a.seal(running)
	// What is still to be told of the requests has a moment of its own.
	last, cancel := context.WithTimeout(running, 2*time.Second)
	defer cancel()
	if lost := a.traces.stop(last); lost != nil {
		a.log.WarnContext(running, "the last traces were not sent", "error", lost)
	}
	return err
}

// listenForMetrics listens for those who collect metrics. Nobody chose the
// usual address, so it is no error if another server has it.
func (a *App) listenForMetrics() (net.Listener, error) {
	if a.settings.MetricsAddr == "" {
		return nil, nil //nolint:nilnil // no listener is what is asked for
	}
	l, err := net.Listen("tcp", a.settings.MetricsAddr)
	switch {
	case err == nil:
		return l, nil
	case a.settings.IsSet("metrics_addr"):
		return nil, fault.New(fault.Invalid, "cannot listen for metrics at %s: %w", a.settings.MetricsAddr, err)
	}
	a.log.Warn("there are no metrics: the address is taken; name another one with --metrics-addr", "addr", a.settings.MetricsAddr)
	return nil, nil //nolint:nilnil // no listener is what there is
}

func (a *App) server(running context.Context, h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime,
		IdleTimeout: idleTime, MaxHeaderBytes: maxHeader,
		BaseContext: func(net.Listener) context.Context { return running },
		ErrorLog:    slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
}

// end lets the requests in hand end, and cuts off those that last too long.
func (a *App) end(limit context.Context, s *http.Server) error {
	err := s.Shutdown(limit)
	if errors.Is(err, context.DeadlineExceeded) {
		a.log.Warn("requests were cut off: they lasted longer than stop_within")
		return s.Close()
	}
	return err
}
