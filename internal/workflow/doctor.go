package workflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// DoctorReader is what `doctor` reads from GitLab.
type DoctorReader interface {
	Version(ctx context.Context) (instance.Version, error)
	CurrentUser(ctx context.Context) (instance.User, error)
	Token(ctx context.Context) (instance.Token, error)
	Project(ctx context.Context, path string) (instance.Project, error)
	Group(ctx context.Context, path string) (instance.Group, error)
	Access(ctx context.Context, in target.Target, userID int64) (instance.Access, error)
	// UpdateMilestone is called for a milestone that cannot exist: see [Doctor.scope].
	UpdateMilestone(ctx context.Context, in target.Target, id int64, c milestone.Change) (milestone.Milestone, error)
}

// Doctor is `doctor`: what is known about the set-up, good and bad. It reports every problem it can find and changes nothing.
// A check that depends on a failed one is skipped.
type Doctor struct {
	File     string // the configuration; empty: none found
	Changed  bool   // since the user trusted it, so the trusted copy is used
	Config   error  // what is wrong with it
	Host     string
	Today    calendar.Date
	HostFrom string                          // "env GITLAB_HOST"
	HostErr  error                           // why no host is usable
	Reach    func(ctx context.Context) error // nil if Host answers like a GitLab to a request without a token
	Token    func(ctx context.Context) (source string, err error)

	Shared   error // others can read the token file; nil: they cannot
	Pipeline bool  // in a pipeline, where secrets are mounted like that

	Read     DoctorReader // nil: no usable host
	Trackers []manifest.Tracker
	Timebox  target.Target // the project or group with the milestones; zero if unknown
	Planners []Planned

	// Calendar reads the calendar of the on-call schedule: how many events belong to people, and how many of them cannot be used. nil: none.
	Calendar func(ctx context.Context) (events, problems int, err error)
}

// Planned is a check by planning: it warns if a command has something left to do.
type Planned struct {
	ID      string
	Needs   []string // trackers that must exist for it
	Missing string   // "labels are missing or differ from the declared set"
	Fix     string   // the command
	Planner
	Passed func(plan.Plan) string // what to show if nothing has to be done; nil or empty: as configured
	Found  func(plan.Plan) string // what to show if something has; nil: Missing with the number of steps
}

// Diagnosis is the result: the document, and the error of the command, nil if no check failed.
type Diagnosis struct {
	jsonv1.Doctor
	Err error
}

// finding is one check with its error, which decides the exit code.
type finding struct {
	jsonv1.Check
	err error
}

func passed(id, format string, args ...any) finding {
	return finding{Check: jsonv1.Check{ID: id, Status: jsonv1.CheckOK, Message: fmt.Sprintf(format, args...)}}
}

func warning(id, fix, format string, args ...any) finding {
	return finding{Check: jsonv1.Check{ID: id, Status: jsonv1.CheckWarn, Message: fmt.Sprintf(format, args...), Fix: fix}}
}

// failed is a check that failed with err. The fix is the hint of the error.
func failed(id string, err error) finding {
	return finding{jsonv1.Check{ID: id, Status: jsonv1.CheckFail, Message: err.Error(), Fix: fault.HintOf(err)}, err}
}

func skipped(id, needs string) finding {
	return finding{Check: jsonv1.Check{ID: id, Status: jsonv1.CheckSkip, Message: "needs " + needs}}
}

// Examine runs all checks, independent ones at the same time. It returns an error only if it is interrupted.
func (d Doctor) Examine(ctx context.Context) (Diagnosis, error) {
	all := d.configured()
	calendar := make(chan []finding, 1)
	go func() { calendar <- d.calendar(ctx) }()
	connection, owner := d.connected(ctx)
	all = append(all, owner.excused(connection)...)
	needs := ""
	switch {
	case d.Read == nil:
		needs = "host"
	case !owner.works:
		needs = "token"
	}
	places := owner.excused(d.places(ctx, owner.User, needs))
	all = append(all, places...)
	all = append(all, owner.excused(d.contents(ctx, needs, places))...)
	all = append(all, <-calendar...)
	if errors.Is(ctx.Err(), context.Canceled) {
		return Diagnosis{}, ctx.Err()
	}
	return diagnosis(d.Host, all), nil
}

func diagnosis(host string, all []finding) Diagnosis {
	var checks []jsonv1.Check
	var first error
	count := map[jsonv1.CheckStatus]int{}
	for _, f := range all {
		checks = append(checks, f.Check)
		count[f.Status]++
		if f.Status == jsonv1.CheckFail && first == nil {
			first = f.err
		}
	}
	out := Diagnosis{Doctor: jsonv1.NewDoctor(host, checks)}
	if count[jsonv1.CheckFail] > 0 {
		out.Err = fault.New(fault.KindOf(first), "Fix the first failure, then run: prodctl doctor",
			"%s", checkCounts(count))
	}
	return out
}

// checkCounts counts the checks by their result, if one has failed: "1 check failed, 8 skipped, 2 ok".
func checkCounts(n map[jsonv1.CheckStatus]int) string {
	text := Count(n[jsonv1.CheckFail], "check", "checks") + " failed"
	for _, other := range []struct {
		status    jsonv1.CheckStatus
		one, many string
	}{{jsonv1.CheckWarn, "warning", "warnings"}, {jsonv1.CheckSkip, "skipped", "skipped"}, {jsonv1.CheckOK, "ok", "ok"}} {
		if n[other.status] > 0 {
			text += ", " + Count(n[other.status], other.one, other.many)
		}
	}
	return text
}

// configured are the checks that need no network.
func (d Doctor) configured() []finding {
	var out []finding
	switch {
	case d.Config != nil:
		for _, err := range each(d.Config) {
			one := failed("config", err)
			one.Fix = cmp.Or(one.Fix, fault.HintOf(d.Config))
			one.err = d.Config
			out = append(out, one)
		}
	case d.File == "":
		err := fault.New(fault.Usage, "Create one: prodctl init", "no configuration file found")
		out = append(out, failed("config", err))
	case d.Changed:
		out = append(out, warning("config", "To review the change: prodctl config trust",
			"%s changed since you trusted it, so the trusted copy is checked here", d.File))
	default:
		out = append(out, passed("config", "%s is valid", d.File))
	}
	if d.File != "" && len(d.Trackers) == 0 {
		err := fault.New(fault.Usage, "Add trackers.infrastructure to the file, or write a new one: prodctl init --force",
			"%s names no tracker", d.File)
		out = append(out, failed("trackers", err))
	}
	return out
}

// calendar checks the calendar of the on-call schedule. Without it the rotations of the file count, so nothing about it fails.
func (d Doctor) calendar(ctx context.Context) []finding {
	const id = "calendar"
	if d.Calendar == nil {
		return nil
	}
	events, problems, err := d.Calendar(ctx)
	switch {
	case err != nil:
		return []finding{warning(id, fault.HintOf(err), "%v; the rotations of the file are used", err)}
	case events == 0:
		return []finding{warning(id, "List what it calls each person under oncall.people[].calendar",
			"the on-call calendar has no event of a person on call")}
	case problems > 0:
		return []finding{warning(id, "prodctl oncall check", "%s of the on-call calendar cannot be used", Count(problems, "event", "events"))}
	}
	return []finding{passed(id, "the on-call calendar has %s of people on call", Count(events, "event", "events"))}
}

// each splits joined errors.
func each(err error) []error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	var out []error
	for _, e := range joined.Unwrap() {
		out = append(out, each(e)...)
	}
	return out
}

// together runs checks at the same time. The client limits how many requests run at once.
func together(checks ...func()) {
	var group sync.WaitGroup
	for _, check := range checks {
		group.Go(check)
	}
	group.Wait()
}

// places are the checks of the trackers and the group. needs is the failed check on which all of them depend, if any.
func (d Doctor) places(ctx context.Context, user instance.User, needs string) []finding {
	results := make([][]finding, len(d.Trackers)+1)
	var checks []func()
	for n, t := range d.Trackers {
		if needs != "" {
			results[n] = []finding{skipped(t.Name, needs)}
			continue
		}
		checks = append(checks, func() { results[n] = d.tracker(ctx, t, user) })
	}
	if d.Timebox.Kind == target.Group && needs == "" {
		checks = append(checks, func() { results[len(d.Trackers)] = d.group(ctx, user) })
	}
	together(checks...)
	return slices.Concat(results...)
}

// contents are the checks of what is in these places.
func (d Doctor) contents(ctx context.Context, needs string, places []finding) []finding {
	out := make([]finding, len(d.Planners)+1)
	var checks []func()
	add := func(n int, id string, required []string, check func(context.Context) finding) {
		missing := needs
		for _, place := range places {
			if missing == "" && place.Status == jsonv1.CheckFail && slices.Contains(required, place.ID) {
				missing = place.ID
			}
		}
		if d.Timebox.IsZero() {
			missing = cmp.Or(missing, "trackers")
		}
		if missing != "" {
			out[n] = skipped(id, missing)
			return
		}
		checks = append(checks, func() { out[n] = check(ctx) })
	}
	add(0, "scope", []string{manifest.Infrastructure, "access " + manifest.Infrastructure, "group", "access group"}, d.scope)
	for n, p := range d.Planners {
		add(n+1, p.ID, append([]string{"group"}, p.Needs...), p.check)
	}
	together(checks...)
	return out
}

// check plans, and applies nothing.
func (p Planned) check(ctx context.Context) finding {
	todo, err := p.Plan(ctx)
	switch {
	case err != nil && fault.KindOf(err) == fault.Refused:
		return warning(p.ID, fault.HintOf(err), "%v", err)
	case err != nil:
		return failed(p.ID, err)
	case !todo.Empty() && p.Found != nil:
		return warning(p.ID, p.Fix, "%s", p.Found(todo))
	case len(todo.Steps) == 1:
		return warning(p.ID, p.Fix, "%s (1 step)", p.Missing)
	case !todo.Empty():
		return warning(p.ID, p.Fix, "%s (%d steps)", p.Missing, len(todo.Steps))
	}
	message := ""
	if p.Passed != nil {
		message = p.Passed(todo)
	}
	return passed(p.ID, "%s", cmp.Or(message, "as configured"))
}

// scope tests whether the token may write with an update of milestone 0, which never exists. GitLab checks scope and role before
// it looks for the milestone, so "not found" means that the token may write.
func (d Doctor) scope(ctx context.Context) finding {
	open := milestone.Active
	_, err := d.Read.UpdateMilestone(ctx, d.Timebox, 0, milestone.Change{State: &open})
	if err == nil || errors.Is(err, fault.NotFound) {
		return passed("scope", "the token can write to %s", d.Timebox)
	}
	return failed("scope", err)
}
