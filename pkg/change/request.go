package change

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// Request is a change as it is asked for: what, why, when, how, with what risk (SPEC 8; handbook, change checklist).
type Request struct {
	Title         string // what
	Reason        string
	Start         time.Time     // UTC; zero: not planned yet
	Duration      time.Duration // the worst estimate; 0: the sum of the steps
	Criticality   Criticality
	Services      []string // none: all
	Environment   string
	Executor      string // user name without @; empty: not known yet
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

// Step is one thing to be done.
type Step struct {
	Do      string
	Minutes int // estimated; 0: not said
}

// Impact is whom a change reaches, and how.
type Impact struct {
	Type     ImpactType
	Text     string
	Downtime time.Duration // expected
}

// Rollback is how a change is taken back.
type Rollback struct {
	Text    string
	Steps   []Step
	Minutes int // estimated; 0: the sum of the steps
}

// Planned reports whether the request says how the change is taken back.
func (r Rollback) Planned() bool {
	return strings.TrimSpace(r.Text) != "" || slices.ContainsFunc(r.Steps, func(s Step) bool { return strings.TrimSpace(s.Do) != "" })
}

// Estimate is how long the change takes at worst, without being taken back.
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

// Window is the slot that the change is given: twice the estimate. It is empty without start or estimate.
func (r Request) Window() lock.Period {
	if r.Start.IsZero() || r.Estimate() <= 0 {
		return lock.Period{}
	}
	return slot(r.Start, r.Estimate())
}

// Fault is one thing that is wrong with a request.
type Fault struct {
	Field string // as in the file: title, start, impact.downtime, steps[2].minutes
	Text  string // a sentence without a full stop
}

// The bounds of a request. An estimate of over a week is a mistyped one, or several changes.
const (
	maxTitle    = 255
	maxEstimate = 7 * 24 * time.Hour
)

// Validate tells all that is wrong with a request, in the order of its fields.
// A change of C1 or C2, and one that is client-facing, needs a window and a rollback (SPEC 8).
func (r Request) Validate(now time.Time) []Fault {
	var v validation
	switch title := strings.TrimSpace(r.Title); {
	case title == "":
		v.add("title", "the change has no title: what is to be done?")
	case utf8.RuneCountInString(title) > maxTitle:
		v.add("title", "the title has %d characters, and GitLab takes %d", utf8.RuneCountInString(title), maxTitle)
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
		v.add("rollback", "%s needs a rollback: how is it taken back, and how long does that take?", why)
	}
	return v.faults
}

// careful is why a change needs a window and a rollback; empty when it does not.
func (r Request) strictReason() string {
	switch {
	case r.Criticality == C1 || r.Criticality == C2:
		return "a change of criticality " + string(r.Criticality)
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
		v.add("criticality", "the criticality is missing: C1 (downtime or high risk), "+
			"C2 (risk without downtime), C3 (very low risk) or C4 (routine)")
	case !slices.Contains(Criticalities(), c):
		v.add("criticality", "%q is no criticality: there are C1, C2, C3 and C4", string(c))
	}
}

func (v *validation) when(r Request, now time.Time) {
	why := r.strictReason()
	if r.Start.IsZero() && why != "" {
		v.add("start", "%s needs a window: when does it start?", why)
	} else if !r.Start.IsZero() && r.Start.Before(now) {
		v.add("start", "the start %s is in the past", r.Start.UTC().Format("2006-01-02 15:04 UTC"))
	}
	switch estimate := r.Estimate(); {
	case r.Duration < 0:
		v.add("duration", "a change cannot take %s", r.Duration)
	case estimate > maxEstimate:
		v.add("duration", "an estimate of %s is over a week: make several changes of it", FormatMinutes(estimate))
	case estimate <= 0 && why != "":
		v.add("duration", "%s needs a window: how long does it take at worst? Say duration, or minutes of the steps", why)
	case estimate <= 0 && !r.Start.IsZero():
		v.add("duration", "the change has a start and no estimate of how long it takes at worst")
	}
}

func (v *validation) impact(r Request) {
	switch {
	case r.Impact.Type != UnknownImpact && !slices.Contains(ImpactTypes(), r.Impact.Type):
		v.add("impact.type", "%q is no type of impact: there are client-facing, internal and none", string(r.Impact.Type))
	case r.Impact.Type == NoImpact && r.Impact.Downtime > 0:
		v.add("impact.type", "the change has no impact, and a downtime of %s", FormatMinutes(r.Impact.Downtime))
	}
	if r.Impact.Downtime < 0 {
		v.add("impact.downtime", "a downtime cannot be %s", r.Impact.Downtime)
	}
}

func (v *validation) steps(field string, steps []Step) {
	for i, s := range steps {
		at := fmt.Sprintf("%s[%d]", field, i)
		if strings.TrimSpace(s.Do) == "" {
			v.add(at, "the step does not say what is to be done")
		}
		if s.Minutes < 0 {
			v.add(at+".minutes", "a step cannot take %d minutes", s.Minutes)
		}
	}
}

// Record is the block for the issue of a request.
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
	if r.Impact.Type != UnknownImpact || r.Impact.Downtime > 0 {
		set(keyDowntime, FormatMinutes(r.Impact.Downtime))
	}
	set(keyExecutor, userName(r.Executor))
	set(keyEnvironment, r.Environment)
	set(keyRetryOf, r.RetryOf)
	return record.New(Kind, edits...)
}
