package cli_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// TestPlantedOriginal lets somebody with the Developer role write the key and the title of a real incident into an own issue that is a bit
// older. It does not become the original: nothing is closed, and the same words still find the real one, whoever runs them. For a key that
// the caller chose nobody knows which issue had it first, so the run says which one it uses and whose it is.
func TestPlantedOriginal(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		key    []string
		before time.Duration // how much older the planted issue is
		used   string
	}{
		"a key of words":                       {nil, 5 * time.Minute, "/issues/2"},
		"a key of words, half an hour":         {nil, 30 * time.Minute, "/issues/2"},
		"a key of the caller, half an hour":    {[]string{"--key", "pager-1"}, 30 * time.Minute, "/issues/1"},
		"a key of the caller, with a long day": {[]string{"--key", "pager-1"}, 20 * time.Hour, "/issues/1"},
	} {
		for _, user := range []string{"mara", "rep", "dev"} {
			t.Run(name+" "+user, func(t *testing.T) {
				t.Parallel()
				l := newLab(t, setup{}).moving()
				l.web("dev", "POST", "/issues", `{"title": "Lunch"}`)
				l.clock.pass(c.before)
				args := append([]string{"incident", "open", "Registry returns 500s", "-s", "S2"}, c.key...)
				l.must(t, args...)
				real := l.incident(t, 2)
				l.clock.pass(5 * time.Minute)
				l.web("dev", "PUT", "/issues/1", `{"title": %q, "description": %q}`, real.Title, "Lunch.\n\n"+keyOf(real.Description))
				l.user = user
				for range 2 {
					r := l.run(args...)
					if !strings.Contains(r.out, c.used) || r.code == 3 != (c.key != nil) {
						t.Errorf("exit %d: %s%s", r.code, r.out, r.errors)
					}
					want := "acme/production#2 by @mara has the same key as acme/production#1 by @dev, which is older and is used"
					if strings.Contains(r.errors, want) != (c.key != nil) {
						t.Errorf("which one is used: %s", r.errors)
					}
				}
				if now := l.incident(t, 2); now.State != "opened" || fmt.Sprint(now.Labels) != fmt.Sprint(real.Labels) {
					t.Errorf("the real incident is %s with %v", now.State, now.Labels)
				}
			})
		}
	}
}

// TestKeyAdoptsWhatAPersonOpened: with a key of the caller too, an open issue with the same title that a person opened by hand in the last 24
// hours becomes the incident. It gets the key, so that the pager finds it again when it rewords its title. An incident that has a key already
// keeps it: the new one is linked to it, and so is one by somebody without a role.
func TestKeyAdoptsWhatAPersonOpened(t *testing.T) {
	t.Parallel()
	const title = "Registry returns 500s"
	for name, c := range map[string]struct {
		user    string
		age     time.Duration
		opened  []string // by prodctl instead
		key     []string
		adopted bool
		linked  bool
	}{
		"by a reporter":      {user: "rep", age: time.Hour, adopted: true},
		"with a dated key":   {user: "rep", age: time.Hour, key: []string{"--key-since", "2018-08-24"}, adopted: true},
		"by a guest":         {user: "guest", age: time.Hour, linked: true},
		"two days ago":       {user: "rep", age: 48 * time.Hour},
		"by prodctl":         {opened: []string{"incident", "open", title}, linked: true},
		"by another pager":   {opened: []string{"incident", "open", title, "--key", "pager-0"}},
		"another title":      {opened: []string{"incident", "open", "Disk full"}},
		"resolved by a user": {user: "rep", age: time.Hour, opened: []string{"incident", "resolve", "1", "--close"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{seed: func(s *fakegitlab.Seed) {
				if c.user != "" {
					s.Projects[1].Issues = []fakegitlab.SeedIssue{{Title: title, Author: c.user, Description: "It is down.",
						Labels: []string{"incident"}, CreatedAt: time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC).Add(-c.age)}}
				}
			}})
			if c.opened != nil {
				l.must(t, c.opened...)
			}
			args := append([]string{"incident", "open", title, "--key", "pager-7", "-s", "S2"}, c.key...)
			want := map[bool]string{true: "1", false: "2"}[c.adopted]
			r := l.must(t, args...)
			if opened(r) != want {
				t.Fatalf("%s%s", r.out, r.errors)
			}
			if got := want == "2" && strings.Contains(strings.Join(linked(l.incident(t, 2)), " "), prod+"#1"); got != c.linked {
				t.Errorf("linked %v, want %v: %s", got, c.linked, r.errors)
			}
			if first := l.incident(t, 1); c.adopted && (!strings.HasPrefix(first.Description, "It is down.") || !strings.Contains(r.errors, "becomes the incident")) {
				t.Errorf("%s\n%s", first.Description, r.errors)
			}
			before := l.all()
			if again := l.must(t, args...); opened(again) != want || l.all() != before {
				t.Errorf("again: %s%s", again.out, again.errors)
			}
			l.now = l.now.Add(20 * time.Minute)
			if again := l.must(t, append([]string{"incident", "open", "Registry: 93 % errors"}, args[3:]...)...); opened(again) != want {
				t.Errorf("reworded: %s%s", again.out, again.errors)
			}
		})
	}
}

// A look for what a person opened never keeps an incident from being opened.
func TestLookForOpenIssuesMayFail(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	inner := l.wire
	l.wire = roundTripper(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, "/issues") && r.URL.Query().Get("state") == "opened" {
			return &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{}, Body: http.NoBody}, nil
		}
		return inner.RoundTrip(r)
	})
	if r := l.must(t, "incident", "open", "Registry", "--key", "pager-7"); opened(r) != "1" {
		t.Errorf("%s%s", r.out, r.errors)
	}
}

// TestAdoptionResumes kills the run that makes an incident of what a person opened at each request, and meets each request with a fault that
// passes. In the end it is as if nothing had happened.
func TestAdoptionResumes(t *testing.T) {
	t.Parallel()
	for _, key := range [][]string{nil, {"--key", "pager-7"}} {
		start := newLab(t, setup{config: oneAtATime, seed: func(s *fakegitlab.Seed) {
			s.Projects[1].Issues = []fakegitlab.SeedIssue{{Title: "Registry returns 500s", Author: "rep", Description: "It is down."}}
		}})
		args := append([]string{"incident", "open", "Registry returns 500s", "-s", "S2", "--service", "web", "-q"}, key...)
		l := start.copy()
		l.must(t, args...)
		want := l.picture()
		for nth := range len(l.methods()) {
			for k, kind := range troubles() {
				if !sampled(9, fmt.Sprint(key), nth, k) {
					continue
				}
				l := start.copy()
				first := l.disturbed(kind, nth+1, args)
				l.calm()
				if again := l.must(t, args...); !strings.HasSuffix(strings.TrimSpace(again.out), "/issues/1") {
					t.Errorf("%v, %s at request %d: %s%s%s", key, kind.name, nth+1, first.errors, again.out, again.errors)
				}
				l.compare(t, want, kind, nth+1, "the second run")
			}
		}
	}
}
