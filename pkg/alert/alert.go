// Package alert holds the rules for alerts of a monitoring system: which of them an incident has already, what its comments say about
// them, and its title, severity and services by a team's mappings. Start with [Group].
//
// The text of alerts is anybody's, and is escaped here before it goes anywhere. The format of a notification is not known here
// (internal/alertmanager), and requests are not made.
package alert

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Group is one notification about a group of alerts.
type Group struct {
	Key         string // by which the monitoring system names the group, the same in every notification
	Over        bool   // no alert of the group is firing
	LeftOut     int    // alerts that the notification does not have
	Labels      map[string]string
	Annotations map[string]string
	Alerts      []Alert // in the order of the notification
}

// Alert is one alert of a group.
type Alert struct {
	Fingerprint string // of its labels
	Resolved    bool
	StartsAt    time.Time // UTC
	EndsAt      time.Time // UTC; zero while it is firing
	Labels      map[string]string
	Annotations map[string]string
	Source      string // URL in the monitoring system; empty: none
}

// Word is the word by which a search finds the incidents of a group: a letter and 20 hexadecimal digits of a hash of its key. It is part of
// descriptions, and never changes.
func (g Group) Word() string { return "g" + digest("group", g.Key)[:20] }

// Name is the name of the group in idempotency keys.
func (g Group) Name() string { return "group-" + digest("group", g.Key)[:20] }

// ID identifies an alert in one state. The same alert has the same id in every notification, until it ends or starts again.
func (a Alert) ID() string {
	state, end := "firing", ""
	if a.Resolved {
		state, end = "resolved", a.EndsAt.UTC().Format(time.RFC3339Nano)
	}
	return digest(a.Fingerprint, state, a.StartsAt.UTC().Format(time.RFC3339Nano), end)[:12]
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

// IDs are the ids of alerts as the field of an event.
func IDs(alerts []Alert) string {
	ids := make([]string, len(alerts))
	for n, a := range alerts {
		ids[n] = a.ID()
	}
	slices.Sort(ids)
	return strings.Join(slices.Compact(ids), " ")
}

// KeyName is the name of the idempotency key of a comment about alerts.
func KeyName(alerts []Alert) string { return "alerts-" + digest(IDs(alerts))[:20] }

// New returns the alerts of the group that no trusted event has, sorted by when they changed, each once.
func (g Group) New(events []eventlog.Event) []Alert {
	known := map[string]bool{}
	for _, e := range events {
		if e.Trusted {
			for _, id := range strings.Fields(e.Opened().Fields[eventlog.AlertsField]) {
				known[id] = true
			}
		}
	}
	var list []Alert
	for _, a := range g.Alerts {
		if id := a.ID(); !known[id] {
			known[id] = true
			list = append(list, a)
		}
	}
	stable.Sort(list, func(a, b Alert) int { return cmp.Or(a.At().Compare(b.At()), cmp.Compare(a.ID(), b.ID())) })
	return list
}

// At is when an alert started or, if it is resolved, ended.
func (a Alert) At() time.Time {
	if a.Resolved {
		return a.EndsAt
	}
	return a.StartsAt
}

// Changed is when the last of the alerts changed. It is not after now: clocks differ.
func Changed(alerts []Alert, now time.Time) (at time.Time) {
	for _, a := range alerts {
		if a.At().After(at) {
			at = a.At()
		}
	}
	if at.IsZero() || at.After(now) {
		at = now
	}
	return at.UTC().Truncate(time.Second)
}

// Firing returns the alerts that are firing and started after a time.
func (g Group) Firing(since time.Time) (list []Alert) {
	for _, a := range g.Alerts {
		if !a.Resolved && a.StartsAt.After(since) {
			list = append(list, a)
		}
	}
	return list
}

// Since returns the firing alerts that started after an incident was resolved. The start of an alert may be in the future, because clocks
// differ: it does not count for one that the incident had.
func (g Group) Since(resolved, now time.Time, events []eventlog.Event) []Alert {
	fresh := g.New(events)
	return slices.DeleteFunc(g.Firing(resolved), func(a Alert) bool {
		known := !slices.ContainsFunc(fresh, func(f Alert) bool { return f.ID() == a.ID() })
		return known && a.StartsAt.After(now)
	})
}

// Began is when the first of the firing alerts started, not after now.
func (g Group) Began(now time.Time) time.Time {
	began := now
	for _, a := range g.Firing(time.Time{}) {
		if a.StartsAt.Before(began) {
			began = a.StartsAt
		}
	}
	return began.UTC().Truncate(time.Second)
}
