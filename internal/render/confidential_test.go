package render_test

import (
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

const leak = "leaked"

// confidential returns the documents as a command builds them, with confidential issues in full.
func confidential() []document {
	f := func(s string) string {
		if strings.Contains(s, "#") || strings.HasPrefix(s, "http") {
			return s
		}
		return leak
	}
	one, about, list := registryDown(f), incident(f), incidents(f)
	one.Confidential, about.Confidential = true, true
	about.Notes, list.Notes, list.Filter, list.Incidents = nil, nil, nil, []jsonv1.Incident{one}

	linked := incident(same)
	linked.Related = jsonv1.List[jsonv1.Related]{{Ref: "acme/security#3", Title: leak, Confidential: true}}
	acted := incident(same)
	acted.Actions = jsonv1.List[jsonv1.CorrectiveAction]{{Related: jsonv1.Related{Ref: "acme/security#4", Title: leak, Confidential: true}}}

	line, made, shown := timeline(f), opened(f, jsonv1.FoundCreated), event(f)
	line.Confidential, made.Confidential, shown.Confidential = true, true, true
	line.Notes, made.Notes, shown.Notes, made.Key = nil, nil, nil, ""

	plan, records, planned := failover(f), changes(f), change(f)
	plan.Confidential, planned.Confidential = true, true
	records.Notes, records.Filter, records.Changes, planned.Notes = nil, nil, []jsonv1.Change{plan}, nil
	deployed := jsonv1.NewChange(deployment(f))
	deployed.Confidential = true
	follow := jsonv1.NewChange(failover(same))
	follow.Related = linked.Related

	shut := gate(same)
	shut.Reasons = jsonv1.List[jsonv1.Reason]{{Kind: "incident", Ref: "acme/security#3", Title: leak, Confidential: true, Text: "it is active"}}
	shift := handoff(same)
	for n := range shift.Sections {
		for k := range shift.Sections[n].Entries {
			e := &shift.Sections[n].Entries[k]
			e.Title, e.LeftOff, e.NextStep, e.Confidential, e.Withheld = leak, leak, leak, true, false
			e.Services, e.Assignees = texts{leak}, texts{leak}
			e.LastUpdate = &jsonv1.Update{At: "2018-08-20T15:12:00Z", By: leak, Text: leak}
		}
	}
	shift.Log.Title, shift.Log.Confidential = leak, true
	cards := board(same)
	for n := range cards.Columns {
		for k := range cards.Columns[n].Issues {
			cards.Columns[n].Issues[k].Title, cards.Columns[n].Issues[k].Confidential = leak, true
		}
	}
	internal := handoff(same)
	internal.Sections[0].Entries[0].LastUpdate = &jsonv1.Update{At: "2018-08-20T15:12:00Z", By: "ana", Text: leak, Internal: true}
	ready := jsonv1.NewHandoffList([]jsonv1.HandoffEntry{marked(f)[0]})
	ready.Entries[0].Confidential = true
	checked := jsonv1.NewHandoffCheck("2018-08-20T15:50:00Z", emea(same), nil, ready.Entries)
	taken := takenOver(f)
	taken.Confidential = true
	weekly := weekly(same)
	weekly.Incidents = jsonv1.List[jsonv1.WeeklyIncident]{{Incident: one, StartedFrom: "record", OpenedAt: leak}}
	weekly.Changes = jsonv1.List[jsonv1.WeeklyChange]{{Change: plan, Day: "2018-08-24"}}
	weekly.Oncall = jsonv1.List[jsonv1.WeeklyIssue]{{Ref: "acme/security#5", Title: leak, Priority: leak, Assignees: texts{leak}, Open: true, Confidential: true}}
	weekly.Deltas, weekly.Log = weekly.Oncall, &jsonv1.Related{Ref: "acme/security#6", Title: leak, Confidential: true}
	call := weekly
	call.View = "call"
	moving := flow(same)
	moving.Items = jsonv1.List[jsonv1.FlowItem]{{Ref: "acme/security#7", Title: leak, Column: "Waiting", Confidential: true}}
	moving.Done = moving.Items
	before, among := changesBefore(same), changesBefore(same)
	before.Title, before.Changes[0].Title, before.Confidential = leak, leak, true
	among.Changes = jsonv1.List[jsonv1.RankedChange]{{Rank: 1, Kind: "change", Ref: "acme/security#8", Title: leak, State: "complete", Reason: leak,
		Services: texts{leak}, Environment: leak, By: leak, Commit: leak, Confidential: true}}
	return append(slices.Concat(secretWork(f), secretPlanning()), []document{
		{"flow", moving, func(v *render.View) error { return v.Flow(moving) }},
		{"hand-off", shift, func(v *render.View) error { return v.Handoff(shift, false) }},
		{"board", cards, func(v *render.View) error { return v.Board(cards) }},
		{"internal comment", internal, func(v *render.View) error { return v.Handoff(internal, false) }},
		{"handoff list", ready, func(v *render.View) error { return v.HandoffList(ready, false) }},
		{"handoff check", checked, func(v *render.View) error { return v.HandoffCheck(checked, false) }},
		{"taken", taken, func(v *render.View) error { return v.Event(taken) }},
		{"weekly", weekly, func(v *render.View) error { return v.Weekly(weekly) }},
		{"weekly call", call, func(v *render.View) error { return v.Weekly(call) }},
		{"incidents", list, func(v *render.View) error { return v.Incidents(list) }},
		{"incident", about, func(v *render.View) error { return v.Incident(about) }},
		{"related incident", linked, func(v *render.View) error { return v.Incident(linked) }},
		{"corrective action", acted, func(v *render.View) error { return v.Incident(acted) }},
		{"changes before", before, func(v *render.View) error { return v.IncidentChanges(before) }},
		{"change before", among, func(v *render.View) error { return v.IncidentChanges(among) }},
		{"timeline", line, func(v *render.View) error { return v.Timeline(line) }},
		{"opened", made, func(v *render.View) error { return v.Opened(made) }},
		{"event", shown, func(v *render.View) error { return v.Event(shown) }},
		{"changes", records, func(v *render.View) error { return v.Changes(records) }},
		{"change", planned, func(v *render.View) error { return v.Change(planned) }},
		{"change record", deployed, func(v *render.View) error { return v.Change(deployed) }},
		{"related change", follow, func(v *render.View) error { return v.Change(follow) }},
		{"gate", shut, func(v *render.View) error { return v.Gate(shut) }},
	}...)
}

// Whatever is posted, saved or logged shows a confidential issue by reference only. The page on a terminal shows it in full, with a mark,
// and so does every format with Reveal. The words of internal comments need Reveal everywhere.
func TestConfidentialOnlyOnThePage(t *testing.T) {
	t.Parallel()
	for _, d := range confidential() {
		for _, form := range append(forms, struct {
			name    string
			options render.Options
		}{"json on a terminal", render.Options{TTY: true, Width: 80, Format: render.JSON}}) {
			page := strings.HasPrefix(form.name, "tty")
			got := written(t, d, form.options)
			if shown := strings.Contains(got, leak); shown != (page && d.name != "event" && d.name != "internal comment") {
				t.Errorf("%s as %s, shown: %v\n%s", d.name, form.name, shown, got)
			}
			if page && !strings.Contains(got, "confidential") {
				t.Errorf("%s as %s has no mark:\n%s", d.name, form.name, got)
			}
			form.options.Reveal = true
			if got := written(t, d, form.options); !strings.Contains(got, leak) && !untitled(d.name, form.name) {
				t.Errorf("%s as %s is redacted in spite of Reveal:\n%s", d.name, form.name, got)
			}
		}
	}
}

// untitled are the formats without a title: an event is a sentence of its own, and tables name other issues by reference.
func untitled(doc, form string) bool {
	switch doc {
	case "event":
		return form != "csv" && form != "json" && form != "yaml" && form != "json on a terminal"
	case "gate":
		return form == "md"
	case "milestone":
		return form == "pipe.tsv" || form == "csv"
	case "related incident", "issue of a goal", "related change", "corrective action":
		return form == "pipe.tsv" || form == "csv"
	}
	return false
}

// A withheld row shows reference, severity and state, and is part of the counts.
func TestWithheldRows(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]document{"incidents": calm("incidents"), "changes": calm("changes")} {
		post := written(t, d, render.Options{Format: render.Markdown})
		for line := range strings.Lines(post) {
			if words := strings.Fields(strings.NewReplacer("|", " ").Replace(line)); strings.Contains(line, "(confidential)") && len(words) != 4 {
				t.Errorf("%s posts more than the reference: %q", name, line)
			}
		}
		if name == "incidents" && !strings.Contains(post, "4 incidents: 2 active, 1 with unknown severity, 1 confidential") {
			t.Errorf("the counts are wrong:\n%s", post)
		}
		pipe := written(t, d, render.Options{})
		if !strings.Contains(pipe, "acme/production#7\tS1\tactive\t") && !strings.Contains(pipe, "acme/production#36\tC2\tapproved\t") {
			t.Errorf("%s: no state in a pipe:\n%s", name, pipe)
		}
	}
}

// Withholding does not change the caller's document.
func TestWithholdKeepsTheDocument(t *testing.T) {
	t.Parallel()
	doc := incident(same)
	doc.Related = jsonv1.List[jsonv1.Related]{{Ref: "acme/security#3", Title: leak, Confidential: true}}
	d := document{"incident", doc, func(v *render.View) error { return v.Incident(doc) }}
	written(t, d, render.Options{Format: render.JSON})
	if doc.Related[0].Title != leak {
		t.Error("the title was taken out of the caller's document")
	}
}
