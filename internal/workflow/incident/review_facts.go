package incident

import (
	"cmp"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/correlation"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// facts are what a review knows about an incident without anybody who types it. They depend on what is recorded, never on when they are
// read, so that a review whose facts have not changed is not written again.
type facts struct {
	incident incident.Incident
	times    evidence.Times
	lines    []incident.Line
	changed  Changed
	actions  []issue.Issue
	gaps     []string // what could not be read of the actions
	charges  []charge
	why      string // why the downtime is unknown
	open     bool   // readers may see the titles of confidential issues
	kept     string // the changes of an earlier review, because not all can be read now; empty: none
}

// charge is what the incident took from one budget.
type charge struct {
	name string // of a service; empty: production
	budget.Account
}

// chargesOf are the accounts of one incident, in the window that ends with it.
func chargesOf(o budget.Outage, rules budget.Rules, zone *time.Location) (list []charge, why string) {
	if !o.Known() {
		return nil, o.Why
	}
	w := rules.Period.Window(o.To.At, zone, rules.QuarterStart)
	rules.Reveal = true // the review is in the issue itself, whose readers see its services
	all := budget.New(rules, w, []budget.Outage{o}, nil)
	list = append(list, charge{"", all.Overall})
	for _, s := range o.Services {
		list = append(list, charge{s, all.Of(rules, s)})
	}
	return list, ""
}

// text is the generated part of a review, as Markdown. It mentions nobody.
func (f facts) text() string {
	var out strings.Builder
	section := func(title, text string) { out.WriteString("### " + title + "\n\n" + strings.TrimSpace(text) + "\n\n") }
	section("Facts", f.summary()+"\n"+f.table()+"\n"+f.budget())
	section("Timeline", "All times UTC."+strings.ReplaceAll("\n\n"+incident.Markdown(f.lines), "\n### ", "\n#### "))
	section(changedTitle, cmp.Or(f.kept, f.changes()))
	section(actionsTitle, f.followUps())
	return strings.TrimSpace(out.String())
}

const (
	changedTitle = "Changed before it"
	actionsTitle = "Corrective actions"
)

// changesIn are the changes in a text of facts.
func changesIn(text string) string {
	_, after, _ := strings.Cut(text, "### "+changedTitle+"\n\n")
	changes, _, _ := strings.Cut(after, "\n\n### "+actionsTitle)
	return strings.TrimSpace(changes)
}

func (f facts) summary() string {
	r := f.incident.Record
	share := ""
	if r.Impact != nil {
		share = *r.Impact
	}
	return "- Severity: " + f.incident.Severity.String() + "\n" +
		"- Services: " + orUnknown(strings.Join(f.incident.Services, ", ")) + "\n" +
		"- Share of affected users: " + orUnknown(share) + "\n" +
		"- Data lost: " + dataLoss(r.DataLoss) + "\n" +
		"- Recorded cause: " + orUnknown(r.Cause) + "\n"
}

// table has the times with the evidence of each.
func (f facts) table() string {
	out := "| | Time (UTC) | After the start | Evidence |\n| --- | --- | --- | --- |\n"
	for _, row := range []struct {
		name string
		at   evidence.Moment
	}{{"Started", f.times.Started}, {"Detected", f.times.Detected}, {"Mitigated", f.times.Mitigated}, {"Resolved", f.times.Resolved}} {
		after, at, from := "", "unknown", ""
		if row.at.Known() {
			at, from = row.at.At.UTC().Format("2006-01-02 15:04"), evidenceWord(row.at.From)
			if s := f.times.Started; row.name != "Started" && s.Known() && !row.at.At.Before(s.At) {
				after = incident.Span(row.at.At.Sub(s.At))
			}
		}
		out += "| " + strings.Join([]string{row.name, at, after, from}, " | ") + " |\n"
	}
	return out
}

func evidenceWord(s evidence.Source) string {
	switch s {
	case evidence.FromTimeline:
		return "line of the timeline"
	case evidence.FromText:
		return "line of the text"
	case evidence.FromLabel:
		return "label event"
	case evidence.FromGitLab:
		return "GitLab: opened, closed"
	}
	return string(s)
}

// budget is what the incident took from the budgets, each with the share of all that is allowed.
func (f facts) budget() string {
	if len(f.charges) == 0 {
		return "Error budget: unknown (" + f.why + ")\n"
	}
	var lines []string
	for _, c := range f.charges {
		name := "production"
		if c.name != "" {
			name = workflow.Line(c.name)
		}
		line := fmt.Sprintf("- Error budget of %s: %s of %s minutes", name, budget.Decimal(c.Spent), budget.Decimal(c.Allowed))
		if share, ok := c.Percent(); ok {
			line += " (" + percent(share) + ")"
		}
		lines = append(lines, fmt.Sprintf("%s, at %s %% over %s", line, budget.Decimal(c.SLO), c.Window.Period))
	}
	return strings.Join(lines, "\n") + "\n"
}

// percent has decimals only below 10 %.
func percent(share *big.Rat) string {
	places := 0
	if share.Cmp(big.NewRat(10, 1)) < 0 {
		places = 1
	}
	return share.FloatString(places) + " %"
}

// changes are the changes before the incident. A branch may have a name that says too much, so that of a deployment is left out.
func (f facts) changes() string {
	from, began := f.changed.From().Format("2006-01-02 15:04"), f.changed.Began.Format("2006-01-02 15:04")
	var lines []string
	for n, r := range f.changed.Ranked {
		lines = append(lines, strconv.Itoa(n+1)+". "+f.ranked(r))
	}
	if len(lines) == 0 {
		lines = []string{"No changes found."}
	} else {
		lines = append(lines, "", "The rank says where to look first, not what the cause is.")
	}
	if notes := f.changed.Notes(); len(notes) > 0 {
		lines = append(lines, "")
		for _, n := range notes {
			lines = append(lines, "- "+workflow.Line(n))
		}
	}
	return "From " + from + " to " + began + " UTC:\n\n" + strings.Join(lines, "\n")
}

func (f facts) ranked(r correlation.Ranked) string {
	if r.Kind == correlation.Deployment {
		d := r.Deployment
		name := safetext.Cell(d.String() + " to " + orUnknown(d.Environment))
		if d.WebURL != "" && !strings.ContainsAny(d.WebURL, "<> \r\n") {
			name = "[" + name + "](<" + d.WebURL + ">)"
		}
		return name + ": " + safetext.Cell(string(d.Status)) + "; " + workflow.Line(r.Reason())
	}
	i := r.Change.Issue
	if f.hides(i) {
		return i.Ref.String() + " (confidential): " + string(r.Change.State)
	}
	return i.Ref.String() + " " + workflow.Line(i.Title) + ": " + string(r.Change.State) + "; " + workflow.Line(r.Reason())
}

// followUps are the corrective actions with their owner, due date and state.
func (f facts) followUps() string {
	var lines []string
	for _, a := range f.actions {
		mark, state := "[ ] ", "open"
		if !a.Open() {
			mark, state = "[x] ", "done"
		}
		line := "- " + mark + a.Ref.String()
		if f.hides(a) {
			lines = append(lines, line+" (confidential), "+state)
			continue
		}
		owner, due := "not assigned", "no due date"
		if len(a.Assignees) > 0 {
			owner = safetext.Cell(account.Name(a.Assignees[0]))
		}
		if !a.Due.IsZero() {
			due = "due " + a.Due.String()
		}
		lines = append(lines, strings.Join([]string{line + " " + workflow.Line(a.Title), owner, due, state}, ", "))
	}
	if len(lines) == 0 {
		lines = []string{"None yet. To create one: `prodctl incident action`"}
	}
	for _, gap := range f.gaps {
		lines = append(lines, "- "+workflow.Line(gap))
	}
	return strings.Join(lines, "\n")
}

// hides reports whether the readers of the review may not see an issue's title.
func (f facts) hides(i issue.Issue) bool { return i.Confidential && !f.open }

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return workflow.Line(s)
}

func dataLoss(b bool) string {
	if b {
		return "yes, or suspected"
	}
	return "no"
}

// noteURL is the address of a comment.
func noteURL(i issue.Issue, n issue.Note) string { return fmt.Sprintf("%s#note_%d", i.WebURL, n.ID) }
