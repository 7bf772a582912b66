// Package load sends the same request to a server from many clients at once,
// and tells how fast it was answered.
//
// A client is one connection that sends its next request when the last one is
// answered. The package reads answers with net/http and does nothing else with
// them, so that most of the machine is left to the server. An answer of another
// status than the one wanted is an error: a server that refuses is fast.
package load

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"slices"
	"time"
)

// A Target is what is asked, and of whom.
type Target struct {
	Address string // host:port
	Request []byte // as it goes over the wire
	Status  int    // that is wanted
}

// Wire returns a request as it goes over the wire.
func Wire(r *http.Request) ([]byte, error) { return httputil.DumpRequestOut(r, true) }

// A Result is how a target did.
type Result struct {
	Requests  int
	Took      time.Duration
	Bytes     int64 // of the bodies of all answers
	latencies []time.Duration
}

// Rate returns the requests that were answered in a second.
func (r *Result) Rate() float64 { return float64(r.Requests) / r.Took.Seconds() }

// Latency returns the time within which a share of the requests was answered,
// such as 0.99.
func (r *Result) Latency(share float64) time.Duration {
	if len(r.latencies) == 0 {
		return 0
	}
	return r.latencies[min(int(share*float64(len(r.latencies))), len(r.latencies)-1)]
}

// Run lets clients ask for so long. Each finishes the request that it is in.
func Run(ctx context.Context, t Target, clients int, length time.Duration) (*Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	results, errs := make(chan *Result, clients), make(chan error, clients)
	began := time.Now()
	for range clients {
		go func() {
			r, err := t.client(ctx, began.Add(length))
			results <- r
			errs <- err
			if err != nil {
				cancel()
			}
		}()
	}
	all := &Result{}
	var failed error
	for range clients {
		r := <-results
		all.Requests += r.Requests
		all.Bytes += r.Bytes
		all.latencies = append(all.latencies, r.latencies...)
		if err := <-errs; err != nil && failed == nil {
			failed = err
		}
	}
	all.Took = time.Since(began)
	slices.Sort(all.latencies)
	return all, failed
}

// client asks until the end.
func (t *Target) client(ctx context.Context, end time.Time) (*Result, error) {
	r := &Result{}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", t.Address)
	if err != nil {
		return r, err
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 32<<10)
	for now := time.Now(); now.Before(end) && ctx.Err() == nil; {
		if _, err := conn.Write(t.Request); err != nil {
			return r, err
		}
		n, err := t.read(in)
		if err != nil {
			return r, err
		}
		then := time.Now()
		r.latencies = append(r.latencies, then.Sub(now))
		r.Requests++
		r.Bytes += n
		now = then
	}
	return r, nil
}

// read reads one answer.
func (t *Target) read(in *bufio.Reader) (int64, error) {
	a, err := http.ReadResponse(in, nil)
	if err != nil {
		return 0, err
	}
	defer a.Body.Close()
	if a.StatusCode != t.Status {
		text, _ := io.ReadAll(io.LimitReader(a.Body, 500))
		return 0, fmt.Errorf("the answer is %s, not %d: %s", a.Status, t.Status, text)
	}
	return io.Copy(io.Discard, a.Body)
}
