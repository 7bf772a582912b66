package reliability

import (
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A server that is told to stop waits for a request in hand; told twice, it
// does not. Either way its data folder is free afterwards.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	e := newEstate(t, "")
	s := e.start(t)
	slow, err := net.Dial("tcp", strings.TrimPrefix(s.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Close()
	// The body of the form does not come.
	if _, err := fmt.Fprint(slow, "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nemail="); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond)
	ended := make(chan error, 1)
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	go func() { ended <- s.Wait() }()
	select {
	case err := <-ended:
		t.Fatalf("it did not wait for the request in hand: %v\n%s", err, s.log)
	case <-time.After(time.Second):
	}
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(3 * time.Second):
		t.Fatal("a second signal does not end it")
	}
	e.start(t).stop(t)
}

// A server whose database is away says so, with what to do, and ends.
func TestDatabaseIsAway(t *testing.T) {
	e := newEstate(t, "postgres://cadre@127.0.0.1:1/cadre?connect_timeout=1")
	c := e.program("serve", "--addr", "127.0.0.1:0", "--metrics-addr", "")
	out, err := c.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "cadre: open database: ") || strings.Contains(string(out), "goroutine") {
		t.Errorf("it ends with %v and says\n%s", err, out)
	}
}
