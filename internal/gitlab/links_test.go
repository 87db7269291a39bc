package gitlab

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

var (
	linkFrom = issue.Ref{Project: "acme/infra", IID: 1}
	linkTo   = issue.Ref{Project: "acme/sub/deep", IID: 1}
)

// linkLab has two issues in two projects.
func linkLab(t *testing.T, edit func(*fakegitlab.Options)) *lab {
	t.Helper()
	l := newLab(t, edit)
	l.create("/projects/acme%2Finfra/issues", "title=here&confidential=true")
	l.create("/projects/acme%2Fsub%2Fdeep/issues", "title=there")
	return l
}

// Whatever happens to the request there is one link, and creating it again, from either side, changes nothing.
func TestLinkIsCreatedOnce(t *testing.T) {
	t.Parallel()
	for _, kind := range append(kinds, "nothing") {
		for nth := 1; nth <= 2; nth++ {
			t.Run(fmt.Sprintf("%s/%d", kind, nth), func(t *testing.T) {
				t.Parallel()
				l := linkLab(t, nil)
				for n := 1; n <= nth && kind != "nothing"; n++ {
					l.fault(t, fmt.Sprintf("POST /projects/*/issues/*/links nth=%d %s", n, kind))
				}
				c := l.as(t, "developer", nil)
				if existed, err := c.CreateLink(t.Context(), linkFrom, linkTo); err != nil || kind == "nothing" && existed {
					t.Fatalf("existed %v, %v", existed, err)
				}
				for _, pair := range [][2]issue.Ref{{linkFrom, linkTo}, {linkTo, linkFrom}, {linkFrom, {Project: "Acme/Sub/Deep", IID: 1}}} {
					if existed, err := c.CreateLink(t.Context(), pair[0], pair[1]); err != nil || !existed {
						t.Errorf("second run: existed %v, %v", existed, err)
					}
				}
				links, err := c.IssueLinks(t.Context(), linkFrom)
				if err != nil || len(links) != 1 || links[0].ID == 0 || links[0].Type != "relates_to" || links[0].Issue.Ref != linkTo || links[0].Issue.Title != "there" {
					t.Errorf("links %+v, %v", links, err)
				}
			})
		}
	}
}

func TestRequestsOfALink(t *testing.T) {
	t.Parallel()
	l := linkLab(t, nil)
	l.ResetRequests()
	if _, err := l.as(t, "developer", nil).CreateLink(t.Context(), linkFrom, linkTo); err != nil || len(l.Requests()) != 1 {
		t.Errorf("%d requests, %v", len(l.Requests()), err)
	}
}

// When the lookup fails nothing is sent second.
func TestLinkFailsClosed(t *testing.T) {
	t.Parallel()
	l := linkLab(t, nil)
	l.fault(t, "POST /projects/*/issues/*/links error-after=502")
	l.fault(t, "GET /projects/*/issues/*/links status=503")
	l.ResetRequests()
	_, err := l.as(t, "developer", nil).CreateLink(t.Context(), linkFrom, linkTo)
	if !errors.Is(err, fault.Unknown) || errors.Is(err, fault.NotOffered) || l.sent("POST") != 1 {
		t.Errorf("after %d POSTs: %v", l.sent("POST"), err)
	}
}

func TestLinksNotOffered(t *testing.T) {
	t.Parallel()
	old := linkLab(t, func(o *fakegitlab.Options) { o.NoLinks = true })
	now := linkLab(t, nil)
	full := linkLab(t, nil)
	for n := range 100 {
		full.create("/projects/acme%2Fsub%2Fdeep/issues", "title=more")
		full.MustDo("owner", "POST", "/projects/acme%2Finfra/issues/1/links", fmt.Sprintf("target_project_id=acme/sub/deep&target_issue_iid=%d", n+2))
	}
	hidden := issue.Ref{Project: "acme/nothing", IID: 1}
	now.MustDo("outsider", "POST", "/projects/acme%2Finfra/issues", "title=theirs")
	theirs, other := issue.Ref{Project: "acme/infra", IID: 2}, issue.Ref{Project: "acme/infra", IID: 3}
	now.create("/projects/acme%2Finfra/issues", "title=other")
	for name, tt := range map[string]struct {
		lab      *lab
		user     string
		from, to issue.Ref
		kind     fault.Kind
		says     string
	}{
		"no such endpoint":        {old, "developer", linkFrom, linkTo, fault.Failed, "404 Not Found"},
		"no role":                 {now, "outsider", theirs, other, fault.Auth, "You must have at least"},
		"other issue not found":   {now, "developer", linkFrom, issue.Ref{Project: "acme/sub/deep", IID: 99}, fault.Failed, "404"},
		"other project not found": {now, "developer", linkFrom, hidden, fault.Failed, "404"},
		"too many links":          {full, "developer", linkFrom, linkTo, fault.Failed, "maximum number"},
	} {
		existed, err := tt.lab.as(t, tt.user, nil).CreateLink(t.Context(), tt.from, tt.to)
		if existed || !errors.Is(err, fault.NotOffered) || fault.KindOf(err) != tt.kind || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: existed %v, kind %v, %v", name, existed, fault.KindOf(err), err)
		}
	}
	if _, err := old.as(t, "developer", nil).IssueLinks(t.Context(), linkFrom); !errors.Is(err, fault.NotOffered) {
		t.Errorf("the list: %v", err)
	}
	if _, err := now.as(t, "developer", nil).CreateLink(t.Context(), linkFrom, linkFrom); err == nil || errors.Is(err, fault.NotOffered) {
		t.Errorf("with itself: %v", err)
	}
}

// Whether a refusal is about the role or about the license does not depend on the words of GitLab's message, which differ with its version: a
// link needs no license, and approval rules need no role that prodctl asks for without one.
func TestRoleOrLicenseWithoutWords(t *testing.T) {
	t.Parallel()
	for _, message := range []string{"403 Forbidden", "You must have at least the Reporter role in both projects.", "Zugriff verweigert", "not available for current license"} {
		l := newLab(t, func(o *fakegitlab.Options) { o.Edition = fakegitlab.Free })
		l.create("/projects/acme%2Finfra/issues", "title=one")
		refuse := func(path string) func(*Options) {
			return func(o *Options) {
				direct := o.Transport
				o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
					if strings.HasSuffix(r.URL.Path, path) {
						return overHandler(answering(http.StatusForbidden, fmt.Sprintf(`{"message":%q}`, message)))(r)
					}
					return direct.RoundTrip(r)
				})
			}
		}
		_, err := l.as(t, "developer", refuse("/links")).CreateLink(t.Context(), linkFrom, linkTo)
		if !errors.Is(err, fault.NotOffered) || fault.KindOf(err) != fault.Auth {
			t.Errorf("a link, %q: kind %v, %v", message, fault.KindOf(err), err)
		}
		_, err = l.as(t, "developer", refuse("/approval_rules")).ApprovalRules(t.Context(), "acme/infra")
		if !errors.Is(err, fault.NotOffered) || fault.KindOf(err) != fault.Failed {
			t.Errorf("approval rules, %q: kind %v, %v", message, fault.KindOf(err), err)
		}
	}
}
