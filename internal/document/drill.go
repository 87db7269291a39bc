package document

import (
	"fmt"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/workflow/rad"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/drill"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Drills returns the document of restore drills.
func Drills(in target.Target, r rad.Report, today calendar.Date) jsonv1.Drills {
	doc := jsonv1.NewDrills(in, r.Schedule.Days.Rule.String())
	doc.WithinDays = int(r.Schedule.Within / (24 * time.Hour))
	doc.Last, doc.Next = drillDay(r.Last, today), drillDay(r.Next, today)
	doc.Last.Missed = r.Missed
	doc.Durable = jsonv1.Durable{Fresh: r.Readiness.Fresh, Targets: r.Readiness.Targets}
	if r.Readiness.Known {
		doc.Durable.Met = &r.Readiness.Met
	}
	for _, s := range r.States {
		doc.Targets = append(doc.Targets, drillTarget(s))
		doc.Findings += len(s.Findings)
	}
	for _, d := range r.Drills {
		doc.Drills = append(doc.Drills, drillIssue(d, r.Schedule.Targets))
		if n := len(d.Problems); n > 0 {
			doc.Notes = append(doc.Notes, fmt.Sprintf("%s: invalid values in the record do not count (%d). To see them, add -o json",
				d.Issue.Ref, n))
		}
	}
	if r.Missed {
		doc.Findings++
		doc.Notes = append(doc.Notes, fmt.Sprintf("Restore drill %s of %s was missed: prodctl rad open --occurrence %s", r.Last.ID, r.Last.Day,
			r.Last.ID))
	}
	if r.Due {
		doc.Notes = append(doc.Notes, fmt.Sprintf("Restore drill %s is today and has no issue yet: prodctl rad open", r.Last.ID))
	}
	if r.Recorded {
		doc.Notes = append(doc.Notes, "No target is configured, so a missing one is unknown. To add targets, set rad.targets")
	}
	return doc
}

func drillDay(t rad.Turn, today calendar.Date) jsonv1.DrillDay {
	doc := jsonv1.DrillDay{Occurrence: t.ID, Day: t.Day.String(), InDays: t.Day.DaysSince(today), People: t.People, Absent: t.Absent}
	if t.Moved() {
		doc.Rule = t.Occurrence.Rule.String()
	}
	return doc
}

func drillTarget(s drill.State) jsonv1.DrillTarget {
	doc := jsonv1.DrillTarget{Name: s.Name, Kind: s.Kind, Size: bytes(s.Size), Tests: len(s.Tests), Fresh: s.Fresh,
		Last: drillTest(s.Last), Verified: drillTest(s.Verified), Findings: slices.Clone(s.Findings)}
	if s.Trend.Word != "" {
		doc.Trend, doc.Change = s.Trend.Word, new(int(s.Trend.Change/time.Minute))
	}
	for _, t := range s.Tests {
		if t.Result.Verified {
			doc.Minutes = append(doc.Minutes, int(t.Duration()/time.Minute))
		}
	}
	return doc
}

// bytes is absent for an unknown size.
func bytes(s drill.Size) *int64 {
	if s == 0 {
		return nil
	}
	return new(int64(s))
}

func drillTest(t drill.Test) *jsonv1.DrillTest {
	if !t.Known() {
		return nil
	}
	i := t.Drill.Issue
	return &jsonv1.DrillTest{Ref: i.Ref.String(), Attempt: t.Attempt, Start: Instant(t.Start), End: Instant(t.End),
		Minutes: int(t.Duration() / time.Minute), Size: bytes(t.Size), Verdict: t.Verdict(), By: t.By, Text: t.Notes,
		Confidential: i.Confidential, WebURL: i.WebURL}
}

func drillIssue(d drill.Drill, targets []drill.Target) jsonv1.DrillIssue {
	i, left := d.Issue, d.Untested(targets)
	return jsonv1.DrillIssue{Ref: i.Ref.String(), Title: i.Title, Occurrence: d.Occurrence, Day: d.Day.String(), Open: i.Open(),
		People: slices.Clone(d.People), Verified: len(targets) - len(left), Targets: len(targets), Untested: left,
		Problems: Problems(d.Problems), Confidential: i.Confidential, WebURL: i.WebURL}
}
