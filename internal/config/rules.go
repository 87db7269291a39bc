package config

import (
	"maps"
	"math/big"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/alert"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/flow"
	"gitlab.com/prodctl/prodctl/pkg/followup"
	"gitlab.com/prodctl/prodctl/pkg/goal"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
	"gitlab.com/prodctl/prodctl/pkg/readiness"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// BoardLayout returns the configured board. Its column called Ready, if it has one, accepts only ready issues.
func (c Config) BoardLayout() board.Layout {
	l := board.Layout{Name: c.Board.Name, Done: manifest.Completed, Start: c.Board.Start, Waiting: c.Board.Waiting}
	for _, c := range c.Board.Columns {
		l.Columns = append(l.Columns, board.Column{Name: c.Name, Label: c.Label, Limit: c.Limit})
	}
	if c, ok := l.Find(board.Builtin().Ready); ok {
		l.Ready = c.Name
	}
	return l
}

// MeasuredLabels returns the labels that gather data: the handbook's under the team's names, and those of report.labels, each once.
func (c Config) MeasuredLabels() []string {
	var names []string
	for _, name := range label.Gathering() {
		names = append(names, c.Labels.Names.Of(name))
	}
	for _, name := range c.Report.Labels {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// FlowBoard returns what the measures of flow need to know about the board.
func (c Config) FlowBoard() flow.Board {
	names := c.Labels.Names
	return flow.Board{Layout: c.BoardLayout(), Blocked: names.Of(label.Blocked), Handoff: names.Of(label.Handoff)}
}

// IncidentLabels returns the labels of incidents under the team's names.
func (c Config) IncidentLabels() incident.Labels {
	return incident.LabelsOf(c.Labels.Names, c.Incidents.ServiceLabel)
}

// AlertRules returns what alerts say about an incident.
func (c Config) AlertRules() alert.Rules {
	rules := c.Alerts
	rules.Known = c.Incidents.Services
	return rules
}

// ChangeLabels returns the labels of changes under the team's names.
func (c Config) ChangeLabels() change.Labels { return change.LabelsOf(c.Labels.Names) }

// Teams returns the teams that corrective actions belong to: those of approvals.teams, by the users that the file names, and those of
// budget.services. Members of groups are not looked up.
func (c Config) Teams() followup.Teams {
	teams := followup.Teams{People: map[string][]string{}, Services: map[string]string{}}
	for _, t := range c.Approvals.Teams {
		teams.People[t.Name] = t.Users
	}
	for name, service := range c.Budget.Services {
		teams.Services[name] = service.Team
	}
	return teams
}

// IncidentLimits returns how long things may take before `incident check` finds them.
func (c Config) IncidentLimits() incident.Limits {
	every := c.Incidents.UpdateEvery
	return incident.Limits{Silent: c.Incidents.SilentAfter, ReviewAfter: c.Incidents.ReviewAfter,
		UpdateEvery: map[incident.Severity]time.Duration{incident.S1: every.S1, incident.S2: every.S2, incident.S3: every.S3,
			incident.S4: every.S4}}
}

// HandoffLabel returns the label of issues that are ready to hand off, under the team's name.
func (c Config) HandoffLabel() string { return c.Labels.Names.Of(label.Handoff) }

// HandoffLabels returns the labels that the hand-off report uses, under the team's names.
func (c Config) HandoffLabels() handoff.Labels {
	return handoff.LabelsOf(c.Labels.Names, c.Incidents.ServiceLabel)
}

// MilestoneRules returns the cadence, names and labels of the timeboxes.
func (c Config) MilestoneRules() milestone.Rules {
	names := c.Labels.Names
	return milestone.Rules{
		Cadence: c.Milestones.Cadence,
		Names:   c.Milestones.Names,
		Labels:  milestone.Labels{Unscheduled: names.Of(label.Unscheduled), Toil: names.Of(label.Toil), CarriedOver: c.Milestones.CarriedLabel},
		Group:   c.Milestones.Scope == target.Group,
		Zone:    c.Timezone,
	}
}

// LabelPlaces returns the configured projects, or the group, that should have the declared labels.
func (c Config) LabelPlaces() []target.Target {
	if c.Milestones.Scope == target.Group {
		return []target.Target{c.MilestoneTarget()}
	}
	var places []target.Target
	for _, name := range []string{manifest.Infrastructure, manifest.Production} {
		if t := c.Tracker(name); !t.IsZero() {
			places = append(places, t)
		}
	}
	return places
}

// PrioritizedLabels returns the names of the labels with a priority, highest first.
func (c Config) PrioritizedLabels() []string {
	set := slices.DeleteFunc(slices.Clone(c.Labels.Set()), func(d label.Declared) bool { return d.Priority == nil })
	stable.Sort(set, func(a, b label.Declared) int { return *a.Priority - *b.Priority })
	var names []string
	for _, d := range set {
		names = append(names, d.Name)
	}
	return names
}

// Priorities returns the labels that order issues. A team that declares no priorities has the handbook's.
func (c Config) Priorities() issue.Priorities {
	p := issue.Priorities{Labels: c.PrioritizedLabels()}
	if len(p.Labels) == 0 {
		p.Labels = c.spelled(label.Prioritized()...)
	}
	p.Availability = c.spelled("AP1", "AP2", "AP3")
	return p
}

// spelled returns the team's names of built-in labels.
func (c Config) spelled(names ...string) (out []string) {
	for _, name := range names {
		out = append(out, c.Labels.Names.Of(name))
	}
	return out
}

// BudgetRules returns the objectives of production and of its services.
func (c Config) BudgetRules() (budget.Rules, error) {
	r := budget.Rules{Period: c.Budget.Window, QuarterStart: c.Planning.QuarterStart}
	var err error
	if r.SLO, err = budget.ParseSLO(c.Budget.SLO); err != nil {
		return r, invalidSLO(err, "budget.slo")
	}
	for _, name := range slices.Sorted(maps.Keys(c.Budget.Services)) {
		of := c.Budget.Services[name]
		s := budget.Service{Name: name, Team: of.Team}
		if of.SLO != "" {
			if s.SLO, err = budget.ParseSLO(of.SLO); err != nil {
				return r, invalidSLO(err, "budget.services."+name+".slo")
			}
		}
		r.Services = append(r.Services, s)
	}
	return r, nil
}

func invalidSLO(err error, key string) error {
	return fault.Wrap(fault.Usage, err, "Fix the file, then run: prodctl config validate", "%s", key)
}

// Owners returns the named users, or else that it is whoever is on call. The single name "none" means nobody.
func Owners(named []string) (assign []string, onCall bool) {
	if len(named) == 1 && strings.EqualFold(named[0], "none") {
		return nil, false
	}
	return named, len(named) == 0
}

// MilestoneTitle returns the title for "current" or "next", and any other title unchanged.
func (c Config) MilestoneTitle(input string) string {
	switch input {
	case "current":
		return c.Milestones.Names.Current
	case "next":
		return c.Milestones.Names.Next
	}
	return input
}

// GoalRules returns what goals are checked by on a day.
func (c Config) GoalRules(today calendar.Date) goal.Rules {
	return goal.Rules{Labels: c.GoalLabels(), Cadence: c.Milestones.Cadence, Team: c.Planning.Team, QuarterStart: c.Planning.QuarterStart,
		Zone: c.Timezone, Today: today}
}

// GoalLabels returns the labels of goals under the team's names.
func (c Config) GoalLabels() goal.Labels {
	return goal.Labels{Goal: c.Labels.Names.Of(label.Goal), Meta: c.Labels.Names.Of(label.Meta)}
}

// ReadinessRules returns the aims of the readiness targets. The one for uptime is the objective of the error budget.
func (c Config) ReadinessRules() (readiness.Rules, error) {
	slo, err := budget.ParseSLO(c.Budget.SLO)
	if err != nil {
		return readiness.Rules{}, invalidSLO(err, "budget.slo")
	}
	r := readiness.Rules{UptimeAbove: slo, LeadTime: c.Readiness.LeadTime, SpeedBelow: new(big.Rat), DeploysPerWeek: new(big.Rat),
		FailureShare: new(big.Rat)}
	for _, n := range []struct {
		to   *big.Rat
		text string
	}{{r.SpeedBelow, c.Readiness.SpeedIndexBelow}, {r.DeploysPerWeek, c.Readiness.DeploysPerWeek},
		{r.FailureShare, c.Readiness.FailurePercent}} {
		if _, ok := n.to.SetString(n.text); !ok {
			return r, fault.New(fault.Usage, "Fix the file, then run: prodctl config validate", "invalid number %q in readiness", n.text)
		}
	}
	return r, nil
}

// SecurityLabels returns the labels of the security team's requests: those of the file, or the handbook's under the team's names.
func (c Config) SecurityLabels() []string {
	return c.labelsOr(c.Readiness.SecurityLabels, label.Security()...)
}

// RequestLabels returns the labels of all other requests.
func (c Config) RequestLabels() []string {
	return c.labelsOr(c.Readiness.RequestLabels, label.UnblocksOthers, label.AccessRequest)
}

// labelsOr returns labels as they are configured, or built-in ones under the team's names.
func (c Config) labelsOr(configured []string, builtin ...string) []string {
	if len(configured) > 0 {
		return configured
	}
	var names []string
	for _, name := range builtin {
		names = append(names, c.Labels.Names.Of(name))
	}
	return names
}

// DrillDays returns the days of restore drills.
func (c Config) DrillDays() drill.Days {
	return drill.Days{Rule: c.Rad.Rule, Holidays: c.Planning.Team.Holidays}
}

// DrillRota returns who takes turns in restore drills: the named people, or else the team, or else the people of the on-call rotations.
func (c Config) DrillRota() drill.Rota {
	r := drill.Rota{People: c.Rad.People, Absences: c.Planning.Team.Absences}
	if len(r.People) == 0 {
		r.People = c.Planning.Team.People
	}
	if len(r.People) == 0 {
		r.People = oncall.Schedule{Regions: c.Oncall.Regions}.Members()
	}
	return r
}
