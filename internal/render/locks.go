package render

import (
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Locks shows all locks with the time in which each holds next.
func (v *View) Locks(doc jsonv1.Locks) error {
	s := sheet{columns: lockColumns(), none: "no locks are configured"}
	for _, l := range doc.Locks {
		s.rows = append(s.rows, lockRow(l))
	}
	return v.show(doc, body{sheet: s, notes: doc.Notes}, nil)
}

func lockColumns() []column {
	return []column{
		{name: "Lock", field: "name"},
		{name: "Kind", field: "kind"},
		{name: "Holds", field: "active"},
		{name: "When", field: "weekly", min: 22, drop: 2},
		{name: "Not for", field: "exempt", min: 8, drop: 3},
		{name: "Reason", field: "reason", min: 12, drop: 1},
		{field: "zone"}, {field: "from"}, {field: "to"}, {field: "next"},
	}
}

func lockRow(l jsonv1.Lock) []cell {
	return []cell{
		text(l.Name), {lockKind(l.Kind), l.Kind}, {holds(l), strconv.FormatBool(l.Active)}, both(lockTime(l), l.Weekly),
		listed(l.Exempt), text(l.Reason), text(l.Zone), text(l.From), text(l.To), text(periods(l.Next)),
	}
}

// holds is up to when a lock holds, or from when it will.
func holds(l jsonv1.Lock) span {
	switch {
	case l.Active && len(l.Next) > 0:
		return as(bad, "now, until "+moment(l.Next[0].To))
	case l.Active:
		return as(bad, "now")
	case len(l.Next) > 0:
		return t("from " + moment(l.Next[0].From))
	}
	return as(faint, "no more")
}

// lockTime is the rule of a weekly lock, on the clock of its own zone, or the window of a dated one.
func lockTime(l jsonv1.Lock) string {
	zone := l.Zone
	if zone == "" {
		zone = "UTC"
	}
	if l.Weekly != "" {
		return l.Weekly + " " + zone
	}
	return utcWindow(l.From, l.To)
}

func periods(list []jsonv1.Period) string {
	parts := make([]string, len(list))
	for i, p := range list {
		parts[i] = p.From + "/" + p.To
	}
	return strings.Join(parts, " ")
}

func lockKind(kind string) span {
	if kind == "hard" {
		return as(bad, kind)
	}
	return as(warn, kind)
}

// LockCheck says whether changes may be made: first the one word, then the locks that stand against them.
func (v *View) LockCheck(doc jsonv1.LockCheck) error {
	s := sheet{columns: append([]column{{name: "Changes", field: "locked"}, {field: "at"}, {field: "until"}, {field: "criticality"}}, lockColumns()...)}
	asked := []cell{{lockWord(doc.Locked), strconv.FormatBool(doc.Locked)}, text(doc.At), text(doc.Until), text(doc.Criticality)}
	for _, l := range doc.Locks {
		s.rows = append(s.rows, slices.Concat(asked, lockRow(l)))
	}
	if len(doc.Locks) == 0 {
		s.rows = append(s.rows, slices.Concat(asked, make([]cell, len(lockColumns()))))
	}
	told := v.lockLines(doc)
	return v.show(doc, body{sheet: s, tail: []string{words(told[0].spans)}, notes: doc.Notes, said: told}, func(p *page) {
		p.lines(told)
		p.tail(notes(doc.Notes))
	})
}

func lockWord(locked bool) span {
	if locked {
		return as(bad, "locked")
	}
	return as(good, "not locked")
}

func (v *View) lockLines(doc jsonv1.LockCheck) []line {
	head := []span{lockWord(doc.Locked)}
	if doc.Criticality != "" {
		head = append(head, t(" for "+doc.Criticality))
	}
	lines := []line{says(append(head, t(": "+v.clock.window(doc.At, doc.Until)))...)}
	for _, l := range doc.Locks {
		spans := []span{t("- "), as(strong, l.Name), t(" ("), lockKind(l.Kind), t(")")}
		if len(l.Next) > 0 {
			spans = append(spans, t(" "+v.clock.window(l.Next[0].From, l.Next[0].To)))
		}
		if l.Reason != "" {
			spans = append(spans, t(": "+l.Reason))
		}
		lines = append(lines, says(spans...))
		if len(l.Exempt) > 0 {
			lines = append(lines, line{2, []span{t("not for " + strings.Join(l.Exempt, ", "))}})
		}
	}
	return lines
}
