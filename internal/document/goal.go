package document

import (
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/goal"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// Goals returns the document of all open goals.
func Goals(cfg config.Config, list []goal.Goal, now time.Time) jsonv1.Goals {
	var docs []jsonv1.TeamGoal
	for _, g := range list {
		docs = append(docs, goalDoc(g, cfg))
	}
	doc := jsonv1.NewGoals(cfg.Infrastructure(), docs)
	q := goal.QuarterOf(calendar.DateOf(now.In(cfg.Timezone)), cfg.Planning.QuarterStart)
	doc.Quarter = jsonv1.Span{From: q.From.String(), To: q.To.String()}
	return doc
}

// GoalCheck is [Goals], with those that have a problem only.
func GoalCheck(cfg config.Config, list []goal.Goal, now time.Time) jsonv1.Goals {
	doc := Goals(cfg, list, now)
	doc.Goals = slices.DeleteFunc(doc.Goals, func(g jsonv1.TeamGoal) bool { return g.OK })
	return doc
}

func goalDoc(g goal.Goal, cfg config.Config) jsonv1.TeamGoal {
	i := g.Issue
	doc := jsonv1.TeamGoal{Ref: i.Ref.String(), Kind: string(g.Kind), Title: i.Title, Owners: slices.Clone(i.Assignees),
		Milestone: i.Milestone, OK: len(g.Problems) == 0, Confidential: i.Confidential, WebURL: i.WebURL}
	for _, c := range cfg.BoardLayout().Where(i) {
		doc.Columns = append(doc.Columns, c.Name)
	}
	for _, p := range g.Problems {
		doc.Problems = append(doc.Problems, jsonv1.Unmet{ID: p.ID, Text: p.Text})
	}
	if weight := milestone.WeightOf(i); weight > 0 {
		doc.Weight = &weight
	}
	if !i.Due.IsZero() {
		doc.Due = i.Due.String()
	}
	if g.Kind != goal.Timebox {
		doc.Pieces = &jsonv1.Pieces{Done: g.Done, All: len(g.Pieces)}
	}
	if !g.End.IsZero() {
		doc.Forecast = g.End.String()
	}
	return doc
}
