package html

import (
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// The numbers at the top are those of the table of counts, so they cannot differ from it.
func TestWeeklyFiguresAreThoseOfTheTable(t *testing.T) {
	t.Parallel()
	doc := weeklyOf(same)
	doc.Counts[0].Current = 1
	page := pageOf(t, document{"weekly", func(in *time.Location) string { return Weekly(doc, in) }})
	for _, want := range []string{
		`<h1><span class="mark" aria-hidden="true">▲</span> 2 incidents were still active at the end of the week</h1>`,
		`<span class="number">1</span> <span class="what">incident started</span> <span class="soft">mean of the 4 weeks before: 3.8</span>`,
		`<span class="number">4</span> <span class="what">changes ended</span> <span class="soft">mean of the 4 weeks before: 7.5</span>`,
		"4 incidents, of which 1 started in the week.", "<title>On-call report 2018-08-20 to 2018-08-26: 2 incidents were still active",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "<caption") || strings.Count(page, "<h1") != 1 {
		t.Error("a caption can be cut off with its table, and there is one title")
	}
}

// A change in progress has not ended.
func TestOutcomesAreOfChangesThatEnded(t *testing.T) {
	t.Parallel()
	doc := weeklyOf(same)
	if got, want := describe(outcomes(doc.Changes)), "aborted: 1; failure: 1; success: 1."; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	doc.Changes = doc.Changes[:1]
	if got := outcomes(doc.Changes); got != nil {
		t.Errorf("a change in progress is among the outcomes: %v", got)
	}
}

// The numbers of a week are compared with weeks, those of a timebox with periods.
func TestSpanOfAReport(t *testing.T) {
	t.Parallel()
	for to, want := range map[string]string{"2018-08-26": "week", "2018-08-31": "period", "x": "period"} {
		if got := spanOf(jsonv1.NewWeekly("2018-08-20", to, "UTC")); got != want {
			t.Errorf("to %s: got %s, want %s", to, got, want)
		}
	}
}

// Tables of numbers become cards on a phone if they do not fit.
func TestTablesThatFitAPhone(t *testing.T) {
	t.Parallel()
	stats := statsOf(same)
	if times := timesPart(stats.Times).Table; !times.fits() {
		t.Error("the table of times does not fit")
	}
	if groups := groupsPart("services", "By service", "Service", stats.Services).Table; groups.fits() {
		t.Error("the table of services fits: its last column was out of sight at 390 pixels")
	}
}

// The end of a budget that is overspent without measure is named in full.
func TestBurndownNamesAHugeOverspend(t *testing.T) {
	t.Parallel()
	for left, want := range map[int64]string{-10410_840: "10410.84 over", -98765432109_876: "98765432109 over", 20_160: "20.16 left"} {
		c := burndown{points: []place{{0, 20_160}, {100, left}}, whole: 100}
		c.reaches = c.points[1]
		if got := c.draw("x", "", svgNarrow, "2018-07-28", "2018-08-24").String(); !strings.Contains(got, ">"+want+"<") {
			t.Errorf("%d: want %s in %s", left, want, got)
		}
	}
}
