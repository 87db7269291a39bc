package milestone

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// RollOptions holds the options of a roll.
type RollOptions struct {
	Early    bool // before the due date, but not before the timebox has started
	CatchUp  bool // several timeboxes, one by one
	Realign  bool // replace dates of Current and Next that do not fit the cadence
	Carry    CarryOver
	From, To string // id or title of the milestone to finish and of the one that follows; empty: by their usual titles
}

// PlanRoll decides what a roll does now (handbook, "Team board and Milestones": the finished milestone is renamed and the
// Current and Next milestones are updated). It finds the next step of an interrupted roll from the observed state, so it can be run
// again at any time. Before the due date it does nothing except finish an interrupted roll.
//
// Every action gives a milestone its final title, dates and state, even if several timeboxes have ended: none becomes Current on its
// way to being finished. So two runs on the same day want the same values, and the order of their requests does not matter.
//
// An ended timebox is rolled once. If several have ended, PlanRoll refuses without CatchUp, because otherwise running the same command
// twice would do more than running it once. The error is a *[Refusal] if a rule forbids the roll.
func PlanRoll(rules Rules, obs Observation, o RollOptions) (Roll, error) {
	r := newRoller(rules, obs)
	r.o = o
	err := r.plan()
	if len(r.out.Wants) > 0 {
		return Roll{Wants: r.out.Wants}, nil // decisions from incomplete data are invalid, errors included
	}
	if err != nil {
		return Roll{}, err
	}
	return r.out, nil
}

func (r *roller) plan() error {
	s, err := r.surveyAsAsked()
	if err != nil {
		return err
	}
	r.deleteDuplicates(s.Duplicates)
	r.closeUnclosed(s)
	line, err := r.line(s)
	if err != nil {
		return err
	}
	ended, err := r.ended(line)
	if err != nil {
		return err
	}
	if r.missingNext != nil && (ended > 0 || s.Current == nil) {
		return r.missingNext
	}
	if line, err = r.extend(line, ended); err != nil {
		return err
	}
	late := r.leftovers(line, ended)
	for i := range ended {
		if err := r.finish(line, i); err != nil {
			return err
		}
	}
	if ended > 0 || s.Current == nil {
		err = r.role(&line[ended], r.Names.Current)
	}
	if err == nil && line[ended+1].m == nil {
		err = r.create(&line[ended+1], r.Names.Next)
	}
	if err != nil {
		return err
	}
	for i := range ended {
		r.carry(line[i].m, line[i].home, line)
	}
	for _, l := range late {
		r.carry(l.m, l.home, line)
	}
	r.out.Current = *line[ended].m
	return nil
}

// slot is a timebox in the line from the first unfinished one to the one that will be Next.
type slot struct {
	box  Timebox
	m    *Milestone // nil: to create
	home int        // index of the slot that gets its open issues; -1: they stay
}

// line returns the slots of the existing milestones.
func (r *roller) line(s Survey) ([]slot, error) {
	var line []slot
	last := r.lastFinished(r.ms)
	switch {
	case s.Current != nil:
		if s.Current.Due.IsZero() {
			return nil, refuse("To set its dates: prodctl milestone ensure", "%q has no due date", s.Current.Title)
		}
		box := s.Current.Box()
		line = append(line, slot{box: box, m: s.Current})
		if s.Next != nil {
			line = append(line, slot{box: r.following(box), m: s.Next})
		}
	case s.Next != nil && last != nil && (s.Next.Start.IsZero() || last.Due.Before(s.Next.Start)):
		if err := r.requireFree(r.Names.Current, s.Next.ID, "Rename that milestone like a finished one, or reopen it"); err != nil {
			return nil, err
		}
		line = append(line, slot{box: r.following(last.Box()), m: s.Next})
	case s.Next == nil && last != nil:
		line = append(line, slot{box: r.following(last.Box())})
	default:
		return nil, refuse("To create it: prodctl milestone ensure", "no open milestone is named %q", r.Names.Current)
	}
	return line, nil
}

// ended returns how many timeboxes of the line to finish now.
func (r *roller) ended(line []slot) (int, error) {
	first := line[0]
	n := r.Cadence.Ended(r.aligned(first.box), r.today)
	const most = 60 // more than two years of timeboxes: probably a typo in a date
	if n > most {
		return 0, refuse("Fix the dates of that milestone in GitLab", "%d timeboxes would have ended since %s", n, first.box)
	}
	if n > 1 && !r.o.CatchUp {
		return 0, refuse("To roll them one by one: prodctl milestone roll --catch-up", "%d timeboxes have ended since %s", n, first.box.Start)
	}
	running := first.m != nil && first.m.Title != r.Names.Next
	if n == 0 && r.o.Early && running && len(r.out.Actions) == 0 {
		if !r.today.Before(first.box.Start) {
			n = 1
		} else {
			r.out.Notes = append(r.out.Notes, fmt.Sprintf("%q has not started: it runs %s", first.m.Title, first.box))
		}
	}
	if n > 0 && running && !r.Cadence.Fits(first.box) && !r.o.Realign {
		return 0, refuse("To use the cadence's dates: prodctl milestone roll --realign",
			"the dates of %q (%s) do not fit the cadence (expected %s)", first.m.Title, first.box, r.Cadence.Nearest(first.box))
	}
	if n > 0 && running {
		line[0].box = r.Cadence.Nearest(first.box) // with --realign
	}
	return n, nil
}

// extend adds the missing slots, checks the dates of the milestones to promote, and sets where open issues go.
func (r *roller) extend(line []slot, ended int) ([]slot, error) {
	for len(line) < ended+2 {
		line = append(line, slot{box: r.following(line[len(line)-1].box)})
	}
	for i := range line {
		next := line[i].m
		moves := next != nil && next.Title != r.Names.Current && i <= ended
		if moves && next.Box() != line[i].box && !r.o.Realign {
			return nil, refuse("To fix its dates: prodctl milestone roll --realign",
				"the dates of %q (%s) do not follow the previous timebox (expected %s)", next.Title, next.Box(), line[i].box)
		}
		line[i].home = r.home(i, ended)
	}
	return line, nil
}

// home returns the slot of the open issues of slot i after all ended timeboxes are rolled one by one: a roll that carries over to Next
// moves them two timeboxes on, and when that one is finished, two more.
func (r *roller) home(i, ended int) int {
	switch r.o.Carry {
	case CarryToCurrent:
		return ended
	case CarryToNext:
		for i < ended {
			i += 2
		}
		return i
	}
	return -1
}

// finish renames and closes an ended timebox. One without a milestone gets one, which is closed too, so that none is skipped.
func (r *roller) finish(line []slot, i int) error {
	at := &line[i]
	title := r.archiveTitle(at.box)
	if at.m == nil {
		if err := r.create(at, title); err != nil {
			return err
		}
		at.m = r.close(*at.m)
		return nil
	}
	const hint = "Rename or delete that milestone, or set milestones.archive_title in the configuration"
	if err := r.requireFree(title, at.m.ID, hint); err != nil {
		return err
	}
	list := r.issuesOf(*at.m, false)
	turn := Turn{Box: at.box, Title: title, Measured: Measure(list, r.Labels, CreatedBefore(at.box, r.Zone))}
	if r.o.Carry == CarryBlock && turn.Measured.Open.Issues > 0 {
		return refuse("Close them, or use --carry-over current, next or keep", "%q has %s: %s", at.m.Title,
			openIssues(turn.Measured.Open.Issues), openRefs(list))
	}
	if at.home >= 0 {
		turn.CarryTo = r.Names.Dated.Of(line[at.home].box, r.Cadence)
	}
	change := Change{Title: &title}
	r.redate(&change, *at.m, at.box)
	at.m = r.close(*r.update("rename", at.box, *at.m, change, r.summary(line, i, turn)))
	r.out.Turns = append(r.out.Turns, turn)
	return nil
}

// summary returns the text of a finished timebox: the roll's record and table.
func (r *roller) summary(line []slot, i int, turn Turn) Text {
	at := line[i]
	record := Record{Due: at.box.Due, Carry: r.o.Carry, Open: turn.Measured.Open.Issues}
	if at.home >= 0 {
		record.To = line[at.home].box.Due
	}
	if at.m.Title != r.Names.Current && at.m.Title != r.Names.Next {
		record.PreviousTitle = at.m.Title
	}
	text := Text{}
	if i > 0 {
		text = r.dated(at.box)
	}
	if turn.Measured.All.Issues > 0 || record.PreviousTitle != "" { // an empty timebox with the usual title needs no record
		text.Record, text.Summary = record, turn.Measured.Summary(turn.CarryTo)
	}
	return text
}

// role gives the slot's milestone its role's title and dates, or creates it.
func (r *roller) role(at *slot, title string) error {
	if at.m == nil {
		return r.create(at, title)
	}
	if at.m.Title == title {
		return nil
	}
	if err := r.requireFree(title, at.m.ID, "Rename that milestone in GitLab"); err != nil {
		return err
	}
	change := Change{Title: &title}
	r.redate(&change, *at.m, at.box)
	at.m = r.update("promote", at.box, *at.m, change, r.dated(at.box))
	return nil
}

// dated is the text with the dated name of a timebox.
func (r *roller) dated(box Timebox) Text {
	return Text{Names: r.Names, Cadence: r.Cadence, Box: box, Dated: true}
}

// leftovers handles finished milestones that an interrupted roll has not emptied: their record names the timebox that gets their open
// issues, and it is in the line. If that timebox is finished now, the issues move there first. The others are returned for the end.
func (r *roller) leftovers(line []slot, ended int) []slot {
	var late []slot
	for _, m := range r.ms {
		record, ok := r.finished(m)
		if !ok || m.Open() || record.To.IsZero() || record.Open == 0 && (ended > 0 || m.ID != r.lastFinished(r.ms).ID) {
			continue
		}
		for i, to := range line {
			if r.Cadence.Nearest(to.box) != r.Cadence.At(record.To) {
				continue
			}
			if i < ended && to.m != nil {
				r.carry(&m, i, line)
			} else {
				late = append(late, slot{m: &m, home: i})
			}
		}
	}
	return late
}

// carry moves the open issues of a finished milestone to their home slot.
func (r *roller) carry(finished *Milestone, home int, line []slot) {
	if home < 0 || line[home].m == nil {
		return
	}
	for _, i := range r.issuesOf(*finished, !finished.Open()) {
		if i.Open() {
			r.move(Carry, finished.Box(), i, *finished, *line[home].m, r.Labels.CarriedOver)
		}
	}
}

// following returns the timebox after box. It is on the cadence even if box is not.
func (r *roller) following(box Timebox) Timebox {
	if r.Cadence.Fits(box) {
		return r.Cadence.Next(box)
	}
	return r.Cadence.Next(r.Cadence.Nearest(box))
}

// aligned returns box if it fits the cadence, or else the cadence's timebox around its end, with box's own end.
func (r *roller) aligned(box Timebox) Timebox {
	if r.Cadence.Fits(box) {
		return box
	}
	return Timebox{r.Cadence.Nearest(box).Start, box.Due}
}

func openIssues(n int) string {
	if n == 1 {
		return "1 open issue"
	}
	return fmt.Sprintf("%d open issues", n)
}

// openRefs lists the first twenty open issues.
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
