package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/store"
)

// auditCommand is `cadre audit`, which looks at the journal without a server.
func (a *app) auditCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "audit",
		Short: "Verify the journal, or seal it",
		Long: "The journal holds who did what to which thing, and when, in chains of hashes.\n" +
			"These commands only read the database, also while a server runs on it.",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			_, err := command(c, args[0])
			return err
		},
		RunE: func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(a.auditVerifyCommand(), a.auditSealCommand())
	return c
}

// A journalPlace says where the journal is.
type journalPlace struct{ data, database string }

func (p *journalPlace) flags(c *cobra.Command) {
	c.Flags().StringVar(&p.data, "data", "", "the data folder DIR of the server")
	c.Flags().StringVar(&p.database, "database", "", "the database PLACE: the path of a file, or postgres://…")
}

// view calls f with the journal of one moment.
func (p *journalPlace) view(c *cobra.Command, f func(ctx context.Context, tx store.Tx) error) error {
	place := p.database
	if place == "" {
		if p.data == "" {
			return wrongUse(c, "say where the journal is: --data DIR or --database PLACE")
		}
		place = filepath.Join(p.data, "cadre.db")
	}
	ctx := c.Context()
	db, err := store.Open(ctx, place, store.Options{Log: slog.New(slog.DiscardHandler), ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return db.View(ctx, func(tx store.Tx) error { return f(ctx, tx) })
}

func (a *app) auditVerifyCommand() *cobra.Command {
	o := outputs{known: []string{"text", "json"}}
	var place journalPlace
	var files []string
	c := &cobra.Command{
		Use:   "verify",
		Short: "Find out whether somebody tampered with the journal",
		Long: "Read the whole journal and name each entry that was changed, moved or removed.\n" +
			"The exit code is 0 if there is none, and 1 if there is.\n\n" +
			"That the newest entries of all chains are gone is known from seals alone: from those\n" +
			"that the server wrote to the data folder, and from others, which `cadre audit seal` printed.",
		Args: exactly(0, "no argument"),
	}
	o.flags(c)
	place.flags(c)
	c.Flags().StringArrayVar(&files, "seals", nil, "compare with the seals in FILE as well; may be given again")
	c.RunE = func(c *cobra.Command, _ []string) error {
		seals, err := readSeals(place.data, files)
		if err != nil {
			return err
		}
		v := verified{Problems: []audit.Problem{}}
		err = place.view(c, func(ctx context.Context, tx store.Tx) (err error) {
			v.Problems = v.Problems[:0]
			v.Summary, err = audit.Verify(ctx, tx, seals, func(p audit.Problem) { v.Problems = append(v.Problems, p) })
			return err
		})
		if err != nil {
			return err
		}
		slices.SortFunc(v.Problems, func(p, q audit.Problem) int { return strings.Compare(p.String(), q.String()) })
		if len(v.Problems) > 0 {
			a.code = exitFindings
		}
		return a.printTo(c, &o, v.print)
	}
	return c
}

// readSeals returns the seals of the data folder, if there are any, and of files.
func readSeals(data string, files []string) ([]audit.Seal, error) {
	own := filepath.Join(data, audit.SealsFile)
	if data != "" {
		files = append([]string{own}, files...)
	}
	var all []audit.Seal
	for _, name := range files {
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) && name == own {
			continue
		}
		if err != nil {
			return nil, fault.New(fault.Invalid, "seals: %w", err)
		}
		seals, err := audit.ReadSeals(f)
		_ = f.Close()
		if err != nil {
			return nil, fault.New(fault.Invalid, "%s: %w", name, err)
		}
		all = append(all, seals...)
	}
	return all, nil
}

// verified is what verification found.
type verified struct {
	audit.Summary
	Problems []audit.Problem
}

// print returns what was found in a format.
func (v verified) print(format string) (string, error) {
	if format == "json" {
		type problem struct {
			Flaw  audit.Flaw `json:"flaw"`
			Chain string     `json:"chain"`
			From  int64      `json:"from"`
			To    int64      `json:"to"`
			Why   string     `json:"why"`
		}
		list := make([]problem, len(v.Problems))
		for i, p := range v.Problems {
			list[i] = problem(p)
		}
		text, err := json.MarshalIndent(map[string]any{
			"schema_version": "1", "entries": v.Entries, "chains": v.Chains, "seals": v.Seals, "problems": list,
		}, "", " ")
		return string(text) + "\n", err
	}
	var b strings.Builder
	for _, p := range v.Problems {
		fmt.Fprintln(&b, p)
	}
	entries := "1 entry"
	if v.Entries != 1 {
		entries = fmt.Sprintf("%d entries", v.Entries)
	}
	fmt.Fprintf(&b, "%s on %s", entries, counted(v.Chains, "chain"))
	if v.Entries > 0 {
		fmt.Fprintf(&b, ", from %s to %s", v.First.Format(time.RFC3339), v.Last.Format(time.RFC3339))
	}
	switch {
	case len(v.Problems) > 0:
		fmt.Fprintf(&b, ": tampered with in %s", counted(len(v.Problems), "place"))
	case v.Seals == 0:
		b.WriteString(": as they were written; without a seal, nothing tells whether newer ones are gone")
	default:
		fmt.Fprintf(&b, ": as they were written, and nothing that %s is gone", [2]string{"the seal knows", fmt.Sprintf("%d seals know", v.Seals)}[min(v.Seals-1, 1)])
	}
	return b.String() + "\n", nil
}

func (a *app) auditSealCommand() *cobra.Command {
	var place journalPlace
	c := &cobra.Command{
		Use:   "seal",
		Short: "Print a summary of the journal, to be kept elsewhere",
		Long: "Print the last entry of each chain of the journal, as one line of JSON. Keep it where\n" +
			"who can write to the database cannot, and give it to `cadre audit verify --seals` later:\n" +
			"what it lists, and all that was written before, cannot be removed unseen.",
		Args: exactly(0, "no argument"),
	}
	place.flags(c)
	c.RunE = func(c *cobra.Command, _ []string) error {
		return place.view(c, func(ctx context.Context, tx store.Tx) error {
			s, err := audit.MakeSeal(ctx, tx, time.Now(), time.Time{})
			if err != nil {
				return err
			}
			return s.Write(a.out)
		})
	}
	return c
}
