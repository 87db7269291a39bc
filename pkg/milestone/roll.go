package milestone

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// RollOptions are what a person may ask of a roll.
type RollOptions struct {
	Early    bool // before the due date, but not before the timebox has begun
	CatchUp  bool // several timeboxes, one by one
	Realign  bool // give Current and Next the cadence's dates where theirs do not fit
	Carry    CarryOver
	From, To string // id or title of the milestone to finish and of the one that follows; empty: by their usual titles
}

// Action is one thing to do. The order of actions is the order in which they are done;
// carrying issues over is the one kind whose actions do not depend on each other.
type Action interface{ action() }

// Create makes a milestone. ID is a negative stand-in by which later actions name it.
type Create struct {
	ID    int64
	Box   Timebox // of the roll it belongs to
	Draft Draft
}

// Update changes a milestone: What is "rename", "close", "promote" or "repair". Was is the milestone before.
type Update struct {
	What   string
	Box    Timebox
	Was    Milestone
	Change Change
}

// Delete removes a twin that nothing hangs on any more.
type Delete struct {
	Twin Milestone
}

// Move takes an issue from one milestone to another: What is "carry" or "mend".
type Move struct {
	What  string
	Box   Timebox
	Issue issue.Issue
	From  string // title
	To    Milestone
	Label string // to add; may be empty
}

func (Create) action() {}
func (Update) action() {}
func (Delete) action() {}
func (Move) action()   {}

// Turn is the outcome for one timebox that was finished, for the summary of a roll.
type Turn struct {
	Box      Timebox
	Title    string // the finished milestone's new title
	Measured Measured
	CarryTo  string // title of the milestone that gets the open issues; empty: they stay
}

// Roll is what is to be done.
type Roll struct {
	Actions []Action
	Turns   []Turn
	Current Milestone // as it will be; its Due is the day from which the next roll is due
	Wants   []Want    // not empty: what is missing to decide; everything else is then void
	Notes   []string
}

// PlanRoll decides what a roll does now (handbook, "Team board and Milestones": the finished milestone is renamed and the
// Current and Next milestones are updated). It finds the next step of a roll that was interrupted by looking at
// what there is, so that it can be made again at any moment, and it does nothing before the due date but finish such a one.
//
// A timebox that has ended is rolled once; when several have ended it refuses unless told to catch up, because
// otherwise the same words said twice would do more than said once. The error is a *[Refusal] when a rule forbids to go on.
func PlanRoll(rules Rules, seen Observation, o RollOptions) (Roll, error) {
	r := &roller{Rules: rules, o: o, today: seen.Today, seen: seen.Milestones, issues: map[int64][]issue.Issue{}}
	r.ms = slices.Clone(seen.Milestones)
	for id, list := range seen.Issues {
		r.issues[id] = slices.Clone(list)
	}
	if err := r.plan(); err != nil {
		if len(r.out.Wants) == 0 {
			return Roll{}, err
		}
	}
	if len(r.out.Wants) > 0 {
		return Roll{Wants: r.out.Wants}, nil
	}
	return r.out, nil
}

// roller plays the roll through on its own copy of what was seen, so that a second timebox is planned from what the first leaves.
type roller struct {
	Rules
	o      RollOptions
	today  calendar.Date
	seen   []Milestone // as they are
	ms     []Milestone // as they will be
	issues map[int64][]issue.Issue
	made   int64
	out    Roll
}

func (r *roller) plan() error {
	s, err := r.survey()
	if err != nil {
		return err
	}
	for _, twin := range s.Twins {
		r.mend(twin)
	}
	current, err := r.resume(s)
	if err != nil {
		return err
	}
	r.out.Current = *current
	for first := true; ; first = false {
		due, err := r.due(*current, first)
		if err != nil {
			return err
		}
		if !due {
			return nil
		}
		if current, err = r.turn(*current); err != nil {
			return err
		}
		r.out.Current = *current
	}
}

// survey finds the pair, by title or as the person fixed it.
func (r *roller) survey() (Survey, error) {
	if r.o.From == "" && r.o.To == "" {
		return r.Survey(r.ms)
	}
	s, err := r.Survey(r.ms)
	if _, doubt := err.(*Refusal); err != nil && !doubt {
		return s, err
	}
	if named := r.o.To; named != "" {
		next := r.find(r.ms, named)
		switch {
		case next != nil && next.Title == r.Names.Current && (s.Last != nil || s.Half != nil):
			next = s.Next // it was promoted already
		case next == nil && s.Last == nil && s.Half == nil:
			return s, refuse("prodctl milestone list shows what there is", "no open milestone is called %q, which --to names", named)
		}
		if next != nil {
			s.Next = next
		}
	}
	if named := r.o.From; named != "" {
		from := r.find(r.ms, named)
		if from == nil || !from.Open() {
			if s.Last != nil && (from != nil || s.LastRecord.Was == named) || s.Half != nil {
				return s, nil // it was finished already
			}
			return s, refuse("prodctl milestone list shows what there is", "no open milestone is called %q, which --from names", named)
		}
		if _, finished := r.finished(*from); finished {
			s.Current, s.Half = nil, from
		} else {
			s.Current, s.Half = from, nil
		}
	}
	s.Twins = slices.DeleteFunc(s.Twins, func(t Twin) bool { // what was fixed by hand is nobody's twin
		return s.Current != nil && t.Drop.ID == s.Current.ID || s.Next != nil && t.Drop.ID == s.Next.ID
	})
	return s, nil
}

// mend moves what hangs on the twin to the one that stays, and deletes the twin.
func (r *roller) mend(t Twin) {
	for _, i := range r.issuesOf(t.Drop, false) {
		r.move("mend", Timebox{}, i, t.Drop, t.Keep, "")
	}
	r.do(Delete{t.Drop})
	r.out.Notes = append(r.out.Notes, fmt.Sprintf("%q was made twice at the same moment: %d stays, %d goes", t.Keep.Title, t.Keep.ID, t.Drop.ID))
	r.ms = slices.DeleteFunc(slices.Clone(r.ms), func(m Milestone) bool { return m.ID == t.Drop.ID })
}

// resume brings an interrupted roll to its end and returns the milestone that is Current then.
func (r *roller) resume(s Survey) (*Milestone, error) {
	current, next, last, record := s.Current, s.Next, s.Last, s.LastRecord
	if current == nil && s.Half != nil {
		record, _ = r.finished(*s.Half)
		last = r.close(*s.Half)
	}
	var box Timebox
	if last != nil {
		box = last.Box()
	}
	if current == nil {
		if next == nil || last == nil || !last.Due.Before(next.Start) && !next.Start.IsZero() {
			return nil, refuse("prodctl milestone ensure makes what is missing", "there is no open milestone called %q", r.Names.Current)
		}
		var err error
		if current, err = r.promote(*next, box); err != nil {
			return nil, err
		}
		next = nil
	}
	if next == nil {
		if current.Due.IsZero() {
			return nil, r.undated(*current)
		}
		var err error
		if next, err = r.create(r.following(current.Box()), box); err != nil {
			return nil, err
		}
	}
	if last != nil && record.Open > 0 {
		r.carry(*last, record.Carry, *current, *next, true)
	}
	return current, nil
}

// due reports whether current is to be finished now.
func (r *roller) due(current Milestone, first bool) (bool, error) {
	if current.Due.IsZero() {
		return false, r.undated(current)
	}
	if r.today.Before(current.Due) {
		early := first && r.o.Early && len(r.out.Actions) == 0
		if early && r.today.Before(current.Start) {
			r.out.Notes = append(r.out.Notes, fmt.Sprintf("%q has not begun: it runs %s", current.Title, current.Box()))
			early = false
		}
		return early, nil
	}
	if ended := r.Cadence.Ended(r.aligned(current.Box()), r.today); first && ended > 1 && !r.o.CatchUp {
		return false, refuse("prodctl milestone roll --catch-up rolls them one by one",
			"%d timeboxes have ended since %s", ended, current.Start)
	}
	return true, nil
}

// turn finishes current and returns what is Current after it.
func (r *roller) turn(current Milestone) (*Milestone, error) {
	box := current.Box()
	if !r.Cadence.Fits(box) && !r.o.Realign {
		return nil, refuse("prodctl milestone roll --realign goes on with the cadence's next dates, prodctl milestone ensure mends these",
			"the dates of %q (%s) do not fit the cadence: %s would", current.Title, box, r.Cadence.At(box.Due))
	}
	list := r.issuesOf(current, false)
	measured := Measure(list, r.Labels, CreatedBefore(box, r.Zone))
	if r.o.Carry == CarryBlock && measured.Open.Issues > 0 {
		return nil, refuse("close them, or say --carry-over current, next or keep", "%d issues of %q are open: %s",
			measured.Open.Issues, current.Title, openRefs(list))
	}
	finished, err := r.rename(current, measured)
	if err != nil {
		return nil, err
	}
	finished = r.close(*finished)
	s, err := r.Survey(r.ms)
	if err != nil && r.o.To == "" {
		return nil, err
	}
	next := s.Next
	if r.o.To != "" && len(r.out.Turns) == 0 {
		if named := r.find(r.ms, r.o.To); named != nil && named.Open() {
			next = named
		}
	}
	if next == nil {
		return nil, refuse("prodctl milestone ensure makes what is missing", "there is no open milestone called %q", r.Names.Next)
	}
	promoted, err := r.promote(*next, box)
	if err != nil {
		return nil, err
	}
	made, err := r.create(r.Cadence.Next(promoted.Box()), box)
	if err != nil {
		return nil, err
	}
	to := r.carry(*finished, r.o.Carry, *promoted, *made, false)
	r.out.Turns = append(r.out.Turns, Turn{Box: box, Title: finished.Title, Measured: measured, CarryTo: to})
	return promoted, nil
}

func (r *roller) rename(m Milestone, measured Measured) (*Milestone, error) {
	title := r.archiveTitle(m.Box())
	if err := r.free(title, m.ID, "rename or delete that one, or set milestones.archive_title in the configuration"); err != nil {
		return nil, err
	}
	change := Change{Title: &title}
	if measured.All.Issues > 0 { // an empty timebox has nothing to sum up
		record := Record{Due: m.Due, Carry: r.o.Carry, Open: measured.Open.Issues}
		if m.Title != r.Names.Current {
			record.Was = m.Title
		}
		description := WriteRecord(m.Description, record, measured.Summary(r.roleTitle(r.o.Carry)))
		change.Description = &description
	}
	return r.update("rename", m.Box(), m, change), nil
}

// close closes a finished milestone, in a request of its own: GitLab saves a state change before it checks a title.
func (r *roller) close(m Milestone) *Milestone {
	closed := Closed
	return r.update("close", m.Box(), m, Change{State: &closed})
}

func (r *roller) promote(next Milestone, box Timebox) (*Milestone, error) {
	if err := r.free(r.Names.Current, next.ID, "rename that one"); err != nil {
		return nil, err
	}
	want := next.Box()
	if !box.Start.IsZero() && want != r.following(box) {
		if !r.o.Realign {
			return nil, refuse("prodctl milestone roll --realign gives it the right dates",
				"the dates of %q (%s) do not follow the timebox before it: %s would", next.Title, next.Box(), r.following(box))
		}
		want = r.following(box)
	}
	change := Change{Title: &r.Names.Current}
	if want != next.Box() {
		change.Start, change.Due = &want.Start, &want.Due
	}
	if d := r.Names.Describe(next.Description, want, r.Cadence); d != next.Description {
		change.Description = &d
	}
	return r.update("promote", box, next, change), nil
}

func (r *roller) create(want, box Timebox) (*Milestone, error) {
	if err := r.free(r.Names.Next, 0, "rename that one"); err != nil {
		return nil, err
	}
	r.made++
	draft := Draft{Title: r.Names.Next, Description: r.Names.Describe("", want, r.Cadence), Start: want.Start, Due: want.Due}
	r.do(Create{ID: -r.made, Box: box, Draft: draft})
	r.ms = append(r.ms, Milestone{ID: -r.made, Group: r.Group, Title: draft.Title, Description: draft.Description,
		State: Active, Start: want.Start, Due: want.Due})
	r.issues[-r.made] = nil
	return &r.ms[len(r.ms)-1], nil
}

// carry moves the open issues of a finished milestone as the policy says and returns the title of where they go.
func (r *roller) carry(finished Milestone, policy CarryOver, current, next Milestone, openOnly bool) string {
	to := current
	switch policy {
	case CarryKeep, CarryBlock:
		return ""
	case CarryToNext:
		to = next
	}
	for _, i := range r.issuesOf(finished, openOnly) {
		if i.Open() {
			r.move("carry", finished.Box(), i, finished, to, r.Labels.CarriedOver)
		}
	}
	return to.Title
}

func (r *roller) move(what string, box Timebox, i issue.Issue, from, to Milestone, label string) {
	r.do(Move{What: what, Box: box, Issue: i, From: from.Title, To: to, Label: label})
	r.issues[from.ID] = slices.DeleteFunc(slices.Clone(r.issues[from.ID]), func(other issue.Issue) bool { return other.Ref == i.Ref })
	i.MilestoneID, i.Milestone = to.ID, to.Title
	if label != "" && !i.Has(label) {
		i.Labels = append(slices.Clone(i.Labels), label)
	}
	if at, known := r.issues[to.ID]; known {
		r.issues[to.ID] = append(slices.Clone(at), i)
	}
}

// update notes the action and changes the roller's own copy.
func (r *roller) update(what string, box Timebox, m Milestone, c Change) *Milestone {
	r.do(Update{What: what, Box: box, Was: m, Change: c})
	at := slices.IndexFunc(r.ms, func(other Milestone) bool { return other.ID == m.ID })
	r.ms[at] = c.Of(m)
	return &r.ms[at]
}

// Of is the milestone after the change.
func (c Change) Of(m Milestone) Milestone {
	set(&m.Title, c.Title)
	set(&m.Description, c.Description)
	set(&m.Start, c.Start)
	set(&m.Due, c.Due)
	set(&m.State, c.State)
	return m
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

func (r *roller) do(a Action) { r.out.Actions = append(r.out.Actions, a) }

// issuesOf returns the milestone's issues, or notes that they are wanted.
func (r *roller) issuesOf(m Milestone, openOnly bool) []issue.Issue {
	list, ok := r.issues[m.ID]
	if !ok {
		at := slices.IndexFunc(r.seen, func(other Milestone) bool { return other.ID == m.ID })
		r.out.Wants = append(r.out.Wants, Want{r.seen[at], openOnly}) // as it is called now, not as it will be
		r.issues[m.ID] = nil
	}
	return list
}

// free refuses when another milestone holds the title, closed ones and those of groups above included.
func (r *roller) free(title string, except int64, wayOut string) error {
	m, taken := holder(r.ms, title, except)
	if !taken {
		return nil
	}
	where := "this place"
	if m.Group && !r.Group {
		where = "a group above"
	}
	return refuse(wayOut, "the title %q is taken by the %s milestone %d in %s", title, m.State, m.ID, where)
}

func (r *roller) undated(m Milestone) error {
	return refuse("prodctl milestone ensure gives it dates", "%q has no due date", m.Title)
}

// following is the timebox after box, on the cadence even where box is not.
func (r *roller) following(box Timebox) Timebox {
	if r.Cadence.Fits(box) {
		return r.Cadence.Next(box)
	}
	return r.Cadence.After(box.Due)
}

// aligned is box where it fits the cadence, else the cadence's timebox around its end.
func (r *roller) aligned(box Timebox) Timebox {
	if r.Cadence.Fits(box) {
		return box
	}
	return Timebox{r.Cadence.At(box.Due).Start, box.Due}
}

func (r *roller) roleTitle(policy CarryOver) string {
	switch policy {
	case CarryToCurrent:
		return r.Names.Current
	case CarryToNext:
		return r.Names.Next
	}
	return ""
}

// openRefs names the open issues, the first twenty of them.
func openRefs(list []issue.Issue) string {
	const most = 20
	var refs []string
	for _, i := range list {
		if !i.Open() {
			continue
		}
		if len(refs) == most {
			refs = append(refs, "…")
			break
		}
		refs = append(refs, i.Ref.String())
	}
	return strings.Join(refs, ", ")
}
