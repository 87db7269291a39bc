package request_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/request"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

var asked = request.Request{Requester: "rita", Team: "search", Due: calendar.NewDate(2018, time.September, 1), Urgent: true, Manager: "olga",
	At: time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)}

func TestDescription(t *testing.T) {
	t.Parallel()
	text := asked.Description("Customers wait.\n/close\n@all")
	for _, want := range []string{"Customers wait.", `\/close`, "**Requested by** @rita for search, wanted by 2018-09-01. It is urgent. @olga, please plan it.", "```yaml prodctl/request"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q:\n%s", want, text)
		}
	}
	if diff := cmp.Diff([]string{"rita", "olga"}, safetext.Mentions(text)); diff != "" {
		t.Error(diff)
	}
	bare := request.Request{Requester: "rita", At: asked.At}.Description("")
	if !strings.HasPrefix(bare, "**Requested by** @rita.\n\n```yaml") {
		t.Error(bare)
	}
}

// What a description says is read again, whatever the team and the reason contain.
func TestRecord(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := asked
		r.Team = strings.Join(strings.Fields(rapid.StringMatching(`[ -~äß🚒]{0,30}`).Draw(t, "team")), " ")
		r.Urgent = rapid.Bool().Draw(t, "urgent")
		text := r.Description(rapid.String().Draw(t, "why"))
		got, ok := request.Read(text)
		if diff := cmp.Diff(r, got, cmp.Comparer(func(a, b calendar.Date) bool { return a == b })); diff != "" || !ok {
			t.Fatalf("%s\n%s", diff, text)
		}
		if m := safetext.Mentions(text); !cmp.Equal([]string{"rita", "olga"}, m) {
			t.Fatalf("it mentions %q:\n%s", m, text)
		}
	})
	if _, ok := request.Read("words"); ok {
		t.Error("a record without a block")
	}
}

// Each manager has a week in turn, also at the turn of a year, and the others follow.
func TestInTurn(t *testing.T) {
	t.Parallel()
	for _, people := range [][]string{{"a"}, {"a", "b"}, {"a", "b", "c"}} {
		day := calendar.NewDate(2018, time.December, 3) // a Monday
		last := ""
		for week := range 10 {
			first := request.InTurn(people, day.AddDays(7*week))
			if len(first) != len(people) || len(people) > 1 && first[0] == last {
				t.Errorf("%v in week %d: %v after %s", people, week, first, last)
			}
			for d := range 7 {
				if got := request.InTurn(people, day.AddDays(7*week+d)); !cmp.Equal(first, got) {
					t.Errorf("%v: %v on day %d of a week that begins with %v", people, got, d, first)
				}
			}
			last = first[0]
		}
	}
	if got := request.InTurn(nil, calendar.NewDate(2018, time.August, 24)); got != nil {
		t.Error(got)
	}
}
