package cli_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
)

// keyed are the titles of the open incidents with a key; retired duplicates are left out.
func (l *lab) keyed() (titles []string) {
	for _, i := range l.server.Snapshot().Project(prod).Issues {
		if i.State == "opened" && strings.Contains(i.Description, "<!-- prodctl:key=") {
			titles = append(titles, i.Title)
		}
	}
	return titles
}

// A user who may not set labels opens an incident without any. A retry finds it all the same, even much later.
func TestIncidentWithoutLabelsIsFound(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, func(*fakegitlab.Options) {})
	args := []string{"incident", "open", "Registry returns 500s"}
	for range 3 {
		r := c.as("guest", nil, 0, args...)
		if !strings.Contains(r.out, "acme/production#1") {
			t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
		}
		_ = c.sleep(t.Context(), 2*time.Hour)
	}
	if got := c.keyed(); len(got) != 1 {
		t.Errorf("open: %q", got)
	}
}

// The caller's key finds the incident also when somebody has taken its labels off or closed it, days later, and the run says what is
// missing. No list is needed for it.
func TestIncidentIsFoundWhateverPeopleDidToIt(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]string{
		"label": `{"remove_labels": "incident"}`, "all labels": `{"labels": ""}`, "closed": `{"state_event": "close"}`,
		"all labels, closed": `{"labels": "", "state_event": "close"}`,
	} {
		for _, key := range [][]string{{"--key", "pager-9911"}, {"--key", "pager-9911", "--key-since", "2018-08-24"}, {"--key", "PD/Q1 ABC"}} {
			t.Run(name+" "+key[len(key)-1], func(t *testing.T) {
				t.Parallel()
				l := newLab(t, setup{})
				args := append([]string{"incident", "open", "Registry returns 500s"}, key...)
				l.must(t, args...)
				l.web("dev", "PUT", "/issues/1", "%s", edit)
				l.now = l.now.Add(72 * time.Hour)
				l.server.ResetRequests()
				before := l.all()
				r := l.run(args...)
				if unlabelled := strings.Contains(name, "label"); (r.code == 3) != unlabelled || strings.Contains(r.errors, `no label "incident"`) != unlabelled || !strings.Contains(r.out, "#1") {
					t.Errorf("exit %d\n%s%s", r.code, r.out, r.errors)
				}
				if l.all() != before {
					t.Errorf("%s", l.all())
				}
				lists := 0
				for _, e := range l.server.Requests() {
					if strings.HasSuffix(e.Path, "/issues") && !strings.Contains(e.Query, "state=opened") { // that one looks beside it for what a person opened
						lists++
						if strings.Contains(e.Query, "search=p") == (len(key) == 4) || strings.Contains(e.Query, "labels=") {
							t.Errorf("looked up by %s", e.Query)
						}
					}
				}
				if lists != 1 {
					t.Errorf("%d lists", lists)
				}
			})
		}
	}
}

// An incident is found even if the clock is off by days, or if the key looks like a date.
func TestClockOffByDays(t *testing.T) {
	t.Parallel()
	for _, off := range []time.Duration{-72 * time.Hour, -time.Hour, time.Hour, 72 * time.Hour, 24 * 365 * time.Hour} {
		for _, key := range [][]string{nil, {"--key", "auto-20991231-x"}, {"--key", "run-20991231t100000z-x"}} {
			l := newLab(t, setup{})
			server, wire := l.now, l.wire
			l.wire = roundTripper(func(r *http.Request) (*http.Response, error) { // GitLab says what time it is
				resp, err := wire.RoundTrip(r)
				if err == nil {
					resp.Header.Set("Date", server.Format(http.TimeFormat))
				}
				return resp, err
			})
			l.now = l.now.Add(off)
			for range 3 {
				if r := l.must(t, append([]string{"incident", "open", "Registry returns 500s"}, key...)...); !strings.Contains(r.out, "acme/production#1") {
					t.Errorf("clock off by %v, server %v, %q:\n%s%s", off, server, key, r.out, r.errors)
				}
			}
			if got := l.keyed(); len(got) != 1 {
				t.Errorf("clock off by %v, %q, open: %q", off, key, got)
			}
		}
	}
}
