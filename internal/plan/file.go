package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Document returns the published form of the plan. [FromDocument] returns an equal plan.
func (p Plan) Document() jsonv1.Plan {
	doc := jsonv1.NewPlan()
	doc.Command, doc.Args, doc.Inputs, doc.Host = p.Command, p.Args, p.Inputs, p.Host
	doc.Today, doc.Notes, doc.Destructive = p.Today.String(), p.Notes, p.Destructive
	for _, s := range p.Observed {
		doc.Observed = append(doc.Observed, jsonv1.Fingerprint{Object: s.Object, Digest: s.Digest})
	}
	for _, s := range p.Steps {
		doc.Steps = append(doc.Steps, StepDocument(s))
	}
	for _, n := range p.Notices() {
		notice := jsonv1.Notice{Object: n.Object, New: n.New, Participants: n.Participants, Mentions: n.Mentions, Assignees: n.Assignees}
		if n.Issues > 1 {
			notice.Issues = n.Issues
		}
		doc.Notifies = append(doc.Notifies, notice)
	}
	return doc
}

// StepDocument returns the published form of one step.
func StepDocument(step Step) jsonv1.Step {
	doc := jsonv1.Step{Key: step.Key(), Needs: step.Needs()}
	switch s := step.(type) {
	case CreateMilestone:
		doc.Action, doc.Target = jsonv1.MilestoneCreate, targetDoc(s.In)
		doc.Object = jsonv1.Object{Title: s.Draft.Title}
		doc.Before = &jsonv1.Fields{IID: s.ObservedIID}
		doc.After = &jsonv1.Fields{Title: &s.Draft.Title, Description: &s.Draft.Description,
			Start: text(&s.Draft.Start), Due: text(&s.Draft.Due)}
	case UpdateMilestone:
		doc.Action, doc.Target, doc.Object = jsonv1.MilestoneUpdate, targetDoc(s.In), milestoneObject(s.Ref)
		doc.Before = milestoneFields(s.Before)
		doc.After = &jsonv1.Fields{Title: s.Change.Title, Description: s.Change.Description,
			Start: text(s.Change.Start), Due: text(s.Change.Due), State: as[string](s.Change.State)}
	case DeleteMilestone:
		doc.Action, doc.Target, doc.Object = jsonv1.MilestoneDelete, targetDoc(s.In), milestoneObject(s.Ref)
		doc.Before = &jsonv1.Fields{Due: text(&s.Due)}
	case UpdateIssue:
		doc.Action, doc.Target = jsonv1.IssueUpdate, targetDoc(target.ProjectAt(s.Ref.Project))
		doc.Object, doc.From = jsonv1.Object{IID: s.Ref.IID, CreatedBy: s.Created, Title: s.Title}, s.From
		doc.After = &jsonv1.Fields{AddLabels: s.Change.AddLabels, RemoveLabels: s.Change.RemoveLabels,
			State: as[string](s.Change.State), MilestoneID: s.Change.MilestoneID, Description: s.Change.Description,
			AssigneeIDs: s.Change.AssigneeIDs, Due: text(s.Change.Due)}
		if s.Milestone != nil {
			doc.After.Milestone = new(milestoneObject(*s.Milestone))
		}
	case CreateIssue, UpsertIssue, MoveIssue, CreateNote, UpsertNote, CreateLink, AssignIssue, ReconcileIssue:
		queueDocument(&doc, s)
	case CreateLabel:
		doc.Action, doc.Target = jsonv1.LabelCreate, targetDoc(s.In)
		doc.Object, doc.After = jsonv1.Object{Title: s.Label.Name}, labelFields(s.Label)
	case UpdateLabel:
		doc.Action, doc.Target = jsonv1.LabelUpdate, targetDoc(s.In)
		doc.Object, doc.Before = jsonv1.Object{ID: s.LabelID, Title: s.Before.Name}, labelFields(s.Before)
		doc.After = &jsonv1.Fields{Title: s.Change.Name, Color: s.Change.Color, Description: s.Change.Description,
			Priority: s.Change.Priority, NoPriority: s.Change.SetPriority && s.Change.Priority == nil}
	case DeleteLabel:
		doc.Action, doc.Target = jsonv1.LabelDelete, targetDoc(s.In)
		doc.Object, doc.Before = jsonv1.Object{ID: s.Before.ID, Title: s.Before.Name}, labelFields(s.Before)
	case CreateBoard:
		doc.Action, doc.Target, doc.Object = jsonv1.BoardCreate, targetDoc(s.In), jsonv1.Object{Title: s.Name}
	case DeleteBoard:
		doc.Action, doc.Target, doc.Object = jsonv1.BoardDelete, targetDoc(s.In), jsonv1.Object{ID: s.BoardID, Title: s.Name}
	case CreateBoardList:
		doc.Action, doc.Target = jsonv1.BoardListCreate, targetDoc(s.In)
		doc.Object, doc.Board = jsonv1.Object{Title: s.Label}, boardObject(s.Board)
		doc.Label = &jsonv1.Object{ID: s.LabelID, CreatedBy: s.LabelCreated, Title: s.Label}
	case MoveBoardList:
		doc.Action, doc.Target = jsonv1.BoardListMove, targetDoc(s.In)
		doc.Object, doc.Board = jsonv1.Object{ID: s.ListID, CreatedBy: s.ListCreated, Title: s.Label}, boardObject(s.Board)
		doc.After = &jsonv1.Fields{Position: &s.Position}
	case CreateFreeze:
		doc.Action, doc.Target = jsonv1.FreezeCreate, targetDoc(s.In)
		doc.Object, doc.After = jsonv1.Object{Title: s.Lock}, freezeFields(s.Freeze)
	case DeleteFreeze:
		doc.Action, doc.Target = jsonv1.FreezeDelete, targetDoc(s.In)
		doc.Object, doc.Before = jsonv1.Object{ID: s.Before.ID}, freezeFields(s.Before)
	default:
		panic(fmt.Sprintf("plan: a step of type %T without a published form", step))
	}
	return doc
}

// hintReplan is the hint for an invalid plan file.
const hintReplan = "Save a new plan with --plan-file"

// FromDocument returns the plan of a document. Its errors are of kind Usage: prodctl did not write this plan.
func FromDocument(doc jsonv1.Plan) (Plan, error) {
	if doc.Kind != jsonv1.KindPlan || doc.Version != jsonv1.Version {
		return Plan{}, fault.New(fault.Usage, hintReplan,
			"not a plan of version %d: document kind %q, version %d", jsonv1.Version, doc.Kind, doc.Version)
	}
	today, err := optionalDate(doc.Today)
	if err != nil {
		return Plan{}, fault.Wrap(fault.Usage, err, hintReplan, "today")
	}
	p := Plan{Command: doc.Command, Inputs: doc.Inputs, Origin: Origin{Host: doc.Host, Args: doc.Args, Today: today},
		Notes: doc.Notes, Destructive: doc.Destructive}
	for _, s := range doc.Observed {
		p.Observed = append(p.Observed, Fingerprint(s))
	}
	known := map[string]bool{}
	for i, d := range doc.Steps {
		step, err := stepOf(d)
		if err == nil {
			err = errors.Join(checkOrder(d, known), checkRoundTrip(step, d))
		}
		if err != nil {
			return Plan{}, fault.Wrap(fault.Usage, err, hintReplan, "step %d (%s)", i+1, d.Key)
		}
		known[d.Key] = true
		p.Steps = append(p.Steps, step)
	}
	return p, nil
}

// Decode decodes a plan file.
func Decode(data []byte) (Plan, error) {
	var doc jsonv1.Plan
	if err := json.Unmarshal(data, &doc); err != nil {
		return Plan{}, fault.Wrap(fault.Usage, err, hintReplan, "not a plan file")
	}
	return FromDocument(doc)
}

// checkOrder checks the plan's invariants for the next step.
func checkOrder(d jsonv1.Step, known map[string]bool) error {
	if d.Key == "" || known[d.Key] {
		return fmt.Errorf("the key is missing or not unique")
	}
	for _, need := range append(createdBy(d), d.Needs...) {
		if !known[need] {
			return fmt.Errorf("it needs step %q, which is not an earlier step", need)
		}
	}
	return nil
}

// checkRoundTrip refuses a step with contradictory fields, so that what a reader sees in the file is what is applied.
func checkRoundTrip(step Step, d jsonv1.Step) error {
	read, err := json.Marshal(d)
	if err != nil {
		return err
	}
	written, err := json.Marshal(StepDocument(step))
	if err != nil {
		return err
	}
	if !bytes.Equal(read, written) {
		return errors.New("its fields contradict each other. Was the file edited?")
	}
	return nil
}

// createdBy returns the keys of the steps whose objects the step refers to.
func createdBy(d jsonv1.Step) []string {
	objects := []*jsonv1.Object{&d.Object, d.Board, d.Label}
	if d.After != nil {
		objects = append(objects, d.After.Milestone)
	}
	var keys []string
	for _, o := range objects {
		if o != nil && o.CreatedBy != "" {
			keys = append(keys, o.CreatedBy)
		}
	}
	return keys
}

func stepOf(d jsonv1.Step) (Step, error) {
	in, err := targetOf(d.Target)
	if err != nil {
		return nil, err
	}
	base := Base{ID: d.Key, After: d.Needs}
	after, before := deref(d.After), deref(d.Before)
	box, err := dates(after)
	if err != nil {
		return nil, err
	}
	switch d.Action {
	case jsonv1.MilestoneCreate:
		return CreateMilestone{base, in, milestone.Draft{Title: deref(after.Title), Description: deref(after.Description),
			Start: deref(box[0]), Due: deref(box[1])}, before.IID}, nil
	case jsonv1.MilestoneUpdate:
		m, err := milestoneOf(before)
		return UpdateMilestone{Base: base, In: in, Ref: milestoneRef(d.Object), Before: m, Change: milestone.Change{Title: after.Title,
			Description: after.Description, Start: box[0], Due: box[1], State: as[milestone.State](after.State)}}, err
	case jsonv1.MilestoneDelete:
		due, err := optionalDate(deref(before.Due))
		return DeleteMilestone{base, in, milestoneRef(d.Object), due}, err
	case jsonv1.IssueUpdate:
		s := UpdateIssue{Base: base, Ref: issue.Ref{Project: in.Path, IID: d.Object.IID},
			Title: d.Object.Title, From: d.From, Created: d.Object.CreatedBy,
			Change: issue.Change{AddLabels: after.AddLabels, RemoveLabels: after.RemoveLabels,
				State: as[issue.State](after.State), MilestoneID: after.MilestoneID, Description: after.Description,
				AssigneeIDs: after.AssigneeIDs, Due: box[1]}}
		if after.Milestone != nil {
			s.Milestone = new(milestoneRef(*after.Milestone))
		}
		return s, nil
	case jsonv1.IssueCreate, jsonv1.IssueUpsert, jsonv1.IssueMove, jsonv1.NoteCreate, jsonv1.NoteUpsert, jsonv1.LinkCreate,
		jsonv1.IssueAssign, jsonv1.IssueReconcile:
		return queueStep(d, base, in, box[1])
	case jsonv1.LabelCreate:
		return CreateLabel{base, in, labelOf(after)}, nil
	case jsonv1.LabelUpdate:
		return UpdateLabel{base, in, d.Object.ID, labelOf(before), label.Change{Name: after.Title, Color: after.Color,
			Description: after.Description, Priority: after.Priority, SetPriority: after.NoPriority || after.Priority != nil}}, nil
	case jsonv1.LabelDelete:
		return DeleteLabel{base, in, labelOf(before)}, nil
	case jsonv1.BoardCreate:
		return CreateBoard{base, in, d.Object.Title}, nil
	case jsonv1.BoardDelete:
		return DeleteBoard{base, in, d.Object.ID, d.Object.Title}, nil
	case jsonv1.BoardListCreate:
		l := deref(d.Label)
		return CreateBoardList{base, in, boardRef(d.Board), d.Object.Title, l.ID, l.CreatedBy}, nil
	case jsonv1.BoardListMove:
		return MoveBoardList{base, in, boardRef(d.Board), d.Object.Title, d.Object.ID, d.Object.CreatedBy, deref(after.Position)}, nil
	case jsonv1.FreezeCreate:
		return CreateFreeze{base, in, d.Object.Title, freezeOf(after)}, nil
	case jsonv1.FreezeDelete:
		return DeleteFreeze{base, in, freezeOf(before)}, nil
	}
	return nil, fmt.Errorf("unknown action %q", d.Action)
}

func deref[T any](p *T) T {
	if p == nil {
		p = new(T)
	}
	return *p
}

func text(d *calendar.Date) *string {
	if d == nil {
		return nil
	}
	return new(d.String())
}

// as converts a string to another string type.
func as[To, From ~string](s *From) *To {
	if s == nil {
		return nil
	}
	return new(To(*s))
}

func optionalDate(s string) (calendar.Date, error) {
	if s == "" {
		return calendar.Date{}, nil
	}
	return calendar.ParseDate(s)
}

// dates returns the start and the due date of the fields, nil if absent.
func dates(f jsonv1.Fields) (box [2]*calendar.Date, err error) {
	for i, s := range []*string{f.Start, f.Due} {
		if s == nil {
			continue
		}
		d, err := optionalDate(*s)
		if err != nil {
			return box, err
		}
		box[i] = &d
	}
	return box, nil
}

func targetDoc(t target.Target) jsonv1.Target {
	return jsonv1.Target{Kind: string(t.Kind), Path: t.Path}
}

func targetOf(t jsonv1.Target) (target.Target, error) {
	kind := target.Kind(t.Kind)
	if kind != target.Project && kind != target.Group {
		return target.Target{}, fmt.Errorf("invalid target kind %q (use project or group)", t.Kind)
	}
	return target.ParsePath(kind, t.Path)
}

func milestoneObject(r MilestoneRef) jsonv1.Object {
	return jsonv1.Object{ID: r.ID, CreatedBy: r.Created, Title: r.Title}
}

func milestoneRef(o jsonv1.Object) MilestoneRef {
	return MilestoneRef{ID: o.ID, Created: o.CreatedBy, Title: o.Title}
}

func boardObject(r BoardRef) *jsonv1.Object { return &jsonv1.Object{ID: r.ID, CreatedBy: r.Created} }

func boardRef(o *jsonv1.Object) BoardRef {
	return BoardRef{ID: deref(o).ID, Created: deref(o).CreatedBy}
}

func milestoneFields(m milestone.Milestone) *jsonv1.Fields {
	return &jsonv1.Fields{ID: m.ID, IID: m.IID, Group: m.Group, Title: &m.Title, Description: &m.Description,
		State: as[string](&m.State), Start: text(&m.Start), Due: text(&m.Due), WebURL: m.WebURL}
}

func milestoneOf(f jsonv1.Fields) (milestone.Milestone, error) {
	box, err := dates(f)
	return milestone.Milestone{ID: f.ID, IID: f.IID, Group: f.Group, Title: deref(f.Title), Description: deref(f.Description),
		State: milestone.State(deref(f.State)), Start: deref(box[0]), Due: deref(box[1]), WebURL: f.WebURL}, err
}

func labelFields(l label.Label) *jsonv1.Fields {
	return &jsonv1.Fields{ID: l.ID, Title: &l.Name, Color: &l.Color, Description: &l.Description, Priority: l.Priority,
		Group: l.FromGroup, OpenIssues: l.Open, ClosedIssues: l.Closed}
}

func labelOf(f jsonv1.Fields) label.Label {
	return label.Label{ID: f.ID, Name: deref(f.Title), Color: deref(f.Color), Description: deref(f.Description), Priority: f.Priority,
		FromGroup: f.Group, Open: f.OpenIssues, Closed: f.ClosedIssues}
}

func freezeFields(f lock.Freeze) *jsonv1.Fields {
	return &jsonv1.Fields{ID: f.ID, FreezeStart: &f.Start, FreezeEnd: &f.End, CronTimezone: &f.Zone}
}

func freezeOf(f jsonv1.Fields) lock.Freeze {
	return lock.Freeze{ID: f.ID, Start: deref(f.FreezeStart), End: deref(f.FreezeEnd), Zone: deref(f.CronTimezone)}
}
