package otlp

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/resource"
	"go.opentelemetry.io/otel/sdk/trace"
	api "go.opentelemetry.io/otel/trace"
)

// A collector gets spans as the protocol's JSON form has them, with the headers
// that were asked for.
func TestExport(t *testing.T) {
	var got request
	var header http.Header
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		header = r.Header
		if r.URL.Path != "/v1/traces" {
			t.Errorf("spans go to %s", r.URL.Path)
		}
		body, _ := io.ReadAll(r.Body)
		got = request{}
		if err := json.Unmarshal(body, &got); err != nil {
			t.Error(err)
		}
	}))
	defer collector.Close()
	environment := map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": collector.URL + "/", "OTEL_EXPORTER_OTLP_HEADERS": "x-key=a%20b,broken"}
	e, err := FromEnvironment(func(name string) string { return environment[name] })
	if err != nil {
		t.Fatal(err)
	}
	p := trace.NewTracerProvider(trace.WithSyncer(e), trace.WithResource(sdk.NewSchemaless(attribute.String("service.name", "cadre"))))
	tracer := p.Tracer("test")
	ctx, parent := tracer.Start(context.Background(), "GET /", api.WithSpanKind(api.SpanKindServer))
	_, child := tracer.Start(ctx, "read", api.WithAttributes(attribute.Int("n", 3), attribute.Bool("ok", true), attribute.Float64("f", 0.5)))
	child.SetStatus(codes.Error, "no")
	child.AddEvent("tried")
	child.End()
	if len(got.ResourceSpans) != 1 || len(got.ResourceSpans[0].ScopeSpans) != 1 {
		t.Fatalf("got %+v", got)
	}
	s := got.ResourceSpans[0].ScopeSpans[0].Spans[0]
	if s.Name != "read" || s.Kind != 1 || s.ParentID != parent.SpanContext().SpanID().String() || s.TraceID != parent.SpanContext().TraceID().String() ||
		s.Status != (status{"no", 2}) || len(s.Events) != 1 || s.Events[0].Name != "tried" || len(s.Start) != 19 || s.End < s.Start {
		t.Errorf("the child is %+v", s)
	}
	if len(s.Attributes) != 3 || s.Attributes[0].Value["intValue"] != "3" || s.Attributes[1].Value["boolValue"] != true || s.Attributes[2].Value["doubleValue"] != 0.5 {
		t.Errorf("attributes are %+v", s.Attributes)
	}
	if r := got.ResourceSpans[0].Resource.Attributes; len(r) != 1 || r[0].Key != "service.name" || r[0].Value["stringValue"] != "cadre" {
		t.Errorf("the resource is %+v", r)
	}
	parent.End()
	if s := got.ResourceSpans[0].ScopeSpans[0].Spans[0]; s.Kind != 2 || s.ParentID != "" || s.Status.Code != 0 {
		t.Errorf("the parent is %+v", s)
	}
	if header.Get("Content-Type") != "application/json" || header.Get("X-Key") != "a b" {
		t.Errorf("headers are %v", header)
	}
	if err := p.Shutdown(context.Background()); err != nil {
		t.Error(err)
	}
}

// A collector that refuses is an error, and so is an address that is none.
func TestExportFails(t *testing.T) {
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	defer collector.Close()
	e, err := FromEnvironment(func(name string) string {
		return map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": collector.URL}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.ExportSpans(context.Background(), nil); err == nil {
		t.Error("a refusal goes unseen")
	}
	if e, err := FromEnvironment(func(string) string { return "" }); e != nil || err != nil {
		t.Errorf("without an endpoint there is %v, %v", e, err)
	}
	if _, err := FromEnvironment(func(string) string { return "collector:4318" }); err == nil {
		t.Error("an address without scheme is taken")
	}
}
