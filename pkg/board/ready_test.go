package board_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func TestUnready(t *testing.T) {
	t.Parallel()
	weight := func(n int) *int { return &n }
	const notes = "Move the cron job over.\n- [ ] old one is gone"
	tests := []struct {
		name  string
		issue issue.Issue
		want  []string
	}{
		{"ready", issue.Issue{Weight: weight(5), Description: notes}, nil},
		{"weight by label", issue.Issue{Labels: []string{"toil", "weight::3"}, Description: notes}, nil},
		{"no weight", issue.Issue{Description: notes}, []string{"weight-missing"}},
		{"a label that is no weight", issue.Issue{Labels: []string{"weight::heavy"}, Description: notes}, []string{"weight-missing"}},
		{"weight 0", issue.Issue{Weight: weight(0), Description: notes}, []string{"weight-missing"}},
		{"off the scale", issue.Issue{Weight: weight(4), Description: notes}, []string{"weight-scale"}},
		{"to be split", issue.Issue{Weight: weight(8), Description: notes}, []string{"weight-split"}},
		{"the largest of the scale", issue.Issue{Weight: weight(21), Description: notes}, []string{"weight-split"}},
		{"meta", issue.Issue{Weight: weight(1), Description: notes, Labels: []string{"meta"}}, []string{"timebox"}},
		{"all at once", issue.Issue{Weight: weight(9), Labels: []string{"meta"}}, []string{"weight-scale", "criteria-missing", "timebox"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, r := range board.Unready(tt.issue, "meta") {
				got = append(got, r.ID)
				if r.Text == "" || strings.HasSuffix(r.Text, ".") {
					t.Errorf("text of %s: %q", r.ID, r.Text)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestUnreadyDescription(t *testing.T) {
	t.Parallel()
	for text, written := range map[string]bool{
		"":                                     false,
		"Disk is full":                         true,
		"two words":                            false,
		"# Criteria of done\n\n## Why":         false,
		"<!-- say what is to be done here -->": false,
		"<!-- an open comment that never ends and has words": false,
		"# Done when\n- [ ]\n- [x]\n* [ ] \n1. \n---":        false,
		"# Done when\n- [ ] old host is gone":                true,
		"\r\n \t":                                            false,
		"/label ~toil ~unscheduled ~goal":                    false,
		"<!-- x -->\nディスク を 空ける":                             true,
		"<!-- prodctl:key=a/b -->":                           false,
		"- [x] x x":                                          false,
		"Corrective action of acme/production#8.":            false,
		"Piece of acme/infrastructure#8.":                    false,
		"**Requested by** @rita for search, wanted by 2018-09-01. @olga, please plan it.\n\n```yaml prodctl/request\nrequester: rita\nteam: the search team\n```": false,
		"```yaml prodctl/incident\ncause: disk was full\n":                   false,
		"```yaml prodctl/request\nteam: search\n```\nDone when it is faster": true,
		"```yaml\nreplicas: 3 or more\n```":                                  true,
		"Full title, which was cut: A very long one":                         false,
		"It is a corrective action":                                          true,
	} {
		one := 1
		got := board.Unready(issue.Issue{Weight: &one, Description: text}, "")
		if (len(got) == 0) != written {
			t.Errorf("%q: %v, want written %v", text, got, written)
		}
	}
}

// Every weight of the scale below the limit is fine and nothing else is, whichever way it is given.
func TestUnreadyWeights(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(-3, 40).Draw(t, "weight")
		got := board.Unready(issue.Issue{Weight: &n, Description: "what is to be done"}, "meta")
		if fine := slices.Contains([]int{1, 2, 3, 5}, n); fine != (len(got) == 0) {
			t.Fatalf("weight %d: %v", n, got)
		}
	})
}
