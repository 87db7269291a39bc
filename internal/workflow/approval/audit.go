// Package approval holds the workflows of approval check and approval audit. Start with [Check] and [Audit].
//
// It reads GitLab through the small interfaces that it declares and applies the rule of pkg/approval. It does not print, write or know
// flags.
package approval

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/approval"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/mergerequest"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// AuditReader reads the approval setup of projects, and the users named in their rules.
type AuditReader interface {
	GroupReader
	ApprovalSettings(ctx context.Context, project string) (mergerequest.Settings, error)
	ApprovalRules(ctx context.Context, project string) ([]mergerequest.Rule, error)
	CurrentUser(ctx context.Context) (instance.User, error)
}

// Unreadable is the id of a finding about a repository whose settings the token cannot read; [approval.Audit] has the others.
const Unreadable = "unreadable"

// Audit implements `approval audit`: whether the listed repositories enforce the approval rule.
type Audit struct {
	Read AuditReader // not used if no repository is listed
	Rule approval.Rule
}

// Document reads all repositories concurrently, and returns them in the order of the configuration.
func (a Audit) Document(ctx context.Context) (jsonv1.ApprovalAudit, error) {
	projects := make([]audited, len(a.Rule.Repositories))
	var g errgroup.Group
	g.SetLimit(8)
	for n, repo := range a.Rule.Repositories {
		p := &projects[n]
		p.Path = repo.Project
		g.Go(func() error { p.Settings, p.settingsErr = a.Read.ApprovalSettings(ctx, p.Path); return nil })
		g.Go(func() error { p.Rules, p.rulesErr = a.Read.ApprovalRules(ctx, p.Path); return nil })
	}
	if err := g.Wait(); err != nil {
		return jsonv1.ApprovalAudit{}, err
	}
	if err := a.checkAccess(ctx, projects); err != nil {
		return jsonv1.ApprovalAudit{}, err
	}
	people, hidden, err := a.people(ctx, projects)
	if err != nil {
		return jsonv1.ApprovalAudit{}, err
	}
	var list []jsonv1.ApprovalRepository
	for _, p := range projects {
		p.People = people
		list = append(list, jsonv1.ApprovalRepository{Project: p.Path, Findings: p.findings(a.Rule)})
	}
	doc := jsonv1.NewApprovalAudit(list)
	for _, group := range hidden {
		doc.Notes = append(doc.Notes, fmt.Sprintf(
			"Members of %s are hidden from this token: some findings about named users may be wrong", group))
	}
	return doc, nil
}

// audited is one project, with the errors from reading its settings.
type audited struct {
	approval.Project
	settingsErr, rulesErr error
}

func (p audited) err() error { return cmp.Or(p.settingsErr, p.rulesErr) }

// checkAccess returns an error if no project can be audited: GitLab does not answer, or rejects the token.
// GitLab answers 401 and 403 for a single repository too, so the token's user is read to tell the cases apart. A fine-grained token may
// lack its permissions for some repositories only.
func (a Audit) checkAccess(ctx context.Context, projects []audited) error {
	refused := false
	unpermitted := func(p audited) bool { return errors.Is(p.err(), fault.NotPermitted) }
	if len(projects) > 0 && !slices.ContainsFunc(projects, func(p audited) bool { return !unpermitted(p) }) {
		return projects[0].err()
	}
	for _, p := range projects {
		switch kind := fault.KindOf(p.err()); {
		case p.err() == nil, unpermitted(p):
		case kind == fault.Unreachable, kind == fault.Interrupted, ctx.Err() != nil:
			return p.err()
		default:
			refused = refused || kind == fault.Auth
		}
	}
	if !refused {
		return nil
	}
	_, err := a.Read.CurrentUser(ctx)
	return err
}

// findings returns what is wrong with a project. Settings that cannot be read are a finding too.
func (p audited) findings(r approval.Rule) []jsonv1.Finding {
	err := p.err()
	p.Offered = !errors.Is(err, fault.NotOffered)
	if err != nil && p.Offered {
		return []jsonv1.Finding{unreadable(err)}
	}
	var list []jsonv1.Finding
	for _, f := range approval.Audit(r, p.Project) {
		list = append(list, jsonv1.Finding{ID: f.ID, Text: f.Text, Fix: f.Fix})
	}
	return list
}

func unreadable(err error) jsonv1.Finding {
	f := jsonv1.Finding{ID: Unreadable, Text: fmt.Sprintf("settings could not be read: %v", err), Fix: fault.HintOf(err)}
	switch {
	case errors.Is(err, fault.NotFound):
		f.Text = "project not found, or hidden from this token"
		f.Fix = "check its path in approvals.repositories, or use a token with the Maintainer role there"
	case fault.KindOf(err) == fault.Auth && !errors.Is(err, fault.NotPermitted):
		f.Text, f.Fix = "settings could not be read: the Maintainer role is required", "use a token with the Maintainer role there"
	}
	return f
}

// people returns the users who are named in the projects' rules but not in the configuration, with their groups, and the groups that are
// hidden from the token.
func (a Audit) people(ctx context.Context, projects []audited) ([]approval.Person, []string, error) {
	users := a.unlisted(projects)
	approving, _ := teamGroups(a.Rule)
	members := memberships{read: a.Read}
	err := members.load(ctx, everyOf(users, slices.Concat(approving, a.Rule.Staff.Groups)))
	return members.people(users), members.hidden, err
}

// unlisted returns the users named in project rules who are not approvers by name in the configuration, sorted and without duplicates.
func (a Audit) unlisted(projects []audited) []instance.User {
	may := []approval.People{a.Rule.Staff}
	for _, t := range a.Rule.Teams {
		if slices.Contains(a.Rule.Approving, t.Name) {
			may = append(may, t.People)
		}
	}
	var users []instance.User
	for _, p := range projects {
		for _, rule := range p.Rules {
			for n, name := range rule.Users {
				if !slices.ContainsFunc(may, func(m approval.People) bool { return m.Has(approval.Person{Name: name}) }) {
					users = append(users, instance.User{ID: rule.UserIDs[n], Username: strings.ToLower(name)})
				}
			}
		}
	}
	stable.Sort(users, func(a, b instance.User) int { return strings.Compare(a.Username, b.Username) })
	return slices.Compact(users)
}
