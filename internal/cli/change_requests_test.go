package cli_test

import (
	"strings"
	"testing"
)

// The number of requests of each command if nothing goes wrong, with a reason for each.
func TestRequestsOfChanges(t *testing.T) {
	t.Parallel()
	planned, approve, start := scheduledAt("C2", "16:00"), says("mara", "change", "approve", "1"), says("rep", "change", "start", "1")
	recorded := says("mara", "change", "record", "--type", "deployment", "--outcome", "success", "--key", "auto-20180824-x")
	for _, c := range []struct {
		name          string
		story         []invocation
		cmd           invocation
		reads, writes int
		why           string
	}{
		{"open", nil, planned, 5, 1, "the project (with the role), a look-up of its key, and one of duplicates afterwards; two lists of changes that may clash"},
		{"approve", []invocation{planned}, approve, 9, 2, "user, issue, comments and roles; a search for duplicates; comments and issue before the edit and after it"},
		{"approve again", []invocation{planned, approve}, approve, 5, 0, "user, issue, comments, roles, reopenings"},
		{"start", []invocation{planned, approve}, start, 18, 2, "as approve, and besides reopenings, the project, four lists of incidents, and changes in progress and approved"},
		{"finish", []invocation{planned, approve, start}, says("rep", "change", "finish", "1"), 10, 2, "as approve, and reopenings"},
		{"abort", []invocation{planned}, says("rep", "change", "abort", "1", "-m", "Not today"), 9, 2, "as approve"},
		{"record", nil, recorded, 4, 2, "as open, besides the token's user with the role, and it is closed"},
		{"record again", []invocation{recorded}, recorded, 2, 0, "the search for its key, and the role of the author"},
		{"gate", nil, says("mara", "change", "gate", "--criticality", "C3"), 6, 0, "four lists of incidents, changes in progress; the project: whether the token sees the whole queue"},
		{"gate of a change", []invocation{planned, approve}, says("mara", "change", "gate", "--change", "1"), 11, 0, "the change with its approvals, incidents, changes in progress and approved ones"},
		{"show", []invocation{planned, approve}, says("mara", "change", "show", "1"), 7, 0, "the change with its approvals, its links, two lists"},
		{"list", []invocation{planned}, says("mara", "change", "list"), 2, 0, "open issues, and closed issues in progress"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := newLab(t, setup{})
			l.runAll(t, c.story...)
			l.server.ResetRequests()
			own := *l
			own.user = c.cmd.user
			own.must(t, c.cmd.args...)
			if reads, writes := l.count(); reads != c.reads || writes != c.writes {
				t.Errorf("%d reads and %d writes, want %d and %d: %s\n%s", reads, writes, c.reads, c.writes, c.why, strings.Join(l.requests(), "\n"))
			}
		})
	}
}

// The plan of an existing change stays, and a note says so.
func TestExistingChangeIsNotModified(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	args := []string{"change", "open", "Restart the workers", "--criticality", "C3", "--start", "2018-08-30 10:00", "--duration", "20m"}
	if r := l.must(t, args...); strings.Contains(r.errors, "not modified") {
		t.Errorf("a new change: %s", r.errors)
	}
	before := l.all()
	r := l.must(t, append(args, "--criticality", "C2", "--rollback", "Start the old ones")...)
	if !strings.Contains(r.errors, "not modified. To see it: prodctl change show 1") || l.all() != before {
		t.Errorf("%s%s", r.out, r.errors)
	}
}
