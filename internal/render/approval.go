package render

import (
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Approval says whether a merge request has the approval that it needs: first the one word, then why.
func (v *View) Approval(doc jsonv1.Approval) error {
	s := sheet{columns: []column{
		{name: "Merge request", field: "merge_request"}, {name: "Outcome", field: "pass"}, {name: "Why", field: "why", min: 20},
		{name: "Approved by", field: "approved_by"}, {field: "needed"}, {field: "by"}, {field: "author"}, {field: "could"}, {field: "web_url"},
	}, rows: [][]cell{{
		text(doc.MergeRequest), {approvalWord(doc), strconv.FormatBool(doc.Pass)}, text(doc.Why), people(doc.ApprovedBy),
		truth(doc.Needed, "needed"), text(doc.By), text(doc.Author), listed(doc.Could), text(doc.WebURL),
	}}}
	told := []line{says(approvalWord(doc), t(": "), as(strong, doc.MergeRequest), t(": "+doc.Why))}
	if len(doc.ApprovedBy) > 0 {
		told = append(told, line{2, []span{t("approved by " + mentions(doc.ApprovedBy))}})
	}
	if !doc.Pass && len(doc.Could) > 0 {
		told = append(told, line{2, []span{t("could approve: " + strings.Join(doc.Could, ", "))}})
	}
	b := body{sheet: s, notes: doc.Notes, said: told}
	for _, l := range told[1:] {
		b.tail = append(b.tail, words(l.spans))
	}
	return v.show(doc, b, func(p *page) {
		p.lines(told)
		p.tail(notes(doc.Notes))
	})
}

func approvalWord(doc jsonv1.Approval) span {
	switch {
	case doc.Pass && !doc.Needed:
		return as(good, "not needed")
	case doc.Pass:
		return as(good, "approved")
	}
	return as(bad, "not approved")
}

// ApprovalAudit shows which projects do not enforce the rule, and what is wrong with each.
func (v *View) ApprovalAudit(doc jsonv1.ApprovalAudit) error {
	s := sheet{columns: []column{
		{name: "Project", field: "project"}, {name: "Status", field: "ok"}, {name: "Finding", field: "id"},
		{name: "What", field: "text", min: 20}, {name: "To do", field: "mend", min: 20},
	}, none: "no projects are listed in approvals.repositories"}
	findings := 0
	for _, r := range doc.Repositories {
		if len(r.Findings) == 0 {
			s.rows = append(s.rows, []cell{text(r.Project), {as(good, "ok"), "true"}, text(""), text(""), text("")})
		}
		for _, f := range r.Findings {
			s.rows = append(s.rows, []cell{text(r.Project), {as(bad, "open"), "false"}, text(f.ID), text(f.Text), text(f.Mend)})
		}
		findings += len(r.Findings)
	}
	b := body{sheet: s, notes: doc.Notes}
	if len(doc.Repositories) > 0 {
		b.tail = []string{fmt.Sprintf("%s, %s.", count(len(doc.Repositories), "project"), count(findings, "finding"))}
	}
	return v.show(doc, b, nil)
}
