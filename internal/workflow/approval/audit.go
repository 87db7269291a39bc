// Package approval is what is read for approval check and audit, and their verdicts.
//
// It reads through the small interfaces that it declares, asks the rules of pkg/ and returns a plan or a value; it prints nothing and
// knows no flag.
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
)

// AuditReader reads how projects have approvals set up, and who the people are that their rules name.
type AuditReader interface {
	GroupReader
	ApprovalSettings(ctx context.Context, project string) (mergerequest.Settings, error)
	ApprovalRules(ctx context.Context, project string) ([]mergerequest.Rule, error)
	UserByName(ctx context.Context, username string) (instance.User, error)
	CurrentUser(ctx context.Context) (instance.User, error)
}

// Unreadable is the finding of a repository whose settings the token may not read, beside those of [approval.Audit].
const Unreadable = "unreadable"

// Audit is `approval audit`: whether the listed repositories enforce the rule for changes of authentication (SPEC 8).
type Audit struct {
	Read AuditReader // nothing is read when no repository is listed
	Rule approval.Rule
}

// Document reads all repositories at the same time. Each is in it, in the order of the configuration.
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
			"the token may not see who is a member of %s: people that a rule names one by one may be told of though they are", group))
	}
	return doc, nil
}

// audited is one project and what came of reading its settings.
type audited struct {
	approval.Project
	settingsErr, rulesErr error
}

func (p audited) err() error { return cmp.Or(p.settingsErr, p.rulesErr) }

// passable is an error where nothing can be said of any project: GitLab is out of reach, or knows no such token.
// GitLab says 401 and 403 of one repository too, so that it is asked whose the token is.
func (a Audit) checkAccess(ctx context.Context, projects []audited) error {
	refused := false
	for _, p := range projects {
		switch kind := fault.KindOf(p.err()); {
		case p.err() == nil:
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

// findings are what is wrong with a project; that its settings cannot be read is a finding too, since then nobody knows.
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
	f := jsonv1.Finding{ID: Unreadable, Text: fmt.Sprintf("its settings could not be read: %v", err), Fix: fault.HintOf(err)}
	switch {
	case errors.Is(err, fault.NotFound):
		f.Text = "there is no such project, or the token may not see it"
		f.Fix = "check its path in approvals.repositories, or use a token with the role Maintainer there"
	case fault.KindOf(err) == fault.Auth:
		f.Text, f.Fix = "its settings could not be read: the role Maintainer is needed", "use a token with the role Maintainer there"
	}
	return f
}

// people are those whom the projects' rules name one by one and the configuration does not, with the groups of the rule that they are in,
// and the groups that the token may not see.
func (a Audit) people(ctx context.Context, projects []audited) ([]approval.Person, []string, error) {
	names := a.unlisted(projects)
	users := make([]instance.User, len(names))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for n, name := range names {
		g.Go(func() (err error) {
			if users[n], err = a.Read.UserByName(gctx, name); errors.Is(err, fault.NotFound) {
				return nil // an account that is hidden is in no group that can be seen
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	users = slices.DeleteFunc(users, func(u instance.User) bool { return u.ID == 0 })
	approving, _ := teamGroups(a.Rule)
	members := memberships{read: a.Read}
	err := members.load(ctx, everyOf(users, slices.Concat(approving, a.Rule.Staff.Groups)))
	return members.people(users), members.hidden, err
}

// strangers are the names, each once and sorted, of which the configuration does not say that they may approve.
func (a Audit) unlisted(projects []audited) []string {
	may := []approval.People{a.Rule.Staff}
	for _, t := range a.Rule.Teams {
		if slices.Contains(a.Rule.Approving, t.Name) {
			may = append(may, t.People)
		}
	}
	var names []string
	for _, p := range projects {
		for _, rule := range p.Rules {
			for _, name := range rule.Users {
				if !slices.ContainsFunc(may, func(m approval.People) bool { return m.Has(approval.Person{Name: name}) }) {
					names = append(names, strings.ToLower(name))
				}
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
