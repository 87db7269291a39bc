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
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// DoctorReader is what `doctor` asks of GitLab.
type DoctorReader interface {
	Version(ctx context.Context) (instance.Version, error)
	CurrentUser(ctx context.Context) (instance.User, error)
	Project(ctx context.Context, path string) (instance.Project, error)
	Group(ctx context.Context, path string) (instance.Group, error)
	Access(ctx context.Context, in target.Target, userID int64) (instance.Access, error)
	// UpdateMilestone is asked to change a milestone that cannot be there: see [Doctor.scope].
	UpdateMilestone(ctx context.Context, in target.Target, id int64, c milestone.Change) (milestone.Milestone, error)
}

// Doctor is `doctor`: the facts of the set-up as far as they could be had, good and bad. It finds every fault that can be found
// and changes nothing; what cannot be looked at because of another fault is said to be skipped.
type Doctor struct {
	File     string // the configuration; empty: none was found
	Config   error  // what is wrong with it
	Host     string
	HostFrom string                          // "env GITLAB_HOST"
	Named    error                           // why there is no usable host
	Reach    func(ctx context.Context) error // nil when something at Host answers like a GitLab, without a token
	Token    func(ctx context.Context) (source string, err error)

	Read     DoctorReader // nil: there is no usable host
	Trackers []manifest.Tracker
	Timebox  target.Target // where milestones live; zero when that is not known
	Planners []Planned
}

// Planned is a check by planning: what a command would still have to do is what is missing.
type Planned struct {
	ID      string
	Needs   []string // trackers that must be there for it
	Missing string   // "labels of the declared set are missing or differ"
	Fix     string   // the command
	Planner
}

// Diagnosis is the outcome: the document, and the error with which the command ends; nil when no check failed.
type Diagnosis struct {
	jsonv1.Doctor
	Err error
}

// finding is one check with the error behind it, from which the exit code comes.
type finding struct {
	jsonv1.Check
	err error
}

func fine(id, format string, args ...any) finding {
	return finding{Check: jsonv1.Check{ID: id, Status: jsonv1.CheckOK, Message: fmt.Sprintf(format, args...)}}
}

func warning(id, mend, format string, args ...any) finding {
	return finding{Check: jsonv1.Check{ID: id, Status: jsonv1.CheckWarn, Message: fmt.Sprintf(format, args...), Fix: mend}}
}

// failing is a check that failed with err; what to type comes from the error.
func failing(id string, err error) finding {
	return finding{jsonv1.Check{ID: id, Status: jsonv1.CheckFail, Message: err.Error(), Fix: fault.HintOf(err)}, err}
}

func skipped(id, needs string) finding {
	return finding{Check: jsonv1.Check{ID: id, Status: jsonv1.CheckSkip, Message: "needs " + needs}}
}

// Examine makes all checks, those that do not depend on each other at the same time. It fails only when it is interrupted.
func (d Doctor) Examine(ctx context.Context) (Diagnosis, error) {
	all := d.configured()
	way, user := d.connected(ctx)
	all = append(all, way...)
	needs := ""
	switch {
	case d.Read == nil:
		needs = "host"
	case user.ID == 0:
		needs = "token"
	}
	places := d.places(ctx, user, needs)
	all = append(all, places...)
	all = append(all, d.contents(ctx, needs, places)...)
	if errors.Is(ctx.Err(), context.Canceled) {
		return Diagnosis{}, ctx.Err()
	}
	return diagnosis(d.Host, all), nil
}

func diagnosis(host string, all []finding) Diagnosis {
	var checks []jsonv1.Check
	var first error
	failed := 0
	for _, f := range all {
		checks = append(checks, f.Check)
		if f.Status == jsonv1.CheckFail {
			failed++
			if first == nil {
				first = f.err
			}
		}
	}
	out := Diagnosis{Doctor: jsonv1.NewDoctor(host, checks)}
	if failed > 0 {
		out.Err = fault.New(fault.KindOf(first), "mend the first one, then: prodctl doctor", "%d of %d checks failed", failed, len(checks))
	}
	return out
}

// configured are the checks that need no network.
func (d Doctor) configured() []finding {
	var out []finding
	switch {
	case d.Config != nil:
		for _, err := range each(d.Config) {
			one := failing("config", err)
			one.Fix = cmp.Or(one.Fix, fault.HintOf(d.Config))
			one.err = d.Config
			out = append(out, one)
		}
	case d.File == "":
		err := fault.New(fault.Usage, "prodctl init", "there is no .prodctl.yaml in this directory or above it")
		out = append(out, failing("config", err))
	default:
		out = append(out, fine("config", "%s has no faults", d.File))
	}
	if d.File != "" && len(d.Trackers) == 0 {
		err := fault.New(fault.Usage, "prodctl init --force, or add trackers.infrastructure to the file", "%s names no tracker", d.File)
		out = append(out, failing("trackers", err))
	}
	return out
}

// each takes joined errors apart.
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

// connected are the checks on the way to GitLab: the host, the token, the version.
func (d Doctor) connected(ctx context.Context) ([]finding, instance.User) {
	if d.Read == nil {
		return []finding{failing("host", d.Named), skipped("token", "host"), skipped("version", "host")}, instance.User{}
	}
	var host, token, version finding
	var user instance.User
	together(
		func() { host = d.host(ctx) },
		func() {
			token, user = d.owner(ctx)
			version = skipped("version", "token")
			if user.ID != 0 {
				version = d.version(ctx)
			}
		},
	)
	if kind := fault.KindOf(token.err); host.err != nil && token.err != nil && kind != fault.Auth && kind != fault.Refused {
		token = skipped("token", "host") // the same fault, told once
	}
	return []finding{host, token, version}, user
}

// together makes checks at the same time; how many requests are under way at once is the client's to bound.
func together(checks ...func()) {
	var group sync.WaitGroup
	for _, check := range checks {
		group.Go(check)
	}
	group.Wait()
}

func (d Doctor) host(ctx context.Context) finding {
	if err := d.Reach(ctx); err != nil {
		return failing("host", err)
	}
	return fine("host", "%s answers (%s)", d.Host, d.HostFrom)
}

// owner checks that there is a token and that GitLab takes it.
func (d Doctor) owner(ctx context.Context) (finding, instance.User) {
	source, err := d.Token(ctx)
	if err != nil {
		return failing("token", err), instance.User{}
	}
	user, err := d.Read.CurrentUser(ctx)
	switch {
	case err != nil:
		return failing("token", fmt.Errorf("the token from %s: %w", source, err)), instance.User{}
	case user.State != "" && user.State != "active":
		err := fault.New(fault.Auth, "ask an administrator, or use another token", "@%s, whose token is in %s, is %s", user.Username,
			source, user.State)
		return failing("token", err), instance.User{}
	}
	return fine("token", "@%s, from %s", user.Username, source), user
}

// places are the checks of the trackers and the group; needs is the failed check without which none can be made.
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

// contents are the checks of what is in the places.
func (d Doctor) contents(ctx context.Context, needs string, places []finding) []finding {
	out := make([]finding, len(d.Planners)+1)
	var checks []func()
	add := func(n int, id string, needed []string, check func(context.Context) finding) {
		lack := needs
		for _, place := range places {
			if lack == "" && place.Status == jsonv1.CheckFail && slices.Contains(needed, place.ID) {
				lack = place.ID
			}
		}
		if d.Timebox.IsZero() {
			lack = cmp.Or(lack, "trackers")
		}
		if lack != "" {
			out[n] = skipped(id, lack)
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

// check plans and applies nothing.
func (p Planned) check(ctx context.Context) finding {
	made, err := p.Plan(ctx)
	switch {
	case err != nil && fault.KindOf(err) == fault.Refused:
		return warning(p.ID, fault.HintOf(err), "%v", err)
	case err != nil:
		return failing(p.ID, err)
	case !made.Empty():
		return warning(p.ID, p.Fix, "%s (steps to do: %d)", p.Missing, len(made.Steps))
	}
	return fine(p.ID, "as configured")
}

// scope finds out whether the token may write by trying to: it asks for a change of milestone 0, which never exists.
// GitLab checks scope and role before it looks for the milestone, so that "not found" means that the right is there.
func (d Doctor) scope(ctx context.Context) finding {
	open := milestone.Active
	_, err := d.Read.UpdateMilestone(ctx, d.Timebox, 0, milestone.Change{State: &open})
	if err == nil || errors.Is(err, fault.NotFound) {
		return fine("scope", "the token may write to %s", d.Timebox)
	}
	return failing("scope", err)
}
