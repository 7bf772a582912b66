package app

import (
	"context"
	"io"
	"log/slog"

	"github.com/cadre-hq/cadre/internal/settings"
	"github.com/cadre-hq/cadre/internal/web"
)

// NewLog returns a log that is written as the settings say. Each line that
// belongs to a request names it.
func NewLog(w io.Writer, s settings.Log) *slog.Logger {
	var level slog.Level
	if level.UnmarshalText([]byte(s.Level)) != nil {
		level = slog.LevelInfo
	}
	o := &slog.HandlerOptions{Level: level}
	if s.Format == "json" {
		return slog.New(inContext{slog.NewJSONHandler(w, o)})
	}
	return slog.New(inContext{slog.NewTextHandler(w, o)})
}

// inContext adds the name of the request in hand to each line of a log that
// does not have it.
type inContext struct{ slog.Handler }

// Handle implements slog.Handler.
func (h inContext) Handle(ctx context.Context, line slog.Record) error {
	id, known := web.RequestID(ctx), false
	line.Attrs(func(a slog.Attr) bool {
		known = a.Key == "request"
		return !known
	})
	if id != "" && !known {
		line = line.Clone()
		line.AddAttrs(slog.String("request", id))
	}
	return h.Handler.Handle(ctx, line)
}

// WithAttrs implements slog.Handler.
func (h inContext) WithAttrs(list []slog.Attr) slog.Handler {
	return inContext{h.Handler.WithAttrs(list)}
}

// WithGroup implements slog.Handler.
func (h inContext) WithGroup(name string) slog.Handler { return inContext{h.Handler.WithGroup(name)} }

// quietly returns a log without what libraries tell of their usual work.
func quietly(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

// warnings lets pass what is a warning or worse.
type warnings struct{ slog.Handler }

// Enabled implements slog.Handler.
func (h warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && h.Handler.Enabled(ctx, l)
}

// WithAttrs implements slog.Handler.
func (h warnings) WithAttrs(list []slog.Attr) slog.Handler {
	return warnings{h.Handler.WithAttrs(list)}
}

// WithGroup implements slog.Handler.
func (h warnings) WithGroup(name string) slog.Handler { return warnings{h.Handler.WithGroup(name)} }
