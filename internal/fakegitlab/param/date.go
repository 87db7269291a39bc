package param

import (
	"fmt"
	"time"
)

// Time reads an instant. A bare date is midnight UTC.
func (p *Params) Time(name string) Opt[time.Time] {
	s := p.Str(name)
	if !s.OK() {
		return Opt[time.Time]{Set: s.Set, Null: s.Null}
	}
	if s.Value == "" {
		return Opt[time.Time]{Set: true, Null: true}
	}
	t, ok := ParseTime(s.Value)
	if !ok {
		p.Note(name, "is invalid")
		return Opt[time.Time]{}
	}
	return Opt[time.Time]{Value: t, Set: true}
}

// ParseTime reads an instant in any of the formats that GitLab accepts. A bare date is midnight UTC, and so is a time
// without an offset. Text after the time is ignored.
func ParseTime(s string) (time.Time, bool) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t.UTC(), true
	}
	m, ok := parseMoment(s)
	if !ok || !m.isDate() || m.hour > 24 || m.minute > 59 || m.second > 59 {
		return time.Time{}, false
	}
	at := time.Date(m.fullYear(), time.Month(m.month), m.day, m.hour, m.minute, m.second, m.nanosecond, time.UTC)
	return at.Add(-time.Duration(m.offset) * time.Second), true
}

// Date reads a civil date the way GitLab does: an invalid one becomes null without an error.
func (p *Params) Date(name string) Opt[string] {
	s := p.Str(name)
	if !s.Set {
		return s
	}
	d := CastDate(s.Value)
	return Opt[string]{Value: d, Set: true, Null: d == ""}
}

// CastDate returns YYYY-MM-DD, or "" for an invalid date. It cuts off a time of day.
func CastDate(s string) string {
	if d, err := time.Parse(time.DateOnly, s); err == nil {
		return d.Format(time.DateOnly)
	}
	m, ok := parseMoment(s)
	if !ok || !m.isDate() || m.year < 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", m.year, m.month, m.day)
}
