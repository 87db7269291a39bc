package jsonv1_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

const secret = "secret"

// kept lists the fields that a confidential issue keeps in a document for anybody, and those that hold generated sentences.
var kept = []string{
	"Version", "Kind", "Ref", "WebURL", "State", "Severity", "Criticality", "Type", "Verb", "At", "Before", "Minutes", "Outcome", "Key", "Notes",
	"Open", "Ongoing", "Done", "Confidential", "Withheld", "Until", "Hard", "Text", "Fix", "Missing", "Due", "Internal", "Column", "Ready", "Older", "Rule", "Place", "Issue", "Fixable",
}

// Whatever field is added to any document, a confidential issue keeps only the fields in the list, on every level.
func TestWithholdKeepsOnlyReferenceStateAndSeverity(t *testing.T) {
	t.Parallel()
	found := 0
	for kind, doc := range documents() {
		full := reflect.New(reflect.TypeOf(doc)).Elem()
		fillValue(full)
		got := jsonv1.For(full.Interface(), jsonv1.Anybody)
		checkStructs(t, kind, reflect.ValueOf(got), &found)
		if again := jsonv1.For(got, jsonv1.Anybody); !reflect.DeepEqual(again, got) {
			t.Errorf("%s withheld twice: %s", kind, cmp.Diff(got, again))
		}
		same := reflect.New(reflect.TypeOf(doc)).Elem()
		fillValue(same)
		if !reflect.DeepEqual(same.Interface(), full.Interface()) {
			t.Errorf("%s: the document that it was made from is not what it was", kind)
		}
		if all := jsonv1.For(full.Interface(), jsonv1.Owner); !reflect.DeepEqual(all, full.Interface()) {
			t.Errorf("%s: the owner does not get everything", kind)
		}
	}
	if found < 15 {
		t.Errorf("only %d confidential issues in all documents", found)
	}
}

// checkStructs wants every struct of a confidential issue to have a mark, and no other fields than those that are kept.
func checkStructs(t *testing.T, path string, v reflect.Value, found *int) {
	t.Helper()
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice:
		if v.Kind() == reflect.Pointer && !v.IsNil() {
			checkStructs(t, path, v.Elem(), found)
		}
		for n := 0; v.Kind() == reflect.Slice && n < v.Len(); n++ {
			checkStructs(t, path, v.Index(n), found)
		}
	case reflect.Struct:
		own := v.FieldByName("Confidential")
		if own.IsValid() {
			*found++
			if mark := v.FieldByName("Withheld"); !own.Bool() || v.Type() != reflect.TypeFor[jsonv1.Fields]() && (!mark.IsValid() || !mark.Bool()) {
				t.Errorf("%s.%s has no mark that it is withheld", path, v.Type().Name())
			}
		}
		for f, value := range v.Fields() {
			if own.IsValid() && !f.Anonymous && !value.IsZero() && !slices.Contains(kept, f.Name) {
				t.Errorf("%s.%s.%s is not withheld: %v", path, v.Type().Name(), f.Name, value)
			}
			checkStructs(t, path+"."+f.Name, value, found)
		}
	}
}

// fillValue puts the secret into every text, one element into every list, and makes everything confidential and internal.
func fillValue(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(secret)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	case reflect.Float64:
		v.SetFloat(7)
	case reflect.Struct:
		for n := range v.NumField() {
			if v.Type().Field(n).Name != "Withheld" {
				fillValue(v.Field(n))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fillValue(v.Elem())
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.Uint8 {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fillValue(v.Index(0))
		}
	}
}

// The words of internal comments are for the owner alone, also of issues that are not confidential.
func TestInternalWordsAreWithheld(t *testing.T) {
	t.Parallel()
	update := &jsonv1.Update{At: "2018-08-24T10:00:00Z", Text: secret, Internal: true}
	lines := jsonv1.List[jsonv1.TimelineLine]{{Text: "seen"}, {Text: secret, Internal: true}}
	show := jsonv1.NewIncident(jsonv1.Incident{Title: "seen", LastUpdate: update})
	show.Timeline = lines
	entry := jsonv1.HandoffEntry{Title: "seen", LastUpdate: update, LeftOff: secret, NextStep: secret, MarkInternal: true}
	taken := jsonv1.NewEvent("handoff", "a#1", "seen", "take", jsonv1.OutcomeDone)
	taken.LeftOff, taken.NextStep, taken.MarkInternal = secret, secret, true
	for name, doc := range map[string]any{
		"timeline": jsonv1.NewTimeline("a#1", "seen", lines), "show": show, "list": jsonv1.NewHandoffList([]jsonv1.HandoffEntry{entry}), "take": taken,
		"hand-off": jsonv1.NewHandoff("", jsonv1.Shift{}, jsonv1.Shift{}, []jsonv1.HandoffSection{{Entries: jsonv1.List[jsonv1.HandoffEntry]{entry}}}),
	} {
		for _, c := range []struct {
			to   jsonv1.Audience
			want bool
		}{{jsonv1.Anybody, false}, {jsonv1.Closed, false}, {jsonv1.Owner, true}} {
			data, err := jsonv1.Marshal(jsonv1.For(doc, c.to))
			if err != nil {
				t.Fatal(err)
			}
			if got := strings.Contains(string(data), secret); got != c.want || !strings.Contains(string(data), "seen") {
				t.Errorf("%s for audience %d, shown: %v\n%s", name, c.to, got, data)
			}
		}
	}
}

// Issues that are not confidential keep all there is, beside one that is.
func TestWithholdIsAboutConfidentialIssuesOnly(t *testing.T) {
	t.Parallel()
	open, closed := jsonv1.Incident{Ref: "a/b#1", Title: "Mail"}, jsonv1.Incident{Ref: "a/b#2", Title: secret, Severity: "S1", Confidential: true}
	list := jsonv1.For(jsonv1.NewIncidents(nil, []jsonv1.Incident{open, closed}), jsonv1.Anybody)
	if list.Incidents[0].Title != "Mail" || list.Incidents[0].Withheld || list.Incidents[1].Title != "" || list.Incidents[1].Severity != "S1" {
		t.Errorf("got %+v", list.Incidents)
	}
	change := jsonv1.NewChange(jsonv1.Change{Ref: "a/b#3", Title: "Move"})
	change.Related = jsonv1.List[jsonv1.Related]{{Ref: "a/b#4", Title: "Disks"}, {Ref: "a/b#5", Title: secret, Confidential: true}}
	change = jsonv1.For(change, jsonv1.Anybody)
	if change.Title != "Move" || change.Related[0].Title != "Disks" || change.Related[1].Title != "" || !change.Related[1].Withheld {
		t.Errorf("got %+v", change)
	}
}
