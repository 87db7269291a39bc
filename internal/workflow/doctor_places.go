package workflow

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// tracker checks one project, and the user's role in it.
func (d Doctor) tracker(ctx context.Context, t manifest.Tracker, user instance.User) []finding {
	var project, access finding
	together(
		func() { project = d.project(ctx, t) },
		func() { access = d.access(ctx, "access "+t.Name, t.Project, user) },
	)
	if project.err != nil && errors.Is(project.err, fault.NotFound) {
		access = skipped("access "+t.Name, t.Name)
	}
	return []finding{project, access}
}

func (d Doctor) project(ctx context.Context, t manifest.Tracker) finding {
	p, err := d.Read.Project(ctx, t.Project.Path)
	switch {
	case err != nil:
		return failing(t.Name, err)
	case p.Archived:
		return failing(t.Name, fault.New(fault.Failed, "unarchive it in its settings, or name another below trackers",
			"%s is archived: nothing in it can be changed", t.Project))
	case !p.IssuesEnabled:
		return failing(t.Name, fault.New(fault.Failed, "turn issues on in its settings (Visibility, project features)",
			"%s has issues turned off", t.Project))
	case !strings.EqualFold(p.Path, t.Project.Path):
		return warning(t.Name, "write that path below trackers", "%s is called %s now", t.Project, p.Path)
	}
	return fine(t.Name, "%s, %d open issues", t.Project, p.OpenIssues)
}

func (d Doctor) group(ctx context.Context, user instance.User) []finding {
	if _, err := d.Read.Group(ctx, d.Timebox.Path); err != nil {
		return []finding{failing("group", err), skipped("access group", "group")}
	}
	return []finding{fine("group", "%s keeps the milestones", d.Timebox), d.access(ctx, "access group", d.Timebox, user)}
}

// access holds the role against what the commands do: they edit milestones, labels, boards and other people's issues.
func (d Doctor) access(ctx context.Context, id string, in target.Target, user instance.User) finding {
	role, err := d.Read.Access(ctx, in, user.ID)
	switch {
	case err != nil:
		return failing(id, err)
	case user.Admin && !role.MayPlan():
		return fine(id, "@%s is an administrator", user.Username)
	case !role.MayPlan():
		mend := fmt.Sprintf("ask an owner of %s for the role Planner (GitLab 17.7) or Reporter for @%s", in.Path, user.Username)
		return failing(id, fault.New(fault.Auth, mend, "@%s has %s in %s, which may not change milestones, labels or other people's issues",
			user.Username, roleWords(role), in))
	}
	return fine(id, "@%s is %s in %s", user.Username, role, in)
}

func roleWords(a instance.Access) string {
	if a == instance.NoAccess {
		return "no role"
	}
	return "the role " + a.String()
}

// lacks are what GitLab cannot do before a version, from the oldest on. prodctl is made for 16.0 and later.
func lacks() []struct {
	major, minor int
	what         string
} {
	return []struct {
		major, minor int
		what         string
	}{
		{13, 4, "issues cannot be linked"},
		{15, 0, "milestones need the role Developer"},
		{16, 0, "prodctl is not tried with it"},
		{16, 7, "a title that a group above has taken is noticed only when GitLab refuses it"},
	}
}

// version holds the server's version against what prodctl needs, and says which features have a stand-in.
func (d Doctor) version(ctx context.Context) finding {
	v, err := d.Read.Version(ctx)
	if err != nil {
		return failing("version", err)
	}
	major, minor, ok := numbers(v.Version)
	if !ok {
		return warning("version", "", "the server calls its version %q, which cannot be compared", v.Version)
	}
	var missing []string
	for _, l := range lacks() {
		if major < l.major || major == l.major && minor < l.minor {
			missing = append(missing, l.what)
		}
	}
	edition := "Community Edition: weights come from labels such as weight::3, scoped labels are kept exclusive by prodctl"
	if v.Enterprise {
		edition = "Enterprise build: weights and scoped labels are used where the plan has them, otherwise weight::3 and the like"
	}
	if len(missing) > 0 {
		return warning("version", "upgrade GitLab to 16.7 or later", "GitLab %s: %s; %s", v.Version, strings.Join(missing, "; "), edition)
	}
	return fine("version", "GitLab %s, %s", v.Version, edition)
}

// numbers are the first two of a version such as 18.6.1-ee.
func numbers(version string) (major, minor int, ok bool) {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return 0, 0, false
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	return major, minor, err1 == nil && err2 == nil
}
