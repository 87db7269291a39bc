package render

import (
	"strconv"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Gate says whether a pipeline may go on: first the one word, then every reason with what to do about it. A job's log is given the same
// lines as a terminal.
func (v *View) Gate(doc jsonv1.Gate) error {
	if !v.reveals() {
		doc = doc.Withhold()
	}
	s := sheet{columns: []column{
		{name: "Gate", field: "open"}, {name: "Why", field: "kind"}, {name: "Issue", field: "ref"}, {name: "Reason", field: "text", min: 20},
		{name: "Until", field: "until"}, {name: "To do", field: "mend", min: 20}, {name: "Hard", field: "hard"},
		{field: "title"}, {field: "confidential"}, {field: "web_url"}, {field: "change"}, {field: "key"}, {field: "checked_at"},
		{field: "waited_seconds"}, {field: "failed_open"},
	}}
	reasons := doc.Reasons
	if len(reasons) == 0 {
		reasons = []jsonv1.Reason{{}}
	}
	for _, r := range reasons {
		s.rows = append(s.rows, []cell{
			{gateWord(doc), strconv.FormatBool(doc.Open)}, text(r.Kind), text(r.Ref), text(r.Text), both(moment(r.Until), r.Until), text(r.Mend), truth(r.Hard, "hard"),
			text(r.Title), truth(r.Confidential, "confidential"), text(r.WebURL), text(doc.Change), text(doc.Key), text(doc.CheckedAt),
			number(doc.WaitedSeconds), truth(doc.FailedOpen, "failed open"),
		})
	}
	told := append([]line{v.verdict(doc)}, v.reasonLines(doc.Reasons)...)
	told = append(told, says(as(faint, checked(doc))))
	return v.show(doc, body{sheet: s, tail: []string{words(told[0].spans), checked(doc)}, notes: doc.Notes, said: told}, func(p *page) {
		p.lines(told)
		p.tail(notes(doc.Notes))
	})
}

func gateWord(doc jsonv1.Gate) span {
	switch {
	case doc.Open && doc.FailedOpen:
		return as(warn, "go")
	case doc.Open:
		return as(good, "go")
	}
	return as(bad, "blocked")
}

func (v *View) verdict(doc jsonv1.Gate) line {
	spans := []span{gateWord(doc)}
	if doc.Change != "" {
		spans = append(spans, t(" for "), as(strong, doc.Change))
	}
	switch {
	case doc.FailedOpen:
		spans = append(spans, t(": not everything could be checked, and it was said to go on then"))
	case doc.Open:
		spans = append(spans, t(": nothing stands against it"))
	default:
		spans = append(spans, t(": "+count(len(doc.Reasons), "reason")))
	}
	return says(spans...)
}

func (v *View) reasonLines(list []jsonv1.Reason) []line {
	var lines []line
	for _, r := range list {
		spans := []span{t("- "), as(strong, r.Kind)}
		if r.Ref != "" {
			spans = append(append(spans, t(" ")), titled(r.Ref, r.Title, r.Confidential, false).spans...)
		}
		spans = append(spans, t(": "+r.Text))
		if r.Hard {
			spans = append(spans, t(" "), as(bad, "(hard)"))
		}
		if r.Until != "" {
			spans = append(spans, t(", until "+v.clock.window(r.Until, "")))
		}
		lines = append(lines, says(spans...))
		if r.Mend != "" {
			lines = append(lines, line{2, []span{t("to do: " + r.Mend)}})
		}
	}
	return lines
}

func checked(doc jsonv1.Gate) string {
	s := "checked " + moment(doc.CheckedAt)
	switch waited := time.Duration(doc.WaitedSeconds) * time.Second; {
	case waited >= time.Minute:
		s += ", waited " + lasting(int(waited.Minutes()))
	case waited > 0:
		s += ", waited " + waited.String()
	}
	return s
}
