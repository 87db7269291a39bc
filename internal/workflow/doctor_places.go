package workflow

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/account"
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
		return failed(t.Name, renamed(err, "trackers."+t.Name))
	case p.Archived:
		return failed(t.Name, fault.New(fault.Failed, "Unarchive it in its settings, or name another project under trackers",
			"%s is archived and read-only", t.Project))
	case !p.IssuesEnabled:
		return failed(t.Name, fault.New(fault.Failed, "Enable issues in its settings: General, Visibility, project features",
			"issues are disabled in %s", t.Project))
	case t.ID != 0 && p.ID != t.ID: // another project, so no command for it
		return warning(t.Name, fmt.Sprintf("Change tracker_ids.%s to %d", t.Name, p.ID), "%s has the id %d, not %d", t.Project, p.ID, t.ID)
	case !strings.EqualFold(p.Path, t.Project.Path):
		return warning(t.Name, setCommand("trackers."+t.Name, p.Path), "%s was moved to %s", t.Project, p.Path)
	case p.OpenIssues == 1:
		return passed(t.Name, "%s, 1 open issue", t.Project)
	}
	return passed(t.Name, "%s, %d open issues", t.Project, p.OpenIssues)
}

// renamed gives the error of a project or group that was renamed the command that sets its key of the configuration.
func renamed(err error, key string) error {
	if e, ok := errors.AsType[interface {
		error
		NewPath() string
	}](err); ok && e.NewPath() != "" {
		return fault.Wrap(fault.KindOf(err), err, setCommand(key, e.NewPath()), "")
	}
	return err
}

func setCommand(key, value string) string { return fault.Command("config set %s %s", key, value) }

func (d Doctor) group(ctx context.Context, user instance.User) []finding {
	if _, err := d.Read.Group(ctx, d.Timebox.Path); err != nil {
		return []finding{failed("group", renamed(err, "milestones.group")), skipped("access group", "group")}
	}
	return []finding{passed("group", "%s has the milestones", d.Timebox), d.access(ctx, "access group", d.Timebox, user)}
}

// access checks that the role allows what the commands do: edit milestones, labels, boards and other people's issues.
func (d Doctor) access(ctx context.Context, id string, in target.Target, user instance.User) finding {
	if user.ID == 0 {
		return skipped(id, "the token's user")
	}
	role, err := d.Read.Access(ctx, in, user.ID)
	switch {
	case err != nil:
		return failed(id, err)
	case user.Admin && !role.MayPlan():
		return passed(id, "%s is an administrator", account.Name(user.Username))
	case !role.MayPlan():
		fix := fmt.Sprintf("Ask an owner of %s to give %s the role Reporter, or Planner (GitLab 17.7)", in.Path, account.Name(user.Username))
		return failed(id, fault.New(fault.Auth, fix, "%s has %s in %s and cannot change milestones, labels or other people's issues",
			account.Name(user.Username), roleText(role), in))
	}
	return passed(id, "%s has the role %s in %s", account.Name(user.Username), role, in)
}

func roleText(a instance.Access) string {
	if a == instance.NoAccess {
		return "no role"
	}
	return "the role " + a.String()
}

// limitation is what does not work before a version of GitLab.
type limitation struct {
	major, minor int
	text         string
}

// limitations lists what older versions of GitLab cannot do, oldest first. prodctl supports 16.0 and later.
func limitations() []limitation {
	return []limitation{
		{13, 4, "issues cannot be linked"},
		{15, 0, "milestones require the role Developer"},
		{16, 0, "prodctl is not tested with it"},
		{16, 7, "a milestone title taken by a parent group is only noticed when GitLab refuses it"},
	}
}

// version compares the server's version with what prodctl needs, and reports which features are replaced by labels.
func (d Doctor) version(ctx context.Context) finding {
	v, err := d.Read.Version(ctx)
	if err != nil {
		return failed("version", err)
	}
	major, minor, ok := numbers(v.Version)
	if !ok {
		return warning("version", "", "unknown GitLab version %q", v.Version)
	}
	var missing []string
	for _, l := range limitations() {
		if major < l.major || major == l.major && minor < l.minor {
			missing = append(missing, l.text)
		}
	}
	edition := "Community Edition: weights come from labels such as weight::3, prodctl keeps scoped labels exclusive"
	if v.Enterprise {
		edition = "Enterprise Edition: native weights and scoped labels if the license has them, otherwise labels such as weight::3"
	}
	if len(missing) > 0 {
		return warning("version", "Upgrade GitLab to 16.7 or later", "GitLab %s: %s; %s", v.Version, strings.Join(missing, "; "), edition)
	}
	return passed("version", "GitLab %s, %s", v.Version, edition)
}

// numbers returns the first two numbers of a version such as 18.6.1-ee.
func numbers(version string) (major, minor int, ok bool) {
	parts := strings.SplitN(version, ".", 3)
	if len(parts) < 2 {
		return 0, 0, false
	}
	major, err1 := strconv.Atoi(parts[0])
	minor, err2 := strconv.Atoi(parts[1])
	return major, minor, err1 == nil && err2 == nil
}
