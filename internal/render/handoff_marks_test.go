package render_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/render"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// handoffDocuments returns the documents about marked and taken issues. Confidential issues are withheld.
func handoffDocuments(f func(string) string) []document {
	list, check, taken := jsonv1.NewHandoffList(marked(f)), handoffCheck(f), takenOver(f)
	list.Notes = texts{f("The production tracker is not configured")}
	complete := jsonv1.NewHandoffCheck("2018-08-20T15:50:00Z", emea(f), nil, check.Ready)
	return []document{
		{"handoff_list", list, func(v *render.View) error { return v.HandoffList(list, false) }},
		{"handoff_check", check, func(v *render.View) error { return v.HandoffCheck(check, false) }},
		{"handoff_check_complete", complete, func(v *render.View) error { return v.HandoffCheck(complete, false) }},
		{"event_take", taken, func(v *render.View) error { return v.Event(taken) }},
	}
}

func marked(f func(string) string) []jsonv1.HandoffEntry {
	return []jsonv1.HandoffEntry{
		{Ref: f("acme/infrastructure#118"), Title: f("Drain the last node of the old storage fleet"), Kind: "issue", Assignees: texts{f("ines")}, Since: "2018-08-16T09:00:00Z",
			LeftOff: f("Two of three volumes are moved; the third one is at 40% and needs no attention"), NextStep: f("Look at the lag at 18:00 UTC.\n\nWhen it is under 1 GB: stop writes and switch over"),
			MarkedBy: f("ines"), MarkedAt: "2018-08-20T15:40:00Z", WebURL: f("https://gitlab.example.com/acme/infrastructure/-/issues/118")},
		{Ref: f("acme/production#12"), Title: f("2018-08-20: Registry returns 500s"), Kind: "issue", Missing: texts{f("no hand-off note")},
			LastUpdate: &jsonv1.Update{At: "2018-08-20T09:50:00Z", By: f("bo"), Text: f("Two of three nodes have space again")}, Fix: f("prodctl handoff mark production#12 --left-off \"...\" --next \"...\"")},
		{Ref: f("acme/infrastructure#9"), Kind: "issue", Confidential: true, Withheld: true, WebURL: f("https://gitlab.example.com/acme/infrastructure/-/issues/9")},
	}
}

func emea(f func(string) string) jsonv1.Shift {
	return jsonv1.Shift{ID: "2018-08-20T04:00Z/EMEA", Region: f("EMEA"), From: "2018-08-20T04:00:00Z", To: "2018-08-20T16:00:00Z", People: jsonv1.List[jsonv1.Person]{{User: f("ines")}}}
}

func handoffCheck(f func(string) string) jsonv1.HandoffCheck {
	incomplete := marked(f)[1:]
	incomplete[0].Kind, incomplete[0].State, incomplete[0].Severity, incomplete[0].Services = "incident", "active", "S2", texts{f("registry")}
	ready := marked(f)[:1]
	ready[0].Contingency = f("Lag above 5 GB: stop the backfill")
	ready[0].LastUpdate = &jsonv1.Update{At: "2018-08-20T15:40:00Z", By: f("ines"), Text: f("Two of three volumes are moved")}
	doc := jsonv1.NewHandoffCheck("2018-08-20T15:50:00Z", emea(f), incomplete, ready)
	doc.Receipt = &jsonv1.Receipt{By: f("bo"), Author: f("bo"), At: "2018-08-20T04:05:00Z", Text: f("Watch the registry")}
	return doc
}

func takenOver(f func(string) string) jsonv1.Event {
	doc := jsonv1.NewEvent("handoff", f("acme/infrastructure#118"), f("Drain the last node"), "take", jsonv1.OutcomeDone)
	doc.At, doc.Text, doc.By = "2018-08-20T16:05:00Z", f("Good morning"), f("ines")
	doc.LeftOff, doc.NextStep = f("Two of three volumes are moved; the third one is at 40% and needs no attention"), f("Look at the lag at 18:00 UTC")
	return doc
}

func TestEmptyHandoffs(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff("No issues ready to hand off\n", page(t, 80, func(v *render.View) error { return v.HandoffList(jsonv1.NewHandoffList(nil), false) })); diff != "" {
		t.Error(diff)
	}
	empty := jsonv1.NewHandoffCheck("2018-08-20T15:50:00Z", emea(same), nil, nil)
	if diff := cmp.Diff("Nothing to hand off (EMEA shift since 2018-08-20 04:00 UTC)\n", page(t, 80, func(v *render.View) error { return v.HandoffCheck(empty, false) })); diff != "" {
		t.Error(diff)
	}
}
