package render

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Gate renders whether a pipeline may go on: first a word, then every reason with its next step. A job log gets the same lines as a
// terminal.
func (v *View) Gate(doc jsonv1.Gate) error { return show(v, doc, v.gateForm) }

func (v *View) gateForm(doc jsonv1.Gate) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Gate", Field: "open"}, {Name: "Kind", Field: "kind"}, {Name: "Issue", Field: "ref"}, {Name: "Reason", Field: "text", Min: 20},
		{Name: "Until", Field: "until"}, {Name: "Fix", Field: "fix", Min: 20}, {Name: "Hard", Field: "hard"},
		{Field: "title"}, {Field: "confidential"}, {Field: "web_url"}, {Field: "change"}, {Field: "key"}, {Field: "checked_at"},
		{Field: "waited_seconds"}, {Field: "failed_open"},
	}}
	reasons := doc.Reasons
	if len(reasons) == 0 {
		reasons = []jsonv1.Reason{{}}
	}
	for _, r := range reasons {
		s.Rows = append(s.Rows, []cell{
			cellOf(gateWord(doc), strconv.FormatBool(doc.Open)), text(r.Kind), text(r.Ref), text(r.Text),
			both(words.Moment(r.Until), r.Until), text(r.Fix), truth(r.Hard, "hard"),
			text(r.Title), truth(r.Confidential, "confidential"), text(r.WebURL), text(doc.Change), text(doc.Key), text(doc.CheckedAt),
			number(doc.WaitedSeconds), truth(doc.FailedOpen, "failed open"),
		})
	}
	lines := []line{v.verdict(doc)}
	if !doc.FailedOpen || !silent(doc) {
		lines = append(lines, v.reasonLines(doc)...)
	}
	lines = append(lines, unindented(as(faint, checked(doc))))
	tail := []string{layout.PlainText(lines[0].Spans), checked(doc)}
	if from := rules(doc.Rules); from != "" {
		lines, tail = append(lines, unindented(as(faint, from))), append(tail, from)
	}
	return body{Sheet: s, Tail: tail, Notes: doc.Notes, Log: lines}, nil
}

func gateWord(doc jsonv1.Gate) span {
	switch {
	case doc.Open && doc.FailedOpen:
		return as(warn, "Open")
	case doc.Open:
		return as(good, "Open")
	}
	return as(bad, "Closed")
}

// silent reports whether GitLab answered nothing at all.
func silent(doc jsonv1.Gate) bool {
	return len(doc.Reasons) == 1 && doc.Reasons[0].Text == change.NothingRead
}

func (v *View) verdict(doc jsonv1.Gate) line {
	spans := []span{gateWord(doc)}
	if doc.Change != "" {
		spans = append(spans, t(" for "), as(strong, doc.Change))
	}
	switch {
	case doc.FailedOpen && !silent(doc):
		spans = append(spans, t(": GitLab did not answer everything (--fail-open); the rest was checked"))
	case doc.FailedOpen:
		spans = append(spans, t(": GitLab did not answer (--fail-open); only locks were checked"))
	case doc.Open:
		spans = append(spans, t(": all checks passed"))
	default:
		spans = append(spans, t(": "+words.Count(len(doc.Reasons), "reason")))
	}
	return unindented(spans...)
}

func (v *View) reasonLines(doc jsonv1.Gate) []line {
	var lines []line
	for _, r := range doc.Reasons {
		spans := []span{t("- "), as(strong, r.Kind)}
		switch rest, named := strings.CutPrefix(r.Text, r.Kind+" "); {
		case r.Ref != "" && r.Ref != doc.Change:
			spans = append(append(spans, t(" ")), form.Titled(r.Ref, r.Title, r.Confidential, false).Spans...)
			spans = append(spans, t(": "+r.Text))
		case named: // lock "freeze" ..., window opens ...
			spans = append(spans, t(" "+rest))
		default:
			spans = append(spans, t(": "+r.Text))
		}
		if r.Until != "" && r.Kind == "change" {
			spans = append(spans, t(", until "+v.clock.Window(r.Until, "")))
		}
		lines = append(lines, unindented(spans...))
		fix := r.Fix
		if strings.HasPrefix(fix, "prodctl ") {
			fix = "Next: " + fix
		}
		if fix != "" {
			lines = append(lines, line{Indent: 2, Spans: []span{t(fix)}, Hint: true})
		}
	}
	return lines
}

// rules says which commit the rules came from; empty outside of a pipeline.
func rules(r jsonv1.Rules) string {
	switch {
	case r.File == "":
		return ""
	case r.Commit == "":
		return "Rules: " + r.File
	}
	return fmt.Sprintf("Rules: %s of %s@%s at %.12s", r.File, r.Project, r.Branch, r.Commit)
}

func checked(doc jsonv1.Gate) string {
	s := "Checked " + words.Moment(doc.CheckedAt)
	switch waited := time.Duration(doc.WaitedSeconds) * time.Second; {
	case waited >= time.Minute:
		s += ", waited " + words.Lasting(int(waited.Minutes()))
	case waited > 0:
		s += ", waited " + waited.String()
	}
	return s
}

// Approval renders whether a merge request is approved: first one word, then the reason.
func (v *View) Approval(doc jsonv1.Approval) error { return show(v, doc, v.approvalForm) }

func (v *View) approvalForm(doc jsonv1.Approval) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Merge request", Field: "merge_request"}, {Name: "Outcome", Field: "pass"}, {Name: "Reason", Field: "reason", Min: 20},
		{Name: "Approved by", Field: "approved_by"}, {Field: "required"}, {Field: "by"}, {Field: "author"}, {Field: "eligible"},
		{Field: "web_url"},
	}, Rows: [][]cell{{
		text(doc.MergeRequest), cellOf(approvalWord(doc), strconv.FormatBool(doc.Pass)), text(doc.Reason), form.People(doc.ApprovedBy),
		truth(doc.Required, "required"), text(doc.By), text(doc.Author), form.Listed(doc.Eligible), text(doc.WebURL),
	}}}
	lines := []line{unindented(approvalWord(doc), t(": "), as(strong, doc.MergeRequest), t(": "+doc.Reason))}
	if len(doc.ApprovedBy) > 0 {
		lines = append(lines, below(2, t("Approved by "+words.Mentions(doc.ApprovedBy))))
	}
	if !doc.Pass && len(doc.Eligible) > 0 {
		lines = append(lines, below(2, t("Can approve: "+strings.Join(doc.Eligible, ", "))))
	}
	if from := rules(doc.Rules); from != "" {
		lines = append(lines, below(2, as(faint, from)))
	}
	b := body{Sheet: s, Notes: doc.Notes, Log: lines}
	for _, l := range lines[1:] {
		b.Tail = append(b.Tail, layout.PlainText(l.Spans))
	}
	return b, nil
}

func approvalWord(doc jsonv1.Approval) span {
	switch {
	case doc.Pass && !doc.Required:
		return as(good, "No approval needed")
	case doc.Pass:
		return as(good, "Approved")
	}
	return as(bad, "Not approved")
}

// ApprovalAudit renders which repositories do not enforce the approval rule, with the findings of each.
func (v *View) ApprovalAudit(doc jsonv1.ApprovalAudit) error {
	return show(v, doc, v.approvalAuditForm)
}

func (v *View) approvalAuditForm(doc jsonv1.ApprovalAudit) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Project", Field: "project"}, {Name: "Status", Field: "ok"}, {Name: "Finding", Field: "id"},
		{Name: "Problem", Field: "text", Min: 20}, {Name: "Fix", Field: "fix", Min: 20},
	}, None: "No repositories listed in approvals.repositories"}
	findings := 0
	for _, r := range doc.Repositories {
		if len(r.Findings) == 0 {
			s.Rows = append(s.Rows, []cell{text(r.Project), cellOf(as(good, "ok"), "true"), text(""), text(""), text("")})
		}
		for _, f := range r.Findings {
			s.Rows = append(s.Rows, []cell{text(r.Project), cellOf(as(bad, "open"), "false"), text(f.ID), text(f.Text), text(f.Fix)})
		}
		findings += len(r.Findings)
	}
	b := body{Sheet: s, Notes: doc.Notes}
	if len(doc.Repositories) > 0 {
		b.Tail = []string{fmt.Sprintf("%s, %s", words.Count(len(doc.Repositories), "project"), words.Count(findings, "finding"))}
	}
	return b, nil
}
