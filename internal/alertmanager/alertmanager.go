// Package alertmanager reads notifications of Prometheus Alertmanager, in version 4 of its webhook format.
//
// Start with [Read]. Fields that are not needed are ignored, so that later releases of Alertmanager can add some; another version is
// refused. What alerts mean for an incident is in pkg/alert, and nothing is requested here.
package alertmanager

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/alert"
)

const (
	version     = "4"
	maxAlerts   = 1000
	maxFaults   = 20
	maxGroupKey = 64 << 10
)

// notification is the format. Its field names are Alertmanager's.
type notification struct {
	Version     string            `json:"version"`
	GroupKey    string            `json:"groupKey"`
	LeftOut     int               `json:"truncatedAlerts"`
	Status      string            `json:"status"`
	Labels      map[string]string `json:"commonLabels"`
	Annotations map[string]string `json:"commonAnnotations"`
	Alerts      []json.RawMessage `json:"alerts"`
}

type notified struct {
	Status      string            `json:"status"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
	StartsAt    time.Time         `json:"startsAt"`
	EndsAt      time.Time         `json:"endsAt"`
	Source      string            `json:"generatorURL"`
	Fingerprint string            `json:"fingerprint"`
}

// Read returns the group of alerts of a notification. The name of the file is used in messages only. All faults are reported together, as
// an error of kind Usage.
func Read(name string, data []byte) (alert.Group, error) {
	r := reader{name: name, data: data}
	g := r.group()
	if len(r.faults) > 0 {
		if more := len(r.faults) - maxFaults; more > 0 {
			r.faults = append(r.faults[:maxFaults], fmt.Errorf("%s: and %d more", name, more))
		}
		return alert.Group{}, fault.Wrap(fault.Usage, errors.Join(r.faults...),
			"Pass a notification as Alertmanager sends it to a webhook (docs/alerts.md)", "the alerts in %s cannot be used", name)
	}
	return g, nil
}

type reader struct {
	name   string
	data   []byte
	faults []error
}

func (r *reader) fault(format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s: %s", r.name, fmt.Sprintf(format, args...)))
}

// invalid is a fault of the JSON, with its place in the document if it is known.
func (r *reader) invalid(where string, err error, whole bool) {
	offset := int64(-1)
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		offset = e.Offset
		err = errors.New("invalid JSON: " + e.Error())
	} else if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		offset = e.Offset
		field := strings.Trim(where+"."+e.Field, ".")
		err = fmt.Errorf("%s: expected %s, got %s", cmp.Or(field, "the document"), kindOf(e.Type), e.Value)
	} else {
		err = errors.New(strings.TrimPrefix(where+": ", ": ") + "invalid JSON: " + err.Error())
	}
	if !whole || offset < 0 || offset > int64(len(r.data)) {
		r.fault("%v", err)
		return
	}
	before := r.data[:offset]
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n')
	r.faults = append(r.faults, fmt.Errorf("%s:%d:%d: %w", r.name, line, max(column-1, 1), err))
}

// kindOf is the JSON type for a Go type.
func kindOf(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Slice:
		return "an array"
	case reflect.Int:
		return "a whole number"
	}
	return "an object"
}

func (r *reader) group() (g alert.Group) {
	var n notification
	if len(bytes.TrimSpace(r.data)) == 0 {
		r.fault("it is empty")
		return g
	}
	if err := json.Unmarshal(r.data, &n); err != nil {
		r.invalid("", err, true)
		if _, wrongType := errors.AsType[*json.UnmarshalTypeError](err); !wrongType {
			return g
		}
	}
	if n.Version != version {
		r.fault("version is %q (only version %q of the format is supported)", n.Version, version)
		return g
	}
	if n.GroupKey == "" || len(n.GroupKey) > maxGroupKey {
		r.fault("groupKey is missing or too long")
	}
	r.status("status", n.Status)
	if len(n.Alerts) == 0 || len(n.Alerts) > maxAlerts {
		r.fault("it has %d alerts (use 1 to %d, with max_alerts of the receiver)", len(n.Alerts), maxAlerts)
		return g
	}
	if n.LeftOut < 0 {
		r.fault("truncatedAlerts is negative")
	}
	g = alert.Group{Key: n.GroupKey, Over: n.Status == "resolved" && n.LeftOut == 0, LeftOut: n.LeftOut, Labels: n.Labels,
		Annotations: n.Annotations}
	for at, raw := range n.Alerts {
		a := r.alert(fmt.Sprintf("alerts[%d]", at), raw)
		g.Over = g.Over && a.Resolved
		g.Alerts = append(g.Alerts, a)
	}
	return g
}

func (r *reader) alert(where string, raw json.RawMessage) alert.Alert {
	var n notified
	if err := json.Unmarshal(raw, &n); err != nil {
		r.invalid(where, err, false)
		return alert.Alert{}
	}
	r.status(where+".status", n.Status)
	a := alert.Alert{Fingerprint: n.Fingerprint, Resolved: n.Status == "resolved", StartsAt: n.StartsAt.UTC(), Labels: n.Labels,
		Annotations: n.Annotations, Source: n.Source}
	if !usable(n.StartsAt) {
		r.fault("%s.startsAt is missing or no time of an alert", where)
	}
	if a.Resolved {
		a.EndsAt = n.EndsAt.UTC()
		if !usable(n.EndsAt) || n.EndsAt.Before(n.StartsAt) {
			r.fault("%s.endsAt is missing, or before startsAt", where)
		}
	}
	if a.Fingerprint == "" {
		a.Fingerprint = fingerprint(n.Labels)
	}
	return a
}

func (r *reader) status(where, status string) {
	if status != "firing" && status != "resolved" {
		r.fault("%s is %q (use firing or resolved)", where, status)
	}
}

// usable reports whether something can have happened at a time. Alertmanager writes the year 1 for none.
func usable(t time.Time) bool { return t.Year() >= 1970 && t.Year() < 10000 }

// fingerprint identifies the labels of an alert from a release of Alertmanager that sends none.
func fingerprint(labels map[string]string) string {
	hash := sha256.New()
	for _, key := range slices.Sorted(maps.Keys(labels)) {
		fmt.Fprintf(hash, "%q=%q,", key, labels[key])
	}
	return hex.EncodeToString(hash.Sum(nil)[:8])
}
