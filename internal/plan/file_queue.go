package plan

import (
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// queueDocument fills in the published form of a step on the production queue: issues, comments, links, assignees.
func queueDocument(doc *jsonv1.Step, step Step) {
	switch s := step.(type) {
	case CreateIssue:
		doc.Action, doc.Target, doc.Object = jsonv1.IssueCreate, targetDoc(s.In), jsonv1.Object{Title: s.Draft.Title}
		doc.IdempotencyKey = idempotencyKeyDoc(s.IdempotencyKey)
		doc.After = &jsonv1.Fields{Title: &s.Draft.Title, Description: &s.Draft.Description, AddLabels: s.Draft.Labels,
			AssigneeIDs: s.Draft.AssigneeIDs, Assignees: s.Assignees, Confidential: s.Draft.Confidential, Incident: s.Draft.Incident,
			Due: text(&s.Draft.Due)}
		if s.Draft.MilestoneID != 0 {
			doc.After.MilestoneID = &s.Draft.MilestoneID
			if s.Milestone != "" {
				doc.After.Milestone = &jsonv1.Object{ID: s.Draft.MilestoneID, Title: s.Milestone}
			}
		}
	case UpsertIssue:
		doc.Action, doc.Target = jsonv1.IssueUpsert, targetDoc(s.In)
		doc.Object = jsonv1.Object{IID: s.Ref.IID, Title: s.Draft.Title}
		doc.IdempotencyKey = idempotencyKeyDoc(s.IdempotencyKey)
	case MoveIssue:
		doc.Action, doc.To = jsonv1.IssueMove, s.To.Path
		onIssueDoc(doc, IssueRef{Ref: s.Ref}, s.Title)
		doc.After = &jsonv1.Fields{Confidential: s.Confidential}
		if !s.Confidential {
			doc.After.Labels = s.Labels
		}
	case CreateNote:
		noteDoc(doc, jsonv1.NoteCreate, s)
	case UpsertNote:
		noteDoc(doc, jsonv1.NoteUpsert, CreateNote{s.Base, s.On, s.Title, s.Note, s.IdempotencyKey})
		if s.Before != "" {
			doc.Before = &jsonv1.Fields{Body: &s.Before}
		}
	case CreateLink:
		doc.Action, doc.To = jsonv1.LinkCreate, s.To.String()
		onIssueDoc(doc, s.From, "")
	case AssignIssue:
		doc.Action = jsonv1.IssueAssign
		onIssueDoc(doc, s.On, "")
		doc.After = &jsonv1.Fields{Assignees: s.Users}
	case ReconcileIssue:
		doc.Action, doc.Rules = jsonv1.IssueReconcile, s.Kind
		onIssueDoc(doc, s.On, s.Title)
		if o := s.Outlook; !o.IsZero() {
			doc.After = &jsonv1.Fields{AddLabels: o.AddLabels, RemoveLabels: o.RemoveLabels, Assignees: o.Assignees}
		}
	}
}

func noteDoc(doc *jsonv1.Step, action jsonv1.Action, s CreateNote) {
	doc.Action, doc.IdempotencyKey = action, idempotencyKeyDoc(s.IdempotencyKey)
	onIssueDoc(doc, s.On, s.Title)
	doc.After = &jsonv1.Fields{Body: &s.Note.Body, Internal: s.Note.Internal}
}

func onIssueDoc(doc *jsonv1.Step, on IssueRef, title string) {
	doc.Target = targetDoc(target.ProjectAt(on.Ref.Project))
	doc.Object = jsonv1.Object{IID: on.Ref.IID, CreatedBy: on.Created, Title: title}
}

func idempotencyKeyDoc(o issue.IdempotencyKey) *jsonv1.IdempotencyKey {
	doc := jsonv1.IdempotencyKey{Kind: o.Kind, Name: o.Name, Unique: o.Unique, Searched: o.Searched, Label: o.Label, Derived: o.Derived}
	if !o.Since.IsZero() {
		doc.Since = o.Since.UTC().Format(time.RFC3339)
	}
	return &doc
}

// queueStep returns the step of such a document.
func queueStep(d jsonv1.Step, base Base, in target.Target, due *calendar.Date) (Step, error) {
	after := deref(d.After)
	note := issue.NoteDraft{Body: deref(after.Body), Internal: after.Internal}
	on := IssueRef{Ref: issue.Ref{Project: in.Path, IID: d.Object.IID}, Created: d.Object.CreatedBy}
	key, err := idempotencyKeyOf(deref(d.IdempotencyKey))
	if err != nil {
		return nil, err
	}
	switch d.Action {
	case jsonv1.IssueCreate:
		return CreateIssue{base, in, issue.Draft{Title: deref(after.Title), Description: deref(after.Description), Labels: after.AddLabels,
			MilestoneID: deref(after.MilestoneID), AssigneeIDs: after.AssigneeIDs, Confidential: after.Confidential,
			Incident: after.Incident, Due: deref(due)}, key, after.Assignees, deref(after.Milestone).Title}, nil
	case jsonv1.IssueUpsert:
		return UpsertIssue{Base: base, In: in, Ref: ref(on.Ref), Draft: issue.Draft{Title: d.Object.Title}, IdempotencyKey: key}, nil
	case jsonv1.IssueMove:
		to, err := target.ParsePath(target.Project, d.To)
		return MoveIssue{Base: base, Ref: on.Ref, Title: d.Object.Title, To: to, Labels: after.Labels,
			Confidential: after.Confidential}, err
	case jsonv1.NoteCreate:
		return CreateNote{base, on, d.Object.Title, note, key}, nil
	case jsonv1.NoteUpsert:
		return UpsertNote{base, on, d.Object.Title, deref(deref(d.Before).Body), note, key}, nil
	case jsonv1.LinkCreate:
		to, err := issue.ParseRef(d.To, "", nil)
		if err == nil && !strings.Contains(to.Project, "/") {
			err = fmt.Errorf("%q is not a full reference", d.To)
		}
		return CreateLink{Base: base, From: on, To: to}, err
	case jsonv1.IssueAssign:
		return AssignIssue{Base: base, On: on, Users: after.Assignees}, nil
	default:
		return ReconcileIssue{Base: base, On: on, Title: d.Object.Title, Kind: d.Rules,
			Outlook: Outlook{AddLabels: after.AddLabels, RemoveLabels: after.RemoveLabels, Assignees: after.Assignees}}, nil
	}
}

// ref is the reference of an issue; the zero value if it has no number.
func ref(r issue.Ref) issue.Ref {
	if r.IID == 0 {
		return issue.Ref{}
	}
	return r
}

func idempotencyKeyOf(doc jsonv1.IdempotencyKey) (issue.IdempotencyKey, error) {
	o := issue.IdempotencyKey{Kind: doc.Kind, Name: doc.Name, Unique: doc.Unique, Searched: doc.Searched, Label: doc.Label,
		Derived: doc.Derived}
	if doc.Since == "" {
		return o, nil
	}
	var err error
	o.Since, err = time.Parse(time.RFC3339, doc.Since)
	return o, err
}
