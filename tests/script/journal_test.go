package script

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/cadre-hq/cadre/internal/audit"
	"github.com/cadre-hq/cadre/internal/store"
)

// database calls f with the database in a file, which is made if there is none.
func database(ts *testscript.TestScript, file string, f func(ctx context.Context, db *store.DB) error) {
	ctx := context.Background()
	db, err := store.Open(ctx, ts.MkAbs(file), store.Options{Log: slog.New(slog.DiscardHandler)})
	ts.Check(err)
	_, err = db.Migrate(ctx)
	ts.Check(err)
	ts.Check(f(ctx, db))
	ts.Check(db.Close())
}

func writeJournal(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) > 1, "journal FILE N…")
	now := time.Date(2026, 11, 30, 11, 59, 59, 0, time.UTC)
	clock := func() time.Time { now = now.Add(time.Second); return now }
	database(ts, args[0], func(ctx context.Context, db *store.DB) error {
		for _, arg := range args[1:] {
			n, err := strconv.Atoi(arg)
			ts.Check(err)
			j := audit.New(db, clock)
			for i := range n {
				err := db.Update(ctx, func(tx store.Tx) error {
					return j.Record(ctx, tx, nil, "catalog.version.publish", "family", fmt.Sprint(i))
				})
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func tamper(ts *testscript.TestScript, neg bool, args []string) {
	usage(ts, !neg && len(args) == 2, "tamper FILE SQL")
	database(ts, args[0], func(ctx context.Context, db *store.DB) error {
		_, err := db.Pool().ExecContext(ctx, args[1])
		return err
	})
}
