package render_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

const leak = "leaked"

// confidential are the documents as a command makes them, with all that a confidential issue is about.
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

	line, made, told := timeline(f), opened(f, jsonv1.FoundCreated), event(f)
	line.Confidential, made.Confidential, told.Confidential = true, true, true
	line.Notes, made.Notes, told.Notes, made.Key = nil, nil, nil, ""

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
	internal := handoff(same)
	internal.Sections[0].Entries[0].LastUpdate = &jsonv1.Update{At: "2018-08-20T15:12:00Z", By: "ana", Text: leak, Internal: true}
	ready := jsonv1.NewHandoffList([]jsonv1.HandoffEntry{marked(f)[0]})
	ready.Entries[0].Confidential = true
	checked := jsonv1.NewHandoffCheck("2018-08-20T15:50:00Z", emea(same), nil, ready.Entries)
	taken := takenOver(f)
	taken.Confidential = true
	return []document{
		{"hand-off", shift, func(v *render.View) error { return v.Handoff(shift) }},
		{"internal comment", internal, func(v *render.View) error { return v.Handoff(internal) }},
		{"handoff list", ready, func(v *render.View) error { return v.HandoffList(ready) }},
		{"handoff check", checked, func(v *render.View) error { return v.HandoffCheck(checked) }},
		{"taken", taken, func(v *render.View) error { return v.Event(taken) }},
		{"incidents", list, func(v *render.View) error { return v.Incidents(list) }},
		{"incident", about, func(v *render.View) error { return v.Incident(about) }},
		{"related incident", linked, func(v *render.View) error { return v.Incident(linked) }},
		{"corrective action", acted, func(v *render.View) error { return v.Incident(acted) }},
		{"timeline", line, func(v *render.View) error { return v.Timeline(line) }},
		{"opened", made, func(v *render.View) error { return v.Opened(made) }},
		{"event", told, func(v *render.View) error { return v.Event(told) }},
		{"changes", records, func(v *render.View) error { return v.Changes(records) }},
		{"change", planned, func(v *render.View) error { return v.Change(planned) }},
		{"change record", deployed, func(v *render.View) error { return v.Change(deployed) }},
		{"related change", follow, func(v *render.View) error { return v.Change(follow) }},
		{"gate", shut, func(v *render.View) error { return v.Gate(shut) }},
	}
}

// What is posted, saved or logged names a confidential issue by its reference and tells nothing of it; the page of who asked does, with
// a mark, and so does everything when it was asked for.
func TestConfidentialStaysOnThePage(t *testing.T) {
	t.Parallel()
	for _, d := range confidential() {
		for _, form := range append(forms, struct {
			name    string
			options render.Options
		}{"json on a terminal", render.Options{TTY: true, Width: 80, Format: render.JSON}}) {
			page := strings.HasPrefix(form.name, "tty")
			got := written(t, d, form.options)
			if told := strings.Contains(got, leak); told != (page && d.name != "event") {
				t.Errorf("%s as %s, told: %v\n%s", d.name, form.name, told, got)
			}
			if page && !strings.Contains(got, "(confidential)") {
				t.Errorf("%s as %s bears no mark:\n%s", d.name, form.name, got)
			}
			form.options.Reveal = true
			if got := written(t, d, form.options); !strings.Contains(got, leak) && !untold(d.name, form.name) {
				t.Errorf("%s as %s is not told though it was asked for:\n%s", d.name, form.name, got)
			}
		}
	}
}

// untold are the forms that have no place for a title: an event is a sentence of its own, and tables name other issues by their reference.
func untold(doc, form string) bool {
	switch doc {
	case "event":
		return form != "csv" && form != "json" && form != "yaml" && form != "json on a terminal"
	case "gate":
		return form == "md"
	case "related incident", "related change", "corrective action":
		return form == "pipe.tsv" || form == "csv"
	}
	return false
}

// A list that was withheld says for people the reference alone, and a program can still count by state.
func TestWithheldRows(t *testing.T) {
	t.Parallel()
	for name, d := range map[string]document{"incidents": calm("incidents"), "changes": calm("changes")} {
		post := written(t, d, render.Options{Format: render.Markdown})
		for line := range strings.Lines(post) {
			if words := strings.Fields(strings.NewReplacer("|", " ").Replace(line)); strings.Contains(line, "(confidential)") && len(words) != 2 {
				t.Errorf("%s posts more than the reference: %q", name, line)
			}
		}
		pipe := written(t, d, render.Options{})
		if !strings.Contains(pipe, "acme/production#7\tS1\tactive\t") && !strings.Contains(pipe, "acme/production#36\tC2\tapproved\t") {
			t.Errorf("%s: no state in a pipe:\n%s", name, pipe)
		}
	}
}

// What a person reads on the page in front of them is not changed in the document that the caller holds.
func TestWithholdingLeavesTheDocument(t *testing.T) {
	t.Parallel()
	doc := incident(same)
	doc.Related = jsonv1.List[jsonv1.Related]{{Ref: "acme/security#3", Title: leak, Confidential: true}}
	d := document{"incident", doc, func(v *render.View) error { return v.Incident(doc) }}
	written(t, d, render.Options{Format: render.JSON})
	if doc.Related[0].Title != leak {
		t.Error("the title was taken out of the caller's document")
	}
}
