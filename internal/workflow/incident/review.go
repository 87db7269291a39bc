package incident

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/template"
)

// ReviewInputs are the inputs of `incident review`. A plan file keeps them.
type ReviewInputs struct {
	Project string
	IID     int64
	Force   bool
	Reveal  bool      `json:",omitempty"` // add the words of internal comments, in an internal comment
	Now     time.Time // UTC
}

// Review plans `incident review`: the review form as a comment, filled from record and timeline, once for each incident.
type Review struct {
	Read        workflow.HistoryReader
	Moves       workflow.Moves
	Labels      incident.Labels
	ReviewAfter time.Duration
	Template    template.Template
	Inputs      ReviewInputs
	plan.Origin
}

// Plan refuses a review that is not due, unless --force is given. It is due for an S1 or S2 over 30 minutes, and after data loss.
func (r Review) Plan(ctx context.Context) (plan.Plan, error) {
	in := r.Inputs
	f, past, err := readHistory(ctx, r.Read, r.Moves, issue.Ref{Project: in.Project, IID: in.IID})
	if err == nil {
		err = workflow.RequireIncident(f, r.Labels)
	}
	if err != nil {
		return plan.Plan{}, err
	}
	inc, lines := incident.Of(f.Issue, r.Labels), past.lines(r.Labels)
	p := workflow.NewPlan(r.Origin, "incident review", in, workflow.Settings{r.Labels, string(r.Template)}, workflow.ObservedIssue(inc.Issue))
	p.Routine, p.Notes = true, f.Notes()
	due := inc.ReviewDue(in.Now, r.ReviewAfter)
	switch {
	case due.Answer == incident.No && !in.Force:
		return plan.Plan{}, fault.New(fault.Refused, "To add the form anyway: "+workflow.Command("incident review %s --force", inc.Issue.Ref),
			"no review of %s is due: %s", inc.Issue.Ref, due.Reason)
	case due.Answer == incident.Maybe:
		p.Notes = append(p.Notes, "Unknown whether a review is due: "+due.Reason)
	}
	internal := false
	if in.Reveal {
		lines, internal = incident.Opened(lines)
	}
	text := r.body(inc, lines, due.Reason)
	p.Discloses = inc.Issue.Confidential || internal
	p.Steps = []plan.Step{plan.CreateNote{
		Base: plan.Base{ID: "review"}, On: plan.IssueRef{Ref: inc.Issue.Ref}, Title: workflow.ShownTitle(inc.Issue),
		Note:           issue.NoteDraft{Body: text, Internal: internal, Actions: r.Template.ActionsIn(text)},
		IdempotencyKey: issue.IdempotencyKey{Kind: reviewKind, Name: reviewName(in.IID, past.notes)},
	}}
	return p, nil
}

// Verify plans again if the incident was moved after it was read, because nobody sees a comment on the closed issue that stays.
func (r Review) Verify(ctx context.Context, p plan.Plan) (replan bool, err error) {
	at := p.Index("review")
	if at < 0 {
		return false, nil
	}
	i, err := r.Read.Issue(ctx, p.Steps[at].(plan.CreateNote).On.Ref)
	return i.MovedToID != 0, err
}

const reviewKind = "review"

// reviewName is the name in the key of the form. A form that came along when the incident was moved has the number that the incident had
// before.
func reviewName(iid int64, notes []issue.Note) string {
	for _, n := range notes {
		if key, ok := idempotency.Read(n.Body); ok && key.Kind() == reviewKind {
			return key.Name()
		}
	}
	return fmt.Sprintf("incident-%d", iid)
}

// body is the template filled from record and timeline. What is unknown says so; nobody is mentioned.
func (r Review) body(inc incident.Incident, lines []incident.Line, reason string) string {
	at := func(t time.Time) string {
		if t.IsZero() {
			return "unknown"
		}
		return t.UTC().Format("2006-01-02 15:04 UTC")
	}
	took := func(d time.Duration, known bool) string {
		if !known {
			return "unknown"
		}
		return incident.Span(d)
	}
	share := ""
	if inc.Record.Impact != nil {
		share = *inc.Record.Impact
	}
	text := func(s string) string {
		if s == "" {
			return "unknown"
		}
		return workflow.Line(s)
	}
	rec := inc.Record
	return strings.TrimSpace(r.Template.Fill(map[string]string{
		"title": workflow.Line(inc.Issue.Title), "incident": inc.Issue.Ref.String(), "severity": inc.Severity.String(),
		"services": text(strings.Join(inc.Services, ", ")), "impact": text(share), "cause": text(rec.Cause),
		"started": at(rec.StartedAt), "detected": at(rec.DetectedAt), "mitigated": at(rec.MitigatedAt), "resolved": at(rec.ResolvedAt),
		"to_detect": took(inc.ToDetect()), "to_mitigate": took(inc.ToMitigate()), "to_resolve": took(inc.ToResolve()),
		"data_loss": dataLoss(rec.DataLoss), "reason": reason, "actions": "", "timeline": incident.Markdown(lines),
	}))
}

func dataLoss(b bool) string {
	if b {
		return "yes, or suspected"
	}
	return "no"
}
