package files

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/fault"
)

// A Scanner looks for what must not be in a file.
type Scanner interface {
	// Scan returns the name of what it found, or "". It is Busy if the
	// scanner cannot be reached or could not look at everything.
	Scan(ctx context.Context, content io.Reader) (found string, err error)
}

// Clamd is the daemon of ClamAV, which gets contents over its own protocol
// (clamd(8), INSTREAM) and so needs no access to files.
type Clamd struct {
	network, address string
	timeout          time.Duration
}

// NewClamd returns the daemon at an address: tcp://host:port, or unix:///path
// of its socket. It is Invalid if the address is neither.
func NewClamd(address string) (*Clamd, error) {
	u, err := url.Parse(address)
	switch {
	case err == nil && u.Scheme == "tcp" && u.Port() != "" && u.Path == "":
		return &Clamd{"tcp", u.Host, scanTime}, nil
	case err == nil && u.Scheme == "unix" && u.Host == "" && u.Path != "":
		return &Clamd{"unix", u.Path, scanTime}, nil
	}
	return nil, fault.New(fault.Invalid, "%q is no address of clamd: write tcp://host:3310 or unix:///run/clamav/clamd.ctl", address)
}

const (
	scanTime  = 5 * time.Minute // for one file
	chunkSize = 64 << 10
)

// Ping reports whether the daemon answers.
func (c *Clamd) Ping(ctx context.Context) error {
	reply, err := c.talk(ctx, "zPING\x00", nil)
	if err == nil && reply != "PONG" {
		err = fmt.Errorf("it answers %q", reply)
	}
	return unreachable(err)
}

// Scan implements Scanner.
func (c *Clamd) Scan(ctx context.Context, content io.Reader) (found string, err error) {
	reply, err := c.talk(ctx, "zINSTREAM\x00", content)
	if err != nil {
		return "", unreachable(err)
	}
	_, verdict, _ := strings.Cut(reply, ": ")
	if name, ok := strings.CutSuffix(verdict, " FOUND"); ok {
		return name, nil
	}
	if verdict == "OK" {
		return "", nil
	}
	return "", unreachable(fmt.Errorf("it answers %q", reply))
}

func unreachable(err error) error {
	if err == nil {
		return nil
	}
	return fault.New(fault.Busy, "the virus scanner did not look at the file: %w", err)
}

// talk sends a command, and perhaps a content, and returns the reply.
func (c *Clamd) talk(ctx context.Context, command string, content io.Reader) (reply string, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	conn, err := (&net.Dialer{}).DialContext(ctx, c.network, c.address)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	sent := send(conn, command, content)
	if errors.Is(sent, errContent) {
		return "", sent
	}
	// A daemon that has seen enough answers and hangs up while we still send.
	reply, err = bufio.NewReader(io.LimitReader(conn, 4096)).ReadString(0)
	if err != nil {
		return "", errors.Join(err, sent, ctx.Err())
	}
	return strings.TrimRight(reply, "\x00\n"), nil
}

// errContent says that the content could not be read, so that no verdict counts.
var errContent = errors.New("the content cannot be read")

// send writes a command, and a content in chunks behind their lengths; a chunk
// of length 0 ends it.
func send(conn net.Conn, command string, content io.Reader) error {
	if _, err := io.WriteString(conn, command); err != nil || content == nil {
		return err
	}
	chunk := make([]byte, 4+chunkSize)
	for {
		n, err := io.ReadFull(content, chunk[4:])
		if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("%w: %w", errContent, err)
		}
		if n > 0 {
			binary.BigEndian.PutUint32(chunk, uint32(n))
			if _, err := conn.Write(chunk[:4+n]); err != nil {
				return err
			}
		}
		if err != nil {
			_, err = conn.Write([]byte{0, 0, 0, 0})
			return err
		}
	}
}
