package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// ProjectFinder is what `init` looks through.
type ProjectFinder interface {
	// Projects are those that the token's user is a member of.
	Projects(ctx context.Context, search string) ([]instance.Project, error)
	Project(ctx context.Context, path string) (instance.Project, error)
	Labels(ctx context.Context, in target.Target, withCounts bool) ([]label.Label, error)
	Milestones(context.Context, target.Target, milestone.Query) ([]milestone.Milestone, error)
}

// NoTracker as Init.Production says that the team has no production queue.
const NoTracker = "none"

// Init is `init`: it finds out what a new configuration has to say.
type Init struct {
	Read           ProjectFinder
	Host           string
	Timezone       string // empty: UTC
	Infrastructure string // full path; empty: to be found
	Production     string // likewise, or [NoTracker]
	Group          string // that keeps the milestones; empty: to be found

	// Choose asks which one; nil: there is nobody to ask, and what is not clear is refused.
	Choose func(ctx context.Context, question string, choices []string) (int, error)
}

// Found is what goes into the file, and how it was found.
type Found struct {
	manifest.Choices
	Notes []string
}

// role is one of the trackers that are looked for.
type role struct {
	name, said string
	optional   bool
	signs      []string // labels that such a tracker is likely to have
	candidates []instance.Project
}

// Look finds the trackers by their names, then by what they have in common, then by their labels, and asks for the rest.
// The production queue may be missing; everything else that is not clear is an error of kind Refused.
func (i Init) Look(ctx context.Context) (Found, error) {
	infra := &role{name: manifest.Infrastructure, said: i.Infrastructure,
		signs: []string{"Planning", "Ready", "Waiting", "In Progress", label.Goal, label.Oncall, label.Toil, label.Unscheduled}}
	prod := &role{name: manifest.Production, said: i.Production, optional: true,
		signs: []string{label.Incident, label.ChangeRequest, label.Delta, label.Hotspot, "S1", "S2"}}
	if err := i.search(ctx, infra, prod); err != nil {
		return Found{}, err
	}
	pair(infra, prod)
	f := Found{Choices: manifest.Choices{Host: i.Host, Timezone: i.Timezone}}
	var home instance.Project
	for _, r := range []*role{infra, prod} {
		r.candidates = slices.DeleteFunc(r.candidates, func(p instance.Project) bool { return home.ID != 0 && p.ID == home.ID })
		project, note, err := i.decide(ctx, r)
		if err != nil {
			return Found{}, err
		}
		f.Notes = append(f.Notes, note)
		if project.Path == "" {
			continue
		}
		if r == infra {
			home = project
		}
		f.Trackers = append(f.Trackers, manifest.Tracker{Name: r.name, Project: target.ProjectAt(project.Path)})
	}
	return f, i.timeboxes(ctx, &f, home)
}

// search collects the candidates, all roles at once.
func (i Init) search(ctx context.Context, roles ...*role) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, r := range roles {
		group.Go(func() (err error) {
			switch r.said {
			case NoTracker:
			case "":
				var found []instance.Project
				found, err = i.Read.Projects(ctx, r.name)
				r.candidates = likeliest(usable(found), r.name)
			default:
				r.candidates, err = i.named(ctx, r.said)
			}
			return err
		})
	}
	return group.Wait()
}

func (i Init) named(ctx context.Context, path string) ([]instance.Project, error) {
	t, err := target.ParsePath(target.Project, path)
	if err != nil {
		return nil, fault.Wrap(fault.Usage, err, "", "")
	}
	p, err := i.Read.Project(ctx, t.Path)
	return []instance.Project{p}, err
}

// usable leaves out projects that can have no new issues, and orders the others by path.
func usable(all []instance.Project) []instance.Project {
	out := slices.DeleteFunc(slices.Clone(all), func(p instance.Project) bool { return p.Archived || !p.IssuesEnabled })
	slices.SortFunc(out, func(a, b instance.Project) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// likeliest keeps the projects that are called name; if there are none, those with the name in theirs.
func likeliest(all []instance.Project, name string) []instance.Project {
	var exact, partly []instance.Project
	for _, p := range all {
		last := strings.ToLower(p.Path[strings.LastIndexByte(p.Path, '/')+1:])
		switch {
		case last == name:
			exact = append(exact, p)
		case strings.Contains(last, name) || strings.Contains(strings.ToLower(p.Name), name):
			partly = append(partly, p)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return partly
}

// pair keeps the candidates of both roles that lie closest together: two trackers of one team share a group.
func pair(a, b *role) {
	closest := 0
	near := func(p instance.Project, others []instance.Project) int {
		best := 0
		for _, o := range others {
			if o.ID != p.ID {
				best = max(best, shared(p.GroupPath, o.GroupPath))
			}
		}
		return best
	}
	for _, p := range a.candidates {
		closest = max(closest, near(p, b.candidates))
	}
	if closest == 0 {
		return
	}
	first := a.candidates
	far := func(others []instance.Project) func(instance.Project) bool {
		return func(p instance.Project) bool { return near(p, others) < closest }
	}
	a.candidates = slices.DeleteFunc(slices.Clone(first), far(b.candidates))
	b.candidates = slices.DeleteFunc(slices.Clone(b.candidates), far(first))
}

// shared counts the groups at the beginning of two paths that are the same.
func shared(a, b string) int {
	if a == "" || b == "" {
		return 0
	}
	n := 0
	one, two := strings.Split(strings.ToLower(a), "/"), strings.Split(strings.ToLower(b), "/")
	for n < min(len(one), len(two)) && one[n] == two[n] {
		n++
	}
	return n
}

// decide settles on one project of a role. An empty path means that the team has none.
func (i Init) decide(ctx context.Context, r *role) (instance.Project, string, error) {
	switch {
	case r.said == NoTracker:
		return instance.Project{}, "no " + r.name + " tracker, as you said", nil
	case r.said != "":
		return r.candidates[0], fmt.Sprintf("%s is %s, as you said", r.name, r.candidates[0].Path), nil
	case len(r.candidates) == 1:
		return r.candidates[0], fmt.Sprintf("%s is %s, by its name", r.name, r.candidates[0].Path), nil
	case len(r.candidates) == 0 && r.optional:
		return instance.Project{}, fmt.Sprintf("no project is called %s: add one below trackers when there is one", r.name), nil
	case len(r.candidates) == 0:
		if err := i.everything(ctx, r); err != nil {
			return instance.Project{}, "", err
		}
	}
	best, err := i.byLabels(ctx, r)
	if err != nil || len(best) == 1 {
		if err == nil {
			return best[0], fmt.Sprintf("%s is %s, by its labels", r.name, best[0].Path), nil
		}
		return instance.Project{}, "", err
	}
	return i.ask(ctx, r, best)
}

// everything makes candidates of all projects when none has a telling name.
func (i Init) everything(ctx context.Context, r *role) error {
	all, err := i.Read.Projects(ctx, "")
	if err != nil {
		return err
	}
	if r.candidates = usable(all); len(r.candidates) == 0 {
		return fault.New(fault.Refused, "prodctl init --infrastructure GROUP/PROJECT, or ask for the role Reporter in it",
			"the token's user is a member of no project with issues")
	}
	return nil
}

// byLabels keeps the candidates with the most labels of the role. It looks at a few only: each costs a request.
func (i Init) byLabels(ctx context.Context, r *role) ([]instance.Project, error) {
	const few = 20
	if len(r.candidates) > few {
		return r.candidates, nil
	}
	scores := make([]int, len(r.candidates))
	group, ctx := errgroup.WithContext(ctx)
	for n, p := range r.candidates {
		group.Go(func() error {
			labels, err := i.Read.Labels(ctx, target.ProjectAt(p.Path), false)
			for _, l := range labels {
				if slices.Contains(r.signs, l.Name) {
					scores[n]++
				}
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var best []instance.Project
	for n, p := range r.candidates {
		if scores[n] == slices.Max(scores) {
			best = append(best, p)
		}
	}
	return best, nil
}

// ask lets a person choose among what is left.
func (i Init) ask(ctx context.Context, r *role, best []instance.Project) (instance.Project, string, error) {
	var paths []string
	for _, p := range best {
		paths = append(paths, p.Path)
	}
	if i.Choose == nil {
		const shown = 10
		more := ""
		if len(paths) > shown {
			paths, more = paths[:shown], fmt.Sprintf(" and %d more", len(paths)-shown)
		}
		return instance.Project{}, "", fault.New(fault.Refused, fmt.Sprintf("prodctl init --%s %s", r.name, paths[0]),
			"which project is the %s tracker? it could be %s%s", r.name, strings.Join(paths, ", "), more)
	}
	choices := paths
	if r.optional {
		choices = append(choices, "none of them")
	}
	n, err := i.Choose(ctx, "which project is the "+r.name+" tracker?", choices)
	switch {
	case err != nil:
		return instance.Project{}, "", err
	case n >= len(best):
		return instance.Project{}, "no " + r.name + " tracker, as you said", nil
	}
	return best[n], fmt.Sprintf("%s is %s, as you said", r.name, best[n].Path), nil
}
