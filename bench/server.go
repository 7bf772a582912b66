package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// A server is a process that answers requests.
type server struct {
	name    string
	address string // host:port
	process *exec.Cmd
	log     string // file with what it says
	ended   chan struct{}
}

// start starts a server, whose command gets an address of its own, and waits
// until it answers at a path.
func start(ctx context.Context, name, folder, alive string, command func(address string) *exec.Cmd) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s := &server{name: name, address: address, log: filepath.Join(folder, name+".log"), process: command(address), ended: make(chan struct{})}
	log, err := os.Create(s.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	s.process.Stdout, s.process.Stderr = log, log
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = s.process.Wait() // it is told to end, or else it does not answer
		close(s.ended)
	}()
	if err := s.wait(ctx, alive); err != nil {
		text, _ := os.ReadFile(s.log)
		return nil, errors.Join(fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(text)), s.stop())
	}
	return s, nil
}

// wait returns when the server answers.
func (s *server) wait(ctx context.Context, alive string) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+alive, nil)
		if err != nil {
			return err
		}
		if a, err := http.DefaultClient.Do(r); err == nil {
			_ = a.Body.Close()
			if a.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-s.ended:
			return errors.New("it ended")
		case <-ctx.Done():
			return errors.New("it does not answer")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// stop asks the server to end, and makes it after ten seconds.
func (s *server) stop() error {
	_ = s.process.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.ended:
	case <-time.After(10 * time.Second):
		_ = s.process.Process.Kill()
		<-s.ended
	}
	return nil
}

// freeAddress returns an address that nobody listens at.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}
