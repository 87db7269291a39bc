package planning

import (
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Fill returns the issues to plan for a timebox with this room, in the order in which they were chosen: those of the theme first, then by
// priority. An issue that does not fit is left out, and smaller ones after it may still fit. Candidates that are closed, blocked, not ready
// or in a milestone already are left out.
//
// What was chosen and is put into the timebox takes its room away, so filling again chooses the rest and nothing else.
func Fill(r Room, candidates []issue.Issue, names Labels, order issue.Priorities) (chosen []issue.Issue) {
	left, compare := r.Left(), issue.ByPriority(order)
	off := func(i issue.Issue) int {
		if names.Theme == "" || i.Has(names.Theme) {
			return 0
		}
		return 1
	}
	for _, i := range stable.Sorted(candidates, func(a, b issue.Issue) int {
		if n := off(a) - off(b); n != 0 {
			return n
		}
		return compare(a, b)
	}) {
		weight := milestone.WeightOf(i)
		if !plannable(i, names) || left.Issues < 1 || r.Weighed && weight > left.Weight {
			continue
		}
		left.Issues, left.Weight = left.Issues-1, left.Weight-weight
		chosen = append(chosen, i)
	}
	return chosen
}

// plannable reports whether an issue can be planned now.
func plannable(i issue.Issue, names Labels) bool {
	return i.Open() && i.MilestoneID == 0 && !(names.Blocked != "" && i.Has(names.Blocked)) && len(board.Unready(i, names.Meta)) == 0
}
