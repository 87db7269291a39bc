package render

import (
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Approval renders whether a merge request is approved: first one word, then the reason.
func (v *View) Approval(doc jsonv1.Approval) error { return show(v, doc, v.approvalForm) }

func (v *View) approvalForm(doc jsonv1.Approval) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Merge request", Field: "merge_request"}, {Name: "Outcome", Field: "pass"}, {Name: "Reason", Field: "reason", Min: 20},
		{Name: "Approved by", Field: "approved_by"}, {Field: "required"}, {Field: "by"}, {Field: "author"}, {Field: "eligible"},
		{Field: "web_url"},
	}, Rows: [][]cell{{
		text(doc.MergeRequest), cellOf(approvalWord(doc), strconv.FormatBool(doc.Pass)), text(doc.Reason), people(doc.ApprovedBy),
		truth(doc.Required, "required"), text(doc.By), text(doc.Author), listed(doc.Eligible), text(doc.WebURL),
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
	b := body{sheet: s, notes: doc.Notes, log: lines}
	for _, l := range lines[1:] {
		b.tail = append(b.tail, layout.PlainText(l.Spans))
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
	b := body{sheet: s, notes: doc.Notes}
	if len(doc.Repositories) > 0 {
		b.tail = []string{fmt.Sprintf("%s, %s", words.Count(len(doc.Repositories), "project"), words.Count(findings, "finding"))}
	}
	return b, nil
}
