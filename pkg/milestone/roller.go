package milestone

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// roller applies the actions to its own copy of the observed state, so that each action is decided on the result of the earlier ones.
// Roll and ensure share it.
type roller struct {
	Rules
	o           RollOptions
	today       calendar.Date
	observed    []Milestone // as they are
	ms          []Milestone // as they will be
	issues      map[int64][]issue.Issue
	created     int64
	missingNext error // the error for a --to that was not found; it matters only if a next milestone is needed
	keepDates   bool  // dates that people set stay
	out         Roll
}

func newRoller(rules Rules, obs Observation) *roller {
	r := &roller{Rules: rules, today: obs.Today, observed: obs.Milestones, ms: slices.Clone(obs.Milestones),
		issues: map[int64][]issue.Issue{}}
	for id, list := range obs.Issues {
		r.issues[id] = slices.Clone(list)
	}
	return r
}

// surveyAsAsked finds the Current and Next Milestone, by title or by --from and --to.
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
			next = s.Next // it is already promoted
		case next == nil:
			r.missingNext = refuse("To see the milestones: prodctl milestone list", "--to: open milestone %q not found", named)
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
			return s, refuse("To see the milestones: prodctl milestone list", "--from: open milestone %q not found", named)
		}
		if _, finished := r.finished(*from); !finished {
			s.Current, s.Unclosed = from, nil
		} // else it is already finished, and the titles show the rest
	}
	s.Duplicates = slices.DeleteFunc(s.Duplicates, func(t Duplicate) bool { // a milestone that was named is not a duplicate
		return s.Current != nil && t.Drop.ID == s.Current.ID || s.Next != nil && t.Drop.ID == s.Next.ID
	})
	return s, nil
}

// renamed finds a finished milestone by the title it had before the roll, or by its id.
func (r *roller) renamed(title string) *Milestone {
	for i, m := range r.ms {
		if record, ok := r.finished(m); ok && (record.PreviousTitle == title || strconv.FormatInt(m.ID, 10) == title) {
			return &r.ms[i]
		}
	}
	return nil
}

// deleteDuplicates moves the issues of each duplicate to the milestone that stays, and deletes the duplicate. Issues cannot be moved to
// a closed milestone, so its duplicate stays if it has issues. A duplicate with an edited description stays too.
func (r *roller) deleteDuplicates(duplicates []Duplicate) {
	for _, t := range duplicates {
		if d := strings.TrimSpace(t.Drop.Description); d != "" && d != strings.TrimSpace(t.Keep.Description) &&
			d != r.Names.Dated.Of(t.Drop.Box(), r.Cadence) {
			r.out.Notes = append(r.out.Notes,
				fmt.Sprintf("%q exists twice (ids %d and %d) with different descriptions. Merge them by hand and delete one.",
					t.Keep.Title, t.Keep.ID, t.Drop.ID))
			continue
		}
		issues := r.issuesOf(t.Drop, false)
		if !t.Keep.Open() && len(issues) > 0 {
			r.out.Notes = append(r.out.Notes, fmt.Sprintf("%q exists twice (ids %d and %d), both with issues. Move the issues of one by hand.",
				t.Keep.Title, t.Keep.ID, t.Drop.ID))
			continue
		}
		for _, i := range issues {
			r.move(OfDuplicate, Timebox{}, i, t.Drop, t.Keep, "")
		}
		r.do(Delete{t.Drop})
		r.out.Notes = append(r.out.Notes, fmt.Sprintf("%q exists twice: milestone %d stays, its duplicate %d is deleted", t.Keep.Title,
			t.Keep.ID, t.Drop.ID))
		r.ms = slices.DeleteFunc(slices.Clone(r.ms), func(m Milestone) bool { return m.ID == t.Drop.ID })
	}
}

// closeUnclosed closes the milestones that were renamed but not closed.
func (r *roller) closeUnclosed(s Survey) {
	for _, unclosed := range s.Unclosed {
		if slices.ContainsFunc(r.ms, func(m Milestone) bool { return m.ID == unclosed.ID }) { // not a deleted duplicate
			r.close(unclosed)
		}
	}
}

// close closes a milestone in a separate request, because GitLab saves a state change before it checks the title.
func (r *roller) close(m Milestone) *Milestone {
	closed := Closed
	return r.update("close", m.Box(), m, Change{State: &closed}, Text{})
}

// create creates the slot's milestone.
func (r *roller) create(at *slot, title string) error {
	if err := r.requireFree(title, 0, "Rename that milestone in GitLab"); err != nil {
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

// update adds the action and changes the roller's own copy.
func (r *roller) update(what string, box Timebox, m Milestone, c Change, text Text) *Milestone {
	if d := text.Of(m.Description); d != m.Description {
		c.Description = &d
	}
	r.do(Update{Kind: what, Box: box, Before: m, Change: c, Text: text})
	at := slices.IndexFunc(r.ms, func(other Milestone) bool { return other.ID == m.ID })
	r.ms = slices.Clone(r.ms) // pointers into the old slice stay valid
	r.ms[at] = c.Of(m)
	return &r.ms[at]
}

func (r *roller) do(a Action) { r.out.Actions = append(r.out.Actions, a) }

// issuesOf returns the milestone's issues, or adds them to the wants.
func (r *roller) issuesOf(m Milestone, openOnly bool) []issue.Issue {
	list, ok := r.issues[m.ID]
	if !ok {
		at := slices.IndexFunc(r.observed, func(other Milestone) bool { return other.ID == m.ID })
		r.out.Wants = append(r.out.Wants, Want{r.observed[at], openOnly}) // with its title in GitLab, not its title after the plan
		r.issues[m.ID] = nil
	}
	return list
}

// requireFree refuses if another milestone has the title, including closed ones and those of groups above and projects below.
func (r *roller) requireFree(title string, except int64, hint string) error {
	m, taken := holder(r.ms, title, except)
	if !taken {
		return nil
	}
	return refuse(hint, "title %q is taken by the %s milestone %d%s", title, m.State, m.ID, r.elsewhere(m))
}

// elsewhere names the place of a milestone that is not the team's.
func (r *roller) elsewhere(m Milestone) string {
	switch {
	case r.own(m):
		return ""
	case !r.Group:
		return " in a parent group"
	case !m.Group:
		return " in a project of the group: " + m.WebURL
	}
	return " in another group: " + m.WebURL
}
