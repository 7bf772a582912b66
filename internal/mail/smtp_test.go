package mail_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/jobs"
	. "github.com/cadre-hq/cadre/internal/mail"
)

// An office is a real mail server in this process.
type office struct {
	*smtp.Server
	port  int
	roots *x509.CertPool

	mu      sync.Mutex
	letters []*mail.Message
	to      []string
	users   []string
	refuse  error // what RCPT is answered with
}

// open starts a mail server, with TLS from the start or by STARTTLS.
func open(t *testing.T, fromStart bool) *office {
	t.Helper()
	o := &office{roots: x509.NewCertPool()}
	o.Server = smtp.NewServer(o)
	o.Domain, o.ReadTimeout = "localhost", 10*time.Second
	cert := certificate(t, o.roots)
	o.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o.port = l.Addr().(*net.TCPAddr).Port
	if fromStart {
		l = tls.NewListener(l, o.TLSConfig)
	}
	go func() { _ = o.Serve(l) }()
	t.Cleanup(func() { _ = o.Close() })
	return o
}

// certificate returns a certificate of localhost, which it adds to some roots.
func certificate(t *testing.T, roots *x509.CertPool) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// NewSession implements smtp.Backend.
func (o *office) NewSession(*smtp.Conn) (smtp.Session, error) { return &talk{office: o}, nil }

type talk struct {
	*office
	to []string
}

func (k *talk) Mail(string, *smtp.MailOptions) error { return nil }
func (k *talk) Reset()                               { k.to = nil }
func (k *talk) Logout() error                        { return nil }
func (k *talk) AuthMechanisms() []string             { return []string{sasl.Plain} }

func (k *talk) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "cadre" || password != "swordfish" {
			return errors.New("wrong user or password")
		}
		k.mu.Lock()
		defer k.mu.Unlock()
		k.users = append(k.users, user)
		return nil
	}), nil
}

func (k *talk) Rcpt(to string, _ *smtp.RcptOptions) error {
	k.to = append(k.to, to)
	return k.refuse
}

func (k *talk) Data(r io.Reader) error {
	content, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := mail.ReadMessage(bytes.NewReader(content))
	if err != nil {
		return err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.letters = append(k.letters, m)
	k.office.to = append(k.office.to, k.to...)
	return nil
}

// A letter as whoever gets it sees it.
type received struct {
	header     map[string]string
	text, html string
}

// read takes a letter apart.
func read(t *testing.T, m *mail.Message) (r received) {
	t.Helper()
	r.header = map[string]string{}
	var decoder mime.WordDecoder
	for name := range m.Header {
		value, err := decoder.DecodeHeader(m.Header.Get(name))
		if err != nil {
			t.Fatal(err)
		}
		r.header[name] = value
	}
	if to, err := mail.ParseAddress(m.Header.Get("To")); err == nil {
		r.header["To"] = `"` + to.Name + `" <` + to.Address + ">"
	}
	_, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	for parts := multipart.NewReader(m.Body, parameters["boundary"]); ; {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return r
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.Header.Get("Content-Type"), "text/html") {
			r.html = string(content)
		} else {
			r.text = string(content)
		}
	}
}

func password(p string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return p, nil }
}

func TestServers(t *testing.T) {
	for _, security := range []Security{STARTTLS, TLS, None} {
		t.Run(string(security), func(t *testing.T) {
			o := open(t, security == TLS)
			s := SMTP{Host: "127.0.0.1", Port: o.port, Security: security, From: sender(), Roots: o.roots}
			if security != None {
				s.Username, s.Password = "cadre", password("swordfish")
			}
			server, err := NewServer(s, now)
			if err != nil {
				t.Fatal(err)
			}
			err = server.Carry(t.Context(), Message{To: Address{"Ada", "ada@meridian.example"}, Subject: "Berth 7", Body: []string{"It is free."}})
			if err != nil {
				t.Fatal(err)
			}
			if len(o.letters) != 1 || len(o.to) != 1 || o.to[0] != "ada@meridian.example" {
				t.Fatalf("the server got %d letters, for %q", len(o.letters), o.to)
			}
			r := read(t, o.letters[0])
			if r.header["From"] != `"Cadre at Meridian" <cadre@meridian.example>` || r.header["Date"] != "Wed, 25 Nov 2026 09:30:00 +0000" ||
				!strings.Contains(r.text, "It is free.") || !strings.Contains(r.html, "It is free.") {
				t.Errorf("the letter is %+v", r)
			}
			if security != None && len(o.users) != 1 {
				t.Errorf("signed in as %q", o.users)
			}
		})
	}
}

// A connection that is not secret, or not with the server that it should be
// with, carries nothing.
func TestServersAreVerified(t *testing.T) {
	o := open(t, false)
	m := Message{To: Address{"", "ada@meridian.example"}, Subject: "Berth 7"}
	carry := func(change func(*SMTP)) error {
		s := SMTP{Host: "127.0.0.1", Port: o.port, From: sender(), Roots: o.roots, Username: "cadre", Password: password("swordfish")}
		change(&s)
		server, err := NewServer(s, now)
		if err != nil {
			t.Fatal(err)
		}
		return server.Carry(t.Context(), m)
	}
	for why, change := range map[string]func(*SMTP){
		"a certificate that nobody vouches for": func(s *SMTP) { s.Roots = x509.NewCertPool() },
		"a wrong password":                      func(s *SMTP) { s.Password = password("sole") },
		"a server that is not there":            func(s *SMTP) { s.Port = 1 },
	} {
		if err := carry(change); err == nil || strings.Contains(err.Error(), "ada@") {
			t.Errorf("%s: %v", why, err)
		}
	}
	o.TLSConfig = nil // a server, or somebody in between, that offers no TLS
	if err := carry(func(*SMTP) {}); err == nil {
		t.Error("a letter went in the clear")
	}
	if len(o.letters) != 0 || len(o.users) != 0 {
		t.Errorf("%d letters came, users %q", len(o.letters), o.users)
	}
}

// A refusal for good is not tried again, one for now is; neither names anybody.
func TestRefusals(t *testing.T) {
	o := open(t, false)
	server, err := NewServer(SMTP{Host: "127.0.0.1", Port: o.port, Security: None, From: sender()}, now)
	if err != nil {
		t.Fatal(err)
	}
	m := Message{To: Address{"", "ada@meridian.example"}, Subject: "Berth 7"}
	for code, forGood := range map[int]bool{550: true, 450: false} {
		o.refuse = &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, 1, 1}, Message: "no ada@meridian.example here"}
		err := server.Carry(t.Context(), m)
		if err == nil || strings.Contains(err.Error(), "ada@") || fault.KindOf(err) != fault.Busy {
			t.Errorf("%d: %v", code, err)
		}
		if !strings.Contains(err.Error(), "1.1") {
			t.Errorf("%d: the code of the server is lost: %v", code, err)
		}
		if got := isGivenUp(err); got != forGood {
			t.Errorf("%d: given up %t, want %t", code, got, forGood)
		}
	}
}

// isGivenUp reports whether the queue would not try again.
func isGivenUp(err error) bool { return fmt.Sprintf("%T", err) == fmt.Sprintf("%T", jobs.GiveUp(err)) }
