package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/cadre-hq/cadre/internal/fault"
)

// Scrub overwrites what is left in the files of the database of rows that were
// removed or changed. Rows that are there stay, and so do those who read and
// write; it may be repeated. Busy means that somebody reads or writes for so
// long that it could not end.
//
// On SQLite all pages are looked through, and the write-ahead log is emptied.
// On PostgreSQL the given tables are written anew, each under a lock; its own
// log keeps what it has until it is recycled, which nobody but its operator
// can hasten.
func (d *DB) Scrub(ctx context.Context, tables ...string) error {
	if d.Engine() == PostgreSQL {
		return d.rewrite(ctx, tables)
	}
	if err := d.scrubPages(ctx); err != nil {
		return fmt.Errorf("scrub the database: %w", err)
	}
	return d.emptyLog(ctx)
}

// pagesAtOnce bounds how long others wait while pages are scrubbed.
const pagesAtOnce = 256

// mostPages is how many pages of a file can be told apart by their first byte:
// that of an overflow page is the highest byte of a page number. 2²⁵ pages are
// 128 GiB.
const mostPages = 1 << 25

// scrubPages overwrites the free parts of all pages. With secure_delete SQLite
// does so where a row is removed; but when a page becomes full, rows move to
// another, and their old bytes stay where they were.
func (d *DB) scrubPages(ctx context.Context) error {
	var count int64
	err := d.View(ctx, func(tx Tx) error {
		return tx.QueryRowContext(ctx, "PRAGMA page_count").Scan(&count)
	})
	if err != nil {
		return err
	}
	if count >= mostPages {
		return fault.New(fault.Conflict, "a SQLite file of more than 128 GiB cannot be scrubbed: stop the server and run VACUUM")
	}
	for first := int64(1); first <= count; first += pagesAtOnce {
		last := first + pagesAtOnce - 1
		stale := 0
		err := d.View(ctx, func(tx Tx) (err error) {
			pages, err := stalePages(ctx, tx, first, last)
			stale = len(pages)
			return err
		})
		if err != nil {
			return err
		}
		if stale == 0 {
			continue
		}
		err = d.Update(ctx, func(tx Tx) error {
			pages, err := stalePages(ctx, tx, first, last)
			if err != nil {
				return err
			}
			for _, p := range pages {
				if _, err := tx.ExecContext(ctx, "UPDATE sqlite_dbpage SET data = $1 WHERE pgno = $2", p.data, p.number); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// A page is one page of a SQLite file.
type page struct {
	number int64
	data   []byte
}

// stalePages returns those of some pages whose free parts are not empty, with
// empty ones.
func stalePages(ctx context.Context, tx Tx, first, last int64) (found []page, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT pgno, data FROM sqlite_dbpage WHERE pgno BETWEEN $1 AND $2", first, last)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var p page
		if err := rows.Scan(&p.number, &p.data); err != nil {
			return nil, err
		}
		if p.clear() {
			found = append(found, p)
		}
	}
	return found, rows.Err()
}

// clear overwrites the free parts of a page of a B-tree with zeros: the gap
// between the list of cells and the cells, and the blocks that are free between
// these (https://www.sqlite.org/fileformat2.html#b_tree_pages). It reports
// whether anything was there. A page that is something else, or does not look
// as it should, is left alone.
func (p *page) clear() bool {
	head := 0
	if p.number == 1 {
		head = 100 // behind the header of the file
	}
	size := len(p.data)
	if size < 512 {
		return false
	}
	list := head + 8
	switch p.data[head] {
	case 2, 5: // of a page that points to others
		list = head + 12
	case 10, 13: // of a leaf
	default:
		return false
	}
	at := func(i int) int { return int(binary.BigEndian.Uint16(p.data[i:])) }
	gap, content := list+2*at(head+3), at(head+5)
	if content == 0 {
		content = 65536
	}
	if gap > content || content > size {
		return false
	}
	found := wipe(p.data[gap:content])
	for block := at(head + 1); block != 0; {
		if block < content || block+4 > size {
			return found
		}
		next, length := at(block), at(block+2)
		if length < 4 || block+length > size || next != 0 && next < block+length {
			return found
		}
		found = wipe(p.data[block+4:block+length]) || found
		block = next
	}
	return found
}

// wipe overwrites with zeros and reports whether something else was there.
func wipe(b []byte) bool {
	found := false
	for i := range b {
		found = found || b[i] != 0
		b[i] = 0
	}
	return found
}

// maxWait is how long Scrub waits for others.
const maxWait = 3 * time.Second

// emptyLog brings the write-ahead log into the file and cuts it to nothing,
// which needs a moment in which nobody reads an older state.
func (d *DB) emptyLog(ctx context.Context) error {
	began := time.Now()
	for try := 0; ; try++ {
		var busy, frames, moved int
		err := d.Pool().QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &frames, &moved)
		if err == nil && busy == 0 {
			return nil
		}
		if err != nil && !isBusy(err) {
			return sorted(fmt.Errorf("empty the write-ahead log: %w", err))
		}
		if time.Since(began) > maxWait {
			return fault.New(fault.Busy, "the write-ahead log could not be emptied: somebody reads an older state; it is tried again later")
		}
		if err := pause(ctx, try+6); err != nil {
			return err
		}
	}
}

// rewrite writes tables of PostgreSQL anew, with their indexes, and their
// statistics, which hold values too.
func (d *DB) rewrite(ctx context.Context, tables []string) (err error) {
	conn, err := d.Pool().Conn(ctx)
	if err != nil {
		return sorted(err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("SET lock_timeout = %d", maxWait.Milliseconds())); err != nil {
		return sorted(err)
	}
	defer func() {
		_, e := conn.ExecContext(context.WithoutCancel(ctx), "RESET lock_timeout")
		err = errors.Join(err, e)
	}()
	if err := outwait(ctx, conn); err != nil {
		return err
	}
	for _, table := range tables {
		if _, err := conn.ExecContext(ctx, "VACUUM (FULL, ANALYZE) "+pgx.Identifier{table}.Sanitize()); err != nil {
			return sorted(fmt.Errorf("write the table %s anew: %w", table, err))
		}
	}
	if err := outwait(ctx, conn); err != nil {
		return err
	}
	// Older statistics are rows of a table of the server. Who may not write it
	// anew gets a warning of the server, and no error.
	if _, err := conn.ExecContext(ctx, "VACUUM (FULL) pg_catalog.pg_statistic"); err != nil {
		return sorted(fmt.Errorf("write the statistics anew: %w", err))
	}
	return nil
}

// outwait waits until nobody reads a state of the database from before the call,
// and no transaction runs that began before it, in whatever database of the
// server: a state is told by the oldest one. As long as there is either,
// PostgreSQL keeps what that state shows, also in a table that it writes anew.
func outwait(ctx context.Context, conn *sql.Conn) error {
	var now string
	if err := conn.QueryRowContext(ctx, "SELECT CAST(CAST(pg_current_xact_id() AS xid) AS text)").Scan(&now); err != nil {
		return sorted(fmt.Errorf("read the state of the database: %w", err))
	}
	began := time.Now()
	for try := 0; ; try++ {
		var older int
		err := conn.QueryRowContext(ctx, `SELECT count(*) FROM pg_stat_activity
			WHERE pid <> pg_backend_pid() AND (age(backend_xid) > age(CAST(CAST($1 AS text) AS xid))
				OR datname = current_database() AND age(backend_xmin) > age(CAST(CAST($1 AS text) AS xid)))`, now).Scan(&older)
		if err != nil {
			return sorted(fmt.Errorf("see who reads an older state: %w", err))
		}
		if older == 0 {
			return nil
		}
		if time.Since(began) > maxWait {
			return fault.New(fault.Busy, "the tables could not be written anew: somebody reads an older state; it is tried again later")
		}
		if err := pause(ctx, try+6); err != nil {
			return err
		}
	}
}
