package correlation

import (
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/deployment"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"pgregory.net/rapid"
)

var began = time.Date(2018, 8, 24, 10, 2, 0, 0, time.UTC)

// ago is a time before the incident began.
func ago(d time.Duration) time.Time { return began.Add(-d) }

// deployed is a deployment with a number, from and to so many minutes before the incident; 0 for to: it still runs.
func deployed(iid int64, from, to time.Duration, services ...string) Item {
	i := Item{Kind: Deployment, Deployment: deployment.Deployment{Project: "acme/app", ID: iid, IID: iid}, Services: services,
		From: ago(from), Open: true}
	if to != 0 {
		i.To, i.Open = ago(to), false
	}
	return i
}

func refs(list []Ranked) string {
	var out []string
	for _, r := range list {
		out = append(out, strings.TrimPrefix(r.Ref(), "acme/app deployment "))
	}
	return strings.Join(out, " ")
}

func TestReasons(t *testing.T) {
	t.Parallel()
	const min = time.Minute
	planned := Item{Kind: Change, Services: []string{"web"}, From: ago(10 * min), To: ago(-10 * min), Planned: true}
	retried := deployed(1, 0, 0, "registry")
	retried.From, retried.To, retried.Open, retried.Attempts = time.Time{}, ago(9*min), false, 2
	for _, tt := range []struct {
		name string
		item Item
		want string // empty: not of interest
	}{
		{"shares a service", deployed(1, 10*min, 4*min, "Registry"), "same service registry, ended 4m before"},
		{"shares two", deployed(1, 10*min, 4*min, "mail", "web", "registry"), "same services registry, web, ended 4m before"},
		{"another service", deployed(1, 10*min, 4*min, "mail"), "other service mail, ended 4m before"},
		{"no service", deployed(1, 10*min, 4*min), "service unknown, ended 4m before"},
		{"in progress", deployed(1, 10*min, 0, "web"), "same service web, in progress, started 10m before"},
		{"ends later", deployed(1, 10*min, -5*min, "web"), "same service web, in progress, started 10m before"},
		{"the same minute", deployed(1, -30*time.Second, 0, "web"), "same service web, in progress, started in the same minute"},
		{"since long before", deployed(1, 50*time.Hour, 0, "web"), "same service web, in progress, started 2d 2h before"},
		{"at the edge", deployed(1, 150*min, 120*min, "web"), "same service web, ended 2h before"},
		{"before the period", deployed(1, 150*min, 121*min, "web"), ""},
		{"after the start", deployed(1, -min, 0, "web"), ""},
		{"planned", planned, "same service web, planned for this time, no start recorded"},
		{"planned until then", Item{Kind: Change, From: ago(90 * min), To: ago(30 * min), Planned: true},
			"service unknown, planned until 30m before, no start recorded"},
		{"no start time", Item{Kind: Change, Open: true}, "service unknown, in progress, start time unknown"},
		{"retried", retried, "same service registry, ended 9m before (attempt 1 of 2)"},
		{"ends before it starts", deployed(1, 4*min, 10*min, "web"), "same service web, ended 4m before"},
		{"only an end, after the start", Item{Kind: Change, To: ago(-min)}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := Rank(Period{began, 2 * time.Hour}, []string{"registry", "web"}, []Item{tt.item})
			switch {
			case tt.want == "" && len(got.Ranked) == 0:
			case len(got.Ranked) != 1 || got.Ranked[0].Reason() != tt.want:
				t.Errorf("got %+v, want %q", got, tt.want)
			}
		})
	}
}

func TestOrder(t *testing.T) {
	t.Parallel()
	const min = time.Minute
	items := []Item{
		deployed(9, 9*min, 1*min, "mail"), deployed(1, 9*min, 0, "web"), deployed(4, 90*min, 80*min, "web"), deployed(6, 9*min, 1*min),
		deployed(3, 9*min, 3*min, "web"), deployed(2, 30*min, 0, "web"), deployed(5, 300*min, 0, "web"), {Kind: Change, To: time.Time{}},
	}
	got := Rank(Period{began, 2 * time.Hour}, []string{"web"}, items)
	if refs(got.Ranked) != "1 2 3 4 5 6 9" || len(got.Unknown) != 1 {
		t.Errorf("got %s, and %d without times", refs(got.Ranked), len(got.Unknown))
	}
}

func items(t *rapid.T) []Item {
	list := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Item {
		from := rapid.Int64Range(-200, 300).Draw(t, "from")
		i := deployed(rapid.Int64Range(1, 1000).Draw(t, "iid"), time.Duration(from)*time.Minute, 0,
			rapid.SliceOfDistinct(rapid.SampledFrom([]string{"web", "mail", "registry"}), rapid.ID).Draw(t, "services")...)
		i.Planned = rapid.Bool().Draw(t, "planned")
		if rapid.Bool().Draw(t, "ended") {
			i.To, i.Open = i.From.Add(time.Duration(rapid.Int64Range(-10, 200).Draw(t, "took"))*time.Minute), false
		}
		if rapid.IntRange(0, 5).Draw(t, "undated") == 0 {
			i.From = time.Time{}
		}
		return i
	}), 0, 12).Draw(t, "items")
	slices.SortFunc(list, order)
	return slices.CompactFunc(list, func(a, b Item) bool { return order(a, b) == 0 })
}

// The rank does not depend on the order of the input, no two items share one, an item's reasons do not depend on other items, and nothing
// is in the result that began after the incident.
func TestRankProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list, p := items(t), Period{began, time.Duration(rapid.Int64Range(1, 300).Draw(t, "before")) * time.Minute}
		services := rapid.SampledFrom([][]string{nil, {"web"}, {"web", "mail"}}).Draw(t, "of")
		all := Rank(p, services, list)
		shuffled := rapid.Permutation(list).Draw(t, "shuffled")
		if again := Rank(p, services, shuffled); refs(again.Ranked) != refs(all.Ranked) || len(again.Unknown) != len(all.Unknown) {
			t.Fatalf("%s, then %s", refs(all.Ranked), refs(again.Ranked))
		}
		for n, r := range all.Ranked {
			if r.From.After(began.Add(time.Minute)) || r.Away < 0 {
				t.Fatalf("%+v began later", r)
			}
			alone := Rank(p, services, []Item{r.Item}).Ranked
			if len(alone) != 1 || alone[0].Reason() != r.Reason() {
				t.Fatalf("alone %+v, among others %+v", alone, r)
			}
			if n > 0 && compare(all.Ranked[n-1], r) >= 0 {
				t.Fatalf("%+v is not before %+v", all.Ranked[n-1], r)
			}
		}
		wider := Rank(Period{began, p.Before + time.Hour}, services, list)
		if len(wider.Ranked) < len(all.Ranked) {
			t.Fatalf("%d in a longer period, %d in a shorter one", len(wider.Ranked), len(all.Ranked))
		}
	})
}

func TestBeganAt(t *testing.T) {
	t.Parallel()
	opened := began.Add(time.Hour)
	for want, lines := range map[Source]string{
		FromRecord: "started_at: 2018-08-24T10:02:00Z\ndetected_at: 2018-08-24T10:05:00Z", FromDetected: "detected_at: 2018-08-24T10:02:00Z",
		FromOpened: "cause: rain",
	} {
		i := issue.Issue{CreatedAt: opened, Description: "```yaml prodctl/incident\n" + lines + "\n```\n"}
		at, from := BeganAt(incident.Of(i, incident.Labels{}), incident.Labels{})
		if from != want || from == FromOpened && at != opened || from != FromOpened && at != began {
			t.Errorf("%s: got %v from %s", want, at, from)
		}
	}
}

func TestItemsOfChanges(t *testing.T) {
	t.Parallel()
	labels := change.Labels{Change: "change", Scheduled: "scheduled", InProgress: "running", Complete: "complete", Aborted: "aborted"}
	for _, tt := range []struct{ name, label, record, want string }{
		{"record", "complete", "type: deployment\nstarted_at: 2018-08-24T09:50:00Z\nfinished_at: 2018-08-24T09:58:00Z", "ended 4m before"},
		{"running", "running", "started_at: 2018-08-24T09:50:00Z", "in progress, started 12m before"},
		{"aborted", "aborted", "started_at: 2018-08-24T09:50:00Z\naborted_at: 2018-08-24T10:00:00Z", "ended 2m before"},
		{"never started", "aborted", "aborted_at: 2018-08-24T10:00:00Z", ""},
		{"planned", "scheduled", "start: 2018-08-24T10:00:00Z\nduration: 30m", "planned for this time, no start recorded"},
		{"planned, no time", "scheduled", "duration: 30m", ""},
		{"planned for later", "scheduled", "start: 2018-08-24T12:00:00Z\nduration: 30m", ""},
		{"no state", "", "start: 2018-08-24T10:00:00Z\nduration: 30m", "planned for this time, no start recorded"},
		{"retried later", "complete", "type: deployment\nattempts: 2\nstarted_at: 2018-08-24T10:30:00Z\nfinished_at: 2018-08-24T10:40:00Z",
			"ended 7m before (attempt 1 of 2)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			i := issue.Issue{CreatedAt: ago(7 * time.Minute), Labels: []string{"change", tt.label},
				Description: "```yaml prodctl/change\n" + tt.record + "\n```\n"}
			item, ok := OfChange(change.Of(i, labels), began)
			got := ""
			if ok {
				if r := Rank(Period{began, 2 * time.Hour}, nil, []Item{item}).Ranked; len(r) == 1 {
					_, got, _ = strings.Cut(r[0].Reason(), ", ")
				}
			}
			if got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestJoined(t *testing.T) {
	t.Parallel()
	record := Item{Kind: Change, Change: change.Change{Record: change.Record{JobID: "7", Commit: "abc"}}}
	other := Item{Kind: Change, Change: change.Change{Record: change.Record{JobID: "8", Commit: "abc"}}}
	deployment7 := Item{Kind: Deployment, Deployment: deployment.Deployment{ID: 1, IID: 1, JobID: 7, Commit: "abc", StartedAt: began}, Services: []string{"web"}}
	outside := Item{Kind: Deployment, Deployment: deployment.Deployment{ID: 2, IID: 2, Commit: "abc"}}
	got := Joined([]Item{deployment7, record, outside, other})
	if len(got) != 3 || got[0].Deployment.ID != 1 || got[0].Kind != Change || got[0].From != began || len(got[0].Services) != 1 || got[1].Deployment.ID != 2 || got[2].Deployment.ID != 0 {
		t.Errorf("got %+v", got)
	}
	record.Change.Record.Commit = "def"
	if got := Joined([]Item{deployment7, record}); len(got) != 2 {
		t.Errorf("joined although the commits differ: %+v", got)
	}
}

func TestServicesOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		of   deployment.Source
		want []string
	}{
		{deployment.Source{Project: "acme/Registry"}, []string{"Registry"}},
		{deployment.Source{Project: "acme/deployer"}, nil},
		{deployment.Source{Project: "acme/registry", Services: []string{"web"}}, []string{"web"}},
	} {
		if got := ServicesOf(tt.of, []string{"registry", "mail"}); !slices.Equal(got, tt.want) {
			t.Errorf("%+v: got %v, want %v", tt.of, got, tt.want)
		}
	}
}
