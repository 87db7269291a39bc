package milestone

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// roller plays a plan through on its own copy of what was seen, so that later actions are decided on what earlier ones leave.
// Roll and ensure share it.
type roller struct {
	Rules
	o           RollOptions
	today       calendar.Date
	observed    []Milestone // as they are
	ms          []Milestone // as they will be
	issues      map[int64][]issue.Issue
	created     int64
	missingNext error // that --to names nothing, for when it is needed
	out         Roll
}

func newRoller(rules Rules, seen Observation) *roller {
	r := &roller{Rules: rules, today: seen.Today, observed: seen.Milestones, ms: slices.Clone(seen.Milestones), issues: map[int64][]issue.Issue{}}
	for id, list := range seen.Issues {
		r.issues[id] = slices.Clone(list)
	}
	return r
}

// survey finds the pair, by title or as the person fixed it.
func (r *roller) surveyAsAsked() (Survey, error) {
	s, err := r.Survey(r.ms)
	if r.o.From == "" && r.o.To == "" {
		return s, err
	}
	rolled := len(s.Unclosed) > 0 || s.Last != nil
	if named := r.o.To; named != "" {
		next := r.find(r.ms, named)
		switch {
		case next != nil && next.Title == r.Names.Current && rolled:
			next = s.Next // it was promoted already
		case next == nil:
			r.missingNext = refuse("prodctl milestone list shows what there is", "no open milestone is called %q, which --to names", named)
		}
		if next != nil {
			s.Next = next
		}
	}
	if named := r.o.From; named != "" {
		from := r.find(r.ms, named)
		if from == nil {
			from = r.renamed(named)
		}
		if from == nil {
			return s, refuse("prodctl milestone list shows what there is", "no open milestone is called %q, which --from names", named)
		}
		if _, finished := r.finished(*from); !finished {
			s.Current, s.Unclosed = from, nil
		} // else it was finished already, and the rest of the pair is as it looks
	}
	s.Duplicates = slices.DeleteFunc(s.Duplicates, func(t Duplicate) bool { // what was fixed by hand is nobody's twin
		return s.Current != nil && t.Drop.ID == s.Current.ID || s.Next != nil && t.Drop.ID == s.Next.ID
	})
	return s, nil
}

// renamed finds the milestone that a roll has finished under the title it had before.
func (r *roller) renamed(title string) *Milestone {
	for i, m := range r.ms {
		if record, ok := r.finished(m); ok && (record.PreviousTitle == title || strconv.FormatInt(m.ID, 10) == title) {
			return &r.ms[i]
		}
	}
	return nil
}

// mend moves what hangs on each twin to the one that stays, and deletes the twin. Nothing can be moved to a closed milestone,
// so that a twin of one stays when something hangs on it; and so does one that somebody has written into.
func (r *roller) deleteDuplicates(twins []Duplicate) {
	for _, t := range twins {
		if d := strings.TrimSpace(t.Drop.Description); d != "" && d != strings.TrimSpace(t.Keep.Description) &&
			d != r.Names.Dated.Of(t.Drop.Box(), r.Cadence) {
			r.out.Notes = append(r.out.Notes,
				fmt.Sprintf("%q exists twice (%d and %d), and both have words of their own: move those of one by hand and delete it",
					t.Keep.Title, t.Keep.ID, t.Drop.ID))
			continue
		}
		hanging := r.issuesOf(t.Drop, false)
		if !t.Keep.Open() && len(hanging) > 0 {
			r.out.Notes = append(r.out.Notes, fmt.Sprintf("%q exists twice (%d and %d), and both have issues: move those of one by hand",
				t.Keep.Title, t.Keep.ID, t.Drop.ID))
			continue
		}
		for _, i := range hanging {
			r.move("duplicate", Timebox{}, i, t.Drop, t.Keep, "")
		}
		r.do(Delete{t.Drop})
		r.out.Notes = append(r.out.Notes, fmt.Sprintf("%q was made twice at the same moment: %d stays, %d goes", t.Keep.Title, t.Keep.ID,
			t.Drop.ID))
		r.ms = slices.DeleteFunc(slices.Clone(r.ms), func(m Milestone) bool { return m.ID == t.Drop.ID })
	}
}

// closeHalves closes what was renamed and not closed.
func (r *roller) closeUnclosed(s Survey) {
	for _, half := range s.Unclosed {
		if slices.ContainsFunc(r.ms, func(m Milestone) bool { return m.ID == half.ID }) { // it was no twin that goes
			r.close(half)
		}
	}
}

// close closes a milestone, in a request of its own: GitLab saves a state change before it checks a title.
func (r *roller) close(m Milestone) *Milestone {
	closed := Closed
	return r.update("close", m.Box(), m, Change{State: &closed})
}

// make creates the slot's milestone.
func (r *roller) create(at *slot, title string) error {
	if err := r.free(title, 0, "rename that one"); err != nil {
		return err
	}
	r.created++
	draft := Draft{Title: title, Description: r.Names.Describe("", at.box, r.Cadence), Start: at.box.Start, Due: at.box.Due}
	r.do(Create{ID: -r.created, Box: at.box, Draft: draft})
	r.ms = append(r.ms, Milestone{ID: -r.created, Group: r.Group, Title: title, Description: draft.Description, State: Active,
		Start: draft.Start, Due: draft.Due})
	r.issues[-r.created] = nil
	at.m = &r.ms[len(r.ms)-1]
	return nil
}

func (r *roller) move(what string, box Timebox, i issue.Issue, from, to Milestone, label string) {
	r.do(Move{Kind: what, Box: box, Issue: i, From: from.Title, To: to, Label: label})
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
	r.do(Update{Kind: what, Box: box, Before: m, Change: c})
	at := slices.IndexFunc(r.ms, func(other Milestone) bool { return other.ID == m.ID })
	r.ms = slices.Clone(r.ms) // pointers into the old one keep what they pointed at
	r.ms[at] = c.Of(m)
	return &r.ms[at]
}

func (r *roller) do(a Action) { r.out.Actions = append(r.out.Actions, a) }

// issuesOf returns the milestone's issues, or notes that they are wanted.
func (r *roller) issuesOf(m Milestone, openOnly bool) []issue.Issue {
	list, ok := r.issues[m.ID]
	if !ok {
		at := slices.IndexFunc(r.observed, func(other Milestone) bool { return other.ID == m.ID })
		r.out.Wants = append(r.out.Wants, Want{r.observed[at], openOnly}) // as it is called now, not as it will be
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
	if !r.own(m) {
		where = "a group above"
	}
	return refuse(wayOut, "the title %q is taken by the %s milestone %d in %s", title, m.State, m.ID, where)
}
