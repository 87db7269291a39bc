package approval_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	flow "gitlab.com/prodctl/prodctl/internal/workflow/approval"
	"gitlab.com/prodctl/prodctl/pkg/approval"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// audited returns the findings of each project.
func audited(doc jsonv1.ApprovalAudit) map[string]string {
	found := map[string]string{}
	for _, r := range doc.Repositories {
		var ids []string
		for _, f := range r.Findings {
			ids = append(ids, f.ID)
		}
		found[r.Project] = strings.Join(ids, " ")
	}
	return found
}

func TestApprovalAudit(t *testing.T) {
	t.Parallel()
	const open = "author-approves committers-approve rules-editable no-reset rule-missing"
	unlisted := signIn()
	unlisted.Staff = approval.People{}
	for name, c := range map[string]struct {
		edition  fakegitlab.Edition // Premium if empty
		user     string
		rule     approval.Rule
		fault    string
		want     map[string]string
		notes    int
		requests int
	}{
		"as it is":                       {rule: signIn(), want: map[string]string{proxyCookbook: "", usersCookbook: open}, requests: 4 + 3},
		"noor is in no team that counts": {rule: unlisted, want: map[string]string{proxyCookbook: "outsiders", usersCookbook: open}, requests: 4 + 2},
		"Free has no rules": {edition: fakegitlab.Free, rule: signIn(),
			want: map[string]string{proxyCookbook: "not-offered", usersCookbook: "not-offered"}, requests: 4 + 2},
		"the Community Edition": {edition: fakegitlab.Community, rule: signIn(),
			want: map[string]string{proxyCookbook: "not-offered", usersCookbook: "not-offered"}, requests: 4},
		"one is unreadable": {rule: signIn(), fault: "GET /projects/acme%2Fusers-cookbook/approvals status=403",
			want: map[string]string{proxyCookbook: "", usersCookbook: flow.Unreadable}, requests: 4 + 1 + 3},
		"the rules of one are unreadable": {rule: signIn(), fault: "GET /projects/acme%2Fusers-cookbook/approval_rules status=403",
			want: map[string]string{proxyCookbook: "", usersCookbook: flow.Unreadable}, requests: 4 + 1 + 1 + 3},
		"all are hidden": {user: "oskar", rule: signIn(), want: map[string]string{proxyCookbook: flow.Unreadable, usersCookbook: flow.Unreadable}, requests: 4},
		"a hidden group": {rule: signIn(), fault: "GET /groups/acme%2Fstaff/members/* status=403",
			want: map[string]string{proxyCookbook: "outsiders", usersCookbook: open}, notes: 1, requests: 4 + 3},
		"nothing is listed": {rule: approval.Rule{}, want: map[string]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.user == "" {
				c.user = "maria"
			}
			if c.edition == "" {
				c.edition = fakegitlab.Premium
			}
			tm := cookbooks(t, fakegitlab.Options{Edition: c.edition}, c.user)
			if c.fault != "" {
				fails(tm, t, c.fault)
			}
			doc, err := flow.Audit{Read: tm.Client, Rule: c.rule}.Document(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, audited(doc)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			well := !slices.ContainsFunc(doc.Repositories, func(r jsonv1.ApprovalRepository) bool { return len(r.Findings) > 0 })
			if doc.OK != well || len(doc.Notes) != c.notes {
				t.Errorf("ok %t, notes %q, want %d", doc.OK, doc.Notes, c.notes)
			}
			if reads, writes := tm.Requests(); reads != c.requests || writes != 0 {
				t.Errorf("%d reads and %d writes, want %d reads", reads, writes, c.requests)
			}
		})
	}
}

// Every finding has a fix, that of an unreadable repository too.
func TestApprovalAuditFindingsHaveAFix(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		user, fault string
		want        jsonv1.Finding
	}{
		"refused": {"maria", "GET /projects/acme%2Fusers-cookbook/approvals status=403",
			jsonv1.Finding{ID: flow.Unreadable, Text: "settings could not be read: the Maintainer role is required", Fix: "use a token with the Maintainer role there"}},
		"hidden": {"oskar", "", jsonv1.Finding{ID: flow.Unreadable, Text: "project not found, or hidden from this token",
			Fix: "check its path in approvals.repositories, or use a token with the Maintainer role there"}},
	} {
		tm := cookbooks(t, fakegitlab.Options{Edition: fakegitlab.Premium}, c.user)
		if c.fault != "" {
			fails(tm, t, c.fault)
		}
		doc, err := flow.Audit{Read: tm.Client, Rule: signIn()}.Document(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(jsonv1.List[jsonv1.Finding]{c.want}, doc.Repositories[1].Findings); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// If no repository can be audited, that is an error and not a list of findings.
func TestApprovalAuditFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		user, fault string
		kind        fault.Kind
	}{
		"a wrong token":          {user: "nobody", kind: fault.Auth},
		"out of reach":           {fault: "GET /projects/*/approvals status=502", kind: fault.Unreachable},
		"cut off":                {fault: "GET /projects/*/approval_rules drop-before", kind: fault.Unreachable},
		"members out of reach":   {fault: "GET /groups/*/members/* status=500", kind: fault.Unreachable},
		"whose token is unknown": {fault: "GET /** status=401", kind: fault.Auth},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.user == "" {
				c.user = "maria"
			}
			tm := cookbooks(t, fakegitlab.Options{Edition: fakegitlab.Premium}, c.user)
			if c.fault != "" {
				fails(tm, t, c.fault)
			}
			doc, err := flow.Audit{Read: tm.Client, Rule: signIn()}.Document(t.Context())
			if err == nil || fault.KindOf(err) != c.kind || doc.OK {
				t.Errorf("ok %t, exit %d, %v", doc.OK, fault.KindOf(err), err)
			}
		})
	}
}
