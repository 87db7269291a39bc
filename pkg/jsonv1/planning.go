package jsonv1

import (
	"gitlab.com/prodctl/prodctl/pkg/forecast"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/planning"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// KindMilestonePlan is the kind of [MilestonePlan].
const KindMilestonePlan = "milestone_plan"

// MilestonePlan is a planning session: what fits into a timebox, and what is in it.
type MilestonePlan struct {
	Head
	Target    Target             `json:"target"`
	Role      string             `json:"role"`                // "next" or "current"
	Milestone *MilestoneItem     `json:"milestone,omitempty"` // absent: it does not exist
	Capacity  *Capacity          `json:"capacity,omitempty"`  // absent without finished timeboxes
	Room      *Room              `json:"room,omitempty"`      // likewise
	Planned   *Planned           `json:"planned,omitempty"`
	Over      bool               `json:"over"`            // more is planned than there is room for
	Theme     string             `json:"theme,omitempty"` // label
	Goals     List[PlannedIssue] `json:"goals"`
	Findings  List[PlannedIssue] `json:"findings"` // planned issues with problems
	Notes     List[string]       `json:"notes"`
}

// The bases of a [Capacity].
const (
	BasisForecast = "forecast" // a simulation over the finished timeboxes
	BasisMean     = "mean"     // too few of them
)

// Capacity is what the team is likely to finish.
type Capacity struct {
	Basis      string                `json:"basis"`
	PersonDays int                   `json:"person_days"`
	Available  int                   `json:"available_person_days"` // without holidays and absences
	Timeboxes  List[FinishedTimebox] `json:"timeboxes"`             // that it was learned from, the oldest first
	Likely     List[Likely]          `json:"likely"`                // empty for the mean
	Expected   Amount                `json:"expected"`              // the 50 % figure, or the mean
}

// FinishedTimebox is what was finished in a timebox.
type FinishedTimebox struct {
	Title string `json:"title"`
	Due   string `json:"due"`
	Amount
}

// Amount is a number of issues and their weight.
type Amount struct {
	Issues int  `json:"issues"`
	Weight *int `json:"weight,omitempty"` // absent if the team does not count it
}

// Likely is what is finished at least with a chance in percent.
type Likely struct {
	Percent int `json:"percent"`
	Amount
}

// Room is how much can be planned.
type Room struct {
	SharePercent int    `json:"share_percent"` // of the expected amount
	All          Amount `json:"all"`
	Left         Amount `json:"left"` // negative: too much is planned
}

// Planned is what is in the timebox.
type Planned struct {
	Issues            int `json:"issues"`
	Weight            int `json:"weight"`
	WithoutWeight     int `json:"without_weight"`
	Unscheduled       int `json:"unscheduled"` // issues that came in later, not counted above
	UnscheduledWeight int `json:"unscheduled_weight"`
}

// PlannedIssue is an issue in the timebox.
type PlannedIssue struct {
	Ref          string            `json:"ref" withheld:"keep"`
	Title        string            `json:"title,omitempty"`
	Open         bool              `json:"open" withheld:"keep"`
	Weight       *int              `json:"weight,omitempty"`
	AgeDays      *int              `json:"age_days,omitempty"`  // whole days since it was created, up to its end if it is closed
	Assignees    []string          `json:"assignees,omitempty"` // user names without @
	Carried      *int              `json:"carried,omitempty"`   // times; absent: never or unknown
	Problems     []PlanningProblem `json:"problems,omitempty"`
	Confidential bool              `json:"confidential" withheld:"keep"`
	Withheld     bool              `json:"withheld" withheld:"keep"`
	WebURL       string            `json:"web_url,omitempty" withheld:"keep"`
}

// PlanningProblem is one thing to fix before an issue is worked on.
type PlanningProblem struct {
	ID   string `json:"id"` // weight-missing, weight-scale, weight-split, criteria-missing, timebox, carried-over, blocked or theme
	Text string `json:"text"`
}

// NewMilestonePlan returns the document of a planning session without a milestone; role is "next" or "current".
func NewMilestonePlan(in target.Target, role string) MilestonePlan {
	return MilestonePlan{Head: head(KindMilestonePlan), Target: TargetOf(in), Role: role}
}

// SetCapacity sets capacity and room, as far as they are known, and what is planned.
func (d *MilestonePlan) SetCapacity(c planning.Capacity, r planning.Room) {
	d.Planned = &Planned{Issues: r.Planned.Issues, Weight: r.Planned.Weight, WithoutWeight: r.NoWeight,
		Unscheduled: r.Unscheduled.Issues, UnscheduledWeight: r.Unscheduled.Weight}
	if !c.Known() {
		return
	}
	amount := func(a forecast.Day) Amount { return amountOf(a, c.Weighed()) }
	doc := Capacity{Basis: BasisMean, PersonDays: c.All, Available: c.Available, Expected: amount(c.Expected)}
	for _, p := range c.History {
		doc.Timeboxes = append(doc.Timeboxes, FinishedTimebox{p.Milestone.Title, p.Milestone.Due.String(), amount(p.Days.Total())})
	}
	for _, l := range c.Levels {
		doc.Basis, doc.Likely = BasisForecast, append(doc.Likely, Likely{l.Percent, amount(l.Amount)})
	}
	d.Capacity, d.Over = &doc, r.Over()
	d.Room = &Room{SharePercent: r.Percent, All: amount(r.All), Left: amount(r.Left())}
}

func amountOf(a forecast.Day, weighed bool) Amount {
	if !weighed {
		return Amount{Issues: a.Issues}
	}
	return Amount{a.Issues, &a.Weight}
}

// PlannedIssueOf returns an issue in a timebox.
func PlannedIssueOf(i issue.Issue) PlannedIssue {
	doc := PlannedIssue{Ref: i.Ref.String(), Title: i.Title, Open: i.Open(), Confidential: i.Confidential, WebURL: i.WebURL}
	if weight := milestone.WeightOf(i); weight > 0 {
		doc.Weight = &weight
	}
	return doc
}

// FindingOf returns a planned issue with its problems.
func FindingOf(f planning.Finding) PlannedIssue {
	doc := PlannedIssueOf(f.Issue)
	if f.Carried > 0 {
		doc.Carried = &f.Carried
	}
	for _, p := range f.Problems {
		doc.Problems = append(doc.Problems, PlanningProblem{p.ID, p.Text})
	}
	return doc
}

// KindBacktest is the kind of [Backtest].
const KindBacktest = "milestone_backtest"

// Backtest says how often the forecast would have held.
type Backtest struct {
	Head
	Target Target       `json:"target"`
	Trials List[Trial]  `json:"trials"` // the oldest first
	Held   List[Held]   `json:"held"`   // empty without trials
	Notes  List[string] `json:"notes"`
}

// Trial is the forecast that would have been given before a finished timebox.
type Trial struct {
	FinishedTimebox
	From   int          `json:"from"` // finished timeboxes that it is made from
	Likely List[Chance] `json:"likely"`
}

// Chance is a figure of a forecast, and whether it held.
type Chance struct {
	Likely
	HeldIssues bool  `json:"held_issues"`
	HeldWeight *bool `json:"held_weight,omitempty"` // absent if the team does not count weight
}

// Held says how often a figure held.
type Held struct {
	Percent int  `json:"percent"`
	Issues  int  `json:"issues"`           // timeboxes
	Weight  *int `json:"weight,omitempty"` // timeboxes
	Of      int  `json:"of"`               // timeboxes
}

// NewBacktest returns the document of trials, the oldest first.
func NewBacktest(in target.Target, trials []planning.Trial) Backtest {
	doc, weighed := Backtest{Head: head(KindBacktest), Target: TargetOf(in)}, planning.Weighed(trials)
	for _, t := range trials {
		done := t.Days.Total()
		trial := Trial{From: t.From, FinishedTimebox: FinishedTimebox{t.Milestone.Title, t.Milestone.Due.String(), amountOf(done, weighed)}}
		for _, l := range t.Levels {
			c := Chance{Likely: Likely{l.Percent, amountOf(l.Amount, weighed)}, HeldIssues: done.Issues >= l.Amount.Issues}
			if weighed {
				c.HeldWeight = new(done.Weight >= l.Amount.Weight)
			}
			trial.Likely = append(trial.Likely, c)
		}
		doc.Trials = append(doc.Trials, trial)
	}
	for _, percent := range forecast.Percents() {
		if issues, weight := planning.Held(trials, percent); len(trials) > 0 {
			h := Held{Percent: percent, Issues: issues, Of: len(trials)}
			if weighed {
				h.Weight = &weight
			}
			doc.Held = append(doc.Held, h)
		}
	}
	return doc
}
