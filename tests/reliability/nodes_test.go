package reliability

import (
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cadre-hq/cadre/internal/store/storetest"
	"github.com/cadre-hq/cadre/internal/web/webtest"
)

// Two servers on one PostgreSQL start at the same time, on an empty database,
// and serve the same. Either may be killed: the other one goes on, and what
// either answered is there.
func TestTwoNodes(t *testing.T) {
	first := newEstate(t, storetest.Empty(t, ""))
	second := newEstate(t, first.database)
	second.key = first.key
	var nodes [2]*server
	var starting sync.WaitGroup
	for i, e := range []*estate{first, second} {
		starting.Go(func() { nodes[i] = e.start(t) })
	}
	starting.Wait()
	if t.Failed() {
		t.FailNow()
	}
	token := first.publisher(t)
	l := &ledger{saved: map[string]int64{}}
	for round := range 3 {
		for i, node := range nodes {
			name := fmt.Sprintf("ship-%d-%d", round, i)
			release, err := publish(node.base, token, name)
			if err != nil {
				t.Fatalf("%v\n%s", err, node.log)
			}
			l.note(name, release, nil)
			// The other one answers a repeated request as this one did.
			if again, err := publish(nodes[1-i].base, token, name); err != nil || again != release {
				t.Errorf("%s is release %d at one node and %d at the other: %v", name, release, again, err)
			}
			l.sees(t, nodes[1-i], token, release)
		}
	}
	for round := range 4 {
		dying := round % 2
		clients := l.write(t, nodes[dying].base, token, 10+round)
		name := fmt.Sprintf("other-%d", round)
		nodes[dying].kill()
		clients.Wait()
		release, err := publish(nodes[1-dying].base, token, name)
		if err != nil {
			t.Fatalf("the other node does not go on: %v\n%s", err, nodes[1-dying].log)
		}
		l.note(name, release, nil)
		nodes[dying] = [2]*estate{first, second}[dying].start(t)
		l.sees(t, nodes[dying], token, release)
	}
	for _, node := range nodes {
		node.stop(t)
	}
	l.holds(t, first)
}

// sees asks a node for a release.
func (l *ledger) sees(t *testing.T, s *server, token string, release int64) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, fmt.Sprintf("%s/api/v1/releases/%d", s.base, release), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("release %d is not at %s: %s", release, s.base, answer.Status)
	}
}

// Somebody who signed in at one node is signed in at all, and signed out of all
// at once. A letter that is asked for at one node is sent by any, once.
func TestNodesShareSessionsAndJobs(t *testing.T) {
	first := newEstate(t, storetest.Empty(t, ""))
	second := newEstate(t, first.database)
	second.key = first.key
	nodes := []*server{first.start(t), second.start(t)}
	first.run(t, "correct horse battery staple\n", "user", "add", "ada@meridian.example", "--name", "Ada Okafor", "--password-stdin")

	// One browser, whose requests a balancer sends to one node or the other.
	var to atomic.Int32
	balancer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		target, err := url.Parse(nodes[to.Load()].base)
		if err != nil {
			t.Error(err)
			return
		}
		(&httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) { p.SetURL(target); p.Out.Host = target.Host }}).ServeHTTP(w, r)
	})
	b := webtest.Browse(t, balancer)
	b.Get("/sign-in").Form("/sign-in").Fill("email", "ada@meridian.example").Fill("password", "correct horse battery staple").Submit().Wants("Job families")
	for round := range 6 {
		to.Store(int32(round % 2))
		b.Get("/families").WantsStatus(200).Wants("Ada Okafor")
	}
	to.Store(0)
	b.Get("/families").Form("/sign-out").Submit()
	to.Store(1)
	b.Get("/families").Lacks("Ada Okafor")

	for round := range 4 {
		to.Store(int32(round % 2))
		page := b.Get("/forgot")
		page.Forms()[0].Fill("email", "ada@meridian.example").Submit().WantsStatus(200)
	}
	letters := func() (n int) {
		for _, e := range []*estate{first, second} {
			found, _ := filepath.Glob(filepath.Join(e.data, "mail", "*"))
			n += len(found)
		}
		return n
	}
	for began := time.Now(); letters() < 4 && time.Since(began) < 20*time.Second; {
		time.Sleep(50 * time.Millisecond)
	}
	time.Sleep(time.Second) // in which one too many would come
	if n := letters(); n != 4 {
		t.Errorf("4 letters were asked for, and %d are sent", n)
	}
	for _, node := range nodes {
		node.stop(t)
	}
}
