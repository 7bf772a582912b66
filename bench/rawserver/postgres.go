package main

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// postgres is a pool of pgx, which prepares statements by itself.
type postgres struct{ pool *pgxpool.Pool }

// connections is what Cadre takes too, where nothing is set.
const connections = 16

func openPostgres(ctx context.Context, address string) (*postgres, error) {
	c, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	c.MaxConns = connections
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, err
	}
	_, err = pool.Exec(ctx, schema)
	return &postgres{pool}, err
}

func (d *postgres) fill(ctx context.Context, c content) error {
	for _, f := range c.Families {
		if _, err := d.pool.Exec(ctx, addFamily, f.values()...); err != nil {
			return err
		}
	}
	for _, p := range c.Principals {
		if err := d.add(ctx, p, false); err != nil {
			return err
		}
	}
	return nil
}

func (d *postgres) families(ctx context.Context) ([]family, error) {
	rows, err := d.pool.Query(ctx, allFamilies, pageSize)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (family, error) { return scanFamily(row.Scan) })
}

func (d *postgres) principals(ctx context.Context) ([]principal, error) {
	rows, err := d.pool.Query(ctx, allPrincipals, pageSize)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (principal, error) { return scanPrincipal(row.Scan) })
}

// add adds an account: alone, PostgreSQL makes the statement a transaction.
func (d *postgres) add(ctx context.Context, p principal, entry bool) error {
	if !entry {
		_, err := d.pool.Exec(ctx, addPrincipal, p.values()...)
		return err
	}
	return pgx.BeginFunc(ctx, d.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, addPrincipal, p.values()...); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, addEntry, p.entry()...)
		return err
	})
}

// join is add: the server itself flushes the commits of many together.
func (d *postgres) join(ctx context.Context, p principal, entry bool) error {
	return d.add(ctx, p, entry)
}
