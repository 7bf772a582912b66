// Command postgres runs another command beside a throwaway PostgreSQL server:
//
//	go run ./tests/postgres [-durable] go test ./...
//
// The server lives in a temporary folder, listens on a free port of the
// loopback address, does not wait for the disk unless -durable is given, as
// benchmarks need, and ends with the command. The
// command finds its address in CADRE_TEST_POSTGRES. If that variable names a
// server already, it is used. On a machine without PostgreSQL the command runs
// all the same and that is said; with CADRE_TEST_POSTGRES=require it is an
// error.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const variable = "CADRE_TEST_POSTGRES"

func main() {
	code, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "tests/postgres:", err)
		code = 2
	}
	os.Exit(code)
}

// run starts the server and the command, and returns the exit code of the
// latter.
func run(command []string) (int, error) {
	durable := len(command) > 0 && command[0] == "-durable"
	if durable {
		command = command[1:]
	}
	if len(command) == 0 {
		return 2, errors.New("usage: go run ./tests/postgres [-durable] COMMAND [ARGUMENT…]")
	}
	place := os.Getenv(variable)
	if place != "" && place != "require" {
		return execute(command, place)
	}
	tools, err := find()
	if err != nil {
		if place == "require" {
			return 2, err
		}
		fmt.Fprintf(os.Stderr, "tests/postgres: %v; the tests that need it are skipped\n", err)
		return execute(command, "")
	}
	s, err := start(tools, durable)
	if err != nil {
		return 2, err
	}
	defer s.stop()
	return execute(command, s.address)
}

// execute runs the command. An interrupt reaches it too, since it is of the
// same process group; this program waits for it, and then stops the server.
func execute(command []string, place string) (int, error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	defer signal.Stop(signals)
	c := exec.Command(command[0], command[1:]...)
	c.Stdin, c.Stdout, c.Stderr = os.Stdin, os.Stdout, os.Stderr
	c.Env = append(os.Environ(), variable+"="+place)
	err := c.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return max(exit.ExitCode(), 1), nil
	}
	return 0, err
}

// find returns the folder with initdb and postgres: that of the path, or of
// the newest version that Debian installed.
func find() (string, error) {
	if p, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(p), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	best, version := "", 0
	for _, p := range found {
		if v, err := strconv.Atoi(strings.Split(p, "/")[4]); err == nil && v > version {
			best, version = filepath.Dir(p), v
		}
	}
	if best == "" {
		return "", errors.New("PostgreSQL is not installed (Debian's package is postgresql)")
	}
	return best, nil
}

// A server is a PostgreSQL server at work.
type server struct {
	folder  string
	address string
	process *exec.Cmd
	durable bool // it waits for the disk
}

// start makes a server in a folder of its own.
func start(tools string, durable bool) (*server, error) {
	folder, err := os.MkdirTemp("", "cadre-postgres-")
	if err != nil {
		return nil, err
	}
	s := &server{folder: folder, durable: durable}
	if err := s.start(tools); err != nil {
		s.stop()
		return nil, err
	}
	return s, nil
}

func (s *server) start(tools string) error {
	who, err := s.account()
	if err != nil {
		return err
	}
	data := filepath.Join(s.folder, "data")
	as := func(program string, arguments ...string) *exec.Cmd {
		c := exec.Command(filepath.Join(tools, program), arguments...)
		c.Dir = s.folder
		c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: who}
		return c
	}
	if out, err := as("initdb", "-D", data, "-U", "cadre", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(s.folder, "log"))
	if err != nil {
		return err
	}
	defer log.Close()
	options := []string{"-D", data, "-p", port, "-k", s.folder, "-h", "127.0.0.1", "-c", "max_connections=300", "-c", "shared_buffers=64MB"}
	if !s.durable {
		options = append(options, "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")
	}
	s.process = as("postgres", options...)
	s.process.Stdout, s.process.Stderr = log, log
	if err := s.process.Start(); err != nil {
		s.process = nil
		return err
	}
	s.address = "postgres://cadre@127.0.0.1:" + port + "/postgres?sslmode=disable"
	return s.wait()
}

// account returns the account that the server runs as: PostgreSQL refuses to
// run as root. The folder is made its own.
func (s *server) account() (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, _ := strconv.Atoi(u.Uid)
		gid, _ := strconv.Atoi(u.Gid)
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(s.folder, uid, gid)
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no account postgres or nobody")
}

func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	return port, err
}

// wait returns when the server answers.
func (s *server) wait() error {
	ctx, stop := context.WithTimeout(context.Background(), 30*time.Second)
	defer stop()
	for {
		c, err := pgx.Connect(ctx, s.address)
		if err == nil {
			return c.Close(ctx)
		}
		select {
		case <-ctx.Done():
			log, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			return fmt.Errorf("the server does not answer: %w\n%s", err, log)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// stop ends the server at once and removes its folder.
func (s *server) stop() {
	if s.process != nil {
		_ = s.process.Process.Signal(syscall.SIGQUIT)
		_ = s.process.Wait()
	}
	_ = os.RemoveAll(s.folder)
}
