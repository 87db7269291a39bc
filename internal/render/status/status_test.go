package status

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// Whatever there is, the screen has at most 30 lines, and no line is wider than the terminal unless it ends in a command.
func TestScreenFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		doc, width := anyStatus(t), rapid.SampledFrom([]int{0, 20, 40, 80, 120}).Draw(t, "width")
		lines := screen(doc, words.Clock{In: time.UTC, Now: time.Date(2018, 8, 24, 16, 0, 0, 0, time.UTC)}, width, false)
		if len(lines) > MostLines {
			t.Fatalf("%d lines", len(lines))
		}
		for _, l := range lines {
			text := strings.Repeat(" ", l.Indent) + layout.PlainText(l.Spans)
			if strings.ContainsAny(text, "\n\x1b") {
				t.Fatalf("%q", text)
			}
			if n := layout.Width(text); width >= 40 && n > width {
				t.Fatalf("%d columns: %s", n, text)
			}
		}
	})
}

// What the screen leaves out is behind a command that is on it.
func TestScreenNamesTheCommand(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		doc, width := anyStatus(t), rapid.SampledFrom([]int{40, 80, 120}).Draw(t, "width")
		var text strings.Builder
		for _, l := range screen(doc, words.Clock{In: time.UTC}, width, false) {
			text.WriteString(layout.PlainText(l.Spans) + "\n")
		}
		for _, p := range []struct {
			jsonv1.StatusPart
			all int
		}{
			{doc.Incidents.StatusPart, doc.Incidents.Active + doc.Incidents.Mitigated + doc.Incidents.Unclear},
			{doc.Changes.StatusPart, doc.Changes.InProgress + doc.Changes.Planned},
		} {
			if p.Unknown == "" && (p.all > 5 || p.AtLeast) && !strings.Contains(text.String(), p.Command) {
				t.Fatalf("no %q in\n%s", p.Command, text.String())
			}
		}
	})
}

func anyStatus(t *rapid.T) jsonv1.Status {
	word := rapid.OneOf(rapid.SampledFrom([]string{"", "x", strings.Repeat("long title ", 40), "東京タワー 🚒🚒", "\x1b[2J\r\n", "e\u0301\u202e"}), rapid.String())
	some := func(name string) string { return word.Draw(t, name) }
	number := func(name string) int { return rapid.SampledFrom([]int{0, 1, 2, 7, 100}).Draw(t, name) }
	part := func(name, command string) jsonv1.StatusPart {
		p := jsonv1.StatusPart{Command: "prodctl " + command, AtLeast: rapid.Bool().Draw(t, name+" more")}
		if rapid.IntRange(0, 5).Draw(t, name+" unknown") == 0 {
			p.Unknown = "because " + some(name+" reason")
		}
		return p
	}
	doc := jsonv1.NewStatus("2018-08-24T16:00:00Z")
	doc.Oncall = jsonv1.StatusOncall{StatusPart: part("oncall", "oncall now"), Now: &jsonv1.Duty{Region: some("region"), To: "2018-08-25T04:00:00Z"}}
	doc.Incidents = jsonv1.StatusIncidents{StatusPart: part("incidents", "incident list"), Active: number("active"), Mitigated: number("mitigated"), Unclear: number("unclear")}
	for range min(5, doc.Incidents.Active+doc.Incidents.Mitigated+doc.Incidents.Unclear) {
		doc.Incidents.Worst = append(doc.Incidents.Worst, jsonv1.Incident{Ref: "acme/production#8", Title: some("title"), State: "active",
			Severity: rapid.SampledFrom([]string{"", "S1", "S4"}).Draw(t, "severity"), AgeMinutes: new(number("age")),
			Confidential: rapid.Bool().Draw(t, "confidential"), LastComment: &jsonv1.Update{At: "2018-08-24T15:00:00Z", By: "dev", Text: some("comment")}})
	}
	doc.Changes = jsonv1.StatusChanges{StatusPart: part("changes", "change list"), InProgress: number("running"), Planned: number("planned")}
	for range min(4, doc.Changes.InProgress+doc.Changes.Planned) {
		doc.Changes.First = append(doc.Changes.First, jsonv1.Change{Ref: "acme/production#16", Title: some("change"), State: "scheduled", Start: "2018-08-24T15:35:00Z"})
	}
	doc.Gate = jsonv1.StatusGate{StatusPart: part("gate", "change gate --criticality C3"), State: "closed"}
	for range number("reasons") {
		doc.Gate.Reasons = append(doc.Gate.Reasons, jsonv1.Reason{Ref: "acme/production#8", Text: some("reason")})
	}
	doc.Handoffs = jsonv1.StatusHandoffs{StatusPart: part("handoffs", "handoff list"), Waiting: number("waiting"), Oldest: &jsonv1.Related{Ref: "acme/infrastructure#1"}}
	doc.Timebox = jsonv1.StatusTimebox{StatusPart: part("timebox", "milestone show"), Title: some("milestone"), Day: number("day"), Days: 10, Done: number("done"),
		Total: number("total"), RollDue: rapid.Bool().Draw(t, "due"), OverdueDays: new(number("overdue"))}
	doc.Budget = jsonv1.StatusBudget{StatusPart: part("budget", "budget"), Missing: number("missing"),
		Accounts: []jsonv1.StatusAccount{{Name: "production", Allowed: "20.16", Spent: "1", Remaining: "19.16", Percent: "5"}, {Name: some("service"), Percent: "3"}}}
	for range number("notes") {
		doc.Notes = append(doc.Notes, some("note"))
	}
	return doc
}
