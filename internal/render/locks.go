package render

import (
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Locks renders all locks with the next time of each.
func (v *View) Locks(doc jsonv1.Locks) error { return show(v, doc, v.locksForm) }

func (v *View) locksForm(doc jsonv1.Locks) (body, func(*page)) {
	s := sheet{Columns: lockColumns(), None: "No locks found", Rows: form.Rows(doc.Locks, lockRow)}
	return body{Sheet: s, Notes: doc.Notes}, nil
}

func lockColumns() []column {
	return []column{
		{Name: "Lock", Field: "name"},
		{Name: "Kind", Field: "kind"},
		{Name: "Active", Field: "active"},
		{Name: "When", Field: "weekly", Min: 22, Drop: 2},
		{Name: "Exempt", Field: "exempt", Min: 8, Drop: 3},
		{Name: "Reason", Field: "reason", Min: 12, Drop: 1},
		{Field: "zone"}, {Field: "from"}, {Field: "to"}, {Field: "next"},
	}
}

func lockRow(l jsonv1.Lock) []cell {
	return []cell{
		text(l.Name), cellOf(lockKind(l.Kind), l.Kind), cellOf(holds(l), strconv.FormatBool(l.Active)), both(lockTime(l), l.Weekly),
		form.Listed(l.Exempt), text(l.Reason), text(l.Zone), text(l.From), text(l.To), text(periods(l.Next)),
	}
}

// holds formats until when a lock is active, or from when it will be.
func holds(l jsonv1.Lock) span {
	switch {
	case l.Active && len(l.Next) > 0:
		return as(bad, "now, until "+words.Moment(l.Next[0].To))
	case l.Active:
		return as(bad, "now")
	case len(l.Next) > 0:
		return t("from " + words.Moment(l.Next[0].From))
	}
	return as(faint, "over")
}

// lockTime formats the rule of a weekly lock, in its own time zone, or the window of a dated one.
func lockTime(l jsonv1.Lock) string {
	zone := l.Zone
	if zone == "" {
		zone = "UTC"
	}
	if l.Weekly != "" {
		return l.Weekly + " " + zone
	}
	return words.WindowUTC(l.From, l.To)
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

// LockCheck renders whether changes are locked: first one word, then the locks that apply.
func (v *View) LockCheck(doc jsonv1.LockCheck) error { return show(v, doc, v.lockCheckForm) }

func (v *View) lockCheckForm(doc jsonv1.LockCheck) (body, func(*page)) {
	s := sheet{Columns: append([]column{{Name: "Changes", Field: "locked"}, {Field: "at"}, {Field: "until"}, {Field: "criticality"}},
		lockColumns()...)}
	check := []cell{cellOf(lockWord(doc.Locked), strconv.FormatBool(doc.Locked)), text(doc.At), text(doc.Until), text(doc.Criticality)}
	for _, l := range doc.Locks {
		s.Rows = append(s.Rows, slices.Concat(check, lockRow(l)))
	}
	if len(doc.Locks) == 0 {
		s.Rows = append(s.Rows, slices.Concat(check, make([]cell, len(lockColumns()))))
	}
	lines := v.lockLines(doc)
	return body{Sheet: s, Tail: []string{layout.PlainText(lines[0].Spans)}, Notes: doc.Notes, Log: lines}, nil
}

func lockWord(locked bool) span {
	if locked {
		return as(bad, "Locked")
	}
	return as(good, "Not locked")
}

func (v *View) lockLines(doc jsonv1.LockCheck) []line {
	head := []span{lockWord(doc.Locked)}
	if doc.Criticality != "" {
		head = append(head, t(" for "+doc.Criticality))
	}
	when := ": "
	if doc.Until == "" {
		when = " at "
	}
	lines := []line{unindented(append(head, t(when+v.clock.Window(doc.At, doc.Until)))...)}
	for _, l := range doc.Locks {
		spans := []span{t("- "), as(strong, l.Name), t(" ("), lockKind(l.Kind), t(")")}
		if len(l.Next) > 0 {
			spans = append(spans, t(" "+v.clock.Window(l.Next[0].From, l.Next[0].To)))
		}
		if l.Reason != "" {
			spans = append(spans, t(": "+l.Reason))
		}
		lines = append(lines, unindented(spans...))
		if len(l.Exempt) > 0 {
			lines = append(lines, below(2, t("exempt: "+strings.Join(l.Exempt, ", "))))
		}
	}
	return lines
}
