package store

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// A Time is a moment as both databases keep it: microseconds since 1970 in
// UTC, in a BIGINT. The zero value is the zero time.Time and is kept as 0.
type Time struct{ time.Time }

// At returns a moment to be stored, which is t without what is finer than a
// microsecond.
func At(t time.Time) Time {
	if t.IsZero() {
		return Time{}
	}
	return Time{t.UTC().Truncate(time.Microsecond)}
}

// Value implements driver.Valuer.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return int64(0), nil
	}
	return t.UnixMicro(), nil
}

// Scan implements sql.Scanner.
func (t *Time) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return fmt.Errorf("a time is stored as a number, not as %T", v)
	}
	*t = Time{}
	if n != 0 {
		t.Time = time.UnixMicro(n).UTC()
	}
	return nil
}

// A NullTime is a Time that may be missing, kept as NULL.
type NullTime struct {
	Time  Time
	Valid bool
}

// MaybeAt returns t to be stored, or nothing if it is nil or zero.
func MaybeAt(t *time.Time) NullTime {
	if t == nil || t.IsZero() {
		return NullTime{}
	}
	return NullTime{At(*t), true}
}

// Ptr returns the moment, or nil.
func (t NullTime) Ptr() *time.Time {
	if !t.Valid {
		return nil
	}
	return &t.Time.Time
}

// Value implements driver.Valuer.
func (t NullTime) Value() (driver.Value, error) {
	if !t.Valid {
		return nil, nil
	}
	return t.Time.Value()
}

// Scan implements sql.Scanner.
func (t *NullTime) Scan(v any) error {
	*t = NullTime{}
	if v == nil {
		return nil
	}
	t.Valid = true
	return t.Time.Scan(v)
}
