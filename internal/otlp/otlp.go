// Package otlp sends traces to a collector in the JSON form of the
// OpenTelemetry Protocol over HTTP (OTLP 1.x, ProtoJSON of
// opentelemetry.proto.collector.trace.v1).
//
// The exporter of the OpenTelemetry project brings protobuf and gRPC, which
// every command of the program would load and start; the JSON form needs
// neither, and every collector takes it at the same address.
package otlp

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace"
)

// An Exporter sends spans. It implements trace.SpanExporter.
type Exporter struct {
	url     string
	headers map[string]string
	client  *http.Client
}

// limit is how long a collector may take for a batch; the queue of spans is
// bounded, so a slow one costs spans and nothing else.
const limit = 10 * time.Second

// FromEnvironment returns the exporter that the standard variables describe
// (OTEL_EXPORTER_OTLP_ENDPOINT, …_TRACES_ENDPOINT, …_HEADERS,
// …_TRACES_HEADERS), or nil if they name no endpoint.
func FromEnvironment(variable func(string) string) (*Exporter, error) {
	address := variable("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
	if address == "" {
		base := variable("OTEL_EXPORTER_OTLP_ENDPOINT")
		if base == "" {
			return nil, nil
		}
		address = strings.TrimSuffix(base, "/") + "/v1/traces"
	}
	if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("the address of the trace collector must be like http://127.0.0.1:4318, not %q", address)
	}
	e := &Exporter{url: address, headers: map[string]string{}, client: &http.Client{Timeout: limit}}
	for _, name := range []string{"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS"} {
		for pair := range strings.SplitSeq(variable(name), ",") {
			key, value, ok := strings.Cut(pair, "=")
			if value, err := url.PathUnescape(strings.TrimSpace(value)); ok && err == nil {
				e.headers[strings.TrimSpace(key)] = value
			}
		}
	}
	return e, nil
}

// ExportSpans implements trace.SpanExporter.
func (e *Exporter) ExportSpans(ctx context.Context, spans []trace.ReadOnlySpan) error {
	body, err := json.Marshal(encode(spans))
	if err != nil {
		return fmt.Errorf("encode spans: %w", err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	for key, value := range e.headers {
		r.Header.Set(key, value)
	}
	answer, err := e.client.Do(r)
	if err != nil {
		return fmt.Errorf("send spans: %w", err)
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16)) // so that the connection can be used again
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("send spans: the collector answers %s", answer.Status)
	}
	return nil
}

// Shutdown implements trace.SpanExporter.
func (e *Exporter) Shutdown(context.Context) error {
	e.client.CloseIdleConnections()
	return nil
}

// The messages of the protocol. Ids are hexadecimal, and 64-bit numbers are
// texts, as its JSON form demands.
type (
	request struct {
		ResourceSpans []resourceSpans `json:"resourceSpans"`
	}
	resourceSpans struct {
		Resource   resource     `json:"resource"`
		ScopeSpans []scopeSpans `json:"scopeSpans"`
	}
	resource struct {
		Attributes []keyValue `json:"attributes,omitempty"`
	}
	scopeSpans struct {
		Scope scope  `json:"scope"`
		Spans []span `json:"spans"`
	}
	scope struct {
		Name    string `json:"name"`
		Version string `json:"version,omitempty"`
	}
	span struct {
		TraceID    string     `json:"traceId"`
		SpanID     string     `json:"spanId"`
		ParentID   string     `json:"parentSpanId,omitempty"`
		Name       string     `json:"name"`
		Kind       int        `json:"kind"`
		Start      string     `json:"startTimeUnixNano"`
		End        string     `json:"endTimeUnixNano"`
		Attributes []keyValue `json:"attributes,omitempty"`
		Events     []event    `json:"events,omitempty"`
		Status     status     `json:"status"`
	}
	event struct {
		Time       string     `json:"timeUnixNano"`
		Name       string     `json:"name"`
		Attributes []keyValue `json:"attributes,omitempty"`
	}
	status struct {
		Message string `json:"message,omitempty"`
		Code    int    `json:"code,omitempty"`
	}
	keyValue struct {
		Key   string `json:"key"`
		Value value  `json:"value"`
	}
	value map[string]any
)

// encode groups spans by resource and scope.
func encode(spans []trace.ReadOnlySpan) request {
	var out request
	places := map[string][2]int{}
	for _, s := range spans {
		library := s.InstrumentationScope()
		id := s.Resource().String() + "\x00" + library.Name + "\x00" + library.Version
		at, known := places[id]
		if !known {
			at = [2]int{len(out.ResourceSpans), 0}
			places[id] = at
			out.ResourceSpans = append(out.ResourceSpans, resourceSpans{
				Resource:   resource{attributes(s.Resource().Attributes())},
				ScopeSpans: []scopeSpans{{Scope: scope{library.Name, library.Version}}},
			})
		}
		list := &out.ResourceSpans[at[0]].ScopeSpans[at[1]].Spans
		*list = append(*list, encodeSpan(s))
	}
	return out
}

func encodeSpan(s trace.ReadOnlySpan) span {
	c := s.SpanContext()
	out := span{
		TraceID: c.TraceID().String(), SpanID: c.SpanID().String(), Name: s.Name(),
		Kind:  int(s.SpanKind()), // the numbers are those of the protocol
		Start: nano(s.StartTime()), End: nano(s.EndTime()), Attributes: attributes(s.Attributes()),
	}
	if s.Parent().SpanID().IsValid() {
		out.ParentID = s.Parent().SpanID().String()
	}
	switch s.Status().Code {
	case codes.Ok:
		out.Status.Code = 1
	case codes.Error:
		out.Status = status{s.Status().Description, 2}
	}
	for _, e := range s.Events() {
		out.Events = append(out.Events, event{nano(e.Time), e.Name, attributes(e.Attributes)})
	}
	return out
}

func nano(t time.Time) string { return strconv.FormatInt(t.UnixNano(), 10) }

func attributes(list []attribute.KeyValue) []keyValue {
	out := make([]keyValue, len(list))
	for i, a := range list {
		out[i] = keyValue{string(a.Key), encodeValue(a.Value)}
	}
	return out
}

// encodeValue returns a value of one of the kinds that Cadre uses; others go as
// text.
func encodeValue(v attribute.Value) value {
	switch v.Type() {
	case attribute.BOOL:
		return value{"boolValue": v.AsBool()}
	case attribute.INT64:
		return value{"intValue": strconv.FormatInt(v.AsInt64(), 10)}
	case attribute.FLOAT64:
		return value{"doubleValue": v.AsFloat64()}
	}
	return value{"stringValue": v.String()}
}
