// Package rad holds the form of restore drills: the next one, a table of the targets, and a table of the drills. Which target is a finding
// is decided in pkg/drill; no rule and no request belongs here.
package rad

import (
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Form is the page of restore drills. Programs get the table of the targets.
func Form(doc jsonv1.Drills, _ words.Clock) (form.Body, func(*layout.Page)) {
	r := form.Report{Title: "Restore drills of " + doc.Target.Path, Facts: facts(doc), Notes: doc.Notes, Parts: []form.Part{
		{Name: "Targets", Sheet: targets(doc), Tail: findings(doc)}, {Name: "Drills of the last year", Sheet: drills(doc)}}}
	if len(doc.Targets)+len(doc.Drills) == 0 {
		none := layout.Sheet{Columns: targets(doc).Columns, None: "No restore drills in " + words.Where(doc.Target) + ". The next one is " +
			layout.PlainText(day(doc.Next))}
		return form.Body{Sheet: none, Notes: doc.Notes}, nil
	}
	return form.Body{Sheet: targets(doc), Notes: doc.Notes, Post: r.Markdown()}, r.Write
}

func facts(doc jsonv1.Drills) []layout.Fact {
	list := []layout.Fact{{Name: "Next", Value: day(doc.Next)}, {Name: "Last", Value: day(doc.Last)}}
	durable := layout.As(layout.Faint, words.Unknown)
	if doc.Durable.Met != nil {
		durable = layout.As(layout.Good, "yes")
		if !*doc.Durable.Met {
			durable = layout.As(layout.Bad, "no")
		}
	}
	return append(list, layout.Fact{Name: "Durable", Value: []layout.Span{durable, layout.T(fmt.Sprintf(": %d of %s verified within %s",
		doc.Durable.Fresh, words.Count(doc.Durable.Targets, "target"), words.Count(doc.WithinDays, "day")))}})
}

// day is an occurrence: 2018-09 on Monday 2018-09-03, in 10 days: @maria @sam (absent: @kim).
func day(d jsonv1.DrillDay) []layout.Span {
	text := d.Occurrence + " on "
	if date, err := calendar.ParseDate(d.Day); err == nil {
		text += date.Weekday().String() + " "
	}
	text += d.Day + ", " + distance(d.InDays)
	if d.Rule != "" {
		text += " (moved from " + d.Rule + ")"
	}
	if len(d.People) > 0 {
		text += ": " + words.Mentions(d.People)
	}
	if len(d.Absent) > 0 {
		text += " (absent: " + words.Mentions(d.Absent) + ")"
	}
	spans := []layout.Span{layout.T(text)}
	if d.Missed {
		spans = append(spans, layout.As(layout.Bad, ", missed"))
	}
	return spans
}

func distance(days int) string {
	switch {
	case days == 0:
		return "today"
	case days == 1:
		return "tomorrow"
	case days > 0:
		return "in " + words.Count(days, "day")
	case days == -1:
		return "yesterday"
	}
	return words.Count(-days, "day") + " ago"
}

func targets(doc jsonv1.Drills) layout.Sheet {
	s := layout.Sheet{Columns: []layout.Column{
		{Name: "Target", Field: "name", Min: 8}, {Name: "Kind", Field: "kind", Drop: 3},
		{Name: "Last restore", Field: "last_at"}, {Name: "Took", Field: "last_minutes", Right: true},
		{Name: "Size", Field: "last_bytes", Right: true, Drop: 2}, {Name: "Verdict", Field: "last_verdict"},
		{Name: "Last verified", Field: "verified_at", Drop: 4}, {Name: "Trend", Field: "trend", Drop: 1},
		{Field: "change_minutes"}, {Field: "tests"}, {Field: "fresh"}, {Field: "expected_bytes"}, {Field: "last_ref"}, {Field: "findings"},
		{Field: "last_by"}, {Field: "last_text"}, {Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}, None: "No targets"}
	for _, t := range doc.Targets {
		s.Rows = append(s.Rows, target(t))
	}
	return s
}

func target(t jsonv1.DrillTarget) []layout.Cell {
	last, verified := jsonv1.DrillTest{}, jsonv1.DrillTest{}
	if t.Last != nil {
		last = *t.Last
	}
	if t.Verified != nil {
		verified = *t.Verified
	}
	took := layout.Text("")
	if t.Last != nil && !last.Withheld {
		took = layout.Both(words.Lasting(last.Minutes), strconv.Itoa(last.Minutes))
	}
	at := moment(last.End)
	switch {
	case last.Withheld:
		at = layout.Both(words.HiddenTitle, "")
	case last.Confidential:
		at = layout.Both(at.Text+" "+words.HiddenTitle, at.Data)
	case t.Last == nil:
		at = layout.Cell{Span: layout.As(layout.Bad, "never")}
	}
	return []layout.Cell{
		layout.Text(t.Name), layout.Text(t.Kind), at, took, size(last.Size), verdict(last.Verdict), moment(verified.End), trend(t),
		layout.Optional(t.Change), layout.Number(t.Tests), layout.Truth(t.Fresh, "fresh"), bytes(t.Size), layout.Text(last.Ref),
		layout.Text(strings.Join(t.Findings, "; ")), layout.Text(last.By), layout.Text(last.Text),
		layout.Truth(last.Confidential, "confidential"), layout.Truth(last.Withheld, "withheld"), layout.Text(last.WebURL),
	}
}

func moment(at string) layout.Cell {
	return layout.Both(strings.TrimSuffix(words.Moment(at), " UTC"), at)
}

func size(n *int64) layout.Cell {
	if n == nil {
		return layout.Text("")
	}
	return layout.Both(drill.Size(*n).Short(), strconv.FormatInt(*n, 10))
}

// bytes is a size that only programs get.
func bytes(n *int64) layout.Cell {
	if n == nil {
		return layout.Text("")
	}
	return layout.Text(strconv.FormatInt(*n, 10))
}

func verdict(word string) layout.Cell {
	switch word {
	case drill.Verified:
		return layout.Styled(layout.Good, word)
	case drill.Failed:
		return layout.Styled(layout.Bad, word)
	}
	return layout.Text(word)
}

// trend is the change of the duration: 12m longer.
func trend(t jsonv1.DrillTarget) layout.Cell {
	if t.Change == nil {
		return layout.Text("")
	}
	switch {
	case t.Trend == drill.Up:
		return layout.Cell{Span: layout.As(layout.Warn, words.Lasting(*t.Change)+" longer"), Data: t.Trend}
	case t.Trend == drill.Down:
		return layout.Both(words.Lasting(-*t.Change)+" shorter", t.Trend)
	}
	return layout.Text(t.Trend)
}

// findings are the sentences below the targets.
func findings(doc jsonv1.Drills) (list []string) {
	for _, t := range doc.Targets {
		if len(t.Findings) > 0 {
			list = append(list, t.Name+": "+strings.Join(t.Findings, ", "))
		}
	}
	return list
}

func drills(doc jsonv1.Drills) layout.Sheet {
	s := layout.Sheet{Columns: []layout.Column{
		{Name: "Issue", Field: "ref"}, {Name: "Day", Field: "day"}, {Name: "State", Field: "state"},
		{Name: "Verified", Field: "verified", Right: true}, {Name: "People", Field: "people", Min: 10, Drop: 2},
		{Name: "Not verified", Field: "not_verified", Min: 10, Drop: 1},
	}, None: "No drills"}
	for _, d := range doc.Drills {
		verified := layout.Text("")
		if !d.Withheld {
			verified = layout.Both(fmt.Sprintf("%d of %d", d.Verified, d.Targets), strconv.Itoa(d.Verified))
		}
		state := map[bool]string{true: "open", false: "closed"}[d.Open]
		ref := layout.PlainText(form.Titled(d.Ref, "", d.Confidential, d.Withheld).Spans)
		s.Rows = append(s.Rows, []layout.Cell{layout.Both(ref, d.Ref), layout.Text(d.Day), layout.Text(state), verified,
			form.People(d.People), form.Listed(d.Untested)})
	}
	return s
}
