package jsonv1

import "slices"

// KindBudget is the kind of [Budget].
const KindBudget = "budget"

// Budget holds error budgets in a window: of production as a whole, of services and of teams. Minutes are decimals in strings, exact or
// rounded to three digits.
type Budget struct {
	Head
	Window   string                `json:"window"` // "28d", "month" or "quarter"
	From     string                `json:"from"`
	To       string                `json:"to"`                // the first instant after the window
	At       string                `json:"at"`                // when the budgets were computed; what came later is not known yet
	FirstDay string                `json:"first_day"`         // civil date in the zone
	LastDay  string                `json:"last_day"`          // civil date in the zone
	Zone     string                `json:"zone"`              // of the days
	Service  string                `json:"service,omitempty"` // the filter
	Team     string                `json:"team,omitempty"`    // the filter
	Accounts List[BudgetAccount]   `json:"accounts"`          // production first, then services, then teams, each the most spent first
	Outages  List[BudgetOutage]    `json:"outages"`           // of the accounts, by start; then those of unknown duration
	Excluded List[BudgetExclusion] `json:"excluded"`          // approved downtime
	Gaps     List[string]          `json:"gaps"`              // what could not be read
	Notes    List[string]          `json:"notes"`
	Explain  bool                  `json:"-"` // tables show the evidence

	SecondOpinion *SecondOpinion `json:"second_opinion,omitempty"` // only with --verify
}

// NewBudget returns the budgets of a window.
func NewBudget(window string) Budget { return Budget{Head: head(KindBudget), Window: window} }

// The scopes of an account.
const (
	BudgetOverall = "overall"
	BudgetService = "service"
	BudgetTeam    = "team"
)

// BudgetAccount is one budget.
type BudgetAccount struct {
	Scope     string           `json:"scope"`           // "overall", "service" or "team"
	Name      string           `json:"name"`            // "production", or the name of the service or the team
	Team      string           `json:"team,omitempty"`  // of the service
	SLO       string           `json:"slo"`             // percent
	Allowed   string           `json:"allowed_minutes"` // in the whole window
	Spent     string           `json:"spent_minutes"`   // overlaps counted once
	Remaining string           `json:"remaining_minutes"`
	Percent   string           `json:"spent_percent,omitempty"` // absent for a budget of zero
	Weighted  string           `json:"weighted_minutes"`        // spent, by impact
	Excluded  string           `json:"excluded_minutes"`        // approved downtime, which is not spent
	BurnRate  string           `json:"burn_rate,omitempty"`     // 1 spends the budget exactly by the end of the window
	IsSpent   bool             `json:"is_spent"`
	SpentAt   string           `json:"spent_at,omitempty"` // when nothing remained, or will remain at the burn rate
	Projected bool             `json:"projected"`          // spent_at is a projection
	Charged   List[string]     `json:"charged"`            // references, by start
	Large     List[string]     `json:"above_20_percent"`   // references of incidents that spent more than 20 % of the budget each
	Unknown   List[string]     `json:"unknown"`            // references of incidents of unknown duration, which are not counted
	Steps     List[BudgetStep] `json:"steps"`              // the burn-down, straight between its points
	Hides     bool             `json:"hides_confidential"` // the last step has all their minutes
	Secret    List[string]     `json:"-"`                  // references of confidential incidents in above_20_percent
	Public    List[BudgetStep] `json:"-"`                  // the steps without the times of confidential incidents; empty: all are public
}

// withhold leaves the times of confidential incidents out.
func (a *BudgetAccount) withhold(to Audience) {
	if to != Anybody {
		return
	}
	if len(a.Secret) > 0 { // also if others lasted as long, so that all steps are public
		a.Large = slices.DeleteFunc(slices.Clone(a.Large), func(ref string) bool { return slices.Contains(a.Secret, ref) })
	}
	if len(a.Public) == 0 {
		return
	}
	a.Steps, a.Hides = a.Public, true
	if !a.Projected {
		a.SpentAt = ""
	}
}

// BudgetStep is a point of the burn-down.
type BudgetStep struct {
	At        string `json:"at"`
	Remaining string `json:"remaining_minutes"`
}

// BudgetOutage is the downtime of one incident, and how it is known.
type BudgetOutage struct {
	Ref          string        `json:"ref" withheld:"keep"`
	Title        string        `json:"title,omitempty"`
	State        IncidentState `json:"state" withheld:"keep"`
	Severity     string        `json:"severity,omitempty" withheld:"keep"` // S1 to S4; absent: unknown
	Services     List[string]  `json:"services"`
	From         string        `json:"from,omitempty"`
	FromEvidence string        `json:"from_evidence,omitempty"` // "record", "timeline", "text", "label" or "opened"
	To           string        `json:"to,omitempty"`
	ToEvidence   string        `json:"to_evidence,omitempty"` // "record", "timeline", "text", "label" or "ongoing"
	Minutes      string        `json:"minutes,omitempty"`     // in the window, overlaps included, approved downtime left out
	Impact       string        `json:"impact,omitempty"`      // exact decimal from 0 to 1; absent: unknown, which counts as 1
	Excluded     string        `json:"excluded_minutes,omitempty"`
	Changes      List[string]  `json:"excluded_by"`       // references of the changes whose downtime was approved
	Unknown      string        `json:"unknown,omitempty"` // why the duration is unknown
	Note         string        `json:"note,omitempty"`    // what contradicts the evidence
	Confidential bool          `json:"confidential" withheld:"keep"`
	Withheld     bool          `json:"withheld" withheld:"keep"`
	WebURL       string        `json:"web_url,omitempty" withheld:"keep"`
}

// BudgetExclusion is downtime that was approved with a change.
type BudgetExclusion struct {
	Ref          string       `json:"ref" withheld:"keep"` // of the change
	From         string       `json:"from,omitempty"`
	To           string       `json:"to,omitempty"`
	Services     List[string] `json:"services"`
	ApprovedBy   List[string] `json:"approved_by"` // user names without @
	Confidential bool         `json:"confidential" withheld:"keep"`
	Withheld     bool         `json:"withheld" withheld:"keep"`
}

// Of returns the accounts of a scope.
func (b Budget) Of(scope string) (list []BudgetAccount) {
	for _, a := range b.Accounts {
		if a.Scope == scope {
			list = append(list, a)
		}
	}
	return list
}

// SecondOpinion compares the minutes of the first account with those of a metric. Minutes are decimals in strings, like those of accounts.
type SecondOpinion struct {
	Source      string                 `json:"source"` // "prometheus"
	Address     string                 `json:"address"`
	Query       string                 `json:"query"`
	Bad         string                 `json:"bad"` // the condition for bad values: "> 0"
	Step        int                    `json:"step_seconds"`
	Error       string                 `json:"error,omitempty"`                // why the metric could not be read; then there is nothing else
	Both        string                 `json:"both_minutes,omitempty"`         // in the queue, and bad in the metric
	OnlyQueue   string                 `json:"queue_only_minutes,omitempty"`   // in the queue, and good in the metric
	OnlyMetric  string                 `json:"metric_only_minutes,omitempty"`  // bad in the metric, and not in the queue
	UnknownDown string                 `json:"unknown_down_minutes,omitempty"` // in the queue, and unknown in the metric
	Unknown     string                 `json:"unknown_minutes,omitempty"`      // unknown in the metric, and not in the queue
	Differs     bool                   `json:"differs"`                        // by more than a step at the edges of outages
	Intervals   List[ComparedInterval] `json:"intervals"`
	Missing     List[string]           `json:"unknown"` // references of incidents of unknown duration, which may explain a difference
	Withheld    bool                   `json:"withheld"`
	Notes       List[string]           `json:"notes"` // of the monitoring system
}

// ComparedInterval is a time in which queue and metric are in one relation.
type ComparedInterval struct {
	Kind    string       `json:"kind"` // "both", "queue_only", "metric_only", "unknown_down" or "unknown"
	From    string       `json:"from"`
	To      string       `json:"to"`
	Minutes string       `json:"minutes"`
	Refs    List[string] `json:"incidents"`
	Reason  string       `json:"reason,omitempty"` // why the metric is unknown
	Edge    bool         `json:"edge"`             // a difference of at most a step beside time on which both agree
	Secret  bool         `json:"-"`                // an incident is confidential
}

// withhold leaves out the intervals of confidential incidents, and those that touch one, which show when it began or ended.
func (s *SecondOpinion) withhold(to Audience) {
	if to != Anybody || !slices.ContainsFunc(s.Intervals, func(i ComparedInterval) bool { return i.Secret }) {
		return
	}
	all := s.Intervals
	s.Intervals, s.Withheld = nil, true
	for n, i := range all {
		before := n > 0 && all[n-1].Secret && all[n-1].To == i.From
		after := n+1 < len(all) && all[n+1].Secret && all[n+1].From == i.To
		if !i.Secret && !before && !after {
			s.Intervals = append(s.Intervals, i)
		}
	}
}
