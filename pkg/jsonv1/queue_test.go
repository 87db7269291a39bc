package jsonv1_test

import (
	"reflect"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

func TestVerdictsFollowFromTheirReasons(t *testing.T) {
	t.Parallel()
	const at = "2018-08-24T10:00:00Z"
	if !jsonv1.NewGate(at, nil).Open || jsonv1.NewGate(at, []jsonv1.Reason{{Kind: "lock"}}).Open {
		t.Error("a gate is open when there is no reason, and only then")
	}
	if jsonv1.NewLockCheck(at, nil).Locked || !jsonv1.NewLockCheck(at, []jsonv1.Lock{{Name: "weekend"}}).Locked {
		t.Error("it is locked when there is a lock, and only then")
	}
	audit := jsonv1.NewApprovalAudit([]jsonv1.ApprovalRepository{{Project: "a"}, {Project: "b", OK: true, Findings: jsonv1.List[jsonv1.Finding]{{ID: "x"}}}})
	if audit.OK || !audit.Repositories[0].OK || audit.Repositories[1].OK {
		t.Errorf("projects are OK without findings, and only then: %+v", audit)
	}
	if !jsonv1.NewApprovalAudit(audit.Repositories[:1]).OK {
		t.Error("an audit without findings is not OK")
	}
}

const secret = "secret"

// Whatever field is added to these documents, a confidential issue keeps only the fields in the list.
func TestWithholdKeepsNoText(t *testing.T) {
	t.Parallel()
	full := func(doc any) { fill(reflect.ValueOf(doc).Elem()) }
	var incidents jsonv1.Incidents
	var incident jsonv1.IncidentShow
	var timeline jsonv1.Timeline
	var opened jsonv1.Opened
	var event jsonv1.Event
	var changes jsonv1.Changes
	var change jsonv1.ChangeShow
	var gate jsonv1.Gate
	for _, doc := range []any{&incidents, &incident, &timeline, &opened, &event, &changes, &change, &gate} {
		full(doc)
	}
	gate.Reasons[0].Text, gate.Reasons[0].Fix = "", "" // sentences of ours
	gate.Rules = jsonv1.Rules{}                        // about the configuration, not about an issue
	for _, doc := range []any{incidents.Withhold(), incident.Withhold(), timeline.Withhold(), opened.Withhold(), event.Withhold(),
		changes.Withhold(), change.Withhold(), gate.Withhold()} {
		data, err := jsonv1.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), secret) {
			t.Errorf("%T reveals what it is about:\n%s", doc, data)
		}
		if !strings.Contains(string(data), `"confidential": true`) || !strings.Contains(string(data), "kept") {
			t.Errorf("%T does not report that there is something:\n%s", doc, data)
		}
	}
	if incidents.Incidents[0].Title != secret || gate.Reasons[0].Title != secret || change.Title != secret {
		t.Error("the document that it was made from is not what it was")
	}
}

// kept lists the fields that a confidential issue keeps, and those that hold generated sentences.
var kept = map[string]bool{
	"Ref": true, "WebURL": true, "State": true, "Severity": true, "Criticality": true, "Kind": true, "Type": true, "Verb": true, "At": true, "Before": true,
	"Outcome": true, "Key": true, "Notes": true, "Filter": true, "Until": true, "Change": true, "CheckedAt": true,
}

// fill puts the secret into every text, one element into every list, and makes everything confidential.
func fill(v reflect.Value) {
	for f, value := range v.Fields() {
		switch {
		case kept[f.Name] && value.Kind() == reflect.String:
			value.SetString("kept")
		case kept[f.Name] && value.Kind() == reflect.Slice:
		case f.Name == "Confidential":
			value.SetBool(true)
		default:
			fillValue(value)
		}
	}
}

func fillValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(secret)
	case reflect.Struct:
		fill(v)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillValue(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fillValue(v.Index(0))
	}
}

// Issues that are not confidential keep all there is, beside one that is.
func TestWithholdIsAboutConfidentialIssuesOnly(t *testing.T) {
	t.Parallel()
	open, closed := jsonv1.Incident{Ref: "a/b#1", Title: "Mail"}, jsonv1.Incident{Ref: "a/b#2", Title: secret, Confidential: true}
	list := jsonv1.NewIncidents(nil, []jsonv1.Incident{open, closed}).Withhold()
	if list.Incidents[0].Title != "Mail" || list.Incidents[0].Withheld || !list.Incidents[1].Withheld {
		t.Errorf("got %+v", list.Incidents)
	}
	change := jsonv1.NewChange(jsonv1.Change{Ref: "a/b#3", Title: "Move"})
	change.Related = jsonv1.List[jsonv1.Related]{{Ref: "a/b#4", Title: "Disks"}, {Ref: "a/b#5", Title: secret, Confidential: true}}
	change = change.Withhold()
	if change.Title != "Move" || change.Related[0].Title != "Disks" || change.Related[1].Title != "" {
		t.Errorf("got %+v", change)
	}
}
