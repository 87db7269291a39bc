package fakegitlab

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// TestProductionQueue checks that on every day there is an issue in each state that a command queries.
func TestProductionQueue(t *testing.T) {
	t.Parallel()
	for day := range 15 {
		now := time.Date(2018, 8, 20, 0, 0, 0, 0, time.UTC).Add(time.Duration(day) * 25 * time.Hour)
		s := seeded(t, Options{Now: func() time.Time { return now }}, seed.Handbook)
		count := map[string]int{}
		for _, i := range s.store.FindProject("acme/production").Issues {
			var names []string
			for _, l := range i.Labels {
				if l.Color == store.DefaultLabelColor {
					t.Errorf("label %s is not declared", l.Name)
				}
				if !strings.HasPrefix(l.Name, "service:") {
					names = append(names, l.Name)
				}
			}
			slices.Sort(names)
			count[strings.Join(names, " ")+map[bool]string{true: " closed"}[i.Closed]]++
		}
		for want, n := range map[string]int{
			"Incident::Active S2 incident": 1, "Incident::Mitigated S3 incident": 1, "Incident::Active S3 incident": 1,
			"Incident::Resolved S2 incident": 1, "Incident::Resolved S2 incident closed": 1, "Incident::Resolved S3 incident closed": 1,
			"Incident::Resolved S4 incident closed": 1, "Incident::Reviewed S1 incident closed": 1, "incident": 1, "delta": 1,
			"C2 change change::scheduled": 1, "C3 change change::in-progress": 1, "C2 change change::complete closed": 1,
			"C2 change change::aborted closed": 1, "C4 change change::complete closed": 2,
		} {
			if count[want] != n {
				t.Errorf("%s: %d of %q, want %d", now.Format(time.DateOnly), count[want], want, n)
			}
		}
	}
}

// TestProductionRecords checks that each record agrees with its issue.
func TestProductionRecords(t *testing.T) {
	t.Parallel()
	now := at
	s := seeded(t, Options{}, seed.Handbook)
	p := s.store.FindProject("acme/production")
	var titles []string
	for _, i := range p.Issues {
		titles = append(titles, fmt.Sprintf("%d %s", i.IID, i.Title))
		record := recordOf(i.Description)
		byHand := i.Title == "Certificates of the registry were renewed by hand" || i.Title == "Alerts of the mail relay are muted"
		if (record == nil) != byHand {
			t.Errorf("%s: record %v", i.Title, record)
		}
		last := time.Time{}
		for _, key := range []string{"started_at", "detected_at", "mitigated_at", "resolved_at", "finished_at"} {
			if record[key] == "" {
				continue
			}
			when, err := time.Parse(time.RFC3339, record[key])
			if err != nil || when.Before(last) || when.After(now) {
				t.Errorf("%s: %s %s comes after %s: %v", i.Title, key, record[key], last, err)
			}
			last = when
		}
		if record["severity"] != "" && !labelled(i, record["severity"]) || record["criticality"] != "" && !labelled(i, record["criticality"]) {
			t.Errorf("%s: the record says %s%s, the labels do not", i.Title, record["severity"], record["criticality"])
		}
		switch i.Title {
		case "Fail over the main database to the second region":
			if record["start"] != "2018-08-28T10:00:00Z" || i.DueDate != "2018-08-28" || len(i.Links) != 1 {
				t.Errorf("planned for %s, due %s, links %v", record["start"], i.DueDate, i.Links)
			}
		case "Replace the disks of the log pipeline":
			if record["started_at"] != now.Add(-25*time.Minute).UTC().Format(time.RFC3339) {
				t.Errorf("in progress since %s", record["started_at"])
			}
		}
	}
	want := []string{
		"1 2018-08-02: Web requests time out", "2 Certificates of the registry were renewed by hand", "3 Alerts of the mail relay are muted",
		"4 Raise the limit of open files on the load balancers", "5 2018-08-17: Registry is slow", "6 2018-08-17: Suspicious sign-ins",
		"7 Fail over the main database to the second region", "8 2018-08-22: Uploads fail for some customers",
	}
	for _, title := range want { // other texts refer to the first issues by number
		if !slices.Contains(titles, title) {
			t.Errorf("no issue %q in %q", title, titles)
		}
	}
	hidden := slices.IndexFunc(p.Issues, func(i *store.Issue) bool { return i.Confidential })
	if hidden < 0 || access.MayReadIssue(s.store.UserNamed("gus"), p.Issues[hidden]) {
		t.Error("no confidential incident")
	}
}

func labelled(i *store.Issue, name string) bool {
	return slices.ContainsFunc(i.Labels, func(l *store.Label) bool { return l.Name == name })
}

// recordOf returns the lines of the record block by key, nil without a block.
func recordOf(description string) map[string]string {
	_, block, ok := strings.Cut(description, "\n```yaml prodctl/")
	if !ok {
		return nil
	}
	record := map[string]string{}
	for _, line := range strings.Split(block, "\n")[1:] {
		if line == "```" {
			break
		}
		key, value, _ := strings.Cut(line, ": ")
		record[key] = value
	}
	return record
}
