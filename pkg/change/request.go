package change

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Request is the plan of a change: what, why, when, how and at what risk (handbook, change checklist).
type Request struct {
	Title         string // what
	Reason        string
	Start         time.Time     // UTC; zero: not planned
	Duration      time.Duration // worst-case estimate; 0: the sum of the steps
	Criticality   Criticality
	Services      []string // none: all
	Environment   string
	Executor      string // user name without @; empty: unknown
	Impact        Impact
	Preparation   []Step
	Steps         []Step // how
	CheckBefore   []string
	CheckAfter    []string
	Rollback      Rollback
	Monitoring    string // graphs for failure and for improvement, alerts that may fire
	Communication string
	RetryOf       string // reference of the change that was aborted
}

// Step is one step of a plan.
type Step struct {
	Do      string
	Minutes int // estimated; 0: unknown
}

// Impact is whom a change affects, and how.
type Impact struct {
	Type     ImpactType
	Text     string
	Downtime time.Duration // expected
	Excluded bool          // approvers accept that the services are down in the window: see [Record.Excluded]
}

// Rollback is how a change is rolled back.
type Rollback struct {
	Text    string
	Steps   []Step
	Minutes int // estimated; 0: the sum of the steps
}

// Planned reports whether there is a rollback plan.
func (r Rollback) Planned() bool {
	return strings.TrimSpace(r.Text) != "" || slices.ContainsFunc(r.Steps, func(s Step) bool { return strings.TrimSpace(s.Do) != "" })
}

// Estimate returns the worst-case duration of the change, without a rollback.
func (r Request) Estimate() time.Duration {
	if r.Duration != 0 {
		return r.Duration
	}
	return time.Duration(minutes(r.Steps)) * time.Minute
}

func minutes(steps []Step) int {
	sum := 0
	for _, s := range steps {
		sum += s.Minutes
	}
	return sum
}

// Window returns the window of the change: twice the estimate. It is empty without a start or an estimate.
func (r Request) Window() lock.Period {
	if r.Start.IsZero() || r.Estimate() <= 0 {
		return lock.Period{}
	}
	return slot(r.Start, r.Estimate())
}

// Planned is the change that the request becomes, as far as locks and other changes matter. It has no issue.
func (r Request) Planned() Change {
	window := r.Window()
	return Change{State: Scheduled, Criticality: r.Criticality, Record: Record{Services: r.Services, Environment: r.Environment,
		Start: window.From, WindowEnd: window.To}}
}

// Fault is one problem in a request.
type Fault struct {
	Field string // as in the file: title, start, impact.downtime, steps[2].minutes
	Text  string // a sentence without a full stop
}

// maxEstimate is the limit of an estimate. More than a week is a typo, or several changes.
const maxEstimate = 7 * 24 * time.Hour

// Validate returns all problems of a request, in the order of its fields.
// C1, C2 and client-facing changes require a window and a rollback plan.
func (r Request) Validate(now time.Time) []Fault {
	var v validation
	if strings.TrimSpace(r.Title) == "" {
		v.add("title", "title is required")
	}
	v.criticality(r.Criticality)
	v.when(r, now)
	v.impact(r)
	v.steps("preparation", r.Preparation)
	v.steps("steps", r.Steps)
	v.steps("rollback.steps", r.Rollback.Steps)
	if r.Rollback.Minutes < 0 {
		v.add("rollback.minutes", "a rollback cannot take %d minutes", r.Rollback.Minutes)
	}
	if why := r.strictReason(); why != "" && !r.Rollback.Planned() {
		v.add("rollback", "%s requires a rollback plan", why)
	}
	return v.faults
}

// strictReason returns why a change requires a window and a rollback plan; empty if it does not.
func (r Request) strictReason() string {
	switch {
	case r.Criticality == C1 || r.Criticality == C2:
		return "criticality " + string(r.Criticality)
	case r.Impact.Type == ClientFacing:
		return "a client-facing change"
	}
	return ""
}

type validation struct{ faults []Fault }

func (v *validation) add(field, format string, args ...any) {
	v.faults = append(v.faults, Fault{field, fmt.Sprintf(format, args...)})
}

func (v *validation) criticality(c Criticality) {
	switch {
	case c == UnknownCriticality:
		v.add("criticality", "criticality is required: C1 (downtime or high risk), "+
			"C2 (risk without downtime), C3 (very low risk) or C4 (routine)")
	case !slices.Contains(Criticalities(), c):
		v.add("criticality", "invalid criticality %q (use C1, C2, C3 or C4)", string(c))
	}
}

func (v *validation) when(r Request, now time.Time) {
	why := r.strictReason()
	if r.Start.IsZero() && why != "" {
		v.add("start", "%s requires a window: start is missing", why)
	} else if !r.Start.IsZero() && r.Start.Before(now) {
		v.add("start", "start %s is in the past", r.Start.UTC().Format("2006-01-02 15:04 UTC"))
	}
	switch estimate := r.Estimate(); {
	case r.Duration < 0:
		v.add("duration", "duration %s is negative", r.Duration)
	case estimate > maxEstimate:
		v.add("duration", "an estimate of %s is over a week: split the change", FormatMinutes(estimate))
	case estimate <= 0 && why != "":
		v.add("duration", "%s requires a window: set duration, or minutes of each step", why)
	case estimate <= 0 && !r.Start.IsZero():
		v.add("duration", "duration is required if start is set")
	}
}

func (v *validation) impact(r Request) {
	switch {
	case r.Impact.Type != UnknownImpact && !slices.Contains(ImpactTypes(), r.Impact.Type):
		v.add("impact.type", "invalid impact %q (use client-facing, internal or none)", string(r.Impact.Type))
	case r.Impact.Type == NoImpact && r.Impact.Downtime > 0:
		v.add("impact.type", "a change without impact cannot have a downtime of %s", FormatMinutes(r.Impact.Downtime))
	}
	if r.Impact.Excluded {
		switch {
		case r.Criticality != C1 && r.Criticality != C2:
			v.add("impact.downtime", "downtime can be approved with a C1 or C2 change only")
		case len(r.Services) == 0:
			v.add("impact.downtime", "approved downtime requires services")
		case r.Impact.Type == NoImpact:
			v.add("impact.type", "a change without impact cannot have approved downtime")
		}
	}
	if r.Impact.Downtime < 0 {
		v.add("impact.downtime", "downtime %s is negative", r.Impact.Downtime)
	}
}

func (v *validation) steps(field string, steps []Step) {
	for i, s := range steps {
		at := fmt.Sprintf("%s[%d]", field, i)
		if strings.TrimSpace(s.Do) == "" {
			v.add(at, "the step is empty")
		}
		if s.Minutes < 0 {
			v.add(at+".minutes", "a step cannot take %d minutes", s.Minutes)
		}
	}
}

// Record returns the record block for the issue of a request.
func (r Request) Record() string {
	var edits []record.Edit
	set := func(key, text string) {
		if text != "" {
			edits = append(edits, record.Set(key, text))
		}
	}
	set(keyCriticality, string(r.Criticality))
	if w := r.Window(); !w.From.IsZero() {
		set(keyStart, record.FormatTime(w.From))
		set(keyDuration, FormatMinutes(r.Estimate()))
		set(keyWindowEnd, record.FormatTime(w.To))
	} else if r.Estimate() > 0 {
		set(keyDuration, FormatMinutes(r.Estimate()))
	}
	if len(r.Services) > 0 {
		edits = append(edits, record.SetList(keyServices, r.Services))
	}
	set(keyImpact, string(r.Impact.Type))
	if r.Impact.Excluded {
		set(keyDowntime, DowntimeApproved)
	} else if r.Impact.Type != UnknownImpact || r.Impact.Downtime > 0 {
		set(keyDowntime, FormatMinutes(r.Impact.Downtime))
	}
	set(keyExecutor, userName(r.Executor))
	set(keyEnvironment, r.Environment)
	set(keyRetryOf, r.RetryOf)
	return record.New(Kind, edits...)
}
