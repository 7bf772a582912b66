package app

import (
	"context"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/cadre-hq/cadre/internal/otlp"
)

// traces sends a span for each request, if the environment names a collector
// (OTEL_EXPORTER_OTLP_ENDPOINT). A span has the route and the status; no
// address, path or query, which may tell of a person.
type traces struct {
	provider *sdk.TracerProvider // nil sends nothing
	tracer   trace.Tracer
}

// newTraces returns the traces that the environment asks for.
func newTraces(ctx context.Context, version string, variable func(string) string) (*traces, error) {
	e, err := otlp.FromEnvironment(variable)
	if err != nil || e == nil {
		return &traces{}, err
	}
	about, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", "cadre"), attribute.String("service.version", version)),
		resource.WithFromEnv()) // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES are stronger
	if err != nil {
		return nil, err
	}
	p := sdk.NewTracerProvider(sdk.WithBatcher(e), sdk.WithResource(about))
	return &traces{provider: p, tracer: p.Tracer("github.com/cadre-hq/cadre")}, nil
}

// begin starts the span of a request, which goes on a trace that the caller
// has begun. End it with the route and the status.
func (t *traces) begin(ctx context.Context, r *http.Request) (context.Context, func(route string, status int)) {
	if t.provider == nil {
		return ctx, func(string, int) {}
	}
	ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
	ctx, span := t.tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer))
	return ctx, func(route string, status int) {
		span.SetName(route)
		span.SetAttributes(attribute.String("http.route", route), attribute.Int("http.response.status_code", status))
		if status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// stop sends what was not sent yet.
func (t *traces) stop(ctx context.Context) error {
	if t.provider == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}
