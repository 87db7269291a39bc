package seed

import (
	"cmp"
	"crypto/sha1"
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/deploy"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func (a *planting) project(in Project) {
	above, namespace, last := a.cutPath(in.Path)
	p := &store.Project{
		Name: cmp.Or(in.Name, last), Path: last, Group: above, Description: in.Description, Visibility: in.Visibility,
		Archived: in.Archived, IssueTemplate: in.IssueTemplate, DisabledTypes: in.DisabledTypes,
	}
	if in.IssuesDisabled {
		p.Set(store.IssuesFeature, `"disabled"`)
	}
	if above == nil {
		p.Owner = a.s.UserNamed(namespace)
	}
	if last == "" || a.s.ProjPaths[strings.ToLower(in.Path)] != nil || above == nil && p.Owner == nil {
		a.fail("path %q is empty or taken, or its group or user does not exist", in.Path)
		return
	}
	a.setNextID(&a.s.Last.Project, in.ID)
	a.s.AddProject(p)
	p.Members, p.Invited = a.members(in.Members, p.CreatedAt), a.invited(in.Invited)
	o := store.Parent{Project: p}
	a.labels(o, in.Labels)
	for name, priority := range in.GroupPriorities {
		if l := p.LabelNamed(name); l != nil {
			p.Priorities[l] = priority
		} else {
			a.fail("group_priorities: label %q not found", name)
		}
	}
	a.milestones(o, in.Milestones)
	for n, i := range in.Issues {
		a.at("issues[%d]", n, func() { a.issue(p, i) })
	}
	p.Boards = a.boards(o, in.Boards)
	for n, mr := range in.MergeRequests {
		a.at("merge_requests[%d]", n, func() { a.mergeRequest(p, mr) })
	}
	a.approvals(p, in)
	for n, d := range in.Deployments {
		a.at("deployments[%d]", n, func() { a.deployment(p, d) })
	}
	for _, f := range in.FreezePeriods {
		p.FreezePeriods = append(p.FreezePeriods, &store.FreezePeriod{ID: store.Next(&a.s.Last.FreezePeriod), Start: f.Start, End: f.End,
			Zone: f.Zone, CreatedAt: p.CreatedAt, UpdatedAt: p.CreatedAt})
	}
	for _, b := range in.Branches {
		commit := fmt.Sprintf("%x", sha1.Sum(fmt.Append(nil, in.Path, b.Name, b.Files)))
		p.Branches = append(p.Branches, &store.Branch{Name: b.Name, Protected: b.Protected, Commit: commit, CommittedAt: p.CreatedAt,
			Files: b.Files})
	}
}

// deployment adds a deployment, and its environment if the project has none of that name.
func (a *planting) deployment(p *store.Project, in Deployment) {
	if in.Environment == "" {
		a.fail("the environment is missing")
		return
	}
	at := slices.IndexFunc(p.Environments, func(env *store.Environment) bool { return env.Name == in.Environment })
	if at < 0 {
		deploy.AddEnvironment(a.s, p, in.Environment)
		at = len(p.Environments) - 1
	}
	d := &store.Deployment{
		ID: store.Next(&a.s.Last.Deployment), IID: store.Next(&p.LastDeploymentIID), Environment: p.Environments[at],
		Ref: cmp.Or(in.Ref, p.DefaultBranch()), SHA: cmp.Or(in.SHA, fmt.Sprintf("%x", sha1.Sum(fmt.Append(nil, in.Environment, p.ID, in.Job)))),
		Status: cmp.Or(in.Status, "success"), By: a.username(in.By, nil), FinishedAt: in.FinishedAt.UTC(),
	}
	d.CreatedAt, d.UpdatedAt = a.s.Times(in.CreatedAt.UTC(), latest(in.StartedAt, in.FinishedAt).UTC())
	if in.Job != 0 {
		started := in.StartedAt.UTC()
		if started.IsZero() {
			started = d.CreatedAt
		}
		d.Job = &store.Job{ID: in.Job, Pipeline: in.Job / 10, Stage: "deploy", Name: "deploy-" + in.Environment, StartedAt: started}
	}
	p.Deployments = append(p.Deployments, d)
}

// milestoneTitled finds a milestone by title in the project or a parent group, open or closed.
func (a *planting) milestoneTitled(p *store.Project, title string) *store.Milestone {
	if title == "" {
		return nil
	}
	titled := func(m *store.Milestone) bool { return m.Title == title }
	if n := slices.IndexFunc(p.Milestones, titled); n >= 0 {
		return p.Milestones[n]
	}
	for _, g := range p.Group.Lineage() {
		if n := slices.IndexFunc(g.Milestones, titled); n >= 0 {
			return g.Milestones[n]
		}
	}
	a.fail("milestone %q not found", title)
	return nil
}

// labelNamed finds a label for an issue and creates it if it is missing.
func (a *planting) labelNamed(p *store.Project, name string) *store.Label {
	if l := p.LabelNamed(name); l != nil {
		return l
	}
	return a.s.AddLabel(&store.Label{Parent: store.Parent{Project: p}, Name: name, Color: store.DefaultLabelColor})
}

func (a *planting) labelsNamed(p *store.Project, names []string) []*store.Label {
	var all []*store.Label
	for _, name := range names {
		if l := a.labelNamed(p, name); !slices.Contains(all, l) {
			all = append(all, l)
		}
	}
	return all
}

func (a *planting) mergeRequest(p *store.Project, in MergeRequest) {
	mr := &store.MergeRequest{
		ID: store.Next(&a.s.Last.MergeRequest), IID: len(p.MergeRequests) + 1, Project: p,
		Title: in.Title, Description: in.Description, State: cmp.Or(in.State, "opened"),
		Author: a.username(in.Author, a.s.Users[0]), Assignees: a.usernames(in.Assignees), Reviewers: a.usernames(in.Reviewers),
		Labels: a.labelsNamed(p, in.Labels), Milestone: a.milestoneTitled(p, in.Milestone),
		Source: in.SourceBranch, Target: cmp.Or(in.TargetBranch, "main"),
		ApprovedBy: a.usernames(in.ApprovedBy), ApprovalsRequired: in.ApprovalsRequired,
		MergedAt: in.MergedAt, MergedBy: a.username(in.MergedBy, nil),
		ClosedAt: in.ClosedAt, ClosedBy: a.username(in.ClosedBy, nil),
	}
	for _, f := range in.Files {
		mr.Files = append(mr.Files, store.ChangedFile{
			Path: f.Path, From: cmp.Or(f.From, f.Path), Added: f.Added, Deleted: f.Deleted,
			Diff: cmp.Or(f.Diff, "@@ -1 +1 @@\n-before\n+after\n"),
		})
	}
	mr.CreatedAt, mr.UpdatedAt = a.s.Times(in.CreatedAt, latest(in.UpdatedAt, in.MergedAt, in.ClosedAt))
	pushes := in.PushedAt
	if len(pushes) == 0 {
		pushes = []time.Time{mr.CreatedAt}
	}
	for _, at := range pushes {
		mr.Versions = append(mr.Versions, store.Version{ID: store.Next(&a.s.Last.Version), CreatedAt: at.UTC(),
			Head: fmt.Sprintf("%x", sha1.Sum(fmt.Append(nil, in.Title, at.Unix())))})
	}
	for n := range mr.ApprovedBy {
		at := latest(mr.UpdatedAt, pushes[len(pushes)-1].Add(time.Minute))
		if n < len(in.ApprovedAt) {
			at = in.ApprovedAt[n]
		}
		mr.ApprovedAt = append(mr.ApprovedAt, at.UTC())
	}
	a.mergeRequestNotes(mr, in)
	p.MergeRequests = append(p.MergeRequests, mr)
}

// mergeRequestNotes adds the comments, in the order of the seed, and the awards.
func (a *planting) mergeRequestNotes(mr *store.MergeRequest, in MergeRequest) {
	for _, n := range in.Notes {
		at := n.CreatedAt.UTC()
		if n.CreatedAt.IsZero() {
			at = mr.CreatedAt
		}
		mr.Notes = append(mr.Notes, &store.Note{
			ID: store.Next(&a.s.Last.Note), Body: n.Body, Author: a.username(n.Author, mr.Author), System: n.System, Internal: n.Internal,
			CreatedAt: at, UpdatedAt: at,
		})
		mr.UpdatedAt = latest(mr.UpdatedAt, at)
	}
	for _, award := range in.Awards {
		if u := a.username(award.User, nil); u != nil {
			mr.Awards = append(mr.Awards, &store.Award{ID: store.Next(&a.s.Last.Award), Name: award.Name, User: u, CreatedAt: mr.UpdatedAt})
		}
	}
}

func (a *planting) approvals(p *store.Project, in Project) {
	p.Approvals = store.ApprovalSettings{
		KeepOnPush: in.Approvals.KeepOnPush, AuthorMayApprove: in.Approvals.AuthorMayApprove,
		CommittersMayNot: in.Approvals.CommittersMayNot, NoOverride: in.Approvals.NoOverride,
		RequirePassword: in.Approvals.RequirePassword, ApprovalsRequired: in.Approvals.Required,
		SelectiveCodeOwner: in.Approvals.SelectiveCodeOwner,
	}
	for _, r := range in.ApprovalRules {
		rule := &store.ApprovalRule{
			ID: store.Next(&a.s.Last.Rule), Name: r.Name, Kind: cmp.Or(r.Type, "regular"), Required: r.Required, Users: a.usernames(r.Users),
			Branches: r.Branches,
		}
		for _, path := range r.Groups {
			if g := a.s.GroupPaths[strings.ToLower(path)]; g != nil {
				rule.Groups = append(rule.Groups, g)
			} else {
				a.fail("approval rule %s: group %q not found", r.Name, path)
			}
		}
		p.Rules = append(p.Rules, rule)
	}
}
