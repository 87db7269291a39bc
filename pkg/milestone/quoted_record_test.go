package milestone_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
)

// The record of a roll that is quoted in a code block decides nothing, and stays as it is.
func TestQuotedRollRecord(t *testing.T) {
	t.Parallel()
	due, err := calendar.ParseDate("2018-08-24")
	if err != nil {
		t.Fatal(err)
	}
	own := milestone.Record{Due: due, Carry: milestone.CarryKeep, Open: 2}
	quoted := "```\n" + milestone.WriteRecord("", milestone.Record{Due: due, Carry: milestone.CarryToNext, To: due.AddDays(14), Open: 9}, "| x |") + "\n```"
	if r, ok := milestone.ReadRecord(quoted, due); ok {
		t.Errorf("read %+v", r)
	}
	text := milestone.WriteRecord(quoted, own, "| y |")
	if r, ok := milestone.ReadRecord(text, due); !ok || r != own || !strings.HasPrefix(text, quoted+"\n\n") {
		t.Errorf("%+v, %t from\n%s", r, ok, text)
	}
}
