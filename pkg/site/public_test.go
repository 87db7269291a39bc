package site_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/site"
)

// word fills every text of a document but those that a site shows.
const word = "zanary"

// shown are the fields without words of people: references, states, severities, times, numbers, and names from the configuration.
var shown = strings.Fields("Kind Ref State Severity Criticality Outcome StartedAt DetectedAt MitigatedAt ResolvedAt OpenedAt StartedFrom DetectedFrom " +
	"MitigatedFrom ResolvedFrom Start WindowEnd FinishedAt AbortedAt Day From To Zone Week View WebURL CreatedAt ClosedAt Posted Metric Mean Median P90 Percent " +
	"SLO Allowed Spent Remaining Weighted Excluded BurnRate SpentAt Charged Large Unknown Steps At Scope ID Region Shift Monday Window FirstDay LastDay " +
	"FromEvidence ToEvidence Minutes Changes IncidentsInside IncidentsOutside MinutesInside MinutesOutside PerWeek Column Start Name")

// fill sets every field of a document.
func fill(v reflect.Value, name string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(word + " " + name)
		for _, s := range shown {
			if s == name {
				v.SetString("shown")
			}
		}
	case reflect.Bool:
		v.SetBool(name != "Confidential" && name != "Withheld")
	case reflect.Int:
		v.SetInt(1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), name)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), name)
	case reflect.Struct:
		for n := range v.NumField() {
			fill(v.Field(n), v.Type().Field(n).Name)
		}
		if who, ok := v.Addr().Interface().(*jsonv1.Person); ok {
			*who = jsonv1.Person{User: word, Name: "Zanary Name"}
		}
		if u, ok := v.Addr().Interface().(*jsonv1.Weekly); ok {
			u.Unknown = []string{word}
		}
		if g, ok := v.Addr().Interface().(*jsonv1.BudgetAccount); ok {
			g.Scope = jsonv1.BudgetOverall
		}
	}
}

func filled[D any]() (doc D) {
	fill(reflect.ValueOf(&doc).Elem(), "")
	return doc
}

// No text that is not on the list gets into the public form, whatever fields are added to documents.
func TestPublicFormHasNoWords(t *testing.T) {
	t.Parallel()
	public := site.Public{Name: func(user string) string { return user }}
	budget := filled[jsonv1.Budget]()
	budget.Outages[0].Ref = budget.Accounts[0].Charged[0]
	for name, doc := range map[string]any{
		"weekly": public.Weekly(filled[jsonv1.Weekly]()), "incidents": public.IncidentStats(filled[jsonv1.IncidentStats]()),
		"flow": public.Flow(filled[jsonv1.Flow]()), "budget": public.Budget(budget), "schedule": public.Schedule(filled[jsonv1.OncallSchedule]()),
	} {
		data, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		if at := strings.Index(strings.ToLower(text), word); at >= 0 {
			t.Errorf("%s shows %s", name, text[max(0, at-80):min(len(text), at+80)])
		}
		if name != "schedule" && !strings.Contains(text, "shown") {
			t.Errorf("%s is empty: %s", name, text)
		}
	}
}

// References, states, severities, times and initials stay.
func TestPublicFormKeepsWhatIsShown(t *testing.T) {
	t.Parallel()
	public := site.Public{Name: func(user string) string { return map[string]string{"ana": "Ana Ott"}[user] }}
	doc := filled[jsonv1.Weekly]()
	doc.Handoffs[0].By = "ana"
	out := public.Weekly(doc)
	if i := out.Incidents[0]; i.Ref == "" || i.State == "" || i.Severity == "" || i.StartedAt == "" || i.Title != "" || i.Services != nil || i.Assignees != nil {
		t.Errorf("incident %+v", i)
	}
	if c := out.Changes[0]; c.Ref == "" || c.Outcome == "" || c.Executor != "" || c.Automation == nil || *c.Automation != (jsonv1.Automation{}) {
		t.Errorf("change %+v", c)
	}
	if h := out.Handoffs[0]; h.By != "A.O." || h.Shift.People[0] != (jsonv1.Person{User: "Z.N."}) {
		t.Errorf("hand-off %+v", h)
	}
	if out.Oncall[0].Priority != "" || out.Log.Title != "" || len(out.Unknown) != 1 || len(out.Notes) != 0 {
		t.Errorf("%+v", out)
	}
	var all jsonv1.Budget
	all.Accounts = []jsonv1.BudgetAccount{{Scope: jsonv1.BudgetOverall, Charged: []string{"a#1"}}, {Scope: jsonv1.BudgetService, Name: "registry", Charged: []string{"a#2"}}}
	all.Outages = []jsonv1.BudgetOutage{{Ref: "a#1"}, {Ref: "a#2"}}
	if b := public.Budget(all); len(b.Accounts) != 1 || len(b.Outages) != 1 || b.Outages[0].Ref != "a#1" {
		t.Errorf("budget %+v", b)
	}
}
