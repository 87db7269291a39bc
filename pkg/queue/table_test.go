package queue_test

import (
	"fmt"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/queue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

func moved(n int, title string) queue.Moved {
	from := issue.Issue{Ref: issue.Ref{Project: "acme/database", IID: int64(n)}, Title: title}
	return queue.NewMoved(from, issue.Ref{Project: "acme/infrastructure", IID: int64(100 + n)})
}

func TestText(t *testing.T) {
	t.Parallel()
	secret := queue.NewMoved(issue.Issue{Ref: issue.Ref{Project: "acme/database", IID: 1}, Title: "Zanary", Confidential: true}, issue.Ref{})
	s := queue.Summary{From: "acme/database", To: "acme/infrastructure", Origin: "data`base", Limit: 10_000}
	text := s.Text([]queue.Moved{moved(12, "a | b @all <b>\n/close"), secret})
	for _, want := range []string{"2 issues moved from `acme/database` to `acme/infrastructure`. There the label `data'base`",
		"| `acme/database#1` | unknown | (confidential) |\n| `acme/database#12` | `acme/infrastructure#112` | a &#124; b @\u200ball &lt;b&gt; /close |\n\nNew work"} {
		if !strings.Contains(text, want) {
			t.Errorf("missing %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "Zanary") || len(safetext.Mentions(text)) > 0 {
		t.Errorf("it shows too much:\n%s", text)
	}
	if s.Title() != "Merged into acme/infrastructure" {
		t.Error(s.Title())
	}
}

// A table never exceeds its limit, and the rows that are shown and the rest add up to all.
func TestTextIsCut(t *testing.T) {
	t.Parallel()
	var all []queue.Moved
	for n := range 300 {
		all = append(all, moved(n+1, strings.Repeat("words ", n%40)))
	}
	for _, limit := range []int{500, 2_000, 9_999, 20_000, 1 << 20} {
		text := queue.Summary{From: "acme/database", To: "acme/infrastructure", Origin: "database", Limit: limit}.Text(all)
		shown := strings.Count(text, "| `acme/database#")
		if len(text) > limit || !strings.Contains(text, "300 issues moved") {
			t.Errorf("limit %d: %d bytes", limit, len(text))
		}
		rest := fmt.Sprintf("\nAnd %d issues.", 300-shown)
		if strings.Contains(text, rest) != (shown < 300) || limit == 1<<20 && shown != 300 {
			t.Errorf("limit %d: %d rows:\n%s", limit, shown, text[len(text)-200:])
		}
	}
}
