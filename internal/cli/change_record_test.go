package cli_test

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/change"
)

// redeploy is one run of a deployment job that is not in CI, started so many minutes after 15:00 as its number.
func redeploy(user string, job int, outcome string) invocation {
	return says(user, "change", "record", "--type", "deployment", "--service", "cart", "--outcome", outcome,
		"--job", fmt.Sprintf("https://gitlab.example.test/acme/web/-/jobs/%d", job), "--started", fmt.Sprintf("15:%02d", job))
}

// records returns the records in the queue by number, without retired duplicates.
func (l *lab) records() (list []change.Record) {
	for _, i := range l.incidents() {
		list = append(list, change.Read(i.Description, l.now))
	}
	return list
}

// recordedJobs requires a closed record for each of so many jobs, once.
func recordedJobs(jobs int) func(*testing.T, *outcome) string {
	return func(_ *testing.T, o *outcome) string {
		seen := map[string]int{}
		for _, r := range o.records() {
			seen[r.Job[strings.LastIndex(r.Job, "/")+1:]] += r.Attempts
		}
		for job := 1; job <= jobs; job++ {
			if seen[strconv.Itoa(job)] != 1 || len(seen) != jobs {
				return fmt.Sprintf("attempts by job: %v", seen)
			}
		}
		for _, i := range o.incidents() {
			if r := change.Read(i.Description, o.now); i.State != "closed" || strings.Contains(strings.Join(o.failures(), " "), r.Job) && r.Outcome != change.Failure {
				return fmt.Sprintf("#%d is %s, its outcome %s", i.IID, i.State, r.Outcome)
			}
		}
		return ""
	}
}

// failures are the jobs whose failure a run has reported.
func (o *outcome) failures() (jobs []string) {
	for _, r := range o.results {
		if strings.Contains(r.errors, "failure") {
			jobs = append(jobs, r.errors)
		}
	}
	return jobs
}

// inJob sets the variables of a CI job: its number, its pipeline and the time at which it began.
func (l *lab) inJob(job, pipeline int, started string) *lab {
	own := *l
	own.env = maps.Clone(pipelineJob(pipeline, 0))
	own.env["CI_PIPELINE_ID"], own.env["CI_JOB_ID"] = strconv.Itoa(pipeline), strconv.Itoa(job)
	own.env["CI_JOB_URL"] = fmt.Sprintf("https://gitlab.example.test/acme/web/-/jobs/%d", job)
	own.env["CI_JOB_STARTED_AT"] = "2018-08-24T" + started + ":00Z"
	own.env["CI_COMMIT_SHA"] = strings.Repeat(strconv.Itoa(pipeline%10), 40)
	return &own
}

// deployed records a deployment and returns the records after it.
func (l *lab) deployed(t *testing.T, args ...string) []change.Record {
	t.Helper()
	l.must(t, append([]string{"change", "record", "--type", "deployment", "--outcome"}, args...)...)
	return l.records()
}

func TestOneJobRecordsSeveralServices(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{}).inJob(70, 100, "15:00")
	for range 2 { // the second time nothing is added
		for service, outcome := range map[string]string{"cart": "success", "search": "failure", "pay": "success", "pay,cart": "success"} {
			l.must(t, "change", "record", "--type", "deployment", "--outcome", outcome, "--service", service)
		}
	}
	l.must(t, "change", "record", "--type", "deployment", "--outcome", "success", "--service", "cart, pay, cart")
	l.must(t, "change", "record", "--type", "deployment", "--outcome", "success", "--service", "cart", "--stage", "canary")
	got := map[string]string{}
	for _, r := range l.records() {
		got[strings.Join(r.Services, "+")+" "+r.Stage] = fmt.Sprintf("%s %d", r.Outcome, r.Attempts)
	}
	want := map[string]string{"cart production": "success 1", "search production": "failure 1", "pay production": "success 1", "cart+pay production": "success 1", "cart canary": "success 1"}
	if got["pay+cart production"] != "" {
		got["cart+pay production"] = got["pay+cart production"]
		delete(got, "pay+cart production")
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestDeploymentsAfterASuccess retries jobs as GitLab's buttons "Re-deploy" and "Rollback environment" do: the records of what
// happened before stay as they are.
func TestDeploymentsAfterASuccess(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	old := l.inJob(70, 100, "15:00").deployed(t, "success", "--service", "cart")
	l.inJob(71, 101, "15:10").deployed(t, "success", "--service", "cart")
	if got := l.inJob(71, 101, "15:10").deployed(t, "success", "--service", "cart"); len(got) != 2 {
		t.Fatalf("the same job again: %d records", len(got))
	}
	got := l.inJob(72, 100, "15:20").deployed(t, "failure", "--service", "cart")
	if len(got) != 3 || !slices.Equal(got[0].AttemptIDs, old[0].AttemptIDs) || got[0].Outcome != change.Success {
		t.Fatalf("the old record has changed: %+v", got)
	}
	if r := got[2]; r.Type != change.TypeRollback || r.Outcome != change.Failure || r.Pipeline != 100 || r.RecordedBy != "mara" || r.User != "dev" {
		t.Errorf("the rollback is %+v", r)
	}
	got = l.inJob(73, 100, "15:25").deployed(t, "success", "--service", "cart")
	if r := got[2]; len(got) != 3 || r.Type != change.TypeRollback || r.Attempts != 2 || r.Outcome != change.Success {
		t.Errorf("the retry of a failure is another attempt: %+v", r)
	}
	got = l.inJob(74, 100, "15:30").deployed(t, "success", "--service", "cart")
	if len(got) != 4 || got[3].Type != "deployment" {
		t.Errorf("the version that runs, once more: %+v", got[len(got)-1])
	}
	got = l.inJob(75, 101, "15:40").deployed(t, "success", "--service", "cart")
	if len(got) != 5 || got[4].Type != "deployment" || got[1].Outcome != change.Success {
		t.Errorf("forward again: %+v", got[len(got)-1])
	}
	got = l.inJob(76, 100, "15:45").deployed(t, "success", "--service", "pay")
	if len(got) != 6 || got[5].Type != "deployment" {
		t.Errorf("another service: %+v", got[len(got)-1])
	}
	r := l.inJob(77, 100, "15:50").must(t, "change", "record", "--type", "deployment", "--outcome", "success", "--service", "cart", "--dry-run", "-o", "json")
	if !strings.Contains(r.out, "rollback") || !strings.Contains(r.out, "pipeline 101") {
		t.Errorf("the plan does not say it: %s", r.out)
	}
}

// TestExplicitKeyKeepsOneRecord checks that a caller's key adds attempts and nothing else.
func TestExplicitKeyKeepsOneRecord(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	for _, step := range []struct {
		job               int
		started, outcome  string
		attempts          int
		want              change.Outcome
		service, services string
	}{
		{70, "15:00", "failure", 1, change.Failure, "cart", "cart"},
		{70, "15:00", "success", 1, change.Failure, "cart", "cart"},
		{70, "15:00", "failure", 1, change.Failure, "cart", "cart"},
		{70, "15:00", "success", 1, change.Failure, "pay", "cart pay"},
		{71, "15:10", "success", 2, change.Success, "cart", "cart pay"},
		{70, "15:00", "failure", 2, change.Success, "cart", "cart pay"},
		{72, "15:20", "success", 3, change.Success, "cart", "cart pay"},
		{72, "15:20", "failure", 3, change.Failure, "cart", "cart pay"},
		{72, "15:20", "success", 3, change.Failure, "cart", "cart pay"},
	} {
		got := l.inJob(step.job, 100, step.started).deployed(t, step.outcome, "--service", step.service, "--key", "apply-7")
		if r := got[0]; len(got) != 1 || r.Attempts != step.attempts || r.Outcome != step.want || strings.Join(r.Services, " ") != step.services {
			t.Errorf("%+v: %d records, %d attempts, %s, %v", step, len(got), r.Attempts, r.Outcome, r.Services)
		}
	}
}

// TestRecordNeedsNoUser records with a token that may write issues and not read its user.
func TestRecordNeedsNoUser(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.fault(t, "GET /user status=403")
	if got := l.inJob(70, 100, "15:00").deployed(t, "success"); len(got) != 1 || got[0].RecordedBy != "" || got[0].User != "dev" {
		t.Errorf("%+v", got)
	}
}

func TestStartAfterTheEnd(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{}).inJob(70, 100, "15:00")
	l.env["CI_JOB_STARTED_AT"] = "2018-08-24T16:06:00Z"
	l.server.ResetRequests()
	args := []string{"change", "record", "--type", "deployment", "--outcome", "success"}
	r := l.run(args...)
	if r.code != 6 || len(l.requests()) != 0 || !strings.Contains(r.errors, "after the end") {
		t.Errorf("exit %d, %d requests: %s", r.code, len(l.requests()), r.errors)
	}
	l.must(t, append(args, "--started", "15:30")...)
	if got := l.records(); len(got) != 1 || got[0].StartedAt.Format("15:04") != "15:30" {
		t.Errorf("%+v", got)
	}
}

// TestHundredsOfJobsSearchNothing records 300 jobs with one token while GitLab allows one search a minute: with keys of jobs, and with given
// keys that have a day, no search is made, and each job has its record.
func TestHundredsOfJobsSearchNothing(t *testing.T) {
	t.Parallel()
	jobs := 120
	if whole {
		jobs = 300
	}
	for name, given := range map[string]bool{"keys of jobs": false, "given keys": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newCrowd(t, func(o *fakegitlab.Options) { o.SearchLimit = 1 })
			var all sync.WaitGroup
			ends := make([]ran, jobs)
			for n := range jobs {
				all.Go(func() {
					vars := pipelineJob(n/3, 1) // three services of each pipeline
					vars["CI_JOB_ID"] = strconv.Itoa(n)
					args := []string{"change", "record", "--type", "deployment", "--outcome", "success", "--service", []string{"cart", "pay", "search"}[n%3], "-o", "json"}
					if given {
						args = append(args, "--key", fmt.Sprint("apply-", n), "--key-since", "2018-08-24")
					}
					ends[n] = l.as("robot", vars, float64(n)/float64(jobs), args...)
				})
			}
			all.Wait()
			refs := map[string]bool{}
			for n, r := range ends {
				if r.code != 0 {
					t.Fatalf("job %d: exit %d\n%s", n, r.code, r.errors)
				}
				refs[openedRef(r.out)] = true
			}
			for _, e := range l.server.Requests() {
				if strings.Contains(e.Query, "search=") {
					t.Fatalf("a search: %s?%s", e.Path, e.Query)
				}
			}
			if got := len(l.records()); got != jobs || len(refs) != jobs {
				t.Errorf("%d records, %d printed, want %d", got, len(refs), jobs)
			}
		})
	}
}

// TestDeploymentAWeekLater retries the job of an old pipeline a week later: it has a record of its own, a rollback, which does not count as a
// duplicate.
func TestDeploymentAWeekLater(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, func(*fakegitlab.Options) {})
	run := func(job, pipeline int, days int) ran {
		c.mu.Lock()
		c.now = c.now.AddDate(0, 0, days)
		started := c.now.Add(-time.Minute)
		c.mu.Unlock()
		vars := c.lab.inJob(job, pipeline, "15:00").env
		vars["CI_JOB_STARTED_AT"] = started.Format(time.RFC3339)
		return c.as("mara", vars, 0.5, "change", "record", "--type", "deployment", "--outcome", "success", "--service", "cart")
	}
	for _, step := range []struct{ job, pipeline, days int }{{70, 100, 0}, {71, 101, 1}, {72, 100, 7}, {72, 100, 0}, {73, 100, 0}} {
		if r := run(step.job, step.pipeline, step.days); r.code != 0 {
			t.Fatalf("%+v: exit %d\n%s", step, r.code, r.errors)
		}
	}
	var got []string
	for _, r := range c.records() {
		got = append(got, r.JobID+" "+r.Type)
	}
	if want := []string{"70 deployment", "71 deployment", "72 rollback", "73 deployment"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	for _, args := range [][]string{{"change", "list", "--state", "complete", "--since", "2018-08-01"}, {"report", "weekly", "--week", "2018-W35"}} {
		if r := c.as("mara", nil, 0.5, args...); r.code != 0 || strings.Contains(r.out+r.errors, "twice") || strings.Contains(r.out+r.errors, "duplicate") {
			t.Errorf("%q: %s%s", args, r.out, r.errors)
		}
	}
}

// GitLab makes addresses into links. A diff of another service is code, and complete in the record.
func TestRecordDoesNotLinkElsewhere(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "change", "record", "--type", "deployment", "--outcome", "success", "--key", "k", "--diff", "https://diffs.example.net/7")
	if text := l.incident(t, 1).Description; !strings.Contains(text, "- Diff: `https://diffs.example.net/7`\n") || !strings.Contains(text, "\ndiff: https://diffs.example.net/7\n") {
		t.Error(text)
	}
}
