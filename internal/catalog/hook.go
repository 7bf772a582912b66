package catalog

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/catalog/internal/db"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/jobs"
	"github.com/cadre-hq/cadre/internal/store"
)

// A Hook takes the messages of a code host that a branch was pushed, and has the
// branch published. A message is believed for its signature (GitHub) or its
// token (GitLab); what it says is not: the pages are read from the repository
// that the settings name. One that is sent twice does nothing more.
type Hook struct {
	service *Service
	queue   *jobs.Queue
	options HookOptions
}

// HookOptions say what a hook believes, and what it publishes.
type HookOptions struct {
	// Secret is what the code host shows; "" switches the hook off.
	Secret func(context.Context) (string, error)
	// Source returns the repository, and the branch as its Revision.
	Source func(context.Context) (Source, error)
	Log    *slog.Logger
}

// NewHook returns the hook, and registers its kind of job.
func NewHook(s *Service, q *jobs.Queue, o HookOptions) *Hook {
	h := &Hook{s, q, o}
	jobs.Register(q, jobs.Policy{Retries: 4, Timeout: 10 * time.Minute}, h.publish)
	return h
}

// publishPush are the arguments of the job that publishes.
type publishPush struct {
	Delivery string `json:"delivery"`
}

// Kind names the kind of job.
func (publishPush) Kind() string { return "catalog.publish_push" }

// What a message may have at most, and how long its name is known. A signature
// can be checked only when all of the message is there, so this is what anybody
// may have the server read. A push is small: GitHub lists at most 2048 commits
// of one, about 1 KiB each, GitLab 20. For a larger one, publish by hand.
const (
	mostMessage  = 4 << 20
	deliveryTime = 90 * 24 * time.Hour
)

// ServeHTTP answers a message: 202 for one that has the branch published, 200
// for one that has nothing done.
func (h *Hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	status, said, err := h.take(w, r)
	if err != nil {
		status = fault.KindOf(err).HTTPStatus()
		if said = err.Error(); status == http.StatusInternalServerError {
			h.options.Log.ErrorContext(r.Context(), "a message of the code host failed", "error", err)
			said = "something went wrong here; the log of the server says what"
		}
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, said+"\n") // the sender went away
}

// take deals with a message, and returns what to answer.
func (h *Hook) take(w http.ResponseWriter, r *http.Request) (status int, said string, err error) {
	secret, err := h.options.Secret(r.Context())
	if err != nil {
		return 0, "", err
	}
	if secret == "" {
		return 0, "", fault.New(fault.NotFound, "this server takes no messages of a code host: give it the secret catalog.hook")
	}
	body, err := believed(w, r, secret)
	if err != nil {
		return 0, "", err
	}
	source, err := h.options.Source(r.Context())
	if err != nil {
		return 0, "", err
	}
	m, why := read(r.Header, body)
	switch branch := cmp.Or(source.Revision, m.main); {
	case why != "":
		return http.StatusOK, why, nil
	case m.ref != "refs/heads/"+branch && m.ref != "refs/tags/"+branch:
		return http.StatusOK, "this branch is not published", nil
	}
	known, err := h.note(r.Context(), m)
	if err != nil {
		return 0, "", err
	}
	if known {
		return http.StatusOK, "this message is known already", nil
	}
	return http.StatusAccepted, "the branch will be published", nil
}

// note keeps the name of a message and has the branch published, unless the
// message is known.
func (h *Hook) note(ctx context.Context, m message) (known bool, err error) {
	now := h.service.clock()
	err = h.service.db.Update(ctx, func(tx store.Tx) error {
		q := db.New(tx)
		n, err := q.AddDelivery(ctx, db.AddDeliveryParams{ID: m.id, At: store.At(now), Revision: m.commit})
		if err != nil {
			return fmt.Errorf("note a message: %w", err)
		}
		if known = n == 0; known {
			return nil
		}
		if err := q.ForgetDeliveries(ctx, store.At(now.Add(-deliveryTime))); err != nil {
			return fmt.Errorf("forget old messages: %w", err)
		}
		return h.queue.Insert(ctx, tx, publishPush{Delivery: m.id})
	})
	return known, err
}

// believed returns the body of a message that comes from who knows the secret.
// It reads none that shows no signature or token, or is too large.
func believed(w http.ResponseWriter, r *http.Request, secret string) ([]byte, error) {
	unknown := fault.New(fault.Unauthenticated, "the signature or token of this message is wrong")
	token := r.Header.Get("X-Gitlab-Token")
	hash, signed := strings.CutPrefix(r.Header.Get("X-Hub-Signature-256"), "sha256=")
	signature, err := hex.DecodeString(hash)
	switch {
	case token != "" && subtle.ConstantTimeCompare([]byte(token), []byte(secret)) != 1,
		token == "" && (!signed || err != nil || len(signature) != sha256.Size):
		return nil, unknown
	case r.ContentLength > mostMessage:
		return nil, fault.New(fault.Invalid, "the message has more than %d MiB: publish so large a push by hand", mostMessage>>20)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostMessage))
	if err != nil {
		return nil, fault.New(fault.Invalid, "the message cannot be read: %w", err)
	}
	if token == "" {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		if !hmac.Equal(signature, mac.Sum(nil)) {
			return nil, unknown
		}
	}
	return body, nil
}

// A message is what a code host tells of a push.
type message struct {
	id     string // the host's name for the message
	ref    string // "refs/heads/main"
	main   string // the repository's main branch
	commit string
}

// read reads a message; why says why nothing is to be done for it.
func read(h http.Header, body []byte) (m message, why string) {
	event := cmp.Or(h.Get("X-GitHub-Event"), h.Get("X-Gitlab-Event"))
	switch event {
	case "push", "Push Hook", "Tag Push Hook":
	case "ping":
		return m, "well met"
	default:
		return m, "only pushes are of interest here"
	}
	var said struct {
		Ref        string `json:"ref"`
		After      string `json:"after"`
		Deleted    bool   `json:"deleted"`
		Repository struct {
			DefaultBranch string `json:"default_branch"`
		} `json:"repository"`
		Project struct {
			DefaultBranch string `json:"default_branch"`
		} `json:"project"`
	}
	if err := json.Unmarshal(body, &said); err != nil {
		return m, "the message is no JSON: set its content type to application/json"
	}
	if said.Deleted || strings.Trim(said.After, "0") == "" {
		return m, "the branch is gone"
	}
	m.ref, m.main, m.commit = said.Ref, cmp.Or(said.Repository.DefaultBranch, said.Project.DefaultBranch), word(said.After)
	m.id = word(cmp.Or(h.Get("X-GitHub-Delivery"), h.Get("X-Gitlab-Event-UUID")))
	if m.id == "" {
		m.id = sum(string(body))
	}
	return m, ""
}

// word returns a name that a code host gave; one that is no name is replaced by
// its hash.
func word(name string) string {
	ok := len(name) <= 100
	for _, c := range name {
		ok = ok && (c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-_.", c))
	}
	if ok {
		return name
	}
	return sum(name)
}

// publish does the job.
func (h *Hook) publish(ctx context.Context, j jobs.Job[publishPush]) error {
	source, err := h.options.Source(ctx)
	if err != nil {
		return err
	}
	by := auth.TheProgram(j.Request())
	p, err := h.service.Publish(ctx, by, Request{Source: source})
	end := db.EndDeliveryParams{ID: j.Args.Delivery}
	switch kind := fault.KindOf(err); {
	case err != nil:
		end.Outcome = "failed"
		if kind == fault.Invalid || kind == fault.NotFound || kind == fault.Forbidden {
			err = jobs.GiveUp(err) // the next push may be better
		} else if !j.Last {
			return err
		}
	case p.Refused():
		end.Outcome, end.Blocking = "refused", int64(len(p.Blocking))
	case p.Published:
		end.Outcome, end.Release = "published", int64(p.Release)
	default:
		end.Outcome, end.Release = "unchanged", int64(p.Release)
	}
	noted := h.service.db.Update(ctx, func(tx store.Tx) error { return db.New(tx).EndDelivery(ctx, end) })
	return errors.Join(err, noted)
}

// A Delivery is the last message of a code host, and what came of it.
type Delivery struct {
	At       time.Time
	Commit   string
	Outcome  string // "published", "unchanged", "refused" or "failed"; "" while it waits
	Release  ReleaseNumber
	Blocking int // errors for which the pages were refused
}

// LatestDelivery returns the last message of a code host; nil if none came yet.
func (s *Service) LatestDelivery(ctx context.Context, by auth.Actor) (d *Delivery, err error) {
	if err := s.auth.Can(by, ReadRelease, ReleaseNumber(0)); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx store.Tx) error {
		row, err := db.New(tx).LatestDelivery(ctx)
		if errors.Is(err, sql.ErrNoRows) {
			d = nil
			return nil
		}
		if err != nil {
			return fmt.Errorf("find the last message: %w", err)
		}
		d = &Delivery{At: row.At.Time, Commit: row.Revision, Outcome: row.Outcome, Release: ReleaseNumber(row.Release), Blocking: int(row.Blocking)}
		return nil
	})
	return d, err
}
