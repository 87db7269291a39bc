package handoff_test

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

func clock(hour, minute int) time.Time { return time.Date(2018, 8, 24, hour, minute, 0, 0, time.UTC) }

// facts returns the facts of the EMEA shift of 2018-08-24, an hour before it ends.
func facts(items ...handoff.Item) handoff.Facts {
	return handoff.Facts{
		At: clock(15, 0), Labels: handoff.LabelsOf(label.Spelling{}, "service:{service}"), Items: items,
		Shift: oncall.Shift{Region: "EMEA", From: clock(4, 0), To: clock(16, 0)}, Next: oncall.Shift{Region: "AMER", From: clock(16, 0), To: clock(28, 0)},
	}
}

// made returns an open issue of the production queue, opened in the shift.
func made(iid int64, labels string, edit ...func(*handoff.Item)) handoff.Item {
	item := handoff.Item{Issue: issue.Issue{
		Ref: issue.Ref{Project: "acme/production", IID: iid}, ID: iid, Title: fmt.Sprintf("Issue %d", iid), State: issue.Opened,
		CreatedAt: clock(10, int(iid)), UpdatedAt: clock(10, int(iid)),
	}}
	if labels != "" {
		item.Issue.Labels = strings.Split(labels, ",")
	}
	for _, e := range edit {
		e(&item)
	}
	return item
}

func recorded(kind, lines string) func(*handoff.Item) {
	return func(i *handoff.Item) { i.Issue.Description = "```yaml prodctl/" + kind + "\n" + lines + "\n```\n" }
}

func closed(at time.Time) func(*handoff.Item) {
	return func(i *handoff.Item) { i.Issue.State, i.Issue.ClosedAt, i.Issue.UpdatedAt = issue.Closed, at, at }
}

func inInfrastructure(i *handoff.Item) { i.Issue.Ref.Project = "acme/infrastructure" }

func commented(notes ...issue.Note) func(*handoff.Item) {
	return func(i *handoff.Item) {
		for n := range notes {
			notes[n].ID = int64(n + 1)
		}
		i.Notes = notes
	}
}

func update(at time.Time, by, text string) issue.Note {
	return issue.Note{Author: by, Body: text, CreatedAt: at, UpdatedAt: at, Trusted: true}
}

func marked(at time.Time, by, leftOff, next string) issue.Note {
	return update(at, by, eventlog.Body(handoff.NewMark(at, handoff.Texts{LeftOff: leftOff, Next: next}), "ready"))
}

// sections lists the entries by section.
func sections(r handoff.Report) []string {
	var list []string
	for _, s := range r.Sections {
		for _, e := range s.Entries {
			list = append(list, fmt.Sprintf("%s %s #%d", s.ID, e.Kind, e.Issue.Ref.IID))
		}
	}
	return list
}

func TestSections(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		item handoff.Item
		want string // empty: not in the report
	}{
		"an active incident":               {made(1, "incident,Incident::Active,S2"), "incidents incident #1"},
		"active, but closed":               {made(1, "incident,Incident::Active", closed(clock(11, 0))), "incidents incident #1"},
		"without a state":                  {made(1, "incident"), "incidents incident #1"},
		"an incident with outage label":    {made(1, "incident,Incident::Active,outage"), "incidents incident #1"},
		"an outage without an incident":    {made(1, "outage", inInfrastructure), "incidents outage #1"},
		"data loss":                        {made(1, "(perceived) data loss,oncall"), "data_loss issue #1"},
		"data loss by the record":          {made(1, "incident,Incident::Mitigated", recorded("incident", "data_loss: true")), "data_loss incident #1"},
		"data loss, active":                {made(1, "incident,Incident::Active,(perceived) data loss"), "incidents incident #1"},
		"data loss, resolved":              {made(1, "incident,Incident::Resolved", recorded("incident", "data_loss: true\nresolved_at: 2018-08-23T10:00:00Z")), ""},
		"mitigated":                        {made(1, "incident,Incident::Mitigated,outage"), "mitigated incident #1"},
		"waiting for its review":           {made(1, "incident,Incident::Resolved,outage", recorded("incident", "resolved_at: 2018-08-23T10:00:00Z")), ""},
		"resolved in the shift":            {made(1, "incident,Incident::Resolved", recorded("incident", "resolved_at: 2018-08-24T10:00:00Z")), "resolved incident #1"},
		"resolved before it":               {made(1, "incident,Incident::Resolved", recorded("incident", "resolved_at: 2018-08-24T03:59:59Z"), closed(clock(11, 0))), ""},
		"closed without being resolved":    {made(1, "incident", closed(clock(11, 0))), "resolved incident #1"},
		"a change in progress":             {made(1, "change,change::in-progress,C2"), "changes_in_progress change #1"},
		"planned for the next shift":       {made(1, "change,change::approved", recorded("change", "start: 2018-08-24T20:00:00Z\nduration: 30m")), "changes_next_shift change #1"},
		"planned for the rest of this one": {made(1, "change,change::scheduled", recorded("change", "start: 2018-08-24T15:10:00Z\nduration: 10m")), "changes_next_shift change #1"},
		"its window reaches into it":       {made(1, "change,change::scheduled", recorded("change", "start: 2018-08-24T14:00:00Z\nduration: 90m")), "changes_next_shift change #1"},
		"without an end":                   {made(1, "change,change::scheduled", recorded("change", "start: 2018-08-24T20:00:00Z")), "changes_next_shift change #1"},
		"planned for later":                {made(1, "change,change::scheduled", recorded("change", "start: 2018-08-25T04:00:00Z\nduration: 30m")), ""},
		"complete":                         {made(1, "change,change::complete", recorded("change", "start: 2018-08-24T20:00:00Z\nduration: 30m")), ""},
		"ready and on call":                {made(1, "Ready_to_Handoff,oncall"), "ready_to_handoff issue #1"},
		"on call":                          {made(1, "oncall"), "oncall issue #1"},
		"on call and closed in the shift":  {made(1, "oncall", closed(clock(11, 0))), "resolved issue #1"},
		"closed before it":                 {made(1, "oncall", closed(clock(3, 0))), ""},
		"an outage that ended":             {made(1, "outage", closed(clock(11, 0))), "resolved issue #1"},
		"other labels":                     {made(1, "toil,In Progress"), ""},
		"other labels, closed":             {made(1, "toil", closed(clock(11, 0))), ""},
	} {
		if got := strings.Join(sections(handoff.Build(facts(c.item))), "; "); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestOrderOfTheReport(t *testing.T) {
	t.Parallel()
	r := handoff.Build(facts(
		made(1, "oncall"), made(2, "oncall,goal"), made(3, "oncall,critical"), made(4, "oncall,goal"),
		made(5, "incident,Incident::Active,S3"), made(6, "incident,Incident::Active,S1"), made(7, "incident"), made(8, "outage,S2", inInfrastructure), made(9, "incident,Incident::Active,S1"),
		made(10, "change,change::approved", recorded("change", "start: 2018-08-24T20:00:00Z\nduration: 30m")), made(11, "change", recorded("change", "start: 2018-08-24T19:00:00Z\nduration: 30m")),
		made(12, "oncall", closed(clock(11, 0))), made(13, "oncall", closed(clock(12, 0))),
	))
	want := []string{
		"incidents incident #6", "incidents incident #9", "incidents outage #8", "incidents incident #5", "incidents incident #7",
		"changes_next_shift change #11", "changes_next_shift change #10",
		"oncall issue #3", "oncall issue #2", "oncall issue #4", "oncall issue #1", "resolved issue #13", "resolved issue #12",
	}
	if diff := cmp.Diff(want, sections(r)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(r.Sections) != 8 || len(r.Section("mitigated").Entries) != 0 {
		t.Errorf("%d sections", len(r.Sections))
	}
}

// The order of the items does not matter, and each issue is in the report once at most.
func TestReportDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	labels := []string{"incident", "Incident::Active", "Incident::Mitigated", "Incident::Resolved", "outage", "(perceived) data loss", "change", "change::in-progress",
		"change::approved", "Ready_to_Handoff", "oncall", "critical", "goal", "S1", "S3", "toil"}
	rapid.Check(t, func(t *rapid.T) {
		var items []handoff.Item
		for n := range rapid.IntRange(0, 9).Draw(t, "issues") {
			item := made(int64(n+1), strings.Join(rapid.SliceOfNDistinct(rapid.SampledFrom(labels), 0, 5, rapid.ID).Draw(t, "labels"), ","))
			item.Issue.CreatedAt = clock(10, 0) // same age
			if rapid.Bool().Draw(t, "closed") {
				closed(clock(rapid.IntRange(1, 14).Draw(t, "hour"), 0))(&item)
			}
			items = append(items, item)
		}
		want := handoff.Build(facts(items...))
		if diff := cmp.Diff(sections(want), sections(handoff.Build(facts(rapid.Permutation(items).Draw(t, "order")...)))); diff != "" {
			t.Fatalf("another order of issues (-want +got):\n%s", diff)
		}
		refs := want.Refs()
		unique := slices.Clone(refs)
		slices.SortFunc(unique, func(a, b issue.Ref) int { return int(a.IID - b.IID) })
		if len(slices.Compact(unique)) != len(refs) {
			t.Fatalf("reported twice: %v", refs)
		}
	})
}

func TestEntry(t *testing.T) {
	t.Parallel()
	mark := marked(clock(14, 0), "bo", "Disk 3 is out", "Order a new one")
	item := made(1, "incident,Incident::Active,S1,service:web,(perceived) data loss", recorded("incident", "started_at: 2018-08-24T09:30:00Z\nservices: [registry]"), commented(
		update(clock(11, 0), "ana", "**11:00 UTC, updated**\n\nIt is the disk\n\n<!-- prodctl:entry {\"kind\":\"incident\",\"verb\":\"update\",\"at\":\"2018-08-24T11:00:00Z\"} -->"),
		mark, issue.Note{Author: "ana", Body: "added ~1", System: true, CreatedAt: clock(14, 1)},
	))
	e := handoff.Build(facts(item)).Section("incidents").Entries[0]
	if e.Last == nil || e.Last.By != "ana" || e.Last.Text != "It is the disk" || !e.Last.At.Equal(clock(11, 0)) {
		t.Errorf("last update: %+v", e.Last)
	}
	if e.Mark == nil || e.Mark.LeftOff != "Disk 3 is out" || e.Mark.Next != "Order a new one" || e.Mark.By != "bo" {
		t.Errorf("mark: %+v", e.Mark)
	}
	if !e.Since.Equal(clock(9, 30)) || e.Severity != "S1" || !slices.Equal(e.Services, []string{"registry", "web"}) || !e.DataLoss || !slices.Equal(e.Missing, []string{handoff.NoContingency}) || e.Priority != label.DataLoss {
		t.Errorf("%+v", e)
	}

	bare := handoff.Build(facts(made(2, "incident"))).Section("incidents").Entries[0]
	want := []string{"state unknown", "severity unknown", "no next steps", "no contingency", "no update in this shift"}
	if diff := cmp.Diff(want, bare.Missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
	noNote := handoff.Build(facts(made(3, "Ready_to_Handoff"))).Section("ready_to_handoff").Entries[0]
	if diff := cmp.Diff([]string{"no hand-off note"}, noNote.Missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
}

func TestFirstLines(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		"Up again":               "Up again",
		"\n\n  Up again  \nmore": "Up again",
		"**16:21 UTC, mitigated**\n\n<!-- prodctl:entry {\"kind\":\"incident\",\"verb\":\"mitigate\",\"at\":\"2018-08-24T16:21:00Z\"} -->": "16:21 UTC, mitigated",
		"<!-- hidden -->\n```\nerror 5\n": "error 5",
		strings.Repeat("ä", 300):          strings.Repeat("ä", 199) + "…",
		"<!-- hidden -->":                 "",
	} {
		e := handoff.Build(facts(made(1, "oncall", commented(update(clock(11, 0), "ana", body))))).Section("oncall").Entries[0]
		if e.Last == nil || e.Last.Text != want {
			t.Errorf("%q: %+v, want %q", body, e.Last, want)
		}
	}
}

// A historical report ignores everything after its time.
func TestHistoricalReportIgnoresLaterEvents(t *testing.T) {
	t.Parallel()
	f := facts(made(1, "oncall", commented(update(clock(11, 0), "ana", "early"), update(clock(15, 1), "bo", "late"))),
		made(2, "incident,Incident::Resolved", func(i *handoff.Item) {
			i.Labelled = []issue.Event{{At: clock(12, 0), Action: "add", Name: "Incident::Resolved"}, {At: clock(17, 0), Action: "add", Name: "Incident::Resolved"}}
		}))
	if got := handoff.Build(f).Section("oncall").Entries[0].Last.Text; got != "late" {
		t.Errorf("now: %q", got)
	}
	f.Historical = true
	r := handoff.Build(f)
	if got := r.Section("oncall").Entries[0].Last.Text; got != "early" {
		t.Errorf("historical: %q", got)
	}
	if got := r.Section("resolved").Entries[0].ResolvedAt; !got.Equal(clock(12, 0)) {
		t.Errorf("resolved at %s", got)
	}
	if got := f.Undated(); len(got) != 1 || got[0].IID != 2 {
		t.Errorf("undated: %v", got)
	}
}

func TestLocksAndBudget(t *testing.T) {
	t.Parallel()
	f := facts(
		made(1, "incident,Incident::Active", recorded("incident", "started_at: 2018-08-24T14:55:00Z")),
		made(2, "incident,Incident::Resolved", recorded("incident", "started_at: 2018-08-20T10:00:00Z\nmitigated_at: 2018-08-20T10:03:00Z\nresolved_at: 2018-08-20T18:00:00Z"), closed(clock(1, 0))),
		made(3, "incident,Incident::Resolved", recorded("incident", "started_at: 2018-08-20T10:02:00Z\nresolved_at: 2018-08-20T10:04:00Z"), closed(clock(1, 0))),
		made(4, "incident,Incident::Mitigated", recorded("incident", "started_at: 2018-08-23T10:00:00Z")),
		made(5, "incident", closed(time.Date(2018, 7, 1, 0, 0, 0, 0, time.UTC))),
		made(6, "outage"),
	)
	f.Locks = []lock.Lock{
		{Name: "tonight", Kind: lock.Hard, From: clock(20, 0), To: clock(30, 0)}, {Name: "over", Kind: lock.Hard, From: clock(10, 0), To: clock(15, 0)},
		{Name: "now", Kind: lock.Soft, From: clock(14, 0), To: clock(15, 30)}, {Name: "later", Kind: lock.Soft, From: clock(28, 0), To: clock(30, 0)},
	}
	if r := handoff.Build(f); r.Budget != nil || len(r.Locks) != 2 || r.Locks[0].Lock.Name != "now" || r.Locks[1].Lock.Name != "tonight" {
		t.Errorf("locks %v, budget %v", r.Locks, r.Budget)
	}
	f.Budget, f.Window = &budget.Rules{SLO: big.NewRat(9995, 100)}, budget.Period("28d").Window(f.At, time.UTC, 1)
	b := handoff.Build(f).Budget
	if b.Spent.Cmp(big.NewRat(9, 1)) != 0 || !slices.Equal(b.Charged(), []string{"acme/production#2", "acme/production#3", "acme/production#1"}) || !slices.Equal(b.Missing(), []string{"acme/production#4"}) {
		t.Errorf("spent %s, charged %q, unknown %q", b.Spent, b.Charged(), b.Missing())
	}
}

// GitLab's own incidents are in the report without a label, and those that were closed in the shift were resolved in it.
func TestIncidentsOfGitLab(t *testing.T) {
	t.Parallel()
	native := func(item *handoff.Item) { item.Issue.Incident = true }
	closed := func(at time.Time) func(*handoff.Item) {
		return func(item *handoff.Item) { item.Issue.State, item.Issue.ClosedAt = issue.Closed, at }
	}
	f := facts(made(1, "", native), made(2, "", native, closed(clock(12, 0))), made(3, "", native, closed(clock(3, 0))), made(4, "", closed(clock(12, 0))))
	var got []string
	for _, s := range handoff.Build(f).Sections {
		for _, e := range s.Entries {
			got = append(got, fmt.Sprintf("%s %d %s", s.ID, e.Issue.Ref.IID, e.State))
		}
	}
	want := "incidents 1 unknown, resolved 2 resolved"
	if text := strings.Join(got, ", "); text != want {
		t.Errorf("%q, want %q", text, want)
	}
	for n, item := range f.Items {
		if got := f.Labels.Match(item.Issue); got != (n < 3) {
			t.Errorf("%s matches: %t", item.Issue.Ref, got)
		}
	}
}
