package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// ProjectFinder is what `init` reads from GitLab.
type ProjectFinder interface {
	// Projects returns the projects that have the token's user as a member.
	Projects(ctx context.Context, search string) ([]instance.Project, error)
	Project(ctx context.Context, path string) (instance.Project, error)
	Labels(ctx context.Context, in target.Target, withCounts bool) ([]label.Label, error)
	Milestones(context.Context, target.Target, milestone.Query) ([]milestone.Milestone, error)
}

// NoTracker is the value of Init.Production for a team without a production queue.
const NoTracker = "none"

// Init is `init`: it finds the values for a new configuration.
type Init struct {
	Read           ProjectFinder
	Host           string
	Timezone       string // empty: UTC
	Infrastructure string // full path; empty: search
	Production     string // full path, or [NoTracker]; empty: search
	Group          string // with the milestones; empty: search

	// Choose asks the user to pick one; nil: nobody to ask, so an ambiguous result is refused.
	Choose func(ctx context.Context, question string, choices []string) (int, error)
}

// Found is what goes into the file. Notes says how it was found.
type Found struct {
	manifest.Choices
	Notes []string
}

// role is a tracker to find.
type role struct {
	name       string
	input      string // path from a flag; empty: search
	optional   bool
	signs      []string // labels that such a tracker is likely to have
	candidates []instance.Project
}

// Look finds the trackers by name, then by common group, then by labels, and asks if several are left. A team may have no
// production queue. Any other ambiguous result is an error of kind Refused.
func (i Init) Look(ctx context.Context) (Found, error) {
	infra := &role{name: manifest.Infrastructure, input: i.Infrastructure,
		signs: []string{"Planning", "Ready", "Waiting", "In Progress", label.Goal, label.Oncall, label.Toil, label.Unscheduled}}
	prod := &role{name: manifest.Production, input: i.Production, optional: true,
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
		f.Trackers = append(f.Trackers, manifest.Tracker{Name: r.name, Project: target.ProjectAt(project.Path), ID: project.ID})
	}
	return f, i.timeboxes(ctx, &f, home)
}

// search collects the candidates of all roles at the same time.
func (i Init) search(ctx context.Context, roles ...*role) error {
	group, ctx := errgroup.WithContext(ctx)
	for _, r := range roles {
		group.Go(func() (err error) {
			switch r.input {
			case NoTracker:
			case "":
				var found []instance.Project
				if found, err = i.Read.Projects(ctx, r.name); errors.Is(err, fault.NotPermitted) {
					err = fault.Wrap(fault.Auth, err, "Name the projects: prodctl init --infrastructure GROUP/PROJECT --production GROUP/PROJECT",
						"find the trackers")
				}
				r.candidates = likeliest(usable(found), r.name)
			default:
				r.candidates, err = i.named(ctx, r.input)
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
	if errors.Is(err, fault.NotPermitted) { // of a fine-grained token; the path is enough
		p, err = instance.Project{Path: t.Path}, nil
	}
	return []instance.Project{p}, err
}

// usable leaves out projects in which no issue can be created, and sorts the others by path.
func usable(all []instance.Project) []instance.Project {
	out := slices.DeleteFunc(slices.Clone(all), func(p instance.Project) bool { return p.Archived || !p.IssuesEnabled })
	stable.Sort(out, func(a, b instance.Project) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// likeliest keeps the projects called name, or else those whose name contains it.
func likeliest(all []instance.Project, name string) []instance.Project {
	var exact, partial []instance.Project
	for _, p := range all {
		last := strings.ToLower(p.Path[strings.LastIndexByte(p.Path, '/')+1:])
		switch {
		case last == name:
			exact = append(exact, p)
		case strings.Contains(last, name) || strings.Contains(strings.ToLower(p.Name), name):
			partial = append(partial, p)
		}
	}
	if len(exact) > 0 {
		return exact
	}
	return partial
}

// pair keeps the candidates of both roles with the most groups in common: the trackers of one team share a group.
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

// shared counts the groups that two paths have in common, from the top.
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

// decide picks one project for a role and says why. An empty path means that the team has none.
func (i Init) decide(ctx context.Context, r *role) (instance.Project, string, error) {
	found := func(p instance.Project, how string) string {
		return fmt.Sprintf("The %s tracker is %s (%s)", r.name, p.Path, how)
	}
	switch {
	case r.input == NoTracker:
		return instance.Project{}, fmt.Sprintf("No %s tracker (from --%s)", r.name, r.name), nil
	case r.input != "":
		return r.candidates[0], found(r.candidates[0], "from --"+r.name), nil
	case len(r.candidates) == 1:
		return r.candidates[0], found(r.candidates[0], "found by name"), nil
	case len(r.candidates) == 0 && r.optional:
		return instance.Project{}, fmt.Sprintf("No project named %s found. To add one later, set trackers.%s in the file.", r.name, r.name), nil
	case len(r.candidates) == 0:
		if err := i.allProjects(ctx, r); err != nil {
			return instance.Project{}, "", err
		}
	}
	best, err := i.byLabels(ctx, r)
	if err != nil || len(best) == 1 {
		if err == nil {
			return best[0], found(best[0], "found by its labels"), nil
		}
		return instance.Project{}, "", err
	}
	chosen, err := i.ask(ctx, r, best)
	switch {
	case err != nil:
		return instance.Project{}, "", err
	case chosen.Path == "":
		return instance.Project{}, fmt.Sprintf("No %s tracker (your choice)", r.name), nil
	}
	return chosen, found(chosen, "your choice"), nil
}

// allProjects makes all projects candidates if none of them has the name of the role.
func (i Init) allProjects(ctx context.Context, r *role) error {
	all, err := i.Read.Projects(ctx, "")
	if err != nil {
		return err
	}
	if r.candidates = usable(all); len(r.candidates) == 0 {
		return fault.New(fault.Refused, "Ask for the role Reporter in your project, then run: prodctl init --infrastructure GROUP/PROJECT",
			"you are not a member of any project with issues")
	}
	return nil
}

// byLabels keeps the candidates with the most labels of the role. It gives up if there are many, as each costs a request.
func (i Init) byLabels(ctx context.Context, r *role) ([]instance.Project, error) {
	const most = 20
	if len(r.candidates) > most {
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

// ask lets the user choose one of the remaining candidates. An empty path means none of them.
func (i Init) ask(ctx context.Context, r *role, best []instance.Project) (instance.Project, error) {
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
		return instance.Project{}, fault.New(fault.Refused, fmt.Sprintf("Name it: prodctl init --%s %s", r.name, fault.Quote(paths[0])),
			"more than one project could be the %s tracker: %s%s", r.name, strings.Join(paths, ", "), more)
	}
	choices := paths
	if r.optional {
		choices = append(choices, "none of them")
	}
	n, err := i.Choose(ctx, "Which project is the "+r.name+" tracker?", choices)
	if err != nil || n >= len(best) {
		return instance.Project{}, err
	}
	return best[n], nil
}
