package gitlab

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// duplicateLab has an incident twice, which a run that was killed left. A colleague has used the second one.
func duplicateLab(t *testing.T, use bool) *lab {
	t.Helper()
	l := newLab(t, nil)
	k := mustKey(t, "pager-9")
	for range 2 {
		l.MustDo("developer", "POST", "/projects/acme%2Finfra/issues", fmt.Sprintf(`{"title":"x","labels":"incident,S2","description":%q}`, idempotency.Stamp("", k)))
	}
	l.create("/projects/acme%2Finfra/issues", "title=another")
	if use {
		l.addNote(t, "reporter", issue.Ref{Project: "acme/infra", IID: 2}, "Disk full.")
		l.MustDo("reporter", "PUT", "/projects/acme%2Finfra/issues/2", "add_labels=network")
		l.MustDo("reporter", "POST", "/projects/acme%2Finfra/issues/2/links", "target_project_id=acme/infra&target_issue_iid=3")
	}
	_ = l.clock.Sleep(t.Context(), time.Hour/2)
	return l
}

// find looks for the incident, as a run that does not create it.
func (l *lab) find(t *testing.T, edit func(*Options)) (issue.Issue, error) {
	t.Helper()
	c := l.as(t, "developer", edit)
	found, _, err := c.FindIssue(t.Context(), "acme/infra", issue.IdempotencyKey{Kind: "incident", Name: "pager-9", Label: "incident"})
	if err == nil {
		err = c.Watch(t.Context())
	}
	_, kept := c.Duplicates()
	return found, errors.Join(err, kept)
}

// A run that is killed before or after any of its requests leaves no closed duplicate without a word about which issue stays. The next run
// completes the work, with one comment on the duplicate and everything carried over once.
func TestRetireIsKilled(t *testing.T) {
	t.Parallel()
	killed := &tls.CertificateVerificationError{Err: errors.New("killed")} // is never retried
	for _, use := range []bool{true, false} {
		whole := duplicateLab(t, use)
		if _, err := whole.find(t, nil); err != nil {
			t.Fatal(err)
		}
		for n := range len(whole.Requests()) {
			for _, carriedOut := range []bool{false, true} {
				name, seen := fmt.Sprintf("used %v, killed at request %d, carried out %v", use, n+1, carriedOut), 0
				l := duplicateLab(t, use)
				_, err := l.find(t, func(o *Options) {
					wire := o.Transport
					o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
						seen++
						if seen < n+1 || seen == n+1 && carriedOut {
							resp, err := wire.RoundTrip(r)
							if seen < n+1 {
								return resp, err
							}
						}
						return nil, killed
					})
				})
				if d := l.Snapshot().Project("acme/infra").Issues[1]; err == nil && seen > n || d.State == "closed" && !strings.Contains(fmt.Sprint(d.Notes), "Duplicate of acme/infra#1") {
					t.Errorf("%s: %v; %+v", name, err, d)
				}
				checkFinished(t, name, l, use)
			}
		}
	}
}

// checkFinished runs again until nothing is left to do, and compares the result.
func checkFinished(t *testing.T, name string, l *lab, use bool) {
	t.Helper()
	for range 2 {
		if found, err := l.find(t, nil); err != nil || found.Ref.IID != 1 {
			t.Errorf("%s: %+v, %v", name, found, err)
		}
	}
	checkRetired(t, name, l, "acme/infra")
	issues := l.Snapshot().Project("acme/infra").Issues
	copies := strings.Count(fmt.Sprint(issues[0].Notes), "> Disk full.")
	network := slices.Contains(issues[0].Labels, "network")
	if issues[1].State != "closed" || issues[0].State != "opened" || network != use || (copies == 1) != use || copies > 1 || strings.Contains(fmt.Sprint(issues[0].Links), "3") != use {
		t.Errorf("%s: %+v", name, issues[:2])
	}
}

// Whoever takes the label of incidents off a duplicate has seen that it is one: the issue that stays keeps its labels.
func TestLabelsTakenOffADuplicate(t *testing.T) {
	t.Parallel()
	l := duplicateLab(t, false)
	l.MustDo("reporter", "PUT", "/projects/acme%2Finfra/issues/2", "remove_labels=incident,S2")
	if _, err := l.find(t, nil); err != nil {
		t.Error(err)
	}
	if kept := l.Snapshot().Project("acme/infra").Issues[0]; fmt.Sprint(kept.Labels) != "[S2 incident]" {
		t.Errorf("%+v", kept)
	}
}

// Somebody without the rights to carry everything over leaves both issues as they are, and says so.
func TestRetireWithoutRights(t *testing.T) {
	t.Parallel()
	l := duplicateLab(t, true)
	l.fault(t, "POST /projects/*/issues/1/links status=403")
	found, err := l.find(t, nil)
	if found.Ref.IID != 1 || fault.KindOf(err) != fault.Partial || !errors.Is(err, fault.Duplicate) || !strings.Contains(err.Error(), "could not be carried over") {
		t.Errorf("%+v, %v", found, err)
	}
	if d := l.Snapshot().Project("acme/infra").Issues[1]; d.State != "opened" || !slices.Contains(d.Labels, "incident") {
		t.Errorf("%+v", d)
	}
}

// What somebody writes while the duplicate is closed is carried over too.
func TestCommentWhileTheDuplicateIsClosed(t *testing.T) {
	t.Parallel()
	l := duplicateLab(t, false)
	_, err := l.find(t, func(o *Options) {
		wire := o.Transport
		o.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPut {
				l.addNote(t, "reporter", issue.Ref{Project: "acme/infra", IID: 2}, "Disk full.")
			}
			return wire.RoundTrip(r)
		})
	})
	issues := l.Snapshot().Project("acme/infra").Issues
	if err != nil || issues[1].State != "closed" || strings.Count(fmt.Sprint(issues[0].Notes), "> Disk full.") != 1 {
		t.Errorf("%v; %+v", err, issues[:2])
	}
}

// approval is the comment of an event in which its author matters.
func approval() string {
	return eventlog.Body(eventlog.Event{Kind: "change", Verb: "approve", At: eventlog.Undated}, "approved")
}

// A comment of a confidential duplicate, and an event that somebody without a role in the project forged, are not made public and not
// trusted.
func TestRetireTrustsNobody(t *testing.T) {
	t.Parallel()
	l := duplicateLab(t, false)
	l.addNote(t, "guest", issue.Ref{Project: "acme/infra", IID: 2}, approval())
	if _, err := l.find(t, nil); err != nil {
		t.Errorf("an event by a guest: %v", err)
	}
	notes, err := l.as(t, "developer", nil).TrustedNotes(context.Background(), issue.Ref{Project: "acme/infra", IID: 1})
	for _, n := range notes {
		if n.Trusted {
			t.Errorf("it became an event of %s: %q", n.Author, n.Body)
		}
	}
	if err != nil || len(notes) == 0 {
		t.Errorf("%d comments, %v", len(notes), err)
	}

	l = duplicateLab(t, true)
	l.MustDo("developer", "PUT", "/projects/acme%2Finfra/issues/2", "confidential=true")
	if _, err := l.find(t, nil); !errors.Is(err, fault.Duplicate) || !strings.Contains(err.Error(), "confidential") {
		t.Errorf("a confidential duplicate: %v", err)
	}

	l = duplicateLab(t, false)
	l.MustDo("developer", "PUT", "/projects/acme%2Finfra/issues/2", "confidential=true&add_labels=service:vault")
	_, err = l.find(t, nil)
	if labels := l.Snapshot().Project("acme/infra").Issues[0].Labels; !errors.Is(err, fault.Duplicate) || !strings.Contains(err.Error(), "confidential") || slices.Contains(labels, "service:vault") {
		t.Errorf("a confidential duplicate with a label: %v; labels %q", err, labels)
	}

	l = duplicateLab(t, false)
	l.addNote(t, "reporter", issue.Ref{Project: "acme/infra", IID: 2}, approval())
	if _, err := l.find(t, nil); !errors.Is(err, fault.Duplicate) || !strings.Contains(err.Error(), "@reporter recorded an event") {
		t.Errorf("an event of a kind in which its author matters: %v", err)
	}
}
