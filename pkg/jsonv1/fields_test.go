package jsonv1_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

var update = flag.Bool("update", false, "add new fields to testdata/jsonv1/fields.txt")

const fieldsFile = "../../testdata/jsonv1/fields.txt"

var tracker = target.ProjectAt("acme/infrastructure")

// documents returns an empty document of each kind.
func documents() map[string]any {
	return map[string]any{
		jsonv1.KindMilestones: jsonv1.NewMilestones(tracker, nil, today),
		jsonv1.KindMilestone:  jsonv1.NewMilestone(tracker, milestone.Milestone{}, today),
		jsonv1.KindVelocity:   jsonv1.NewVelocity(tracker, nil),

		jsonv1.KindMilestonePlan: jsonv1.NewMilestonePlan(tracker, "next"), jsonv1.KindBacktest: jsonv1.NewBacktest(tracker, nil),
		jsonv1.KindLabels:      jsonv1.NewLabels(nil),
		jsonv1.KindBoard:       jsonv1.NewBoard(tracker, ""),
		jsonv1.KindPlan:        jsonv1.NewPlan(),
		jsonv1.KindApplied:     jsonv1.NewApplied("milestone roll"),
		jsonv1.KindConfig:      jsonv1.NewConfig("", nil),
		jsonv1.KindAuth:        jsonv1.NewAuth(nil),
		jsonv1.KindDoctor:      jsonv1.NewDoctor("", nil),
		jsonv1.KindPermissions: jsonv1.NewPermissions(nil),
		jsonv1.KindVersion:     jsonv1.NewBuild("0.1.0", "", "", "go1.26", "linux/amd64"),
		jsonv1.KindError:       jsonv1.NewError("no", nil, "", 1, "failed"),

		jsonv1.KindIssues:         jsonv1.NewIssues(tracker, nil, nil),
		jsonv1.KindIssue:          jsonv1.NewIssue(jsonv1.WorkIssue{}),
		jsonv1.KindIssueReady:     jsonv1.NewIssueReady(nil),
		jsonv1.KindGoals:          jsonv1.NewGoals(tracker, nil),
		jsonv1.KindDrills:         jsonv1.NewDrills(tracker, "day:2"),
		jsonv1.KindPriorityMatrix: jsonv1.NewPriorityMatrix(nil, nil, nil),
		jsonv1.KindLint:           jsonv1.NewLint(nil, nil),
		jsonv1.KindStatus:         jsonv1.NewStatus(""),

		jsonv1.KindIncidents:         jsonv1.NewIncidents(nil, nil),
		jsonv1.KindIncident:          jsonv1.NewIncident(jsonv1.Incident{}),
		jsonv1.KindTimeline:          jsonv1.NewTimeline("", "", nil),
		jsonv1.KindIncidentChanges:   jsonv1.NewIncidentChanges("", ""),
		jsonv1.KindOpened:            jsonv1.NewOpened("incident", "", "", jsonv1.FoundCreated),
		jsonv1.KindEvent:             jsonv1.NewEvent("incident", "", "", "update", jsonv1.OutcomeDone),
		jsonv1.KindHook:              jsonv1.NewHook("incident.open", "2018-08-24T10:00:00Z", "https://gitlab.example.com"),
		jsonv1.KindChanges:           jsonv1.NewChanges(nil, nil),
		jsonv1.KindChange:            jsonv1.NewChange(jsonv1.Change{}),
		jsonv1.KindGate:              jsonv1.NewGate("2018-08-24T10:00:00Z", nil),
		jsonv1.KindLocks:             jsonv1.NewLocks("2018-08-24T10:00:00Z", nil),
		jsonv1.KindLockCheck:         jsonv1.NewLockCheck("2018-08-24T10:00:00Z", nil),
		jsonv1.KindApproval:          jsonv1.NewApproval("acme/users!1", false, true, "not needed"),
		jsonv1.KindApprovalAudit:     jsonv1.NewApprovalAudit(nil),
		jsonv1.KindIncidentCheck:     jsonv1.NewIncidentCheck(0, nil),
		jsonv1.KindCorrectiveActions: jsonv1.NewCorrectiveActions("", nil, nil),

		jsonv1.KindOncall:         jsonv1.NewOncall("2018-08-24T10:00:00Z", "now", jsonv1.Duty{}, jsonv1.Duty{}),
		jsonv1.KindOncallSchedule: jsonv1.NewOncallSchedule("2018-08-24T10:00:00Z", "2018-09-07T10:00:00Z", "UTC", nil),
		jsonv1.KindOncallCheck:    jsonv1.NewOncallCheck("2018-08-24T10:00:00Z", "2018-09-07T10:00:00Z", nil, nil),
		jsonv1.KindHandoff:        jsonv1.NewHandoff("2018-08-24T16:00:00Z", jsonv1.Shift{}, jsonv1.Shift{}, nil),
		jsonv1.KindHandoffList:    jsonv1.NewHandoffList(nil),
		jsonv1.KindHandoffCheck:   jsonv1.NewHandoffCheck("2018-08-24T16:00:00Z", jsonv1.Shift{}, nil, nil),
		jsonv1.KindWeekly:         jsonv1.NewWeekly("2018-08-20", "2018-08-26", "UTC"),
		jsonv1.KindLabelReport:    jsonv1.NewLabelReport(jsonv1.Target{}),
		jsonv1.KindReadiness:      jsonv1.NewReadiness("", "", ""),
		jsonv1.KindSite:           jsonv1.NewSite("public", "public"),
		jsonv1.KindFlow:           jsonv1.NewFlow("2018-08-20", "2018-08-26", "UTC"),
		jsonv1.KindBudget:         jsonv1.NewBudget("28d"),
		jsonv1.KindIncidentStats:  jsonv1.NewIncidentStats("2018-08-20", "2018-08-26", "UTC"),
	}
}

// Fields may be added, with -update. None may be removed, change its type or become optional, because other programs read them.
func TestFieldsStay(t *testing.T) {
	t.Parallel()
	var have []string
	for kind, doc := range documents() {
		have = append(have, fields(kind, reflect.TypeOf(doc))...)
	}
	slices.Sort(have)
	published := publishedFields(t)
	for _, line := range published {
		if !slices.Contains(have, line) {
			t.Errorf("published, but removed or changed: %s", line)
		}
	}
	for _, line := range have {
		if !slices.Contains(published, line) && !*update {
			t.Errorf("new and not in %s (-update adds it): %s", fieldsFile, line)
		}
	}
	if *update {
		all := slices.Compact(slices.Sorted(slices.Values(slices.Concat(have, published))))
		if err := os.WriteFile(fieldsFile, []byte(strings.Join(all, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func publishedFields(t *testing.T) []string {
	data, err := os.ReadFile(fieldsFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	return strings.FieldsFunc(string(data), func(r rune) bool { return r == '\n' })
}

// fields returns the paths of a type's fields, each with its JSON type. A question mark marks fields that can be absent.
func fields(path string, in reflect.Type) []string {
	var list []string
	for f := range in.Fields() {
		if f.Anonymous {
			list = append(list, fields(path, f.Type)...)
			continue
		}
		name, optional, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		here, inner := path+"."+name, f.Type
		if inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		if inner.Kind() == reflect.Slice && inner != rawJSON {
			here, inner = here+"[]", inner.Elem()
		}
		mark := ""
		if optional == "omitempty" {
			mark = "?"
		}
		list = append(list, here+mark+" "+jsonType(inner))
		if inner.Kind() == reflect.Struct {
			list = append(list, fields(here, inner)...)
		}
	}
	return list
}

var rawJSON = reflect.TypeFor[json.RawMessage]()

func jsonType(in reflect.Type) string {
	switch in.Kind() {
	case reflect.Struct:
		return "object"
	case reflect.Int, reflect.Int64:
		return "integer"
	case reflect.Float64:
		return "number"
	case reflect.Interface, reflect.Slice:
		return "any"
	}
	return in.Kind().String()
}

// Every kind is in the list above.
func TestEveryKindIsADocument(t *testing.T) {
	t.Parallel()
	docs := documents()
	for name, kind := range kinds(t) {
		if _, ok := docs[kind]; !ok {
			t.Errorf("%s = %q is not among the documents of this test", name, kind)
		}
		delete(docs, kind)
	}
	for kind := range docs {
		t.Errorf("kind %q has no constant", kind)
	}
}

// kinds returns the package's constants that start with Kind.
func kinds(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || !strings.HasPrefix(spec.Names[0].Name, "Kind") {
				return true
			}
			kind, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			found[spec.Names[0].Name] = kind
			return true
		})
	}
	return found
}

// Every document starts with its version and kind, and has [] for an empty list, never null.
func TestEmptyDocuments(t *testing.T) {
	t.Parallel()
	for kind, doc := range documents() {
		data, err := jsonv1.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		if head := "{\n  \"version\": 1,\n  \"kind\": \"" + kind + "\","; !strings.HasPrefix(string(data), head) {
			t.Errorf("%s starts differently:\n%s", kind, data)
		}
		if bytes.Contains(data, []byte("null")) {
			t.Errorf("%s has a null:\n%s", kind, data)
		}
		checkKeys(t, kind, data, reflect.TypeOf(doc))
	}
}

// checkKeys requires that lists without omitempty are present even if they are empty.
func checkKeys(t *testing.T, kind string, data []byte, in reflect.Type) {
	t.Helper()
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(data, &keys); err != nil {
		t.Fatal(err)
	}
	for f := range in.Fields() {
		name, optional, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		if f.Anonymous {
			continue
		}
		value, there := keys[name]
		if optional == "" && !there {
			t.Errorf("%s lacks %s", kind, name)
		}
		if optional == "" && f.Type.Kind() == reflect.Slice && string(value) != "[]" {
			t.Errorf("%s has %s for no %s", kind, value, name)
		}
		if optional != "" && there {
			t.Errorf("an empty %s has %s = %s", kind, name, value)
		}
	}
}
