package param

import (
	"strings"
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

var timeLayouts = []string{
	time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02T15:04", time.DateTime,
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z07:00", "2006-01-02 15:04:05 MST", "2006-01-02 15:04", time.DateOnly,
	"20060102T150405Z", "20060102",
}

// ParseTime reads an instant in any of the formats that GitLab accepts. A bare date is midnight UTC.
func ParseTime(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	for _, layout := range timeLayouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), true
		}
	}
	return time.Time{}, false
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
