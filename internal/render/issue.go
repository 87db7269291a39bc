package render

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/form"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// IssueReady shows what issues lack before somebody can pull them.
func (v *View) IssueReady(doc jsonv1.IssueReady) error { return show(v, doc, v.issueReadyForm) }

func (v *View) issueReadyForm(doc jsonv1.IssueReady) (body, func(*page)) {
	s := sheet{Columns: []column{
		{Name: "Issue", Field: "ref"},
		{Name: "Ready", Field: "ready"},
		{Name: "Missing", Field: "missing", Min: 20},
		{Name: "Title", Field: "title", Min: 16, Drop: 1},
		{Field: "weight"}, {Field: "columns"}, {Field: "confidential"}, {Field: "withheld"}, {Field: "web_url"},
	}, None: "No issues"}
	for _, i := range doc.Issues {
		s.Rows = append(s.Rows, []cell{text(i.Ref), cellOf(readyWord(i.Ready), fmt.Sprint(i.Ready)), text(unmet(i.Missing)),
			form.Secret(i.Title, i.Confidential, i.Withheld), optional(i.Weight), form.Listed(i.Columns), truth(i.Confidential, "confidential"),
			truth(i.Withheld, "withheld"), text(i.WebURL)})
	}
	b := body{Sheet: s, Tail: readyCount(doc), Notes: doc.Notes}
	return b, func(p *page) {
		p.Lines(readyLines(doc.Issues))
		p.Tail(b.Sentences())
	}
}

func readyWord(ready bool) span {
	if ready {
		return as(good, "ready")
	}
	return as(warn, "not ready")
}

// unmet joins criteria, whose texts contain commas.
func unmet(list []jsonv1.Unmet) string {
	var texts []string
	for _, u := range list {
		texts = append(texts, u.Text)
	}
	return strings.Join(texts, "; ")
}

// readyCount is the line below several issues.
func readyCount(doc jsonv1.IssueReady) []string {
	if len(doc.Issues) < 2 {
		return nil
	}
	return []string{fmt.Sprintf("%d of %s ready", doc.Ready, words.Count(len(doc.Issues), "issue"))}
}

// readyLines are the issues, each with its gaps below it.
func readyLines(list []jsonv1.WorkIssue) []line {
	var lines []line
	for _, i := range list {
		head := form.Titled(i.Ref, i.Title, i.Confidential, i.Withheld)
		head.Spans = append(head.Spans, t(": "), readyWord(i.Ready))
		lines = append(lines, head)
		for _, u := range i.Missing {
			lines = append(lines, below(2, t("- "+u.Text)))
		}
	}
	return lines
}

// PriorityMatrix shows the priorities by urgency and impact, and what the values mean.
func (v *View) PriorityMatrix(doc jsonv1.PriorityMatrix) error { return show(v, doc, v.matrixForm) }

func (v *View) matrixForm(doc jsonv1.PriorityMatrix) (body, func(*page)) {
	s := sheet{Columns: []column{{Name: "Urgency", Field: "urgency"}}}
	for _, i := range doc.Impacts {
		s.Columns = append(s.Columns, column{Name: i.Value, Field: strings.ToLower(i.Value)})
	}
	for _, u := range doc.Urgencies {
		row := []cell{text(u.Value)}
		for _, c := range doc.Cells {
			if c.Urgency == u.Value {
				row = append(row, cellOf(matrixCell(c), c.Priority))
			}
		}
		s.Rows = append(s.Rows, row)
	}
	var meanings []string
	for _, scale := range append(slices.Clone(doc.Urgencies), doc.Impacts...) {
		meanings = append(meanings, scale.Value+": "+scale.Meaning)
	}
	return body{Sheet: s, Tail: meanings}, nil
}

// matrixCell marks the chosen cell, not only by its style.
func matrixCell(c jsonv1.PriorityCell) span {
	if c.Chosen {
		return as(strong, "["+c.Priority+"]")
	}
	return t(c.Priority)
}

// Issues shows a list of open issues, in the order in which they are picked.
func (v *View) Issues(doc jsonv1.Issues) error { return show(v, doc, v.issuesForm) }

func (v *View) issuesForm(doc jsonv1.Issues) (body, func(*page)) {
	s := sheet{Columns: workColumns(), None: "No issues found" + filtered(doc.Filter), Rows: form.Rows(doc.Issues, workRow)}
	return body{Sheet: s, Tail: workCounts(doc.Issues, doc.Omitted), Notes: doc.Notes}, nil
}

func workColumns() []column {
	return []column{
		{Name: "Issue", Field: "ref"},
		{Name: "Priority", Field: "priority", Min: 8, Drop: 1},
		{Name: "Weight", Field: "weight", Right: true},
		{Name: "Column", Field: "columns", Min: 7, Drop: 2},
		{Name: "Ready", Field: "ready"},
		{Name: "Idle", Field: "idle_days", Right: true, Drop: 3},
		{Name: "Title", Field: "title", Min: 20},
		{Name: "Assignees", Field: "assignees", Min: 8, Drop: 4},
		{Name: "Carried", Field: "carried", Right: true},
		{Field: "goal"}, {Field: "missing"}, {Field: "milestone"}, {Field: "due"}, {Field: "labels"}, {Field: "age_days"}, {Field: "handoff"},
		{Field: "confidential"}, {Field: "withheld"}, {Field: "open"}, {Field: "web_url"},
	}
}

func workRow(i jsonv1.WorkIssue) []cell {
	return []cell{
		text(i.Ref), form.Listed(i.Priority), optional(i.Weight), form.Listed(i.Columns), cellOf(readyMark(i.Ready), fmt.Sprint(i.Ready)),
		inDays(i.IdleDays), form.Secret(i.Title, i.Confidential, i.Withheld), form.People(i.Assignees), optional(i.Carried),
		text(i.Goal), text(unmet(i.Missing)), text(i.Milestone), text(i.Due), form.Listed(i.Labels), optional(i.AgeDays),
		truth(i.Handoff, "hand-off"), truth(i.Confidential, "confidential"), truth(i.Withheld, "withheld"), truth(i.Open, "open"), text(i.WebURL),
	}
}

// readyMark is a short mark for a table; most issues of a tracker are not ready.
func readyMark(ready bool) span {
	if ready {
		return as(good, "yes")
	}
	return t("no")
}

// inDays is a number of days for people, and the number for programs.
func inDays(n *int) cell {
	c := optional(n)
	if n != nil {
		c.Span = t(fmt.Sprint(*n) + "d")
	}
	return c
}

// workCounts is the line below the list.
func workCounts(list []jsonv1.WorkIssue, omitted int) []string {
	if len(list) == 0 {
		return nil
	}
	ready, weight, unweighted, withheld := 0, 0, 0, 0
	for _, i := range list {
		if i.Withheld {
			withheld++
			continue
		}
		if i.Ready {
			ready++
		}
		if i.Weight == nil {
			unweighted++
		} else {
			weight += *i.Weight
		}
	}
	counts := fmt.Sprintf("%s: %d ready, weight %d", words.CountOf(len(list), omitted, "issue"), ready, weight)
	if unweighted > 0 {
		counts += fmt.Sprintf(", %d without weight", unweighted)
	}
	if withheld > 0 {
		counts += fmt.Sprintf(", %d confidential", withheld)
	}
	return []string{counts}
}

// Issue shows one issue.
func (v *View) Issue(doc jsonv1.IssueShow) error { return show(v, doc, v.issueForm) }

func (v *View) issueForm(doc jsonv1.IssueShow) (body, func(*page)) {
	s := sheet{Columns: append(workColumns(), column{Field: "column_since"}, column{Field: "column_days"}, column{Field: "left_off"},
		column{Field: "next_step"}, column{Field: "contingency"}, column{Field: "marked_by"}, column{Field: "marked_at"}, column{Field: "goals"},
		column{Field: "gaps"}, column{Field: "requester"}, column{Field: "team"})}
	s.Rows = [][]cell{append(workRow(doc.WorkIssue), text(doc.ColumnSince), optional(doc.ColumnDays), text(doc.LeftOff), text(doc.NextStep),
		text(doc.Contingency), text(doc.MarkedBy), text(doc.MarkedAt), form.Listed(relatedRefs(doc.Goals)), text(strings.Join(doc.Gaps, "; ")),
		text(doc.Requester), text(doc.Team))}
	shown := workIssue(doc)
	return body{Sheet: s, Notes: doc.Notes, Post: shown.Markdown()}, func(p *page) { p.Outline(shown) }
}

func workIssue(doc jsonv1.IssueShow) outline {
	i := doc.WorkIssue
	if i.Withheld {
		return outline{Head: []line{form.Titled(i.Ref, i.Title, true, true)}, Notes: doc.Notes}
	}
	return outline{
		Head:    []line{form.Titled(i.Ref, i.Title, i.Confidential, false)},
		Address: i.WebURL,
		Facts:   workFacts(doc),
		Sections: []layout.Section{
			section("Missing before it is ready", unmetLines(i.Missing)),
			section("Hand-off", handoffLines(doc)),
			section("Goals", relatedLines(doc.Goals)),
			section("Gaps", layout.Sentenced(doc.Gaps)),
		},
		Notes: doc.Notes,
	}
}

func workFacts(doc jsonv1.IssueShow) []layout.Fact {
	i := doc.WorkIssue
	weight, carried := "", ""
	if i.Weight != nil {
		weight = fmt.Sprint(*i.Weight)
	}
	if i.Carried != nil {
		carried = words.Count(*i.Carried, "time")
	}
	return []layout.Fact{
		fact("Column", t(columnFact(doc))),
		fact("Ready", readyMark(i.Ready)),
		fact("Priority", t(strings.Join(i.Priority, ", "))),
		fact("Weight", t(weight)),
		fact("Goal", t(i.Goal)),
		fact("Milestone", t(i.Milestone)),
		fact("Carried over", t(carried)),
		fact("Due", t(i.Due)),
		fact("Assignees", t(words.Mentions(i.Assignees))),
		fact("Labels", t(strings.Join(i.Labels, ", "))),
		fact("Requested", t(requestFact(doc))),
		fact("Created", t(words.Moment(doc.CreatedAt)+byUser(doc.Author))),
		fact("Issue", issueState(i.Open)...),
	}
}

// columnFact is the column with the time in it.
func columnFact(doc jsonv1.IssueShow) string {
	at := strings.Join(doc.Columns, ", ")
	if doc.ColumnDays == nil {
		return at
	}
	return fmt.Sprintf("%s since %s (%s)", at, words.Moment(doc.ColumnSince), words.Count(*doc.ColumnDays, "day"))
}

// requestFact is who asked for it, and for which team.
func requestFact(doc jsonv1.IssueShow) string {
	who := strings.TrimSpace(byUser(doc.Requester))
	if doc.Team != "" {
		who = strings.TrimSpace(who + " for " + doc.Team)
	}
	return who
}

func byUser(user string) string {
	if user == "" {
		return ""
	}
	return " by " + by(user)
}

func unmetLines(list []jsonv1.Unmet) []line {
	var lines []line
	for _, u := range list {
		lines = append(lines, unindented(t(u.Text)))
	}
	return lines
}

// handoffLines are the hand-off note, and who wrote it.
func handoffLines(doc jsonv1.IssueShow) []line {
	if doc.MarkedAt == "" {
		return nil
	}
	lines := []line{unindented(t(words.Moment(doc.MarkedAt) + byUser(doc.MarkedBy)))}
	if doc.LeftOff != "" {
		lines = append(lines, unindented(t("Left off: "+doc.LeftOff)))
	}
	if doc.NextStep != "" {
		lines = append(lines, unindented(t("Next steps: "+doc.NextStep)))
	}
	if doc.Contingency != "" {
		lines = append(lines, unindented(t("Contingency: "+doc.Contingency)))
	}
	return lines
}

// lastUpdate is the last update, or an empty one.
func lastUpdate(u *jsonv1.Update) jsonv1.Update {
	if u == nil {
		return jsonv1.Update{}
	}
	return *u
}

func relatedLines(list []jsonv1.Related) []line {
	var lines []line
	for _, r := range list {
		lines = append(lines, form.Titled(r.Ref, r.Title, r.Confidential, false))
	}
	return lines
}

func relatedRefs(list []jsonv1.Related) []string {
	var refs []string
	for _, r := range list {
		refs = append(refs, r.Ref)
	}
	return refs
}

// problems are sentences with line and column.
func problems(list []jsonv1.Problem) []string {
	var sentences []string
	for _, p := range list {
		sentences = append(sentences, fmt.Sprintf("line %d, column %d: %s", p.Line, p.Column, p.Text))
	}
	return sentences
}

// issueState is whether the issue is open, which differs from the state of its incident or change.
func issueState(open bool) []span {
	if open {
		return []span{t("open")}
	}
	return []span{t("closed")}
}
