package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/mail"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/jobs"
)

// Security says how a connection to a mail server is kept secret.
type Security string

// The kinds of security. There is no "if the server can": somebody in between
// would say that it cannot.
const (
	STARTTLS Security = "starttls" // begins in the clear, then TLS; mostly port 587
	TLS      Security = "tls"      // TLS from the start; mostly port 465
	None     Security = "none"     // for a server on the same machine alone
)

// SMTP is how a mail server is reached.
type SMTP struct {
	Host     string
	Port     int      // 0 means that of Security: 587, 465 or 25
	Security Security // "" means STARTTLS
	Username string   // "" means that the server asks for none
	// Password is asked for at each connection, so that a new one counts at
	// once.
	Password func(context.Context) (string, error)
	From     Sender
	Timeout  time.Duration // for one letter; 0 means 30 seconds
	// Roots are the authorities that may vouch for the server; nil means those
	// of the system.
	Roots *x509.CertPool
}

// Validate reports what is wrong with the settings: Invalid, all of it.
func (c SMTP) Validate() error {
	var wrong []string
	if c.Host == "" {
		wrong = append(wrong, "the mail server has no name")
	}
	if c.Port < 0 || c.Port > 65535 {
		wrong = append(wrong, fmt.Sprintf("the mail server's port cannot be %d", c.Port))
	}
	switch c.Security {
	case "", STARTTLS, TLS:
	case None:
		if !loopback(c.Host) {
			wrong = append(wrong, "without security a mail server must be on this machine: take starttls or tls")
		}
	default:
		wrong = append(wrong, fmt.Sprintf("the mail server's security cannot be %q: it is starttls, tls or none", c.Security))
	}
	if a, err := mail.ParseAddress(c.From.Address.Email); err != nil || a.Name != "" {
		wrong = append(wrong, "letters need a sender like cadre@example.com")
	}
	if c.Username != "" && c.Password == nil {
		wrong = append(wrong, "the mail server's user has no password")
	}
	if wrong != nil {
		return fault.New(fault.Invalid, "%s", strings.Join(wrong, "; "))
	}
	return nil
}

// loopback reports whether a host is this machine.
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// A Server carries letters to a mail server.
type Server struct {
	settings SMTP
	clock    func() time.Time
}

// NewServer returns the carrier to a mail server. It does not connect yet.
func NewServer(settings SMTP, clock func() time.Time) (*Server, error) {
	if err := settings.Validate(); err != nil {
		return nil, err
	}
	if settings.Security == "" {
		settings.Security = STARTTLS
	}
	if settings.Port == 0 {
		settings.Port = map[Security]int{STARTTLS: 587, TLS: 465, None: 25}[settings.Security]
	}
	if settings.Timeout == 0 {
		settings.Timeout = 30 * time.Second
	}
	return &Server{settings, clock}, nil
}

// Carry implements Carrier. It connects for each letter: they are few.
func (s *Server) Carry(ctx context.Context, m Message) error {
	msg, err := s.settings.From.render(m, s.clock())
	if err != nil {
		return jobs.GiveUp(err)
	}
	client, err := s.client(ctx)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.settings.Timeout)
	defer cancel()
	if err := client.DialAndSendWithContext(ctx, msg); err != nil && !msg.IsDelivered() {
		return delivery(err)
	}
	return nil // even if the server did not say goodbye
}

func (s *Server) client(ctx context.Context) (*gomail.Client, error) {
	c := s.settings
	options := []gomail.Option{
		gomail.WithPort(c.Port), gomail.WithTimeout(c.Timeout), gomail.WithoutNoop(),
		gomail.WithTLSConfig(&tls.Config{MinVersion: tls.VersionTLS12, ServerName: c.Host, RootCAs: c.Roots}),
	}
	switch c.Security {
	case TLS:
		options = append(options, gomail.WithSSL())
	case None:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	default:
		options = append(options, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if c.Username != "" {
		password, err := c.Password(ctx)
		if err != nil {
			return nil, fmt.Errorf("find the password of the mail server: %w", err)
		}
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(c.Username), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(c.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("mail server: %w", err)
	}
	return client, nil
}

// delivery returns an error of the library in words that name nobody: its own
// would repeat the address, and what the server says may do so. A letter that
// the server refuses for good is given up.
func delivery(err error) error {
	var refused *gomail.SendError
	if !errors.As(err, &refused) {
		return fault.New(fault.Busy, "the mail server could not be reached or did not let us in: %w", unwrapped(err))
	}
	code := refused.ErrorCode()
	said := fault.New(fault.Busy, "the mail server did not take a letter (%d %s)", code, refused.EnhancedStatusCode())
	if code >= 500 {
		return jobs.GiveUp(said)
	}
	return said
}

// unwrapped returns the innermost error: what the network or TLS says, without
// what the library wrote around it.
func unwrapped(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
