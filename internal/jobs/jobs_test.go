package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/store"
	"github.com/cadre-hq/cadre/internal/store/storetest"
)

func TestMain(m *testing.M) {
	if place := os.Getenv(nodeVariable); place != "" {
		node(place)
		return
	}
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("database/sql.(*DB).connectionOpener"))
}

// greet is a job for tests.
type greet struct {
	Person int `json:"person"`
}

func (greet) Kind() string { return "test.greet_person" }

// A calls counts how often each person was greeted.
type calls struct {
	mu    sync.Mutex
	count map[int]int
}

func (c *calls) greet(person int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == nil {
		c.count = map[int]int{}
	}
	c.count[person]++
	return c.count[person]
}

func (c *calls) of(person int) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count[person]
}

func newQueue(t testing.TB, db *store.DB, o jobs.Options) *jobs.Queue {
	t.Helper()
	if o.Log == nil {
		o.Log = storetest.Log(t)
	}
	q, err := jobs.New(db, o)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// running runs a queue until the test ends, or until stop is called.
func running(t testing.TB, q *jobs.Queue) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- q.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func insert(t testing.TB, db *store.DB, q *jobs.Queue, args jobs.Args) {
	t.Helper()
	err := db.Update(context.Background(), func(tx store.Tx) error { return q.Insert(context.Background(), tx, args) })
	if err != nil {
		t.Fatal(err)
	}
}

func list(t testing.TB, db *store.DB, q *jobs.Queue, f jobs.Filter) (found []jobs.Entry) {
	t.Helper()
	err := db.View(context.Background(), func(tx store.Tx) (err error) {
		found, _, err = q.List(context.Background(), tx, f)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// eventually waits until something holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !holds(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("in vain: %s", what)
		}
	}
}

// A job is there exactly if the change is that wants it.
func TestJobBelongsToItsTransaction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q := newQueue(t, db, jobs.Options{Poll: 50 * time.Millisecond})
		var done calls
		jobs.Register(q, jobs.Policy{}, func(_ context.Context, j jobs.Job[greet]) error {
			done.greet(j.Args.Person)
			return nil
		})
		running(t, q)
		undone := errors.New("something else went wrong")
		err := db.Update(t.Context(), func(tx store.Tx) error {
			return errors.Join(q.Insert(t.Context(), tx, greet{1}), undone)
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		insert(t, db, q, greet{2})
		eventually(t, "the second is greeted", func() bool { return done.of(2) == 1 })
		eventually(t, "the job is over", func() bool { return len(list(t, db, q, jobs.Filter{State: jobs.Completed})) == 1 })
		if done.of(1) != 0 || len(list(t, db, q, jobs.Filter{})) != 1 {
			t.Errorf("the job of a transaction that was undone ran, or is there: %v", list(t, db, q, jobs.Filter{}))
		}
	})
}

// The commit wakes the workers, so that nobody waits for the next poll.
func TestJobStartsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q := newQueue(t, db, jobs.Options{Poll: time.Hour})
		done := make(chan int, 100)
		jobs.Register(q, jobs.Policy{}, func(_ context.Context, j jobs.Job[greet]) error {
			done <- j.Args.Person
			return nil
		})
		running(t, q)
		insert(t, db, q, greet{0})
		select {
		case <-done: // the first may be found by the look at the start
		case <-time.After(20 * time.Second):
			t.Fatal("the first job was not done")
		}
		for i := 1; i < 5; i++ {
			time.Sleep(300 * time.Millisecond)
			began := time.Now()
			insert(t, db, q, greet{i})
			select {
			case <-done:
				t.Logf("job %d was done after %s", i, time.Since(began))
			case <-time.After(20 * time.Second):
				t.Fatalf("job %d waits for the poll", i)
			}
		}
	})
}

// Two nodes share one queue, and each job is done once.
func TestNodesShareJobs(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		const n = 200
		var done calls
		var worked [2]atomic.Int64
		var queues [2]*jobs.Queue
		var dbs [2]*store.DB
		for i := range queues {
			dbs[i] = storetest.Open(t, place)
			queues[i] = newQueue(t, dbs[i], jobs.Options{Poll: 50 * time.Millisecond, Workers: 2})
			jobs.Register(queues[i], jobs.Policy{}, func(_ context.Context, j jobs.Job[greet]) error {
				time.Sleep(time.Millisecond)
				done.greet(j.Args.Person)
				worked[i].Add(1)
				return nil
			})
		}
		for i := range queues {
			running(t, queues[i])
		}
		// On SQLite, where one node is meant to be alone, the start of the
		// second must not fall among the jobs of the first.
		time.Sleep(300 * time.Millisecond)
		var wg sync.WaitGroup
		for i := range n {
			wg.Go(func() { insert(t, dbs[i%2], queues[i%2], greet{i}) })
		}
		wg.Wait()
		eventually(t, "all jobs are over", func() bool {
			return len(list(t, dbs[0], queues[0], jobs.Filter{State: jobs.Completed, Limit: 500})) == n
		})
		for i := range n {
			if done.of(i) != 1 {
				t.Errorf("job %d was done %d times", i, done.of(i))
			}
		}
		t.Logf("the nodes did %d and %d", worked[0].Load(), worked[1].Load())
		if worked[0].Load() == 0 || worked[1].Load() == 0 {
			t.Error("one node did all")
		}
	})
}

// A failed job is tried again. What it said is in the log, and not in the
// queue, for it may name a person.
func TestFailedJobIsTriedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		var log syncBuffer
		q := newQueue(t, db, jobs.Options{Poll: 50 * time.Millisecond, Log: slog.New(slog.NewTextHandler(&log, nil))})
		var done calls
		jobs.Register(q, jobs.Policy{Retries: 2}, func(_ context.Context, j jobs.Job[greet]) error {
			switch done.greet(j.Args.Person) {
			case 1:
				return fault.New(fault.Busy, "Ada Example cannot be reached")
			case 2:
				panic("Ada Example again")
			}
			if !j.Last || j.Attempt != 3 {
				t.Errorf("attempt %d, last %v", j.Attempt, j.Last)
			}
			return nil
		})
		running(t, q)
		insert(t, db, q, greet{1})
		eventually(t, "the first attempt fails", func() bool { return done.of(1) >= 2 })
		eventually(t, "the second waits for its time", func() bool { return len(list(t, db, q, jobs.Filter{State: jobs.Retryable})) == 1 })
		id := list(t, db, q, jobs.Filter{})[0].ID
		change(t, db, func(tx store.Tx) error {
			_, err := q.Retry(t.Context(), tx, id)
			return err
		})
		eventually(t, "the third attempt succeeds", func() bool { return len(list(t, db, q, jobs.Filter{State: jobs.Completed})) == 1 })
		failures := list(t, db, q, jobs.Filter{})[0].Failures
		if len(failures) != 2 || !strings.HasPrefix(failures[0].Text, "busy, reference ") || !strings.HasPrefix(failures[1].Text, "internal, reference ") {
			t.Fatalf("the queue keeps %+v", failures)
		}
		for _, f := range failures {
			_, reference, _ := strings.Cut(f.Text, "reference ")
			if !strings.Contains(log.String(), reference) || strings.Contains(f.Text, "Ada") {
				t.Errorf("the log does not know %q, or the queue tells a name: %s", reference, log.String())
			}
		}
		if !strings.Contains(log.String(), "Ada Example cannot be reached") || !strings.Contains(log.String(), "jobs_test.go") {
			t.Errorf("the log does not tell what happened: %s", log.String())
		}
	})
}

func TestJobThatGivesUpIsNotTriedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q := newQueue(t, db, jobs.Options{Poll: 50 * time.Millisecond, Log: slog.New(slog.DiscardHandler)})
		var done calls
		jobs.Register(q, jobs.Policy{}, func(_ context.Context, j jobs.Job[greet]) error {
			if j.Args.Person == 2 && done.greet(2) == 1 {
				return jobs.Later(time.Millisecond)
			}
			if j.Args.Person == 1 {
				done.greet(1)
				return jobs.GiveUp(fault.New(fault.NotFound, "there is no such person"))
			}
			if j.Attempt != 1 {
				t.Errorf("to come later counts as attempt: %d", j.Attempt)
			}
			return nil
		})
		running(t, q)
		insert(t, db, q, greet{1})
		insert(t, db, q, greet{2})
		eventually(t, "one gives up and one comes later", func() bool {
			return len(list(t, db, q, jobs.Filter{State: jobs.Cancelled})) == 1 && len(list(t, db, q, jobs.Filter{State: jobs.Completed})) == 1
		})
		if done.of(1) != 1 || done.of(2) != 2 {
			t.Errorf("%d and %d attempts", done.of(1), done.of(2))
		}
		if f := list(t, db, q, jobs.Filter{State: jobs.Cancelled})[0].Failures; len(f) != 1 || !strings.Contains(f[0].Text, "not found, reference") {
			t.Errorf("it is not told why: %+v", f)
		}
	})
}

// A periodic job is done once in its period, whoever runs and starts.
func TestPeriodicJob(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		var done calls
		start := func() (stop func(), db *store.DB, q *jobs.Queue) {
			db = storetest.Open(t, place)
			q = newQueue(t, db, jobs.Options{Poll: 50 * time.Millisecond})
			jobs.Register(q, jobs.Policy{}, func(_ context.Context, j jobs.Job[greet]) error {
				done.greet(j.Args.Person)
				return nil
			})
			jobs.Periodic(q, "every-second", time.Second, greet{1})
			jobs.Periodic(q, "every-year", 365*24*time.Hour, greet{2})
			return running(t, q), db, q
		}
		stop, _, _ := start()
		start()
		eventually(t, "it is done again and again", func() bool { return done.of(1) >= 3 })
		stop()
		_, db, q := start()
		before := done.of(1)
		eventually(t, "it goes on after one node stopped", func() bool { return done.of(1) >= before+2 })
		if done.of(2) != 1 {
			t.Errorf("the yearly job was done %d times in spite of its period", done.of(2))
		}
		seconds := map[int64]int{}
		for _, e := range list(t, db, q, jobs.Filter{Limit: 500}) {
			if strings.Contains(e.Args, "1") {
				seconds[e.Scheduled.Unix()]++
			}
		}
		for s, n := range seconds {
			if n > 1 {
				t.Errorf("%d jobs in the second %d", n, s)
			}
		}
	})
}

// A job with the same arguments is left out while one waits.
func TestUniqueJob(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q := newQueue(t, db, jobs.Options{})
		jobs.Register(q, jobs.Policy{Unique: true}, func(context.Context, jobs.Job[greet]) error { return nil })
		for _, person := range []int{1, 1, 2, 1} {
			insert(t, db, q, greet{person})
		}
		if n := len(list(t, db, q, jobs.Filter{})); n != 2 {
			t.Errorf("%d jobs wait, want one for each person", n)
		}
		running(t, q)
		eventually(t, "both are done", func() bool { return len(list(t, db, q, jobs.Filter{State: jobs.Completed})) == 2 })
		insert(t, db, q, greet{1})
		if n := len(list(t, db, q, jobs.Filter{})); n != 3 {
			t.Errorf("a job that is done keeps out the next one")
		}
	})
}

// A job that waits for its time is not done before.
func TestJobAtATime(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q := newQueue(t, db, jobs.Options{Poll: 50 * time.Millisecond})
		var done calls
		jobs.Register(q, jobs.Policy{}, func(_ context.Context, j jobs.Job[greet]) error {
			done.greet(j.Args.Person)
			return nil
		})
		running(t, q)
		change(t, db, func(tx store.Tx) error { return q.InsertAt(t.Context(), tx, greet{1}, time.Now().Add(time.Hour)) })
		insert(t, db, q, greet{2})
		eventually(t, "the one without a time is done", func() bool { return done.of(2) == 1 })
		e := list(t, db, q, jobs.Filter{State: jobs.Scheduled})
		if len(e) != 1 || done.of(1) != 0 {
			t.Fatalf("it does not wait: %+v", e)
		}
		change(t, db, func(tx store.Tx) error {
			_, err := q.Cancel(t.Context(), tx, e[0].ID)
			return err
		})
		if e := list(t, db, q, jobs.Filter{State: jobs.Cancelled}); len(e) != 1 {
			t.Errorf("it is not cancelled: %+v", e)
		}
	})
}

func change(t testing.TB, db *store.DB, f func(store.Tx) error) {
	t.Helper()
	if err := db.Update(context.Background(), f); err != nil {
		t.Fatal(err)
	}
}

// Run lets jobs end, and hands back those that do not end in time.
func TestGracefulStop(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q := newQueue(t, db, jobs.Options{Poll: 50 * time.Millisecond, Grace: 300 * time.Millisecond})
		var done calls
		begun := make(chan bool, 2)
		jobs.Register(q, jobs.Policy{}, func(ctx context.Context, j jobs.Job[greet]) error {
			begun <- true
			wait := 100 * time.Millisecond
			if j.Args.Person == 2 && done.of(2) == 0 {
				done.greet(2)
				wait = time.Hour
			}
			select {
			case <-time.After(wait):
				done.greet(j.Args.Person)
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		stop := running(t, q)
		insert(t, db, q, greet{1})
		insert(t, db, q, greet{2})
		<-begun
		<-begun
		stop()
		if done.of(1) != 1 {
			t.Error("a job that needs little time was not let end")
		}
		waiting := list(t, db, q, jobs.Filter{State: jobs.Available})
		if len(waiting) != 1 || len(waiting[0].Failures) != 0 || waiting[0].Attempt != 0 {
			t.Fatalf("the long job was not handed back as if it had not begun: %+v", list(t, db, q, jobs.Filter{}))
		}
		running(t, q)
		eventually(t, "it is done after the next start", func() bool { return done.of(2) == 2 })
	})
}

// No job can be inserted whose kind nobody knows, and a queue runs once at a
// time.
func TestMisuse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q := newQueue(t, db, jobs.Options{})
		err := db.Update(t.Context(), func(tx store.Tx) error { return q.Insert(t.Context(), tx, greet{1}) })
		if err == nil || !strings.Contains(err.Error(), "not registered") {
			t.Errorf("insert: %v", err)
		}
		stop := running(t, q) // without kinds
		stop()
		jobs.Register(q, jobs.Policy{}, func(context.Context, jobs.Job[greet]) error { return nil })
		running(t, q)
		insert(t, db, q, greet{1})
		eventually(t, "it runs", func() bool { return len(list(t, db, q, jobs.Filter{State: jobs.Completed})) == 1 })
		if err := q.Run(t.Context()); fault.KindOf(err) != fault.Conflict {
			t.Errorf("it runs twice at a time: %v", err)
		}
		err = db.View(t.Context(), func(tx store.Tx) error {
			_, err := q.Find(t.Context(), tx, 4711)
			return err
		})
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("find: %v", err)
		}
	})
}

// The list is read page by page, whatever is inserted meanwhile.
func TestList(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		q := newQueue(t, db, jobs.Options{})
		jobs.Register(q, jobs.Policy{Priority: 3, Retries: -1}, func(context.Context, jobs.Job[greet]) error { return nil })
		for i := range 5 {
			insert(t, db, q, greet{i})
		}
		var persons []string
		f := jobs.Filter{Limit: 2, Kind: "test.greet_person"}
		for more := true; more; {
			var page []jobs.Entry
			err := db.View(t.Context(), func(tx store.Tx) (err error) {
				page, more, err = q.List(t.Context(), tx, f)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range page {
				persons = append(persons, strings.Join(strings.Fields(e.Args), ""))
				if e.Priority != 3 || e.MaxAttempts != 1 || e.State != jobs.Available {
					t.Errorf("%+v", e)
				}
			}
			f.After = page[len(page)-1].ID
			insert(t, db, q, greet{9})
		}
		if got, want := strings.Join(persons, " "), `{"person":4} {"person":3} {"person":2} {"person":1} {"person":0}`; got != want {
			t.Errorf("listed %s, want %s", got, want)
		}
		var counts map[jobs.State]int
		err := db.View(t.Context(), func(tx store.Tx) (err error) {
			counts, err = q.Counts(t.Context(), tx)
			return err
		})
		if err != nil || counts[jobs.Available] != 8 || len(counts) != 1 {
			t.Errorf("counts %v, %v", counts, err)
		}
	})
}

// syncBuffer is a log that several goroutines write.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// nodeVariable makes the test's program a node on the database that it names.
const nodeVariable = "CADRE_TEST_NODE"

// node takes a job and never ends it.
func node(place string) {
	ctx := context.Background()
	db, err := store.Open(ctx, place, store.Options{})
	if err != nil {
		panic(err)
	}
	q, err := jobs.New(db, jobs.Options{Poll: 50 * time.Millisecond})
	if err != nil {
		panic(err)
	}
	jobs.NeverLead(q)
	jobs.Register(q, jobs.Policy{}, func(context.Context, jobs.Job[greet]) error {
		_, _ = os.Stdout.WriteString("begun\n")
		select {}
	})
	panic(q.Run(ctx))
}

// A job whose node is killed is done by another.
func TestKilledNode(t *testing.T) {
	storetest.Places(t, func(t *testing.T, place string) {
		db := storetest.Open(t, place)
		q := newQueue(t, db, jobs.Options{Poll: 50 * time.Millisecond, Rescue: time.Second})
		var done calls
		jobs.Register(q, jobs.Policy{}, func(_ context.Context, j jobs.Job[greet]) error {
			done.greet(j.Args.Person)
			return nil
		})
		insert(t, db, q, greet{1})
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), nodeVariable+"="+place)
		child.Stderr = os.Stderr
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 6)); err != nil {
			t.Fatal(err)
		}
		if err := child.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = child.Wait()
		if e := list(t, db, q, jobs.Filter{State: jobs.Running}); len(e) != 1 || e[0].Node == "" {
			t.Fatalf("the job is not that of a dead node: %+v", e)
		}
		time.Sleep(time.Second)
		running(t, q)
		eventually(t, "another node does it", func() bool { return done.of(1) == 1 })
	})
}
