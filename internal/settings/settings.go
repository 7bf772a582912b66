// Package settings is what an administrator tells the server: where it
// listens, where its data lies, how it logs.
//
// A value comes, the later the stronger, from the defaults, the file
// cadre-server.yaml in the data folder (or one that is named), the environment
// (CADRE_PUBLIC_URL for the key public_url) or a flag of `cadre serve`. Load
// lists what it cannot place, Validate everything that is wrong with the
// values, all at once; `cadre config --server` prints each value and where it
// comes from.
//
// Secrets are no settings: they are kept encrypted in the database (`cadre
// secret set`). A password in the address of the database is not shown.
package settings

import (
	_ "embed"
	"encoding/json"
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/layers"
	"github.com/cadre-hq/cadre/internal/strict"
)

// Name is the name of the file in the data folder.
const Name = "cadre-server.yaml"

// Settings are the settings of one server.
type Settings struct {
	// Data is the folder of everything that the server keeps: the SQLite
	// database, files, the master key. It cannot be set in the file, which lies
	// in it.
	Data string `yaml:"data"`
	// Database is a postgres:// address, or the path of a SQLite file. Empty
	// means cadre.db in the data folder.
	Database Place `yaml:"database"`
	// Connections is the most that this node holds to PostgreSQL.
	Connections int64 `yaml:"connections"`
	// Addr is the host and port at which pages and API are served.
	Addr string `yaml:"addr"`
	// PublicURL is how browsers reach the server; links in mails, passkeys and
	// the cookies' security go by it. Empty means http:// with Addr.
	PublicURL string `yaml:"public_url"`
	// MetricsAddr is the host and port of /metrics; empty serves none. It has
	// no sign-in, so it is the loopback address unless a firewall guards it.
	MetricsAddr string `yaml:"metrics_addr"`
	// TrustedProxies lists networks whose X-Forwarded-For and -Proto count.
	TrustedProxies []string `yaml:"trusted_proxies"`
	// Organisation is the name that pages show.
	Organisation string `yaml:"organisation"`
	// Zone is the time zone in which the organisation's days begin and end, by its
	// name in the tz database.
	Zone string `yaml:"zone"`
	// RateLimit is how many requests in a second one client may send for long;
	// ten times as many at once. 0 is no limit.
	RateLimit int64 `yaml:"rate_limit"`
	// StopWithin is how long requests and jobs that run may take to end when
	// the server is told to stop.
	StopWithin Duration   `yaml:"stop_within"`
	Log        Log        `yaml:"log"`
	Mail       Mail       `yaml:"mail"`
	Files      Files      `yaml:"files"`
	Providers  []Provider `yaml:"providers"`
	Handbook   Handbook   `yaml:"handbook"`

	file  string
	stack *layers.Stack
}

// Log says what is logged, and how.
type Log struct {
	// Level is debug, info, warn or error.
	Level string `yaml:"level"`
	// Format is text, for people, or json.
	Format string `yaml:"format"`
}

// Mail says how letters are sent. Without a host they are kept as files in the
// folder mail of the data folder. The password is the secret mail.password.
type Mail struct {
	Host string `yaml:"host"`
	// Port 0 means that of Security: 587, 465 or 25.
	Port int64 `yaml:"port"`
	// Security is starttls, tls, or none for a server on the same machine.
	Security string `yaml:"security"`
	// Username is empty for a server that asks for none.
	Username string `yaml:"username"`
	// From is the address of the sender.
	From string `yaml:"from"`
}

// Files says what happens to files that people upload.
type Files struct {
	// Place is the address of a bucket (s3://name?region=…), for a program that
	// was built with the tag s3. Empty means the folder files in the data folder.
	Place string `yaml:"place"`
	// Scanner is the address of clamd, which must find nothing in a file:
	// tcp://host:port or unix:///path. Empty means that nobody looks.
	Scanner string `yaml:"scanner"`
}

// Handbook says where the pages are that the server itself can publish: in a
// folder, or in a git repository. Without either, pages are sent to it.
type Handbook struct {
	Folder string `yaml:"folder"`
	// Repository is a folder that holds a git repository, or the https address
	// of one; of it the pages below Path are read, as they are in Revision (""
	// is HEAD).
	Repository string `yaml:"repository"`
	Path       string `yaml:"path"`
	Revision   string `yaml:"revision"`
}

// A Provider is an identity provider (OpenID Connect) by which people sign in.
// The secret that it gave this server is the secret auth.oidc.NAME.
type Provider struct {
	// Name is a word, which addresses have.
	Name string `yaml:"name" json:"name"`
	// Label is what the button says.
	Label string `yaml:"label" json:"label,omitempty"`
	// Issuer is its https address, and Client what it calls this server.
	Issuer string `yaml:"issuer" json:"issuer"`
	Client string `yaml:"client" json:"client"`
	// Domains are those of addresses whose owners get an account when they
	// first sign in; everybody else needs an invitation.
	Domains []string `yaml:"domains" json:"domains,omitempty"`
}

// Location returns the time zone of the organisation; UTC if it is not valid.
func (s *Settings) Location() *time.Location {
	if zone, err := time.LoadLocation(s.Zone); err == nil {
		return zone
	}
	return time.UTC
}

// MailPassword is the name of the secret that the mail server is shown.
const MailPassword = "mail.password"

// ProviderSecret returns the name of the secret that an identity provider is
// shown.
func ProviderSecret(name string) string { return "auth.oidc." + name }

// defaults returns the settings that count where nothing is said.
func defaults() *Settings {
	return &Settings{
		Connections: 16, Zone: "UTC", Addr: "127.0.0.1:8080", MetricsAddr: "127.0.0.1:9464", RateLimit: 50,
		StopWithin: Duration(20 * time.Second), Log: Log{Level: "info", Format: "text"},
		Mail: Mail{Security: "starttls"},
	}
}

// Options say where settings come from.
type Options struct {
	// File is the path of the file. Empty means Name in the data folder, if
	// there is one.
	File string
	// Environ is the environment, as os.Environ returns it.
	Environ []string
	// Flags are the values from the command line.
	Flags []Flag
}

// A Flag is a value from the command line.
type Flag struct {
	Name  string // as the user wrote it: "--addr"
	Key   string
	Value string
}

// Load returns the settings that count. For keys and values that do not fit it
// fails with Invalid and lists all of them as strict.Problems; what does fit
// comes all the same, unless the file is no YAML. It fails with NotFound for a
// file that was named and does not exist.
func Load(o Options) (*Settings, error) {
	s := defaults()
	s.stack = layers.New(s, Name)
	// The data folder is needed to find the file, and is stronger than it.
	s.over(o)
	s.file = o.File
	if s.file == "" && s.Data != "" {
		s.file = filepath.Join(s.Data, Name)
	}
	problems, err := s.take(o.File != "")
	if err != nil {
		return nil, err
	}
	if s.file != "" && s.stack.Origin("data").Kind == layers.FromFile {
		problems = append(problems, s.stack.Problem("data", "data", "data cannot be set in this file: use --data or CADRE_DATA"))
	}
	if over := s.over(o); len(problems)+len(over) > 0 {
		return s, fault.New(fault.Invalid, "%w", append(problems, over...))
	}
	return s, nil
}

// over puts what is stronger than the file over what is there.
func (s *Settings) over(o Options) strict.Problems {
	problems := s.stack.TakeEnvironment(o.Environ)
	for _, f := range o.Flags {
		problems = append(problems, s.stack.Set(f.Key, []string{f.Value}, layers.Origin{Kind: layers.FromFlag, Name: f.Name})...)
	}
	return problems
}

// take puts the values of the file over those that are there.
func (s *Settings) take(named bool) (strict.Problems, error) {
	if s.file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(s.file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		s.file = ""
		return nil, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, fault.New(fault.NotFound, "%s: there is no such file", s.file)
	case err != nil:
		return nil, fault.New(fault.Invalid, "the settings cannot be read: %w", err)
	}
	return s.stack.TakeFile(s.file, text)
}

// File returns the path of the file that was read; empty if there is none.
func (s *Settings) File() string { return s.file }

// Values lists the effective value of every key and where it comes from.
func (s *Settings) Values() []layers.Value { return s.stack.Values() }

// IsSet reports whether somebody chose the value of a key.
func (s *Settings) IsSet(key string) bool { return s.stack.Origin(key).Kind != layers.FromDefault }

// DatabasePlace returns where the database is.
func (s *Settings) DatabasePlace() string {
	if s.Database == "" {
		return filepath.Join(s.Data, "cadre.db")
	}
	return string(s.Database)
}

// URL returns how browsers reach a server that listens at an address.
func (s *Settings) URL(listening string) *url.URL {
	if u, err := url.Parse(s.PublicURL); err == nil && s.PublicURL != "" {
		u.Path = strings.TrimSuffix(u.Path, "/")
		return u
	}
	// Passkeys need the name of the host, not its number.
	host, port, err := net.SplitHostPort(listening)
	if a, wrong := netip.ParseAddr(host); err == nil && (host == "" || wrong == nil && (a.IsLoopback() || a.IsUnspecified())) {
		listening = net.JoinHostPort("localhost", port)
	}
	return &url.URL{Scheme: "http", Host: listening}
}

// IsShared reports whether several servers can share the database.
func (s *Settings) IsShared() bool {
	scheme, _, isURL := strings.Cut(string(s.Database), "://")
	return isURL && scheme != "file"
}

// A Place is the place of a database. Its password, if it has one, is not
// shown.
type Place string

// SetText implements layers.Scalar.
func (p *Place) SetText(text string) (want string) {
	*p = Place(text)
	return ""
}

// String returns the place without a password.
func (p Place) String() string {
	u, err := url.Parse(string(p))
	if err != nil && strings.Contains(string(p), "://") {
		return "(an address that cannot be read)"
	}
	if err != nil || u.Scheme == "" || u.Host == "" {
		return string(p)
	}
	if q := u.Query(); q.Has("password") {
		q.Set("password", "xxxxx")
		u.RawQuery = q.Encode()
	}
	return u.Redacted()
}

// MarshalJSON shows the place without a password.
func (p Place) MarshalJSON() ([]byte, error) { return layers.JSON(p.String()) }

// A Duration is written as Go writes it: 20s, 1m30s.
type Duration time.Duration

// SetText implements layers.Scalar.
func (d *Duration) SetText(text string) (want string) {
	v, err := time.ParseDuration(text)
	if err != nil {
		return "a time such as 20s or 1m30s"
	}
	*d = Duration(v)
	return ""
}

// UnmarshalYAML takes the text. What is no time becomes a negative one, which
// Validate refuses with its line.
func (d *Duration) UnmarshalYAML(n *yaml.Node) error {
	if d.SetText(n.Value) != "" {
		*d = -1
	}
	return nil
}

// String returns the text.
func (d Duration) String() string { return time.Duration(d).String() }

// MarshalJSON returns the text.
func (d Duration) MarshalJSON() ([]byte, error) { return json.Marshal(d.String()) }

//go:embed example.yaml
var example string

// Example returns the text of a file that says what the defaults say, with
// every key explained.
func Example() string { return example }
