package incident

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/evidence"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/stable"
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

// Review plans `incident review`: the review form as a comment, once for each incident. Its generated part, between two hidden lines, has
// the facts of the incident, and is written again when they change. All other text of the comment belongs to people.
type Review struct {
	Read        ReviewReader
	Moves       workflow.Moves
	Labels      incident.Labels
	Changes     Changes
	Budgets     budget.Rules
	Zone        *time.Location // of the days of a budget
	ReviewAfter time.Duration
	Template    template.Template
	Inputs      ReviewInputs
	plan.Origin
}

// ReviewReader reads an incident with its history and links, and the comments that hold its review.
type ReviewReader interface {
	workflow.HistoryReader
	workflow.LinkReader
	FindNote(ctx context.Context, on issue.Ref, o issue.IdempotencyKey) (found issue.Note, ok, duplicates bool, err error)
	CurrentUser(context.Context) (instance.User, error)
	OwnAccess(ctx context.Context, project string) (instance.Access, error)
}

// reviewPart is the generated part of a review.
var reviewPart = safetext.Part{Name: "review", In: "comment"}

const reviewStep = "review"

// Plan refuses a review of an incident that is not over, and one that is not due unless --force is given. It is due for an S1 or S2 over
// 30 minutes, and after data loss.
func (r Review) Plan(ctx context.Context) (plan.Plan, error) {
	in := r.Inputs
	f, past, err := readHistory(ctx, r.Read, r.Moves, issue.Ref{Project: in.Project, IID: in.IID})
	if err == nil {
		err = workflow.RequireIncident(f, r.Labels)
	}
	if err != nil {
		return plan.Plan{}, err
	}
	inc := incident.Of(f.Issue, r.Labels)
	p := workflow.NewPlan(r.Origin, "incident review", in, workflow.Settings{r.Labels, string(r.Template)}, workflow.ObservedIssue(inc.Issue))
	p.Routine, p.Notes = true, f.Notes()
	due := inc.ReviewDue(in.Now, r.ReviewAfter)
	switch {
	case !inc.State.Over():
		return plan.Plan{}, fault.New(fault.Refused, "When the cause is gone: "+workflow.Command("incident resolve %s", inc.Issue.Ref),
			"%s is not resolved: its state is %s", inc.Issue.Ref, inc.State)
	case due.Answer == incident.Maybe:
		p.Notes = append(p.Notes, "Unknown whether a review is due: "+due.Reason)
	}
	at, err := r.find(ctx, inc.Issue.Ref, 1, reviewName(in.IID, past.notes))
	if err != nil {
		return plan.Plan{}, err
	}
	if due.Answer == incident.No && !in.Force && !at.exists {
		return plan.Plan{}, fault.New(fault.Refused, "To add the form anyway: "+workflow.Command("incident review %s --force", inc.Issue.Ref),
			"no review of %s is due: %s", inc.Issue.Ref, due.Reason)
	}
	known, err := r.facts(ctx, inc, past)
	if err != nil {
		return plan.Plan{}, err
	}
	err = r.steps(ctx, &p, known, at, due.Reason, f.From.ID != 0, past.notes)
	return p, err
}

// facts reads what the history does not have: the links, and what changed before the incident.
func (r Review) facts(ctx context.Context, inc incident.Incident, past recorded) (f facts, err error) {
	f = facts{incident: inc, times: evidence.Of(inc, r.Labels, past.labelled)}
	past.notes = slices.DeleteFunc(slices.Clone(past.notes), isReview)
	f.lines = past.lines(r.Labels)
	g, gctx := errgroup.WithContext(ctx)
	g.Go(func() (err error) {
		if f.changed, err = r.Changes.Of(gctx, inc); err == nil {
			err = f.changed.failed()
		}
		return err
	})
	g.Go(func() error {
		links, gaps, err := workflow.ReadLinks(gctx, r.Read, inc.Issue.Ref)
		f.gaps = gaps
		for _, l := range links {
			if l.Issue.Has(r.Labels.Action) {
				f.actions = append(f.actions, l.Issue)
			}
		}
		return err
	})
	err = g.Wait()
	stable.Sort(f.actions, func(a, b issue.Issue) int {
		return cmp.Or(strings.Compare(a.Ref.Project, b.Ref.Project), cmp.Compare(a.Ref.IID, b.Ref.IID))
	})
	f.charges, f.why = chargesOf(budget.OutageOf(inc, r.Labels, past.labelled, r.Inputs.Now), r.Budgets, r.Zone)
	return f, err
}

// reviewOf is the name in the key of a review; empty if a comment is none.
func reviewOf(n issue.Note) string {
	if key, ok := idempotency.Read(n.Body); ok && key.Kind() == reviewKind {
		return key.Name()
	}
	return ""
}

// isReview reports whether a comment is a review, which is not an event of the incident.
func isReview(n issue.Note) bool { return reviewOf(n) != "" }

// reviewAt is the nth comment for the review of an incident: the form, and then those beside it with the facts alone.
type reviewAt struct {
	n          int
	key        issue.IdempotencyKey
	note       issue.Note
	exists     bool
	duplicates bool
}

func (r Review) find(ctx context.Context, on issue.Ref, n int, name string) (at reviewAt, err error) {
	at.n, at.key = n, issue.IdempotencyKey{Kind: reviewKind, Name: name}
	at.note, at.exists, at.duplicates, err = r.Read.FindNote(ctx, on, at.key)
	at.key.Searched = !at.exists
	return at, err
}

// maxReviews bounds how many comments with the facts of one review there are.
const maxReviews = 20

// steps plans the comments that are new, or whose facts have changed. One that somebody else wrote and this token may not edit stays, and
// the facts go into a comment beside it. A moved one is looked at again when the plan is applied, so that the result names its place.
func (r Review) steps(ctx context.Context, p *plan.Plan, known facts, at reviewAt, reason string, moved bool, notes []issue.Note) error {
	i, name, first, stale := known.incident.Issue, at.key.Name, at.note, true
	for ; ; at.n++ {
		if at.n > 1 {
			next := fmt.Sprintf("%s/%d", name, at.n)
			if !stale && !slices.ContainsFunc(notes, func(n issue.Note) bool { return reviewOf(n) == next }) {
				return nil
			}
			var err error
			if at, err = r.find(ctx, i.Ref, at.n, next); err != nil || !at.exists && !stale {
				return err
			}
		}
		shown, internal := r.shown(p, known, at)
		if !at.exists {
			body, err := r.form(shown, reason)
			if at.n > 1 {
				body, err = beside(i, first, shown.text()), nil
			}
			if err != nil {
				return err
			}
			r.add(p, i, at, body, internal)
			return nil
		}
		body, why, err := merged(p, i, at.note, shown)
		switch {
		case err != nil:
			return fault.Wrap(fault.Refused, err, "Restore the line, or remove both hidden lines: "+fault.Quote(noteURL(i, at.note)),
				"the review of %s", i.Ref)
		case why != "" && !at.duplicates && !moved:
			p.Notes, stale = append(p.Notes, why), false
		case safetext.Same(body, at.note.Body) || at.n == maxReviews || r.mayEdit(ctx, at.note, i.Ref.Project):
			r.add(p, i, at, idempotency.Unstamped(body), internal)
			stale = false
		default:
			p.Notes, stale = append(p.Notes, fmt.Sprintf("The comment by %s stays, because this token may not edit it: %s",
				account.Name(at.note.Author), noteURL(i, at.note))), true
		}
	}
}

// shown returns the facts for the readers of a comment, and whether the comment is internal. Only an internal comment has the words of
// internal comments.
func (r Review) shown(p *plan.Plan, known facts, at reviewAt) (shown facts, internal bool) {
	reveal := r.Inputs.Reveal
	if at.exists {
		if reveal && !at.note.Internal {
			p.Notes = append(p.Notes, "Everybody reads the comment with the review: the words of internal comments stay out of it")
		}
		reveal = at.note.Internal
	}
	shown = known
	if reveal {
		shown.lines, internal = incident.Opened(known.lines)
		internal = internal || at.note.Internal
	}
	shown.open = known.incident.Issue.Confidential || internal
	p.Discloses = p.Discloses || shown.open
	return shown, internal
}

// merged is an existing comment with these facts, or why it stays as it is. If something could not be read now, the changes are those of
// the facts that are there.
func merged(p *plan.Plan, i issue.Issue, now issue.Note, shown facts) (body, why string, err error) {
	part, err := reviewPart.Find(now.Body)
	if err != nil {
		return "", "", err
	}
	if !part.Found {
		return now.Body, fmt.Sprintf("Unchanged: the review by %s has no generated part", account.Name(now.Author)), nil
	}
	for _, u := range shown.changed.Unread {
		if part.Intact() && !strings.Contains(part.Text, workflow.Line(u.sentence())) {
			shown.kept = changesIn(part.Content())
			p.Notes = append(p.Notes, "The changes before it stay as they are. "+u.sentence())
			break
		}
	}
	if body, err = reviewPart.Replaced(now.Body, shown.text()); err == nil && body == now.Body {
		why = "Unchanged: the review is up to date: " + noteURL(i, now)
	}
	return body, why, err
}

// mayEdit reports whether the token may edit a comment: its own, and those of others with the role Maintainer. If that is unknown, GitLab
// decides.
func (r Review) mayEdit(ctx context.Context, n issue.Note, project string) bool {
	if self, err := r.Read.CurrentUser(ctx); err != nil || self.ID == n.AuthorID {
		return true
	}
	role, err := r.Read.OwnAccess(ctx, project)
	return err != nil || role >= instance.Maintainer
}

func (r Review) add(p *plan.Plan, i issue.Issue, at reviewAt, body string, internal bool) {
	if part, err := reviewPart.Find(at.note.Body); err == nil && part.Found && !part.Intact() {
		p.Notes = append(p.Notes, "The generated part was edited since: that text stays, and the facts are below it")
	}
	id := reviewStep
	if at.n > 1 {
		id = fmt.Sprintf("%s/%d", reviewStep, at.n)
	}
	p.Steps = append(p.Steps, plan.UpsertNote{
		Base: plan.Base{ID: id}, On: plan.IssueRef{Ref: i.Ref}, Title: workflow.ShownTitle(i),
		Before: idempotency.Unstamped(at.note.Body),
		Note:   issue.NoteDraft{Body: body, Internal: internal, Actions: r.Template.ActionsIn(body), Part: reviewPart.Name},

		IdempotencyKey: at.key,
	})
}

// form is the template with the facts, which come last if it has no place for them. A template that hides them, or has them twice, is
// refused: nobody could find them again.
func (r Review) form(known facts, reason string) (string, error) {
	own := reviewPart.Wrapped(known.text(), "\n")
	form := r.body(known, own, reason)
	if !r.Template.Uses("facts") {
		form += "\n\n" + own
	}
	if part, err := reviewPart.Find(form); err != nil || !part.Found {
		return "", fault.New(fault.Usage, "Put {facts} on a line of its own, once, outside of lists and code",
			"incidents.review_template hides the facts")
	}
	return form, nil
}

// beside is a comment with the facts of a review that somebody else wrote.
func beside(i issue.Issue, first issue.Note, text string) string {
	return fmt.Sprintf("## Facts for the review of %s\n\nThey replace those in %s, which this account may not edit.\n\n%s", i.Ref,
		"["+safetext.Cell("the review by "+account.Name(first.Author))+"](<"+noteURL(i, first)+">)", reviewPart.Wrapped(text, "\n"))
}

// Verify plans again if the incident was moved after it was read, because nobody sees a comment on the closed issue that stays.
func (r Review) Verify(ctx context.Context, p plan.Plan) (replan bool, err error) {
	if p.Empty() {
		return false, nil
	}
	i, err := r.Read.Issue(ctx, p.Steps[0].(plan.UpsertNote).On.Ref)
	return i.MovedToID != 0, err
}

const reviewKind = "review"

// reviewName is the name in the key of the form. A form that came along when the incident was moved has the number that the incident had
// before.
func reviewName(iid int64, notes []issue.Note) string {
	for _, n := range notes {
		if key := reviewOf(n); key != "" {
			name, _, _ := strings.Cut(key, "/")
			return name
		}
	}
	return fmt.Sprintf("incident-%d", iid)
}

// body is the template filled from record and timeline. What is unknown says so; nobody is mentioned.
func (r Review) body(known facts, generated, reason string) string {
	inc := known.incident
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
	share, rec := "", inc.Record
	if rec.Impact != nil {
		share = *rec.Impact
	}
	return strings.TrimSpace(r.Template.Fill(map[string]string{
		"title": workflow.Line(inc.Issue.Title), "incident": inc.Issue.Ref.String(), "severity": inc.Severity.String(),
		"services": orUnknown(strings.Join(inc.Services, ", ")), "impact": orUnknown(share), "cause": orUnknown(rec.Cause),
		"started": at(rec.StartedAt), "detected": at(rec.DetectedAt), "mitigated": at(rec.MitigatedAt), "resolved": at(rec.ResolvedAt),
		"to_detect": took(inc.ToDetect()), "to_mitigate": took(inc.ToMitigate()), "to_resolve": took(inc.ToResolve()),
		"data_loss": dataLoss(rec.DataLoss), "reason": reason, "actions": known.followUps(), "timeline": incident.Markdown(known.lines),
		"facts": generated,
	}))
}
