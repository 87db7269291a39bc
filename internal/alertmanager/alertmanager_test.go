package alertmanager_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/alertmanager"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/alert"
)

const whole = `{
  "version": "4", "groupKey": "{}:{alertname=\"Down\"}", "truncatedAlerts": 2, "status": "firing", "receiver": "prodctl",
  "groupLabels": {"alertname": "Down"}, "commonLabels": {"alertname": "Down"}, "commonAnnotations": {"summary": "It is down"},
  "externalURL": "http://alertmanager.example.com", "later": {"any": [1]},
  "alerts": [
    {"status": "firing", "labels": {"alertname": "Down", "instance": "a"}, "annotations": null, "startsAt": "2018-08-24T17:50:00.123+02:00",
     "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "http://prometheus.example.com/graph", "fingerprint": "c0ffee"},
    {"status": "resolved", "labels": {"alertname": "Down"}, "startsAt": "2018-08-24T15:00:00Z", "endsAt": "2018-08-24T15:10:00Z"}
  ]
}`

func TestRead(t *testing.T) {
	t.Parallel()
	got, err := alertmanager.Read("x", []byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	want := alert.Group{Key: `{}:{alertname="Down"}`, LeftOut: 2, Labels: map[string]string{"alertname": "Down"}, Annotations: map[string]string{"summary": "It is down"},
		Alerts: []alert.Alert{
			{Fingerprint: "c0ffee", StartsAt: time.Date(2018, 8, 24, 15, 50, 0, 123e6, time.UTC), Labels: map[string]string{"alertname": "Down", "instance": "a"}, Source: "http://prometheus.example.com/graph"},
			{Fingerprint: got.Alerts[1].Fingerprint, Resolved: true, StartsAt: time.Date(2018, 8, 24, 15, 0, 0, 0, time.UTC), EndsAt: time.Date(2018, 8, 24, 15, 10, 0, 0, time.UTC), Labels: map[string]string{"alertname": "Down"}},
		}}
	if diff := cmp.Diff(want, got); diff != "" || len(got.Alerts[1].Fingerprint) != 16 {
		t.Errorf("%s\nfingerprint %q", diff, got.Alerts[1].Fingerprint)
	}
}

// Over means that nothing is firing, and that the notification has all alerts.
func TestOver(t *testing.T) {
	t.Parallel()
	over := strings.NewReplacer(`"status": "firing"`, `"status": "resolved"`, `"0001-01-01T00:00:00Z"`, `"2018-08-24T16:00:00Z"`).Replace(whole)
	for text, want := range map[string]bool{
		whole: false,
		over:  false,
		strings.Replace(over, `"truncatedAlerts": 2, `, "", 1):                                                                    true,
		strings.Replace(strings.Replace(whole, `"truncatedAlerts": 2, `, "", 1), `"status": "firing"`, `"status": "resolved"`, 1): false,
	} {
		if g, err := alertmanager.Read("x", []byte(text)); err != nil || g.Over != want {
			t.Errorf("over %v, %v\n%s", g.Over, err, text)
		}
	}
}

// All faults are reported at once, and those of the JSON with their place.
func TestFaults(t *testing.T) {
	t.Parallel()
	replaced := func(pairs ...string) string { return strings.NewReplacer(pairs...).Replace(whole) }
	many := make([]string, 1001)
	for n := range many {
		many[n] = `{"status":"firing","startsAt":"2018-08-24T15:00:00Z"}`
	}
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"empty":           {"  ", []string{"it is empty"}},
		"no JSON":         {"{\n  \"version\": nope", []string{"x:2:15: invalid JSON: invalid character 'o' in literal null (expecting 'u')"}},
		"half":            {whole[:40], []string{"unexpected end of JSON input"}},
		"two":             {whole + whole, []string{"invalid character '{' after top-level value"}},
		"a list":          {"[]", []string{"the document: expected an object, got array"}},
		"a number":        {replaced(`"groupKey": "{}:{alertname=\"Down\"}"`, `"groupKey": 5`), []string{"groupKey: expected a string, got number", "groupKey is missing"}},
		"another version": {replaced(`"version": "4"`, `"version": "5"`), []string{`version is "5" (only version "4" of the format is supported)`}},
		"no version":      {"{}", []string{`version is ""`}},
		"no alerts":       {`{"version":"4","groupKey":"k","status":"firing","alerts":[]}`, []string{"it has 0 alerts"}},
		"too many":        {`{"version":"4","groupKey":"k","status":"firing","alerts":[` + strings.Join(many, ",") + `]}`, []string{"it has 1001 alerts"}},
		"several": {replaced(`"status": "firing"`, `"status": "odd"`, `"2018-08-24T15:10:00Z"`, `"2018-08-24T14:10:00Z"`, `"2018-08-24T17:50:00.123+02:00"`, `"0001-01-01T00:00:00Z"`),
			[]string{`status is "odd" (use firing or resolved)`, `alerts[0].status is "odd"`, "alerts[0].startsAt is missing", "alerts[1].endsAt is missing, or before startsAt"}},
		"a label": {replaced(`"instance": "a"`, `"instance": 5`), []string{"alerts[0].labels: expected a string, got number"}},
		"a time":  {replaced(`"2018-08-24T15:10:00Z"`, `"yesterday"`), []string{"alerts[1]: invalid JSON: "}},
	} {
		_, err := alertmanager.Read("x", []byte(c.text))
		if fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(fmt.Sprint(err), want) {
				t.Errorf("%s: %v\nwant %s", name, err, want)
			}
		}
	}
}

// Whatever the document, reading it ends, and what it accepts can be shown and identified.
func FuzzRead(f *testing.F) {
	f.Add([]byte(whole))
	f.Add([]byte(`{"version":"4","groupKey":"k","status":"resolved","alerts":[{"status":"resolved","startsAt":"2018-08-24T15:00:00Z","endsAt":"2018-08-24T15:00:00Z"}]}`))
	f.Add([]byte(`{"version":"4","alerts":[null]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := alertmanager.Read("x", data)
		if err != nil {
			return
		}
		if g.Key == "" || len(g.Alerts) == 0 || len(g.Word()) != 21 {
			t.Errorf("%+v", g)
		}
		if text := g.Text(g.New(nil)); strings.Contains(text, "<!--") || strings.Contains(text, "\x1b") {
			t.Errorf("%q", text)
		}
	})
}
