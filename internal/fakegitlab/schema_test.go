package fakegitlab

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	jsonschema "github.com/santhosh-tekuri/jsonschema/v6"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

const schemaDir = "testdata/gitlab/schemas-11.10"

// schemas compiles GitLab's own response schemas of 2019, after fixSchema.
func schemas(t *testing.T) func(name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft4)
	err := filepath.WalkDir(schemaDir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		name, _ := filepath.Rel(schemaDir, path)
		return c.AddResource("mem:///"+filepath.ToSlash(name), fixSchema(doc))
	})
	if err != nil {
		t.Fatal(err)
	}
	return func(name string) *jsonschema.Schema {
		t.Helper()
		compiled, err := c.Compile("mem:///" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		return compiled
	}
}

// goneSince2019 are fields that the schemas require and that GitLab has dropped since.
var goneSince2019 = []any{"attachment", "skype"}

// fixSchema makes a schema of 2019 usable: types that JSON Schema does not have become string or null, spaces in
// type names are removed, a pattern with two quantifiers in a row is corrected, a reference among the properties
// moves to where it counts, and fields added since are allowed.
func fixSchema(v any) any {
	switch v := v.(type) {
	case []any:
		for n := range v {
			v[n] = fixSchema(v[n])
		}
	case map[string]any:
		delete(v, "additionalProperties")
		if props, ok := v["properties"].(map[string]any); ok {
			if ref, ok := props["$ref"].(string); ok {
				return map[string]any{"$ref": ref}
			}
			if _, ok := props["avatar_url"]; ok {
				props["avatar_url"] = map[string]any{"type": "uri"} // always a URL in 2019, null today without a picture
			}
		}
		if req, ok := v["required"].([]any); ok {
			v["required"] = slices.Compact(slices.DeleteFunc(req, func(f any) bool { return slices.Contains(goneSince2019, f) }))
		}
		if p, ok := v["pattern"].(string); ok && strings.Contains(p, "{3}{1,2}+") {
			v["pattern"] = "^#([0-9A-Fa-f]{3}){1,2}$"
		}
		for k, inner := range v {
			if k == "type" {
				v[k] = fixType(inner)
			} else {
				v[k] = fixSchema(inner)
			}
		}
	}
	return v
}

func fixType(v any) any {
	switch v := v.(type) {
	case string:
		switch name := strings.TrimSpace(v); name {
		case "date", "uri":
			return []any{"string", "null"}
		default:
			return name
		}
	case []any:
		var all []any
		for _, one := range v {
			switch fixed := fixType(one).(type) {
			case []any:
				all = append(all, fixed...)
			default:
				all = append(all, fixed)
			}
		}
		slices.SortFunc(all, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
		return slices.Compact(all)
	}
	return fixSchema(v) // a property with the name "type"
}

// fullWorld has one of everything that the schemas describe.
func fullWorld(t *testing.T, edition store.Edition) *world {
	t.Helper()
	w := newWorld(t, Options{Edition: edition})
	issues := w.path(w.infra, "/issues")
	m := w.must(201, "owner", "POST", w.path(w.infra, "/milestones"), `{"title":"Current","description":"d","due_date":"2018-08-31"}`)
	w.must(201, "owner", "POST", w.path(w.acme, "/milestones"), `{"title":"Team"}`)
	w.must(201, "owner", "POST", w.path(w.acme, "/labels"), `{"name":"everywhere","color":"#ff0000","description":"d"}`)
	toil := w.must(201, "owner", "POST", w.path(w.infra, "/labels"), `{"name":"toil","color":"#00ff00"}`)
	w.must(201, "owner", "POST", issues, fmt.Sprintf(
		`{"title":"full","description":"- [ ] x","labels":"toil","milestone_id":%d,"assignee_ids":[%d],"due_date":"2018-09-01"}`,
		m.num("id"), w.users["guest"].ID))
	w.must(201, "owner", "POST", issues, `{"title":"bare"}`)
	w.must(200, "owner", "PUT", issues+"/2", `{"state_event":"close"}`)
	w.must(201, "guest", "POST", issues+"/1/notes", `{"body":"a note"}`)
	w.must(201, "guest", "POST", issues+"/1/award_emoji", `{"name":"thumbsup"}`)
	w.must(201, "owner", "POST", issues+"/1/links", fmt.Sprintf(`{"target_project_id":%d,"target_issue_iid":2}`, w.infra.ID))
	board := w.must(201, "owner", "POST", w.path(w.infra, "/boards"), `{"name":"Weekly"}`)
	w.must(201, "owner", "POST", w.path(w.infra, fmt.Sprintf("/boards/%d/lists", board.num("id"))), fmt.Sprintf(`{"label_id":%d}`, toil.num("id")))
	return w
}

func TestSchemasOf2019(t *testing.T) {
	t.Parallel()
	schema := schemas(t)
	w := fullWorld(t, store.Free)
	m := fmt.Sprintf("/milestones/%d", w.infra.Milestones[0].ID)
	for _, tt := range []struct{ schema, path string }{
		{"issue", w.path(w.infra, "/issues/1")},
		{"issue", w.path(w.infra, "/issues/2")},
		{"issues", w.path(w.infra, "/issues")},
		{"issues", "/issues?scope=all"},
		{"issues", w.path(w.infra, m+"/issues")},
		{"milestone", w.path(w.infra, m)},
		{"milestones", w.path(w.infra, "/milestones")},
		{"milestones", w.path(w.acme, "/milestones")},
		{"notes", w.path(w.infra, "/issues/1/notes")},
		{"group_labels", w.path(w.acme, "/labels?with_counts=true")},
		{"board", w.path(w.infra, fmt.Sprintf("/boards/%d", w.infra.Boards[0].ID))},
		{"boards", w.path(w.infra, "/boards")},
		{"user/basics", w.path(w.infra, "/issues/1/participants")},
		{"user/public", "/user"},
	} {
		t.Run(tt.schema+" "+tt.path, func(t *testing.T) {
			rec := w.ask("owner", "GET", tt.path, "")
			if rec.Code != 200 {
				t.Fatalf("got %d %s", rec.Code, rec.Body)
			}
			instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(rec.Body.Bytes()))
			if err != nil {
				t.Fatal(err)
			}
			if rows, ok := instance.([]any); ok && len(rows) == 0 {
				t.Fatal("an empty list says nothing")
			}
			if err := schema(tt.schema).Validate(instance); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestSchemasRejectInvalidBodies checks that the fixed schemas do not accept everything.
func TestSchemasRejectInvalidBodies(t *testing.T) {
	t.Parallel()
	schema := schemas(t)
	for name, wrong := range map[string]string{
		"issue": `{}`, "issues": `[{"id":"1"}]`, "milestones": `[{"id":1}]`, "notes": `[{"id":1}]`, "group_labels": `[{"name":1}]`,
		"boards": `[{"id":1}]`, "user/public": `{"id":1}`, "user/basics": `[{"id":1}]`,
	} {
		instance, err := jsonschema.UnmarshalJSON(strings.NewReader(wrong))
		if err != nil {
			t.Fatal(err)
		}
		if schema(name).Validate(instance) == nil {
			t.Errorf("%s: %s was accepted", name, wrong)
		}
	}
}

// inventory is the extract from the OpenAPI file of an 18.x instance.
type inventory struct {
	Definitions map[string]map[string]string `json:"definitions"`
	Parameters  map[string][]string          `json:"parameters"`
}

func readInventory(t *testing.T) inventory {
	t.Helper()
	text, err := os.ReadFile("testdata/gitlab/openapi-18.json")
	if err != nil {
		t.Fatal(err)
	}
	var inv inventory
	if err := json.Unmarshal(text, &inv); err != nil {
		t.Fatal(err)
	}
	return inv
}

// TestFieldsOf18 compares our fields with the inventory, both ways. extra are fields that GitLab sends although they
// are not described; absent are those that appear only in cases that do not occur here.
func TestFieldsOf18(t *testing.T) {
	t.Parallel()
	inv := readInventory(t)
	w := fullWorld(t, store.Ultimate)
	user := []string{"avatar_path", "custom_attributes"}
	start := []string{"start_date"}
	for _, tt := range []struct {
		definition, path string
		extra, absent    []string
	}{
		{definition: "API_Entities_Issue", path: w.path(w.infra, "/issues/1"), extra: start, absent: []string{"task_status"}},
		{definition: "API_Entities_Issue", path: w.path(w.infra, "/issues"), extra: start, absent: []string{"subscribed"}},
		{definition: "API_Entities_RelatedIssue", path: w.path(w.infra, "/issues/1/links"), extra: start, absent: []string{"subscribed"}},
		{definition: "API_Entities_Milestone", path: w.path(w.infra, "/milestones"), absent: []string{"group_id"}},
		{definition: "API_Entities_Milestone", path: w.path(w.acme, "/milestones"), absent: []string{"project_id"}},
		{definition: "API_Entities_UserBasic", path: w.path(w.infra, "/issues/1/participants"), absent: user},
		{definition: "API_Entities_AwardEmoji", path: w.path(w.infra, "/issues/1/award_emoji")},
		{definition: "API_Entities_ResourceMilestoneEvent", path: w.path(w.infra, "/issues/1/resource_milestone_events")},
		{definition: "API_Entities_Metadata", path: "/metadata"},
		{definition: "API_Entities_Member", path: w.path(w.infra, "/members/all"), absent: append(slices.Clone(user),
			"email", "group_saml_identity", "group_scim_identity", "is_using_seat", "override", "member_role")},
	} {
		t.Run(tt.definition+" "+tt.path, func(t *testing.T) {
			want := append(slices.Sorted(maps.Keys(inv.Definitions[tt.definition])), tt.extra...)
			slices.Sort(want)
			want = slices.DeleteFunc(want, func(f string) bool { return slices.Contains(tt.absent, f) })
			rec := w.ask("owner", "GET", tt.path, "")
			if got := slices.Sorted(maps.Keys(firstObject(t, rec.Body.Bytes()))); !slices.Equal(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
}

// TestMergeRequestFields checks the objects below a merge request both ways, and the merge request itself one way
// only.
func TestMergeRequestFields(t *testing.T) {
	t.Parallel()
	inv := readInventory(t)
	w := &world{t: t, s: seeded(t, Options{Edition: store.Premium}, seed.Handbook)}
	const one = "/projects/acme%2Foauth2-proxy-cookbook/merge_requests/1"
	get := func(path string) object { return firstObject(t, w.ask("sandbox-maria", "GET", path, "").Body.Bytes()) }
	for definition, got := range map[string]object{
		"API_Entities_Diff":                             get(one + "/diffs"),
		"EE_API_Entities_ApprovalState":                 get(one + "/approvals"),
		"EE_API_Entities_MergeRequestApprovalState":     get(one + "/approval_state"),
		"EE_API_Entities_MergeRequestApprovalStateRule": objects(get(one + "/approval_state")["rules"])[0],
	} {
		want := slices.Sorted(maps.Keys(inv.Definitions[definition]))
		if fields := slices.Sorted(maps.Keys(got)); !slices.Equal(fields, want) {
			t.Errorf("%s:\ngot  %v\nwant %v", definition, fields, want)
		}
	}
	for field := range get(one + "/changes") {
		if _, known := inv.Definitions["API_Entities_MergeRequestChanges"][field]; !known {
			t.Errorf("a merge request has no field %s", field)
		}
	}
}

// TestProjectAndGroupFields checks one way only: these objects have many fields that nothing here needs.
func TestProjectAndGroupFields(t *testing.T) {
	t.Parallel()
	inv := readInventory(t)
	w := fullWorld(t, store.Ultimate)
	for definition, path := range map[string]string{
		"API_Entities_ProjectWithAccess": w.path(w.infra, ""), "API_Entities_GroupDetail": w.path(w.acme, ""),
	} {
		for field := range firstObject(t, w.ask("owner", "GET", path, "").Body.Bytes()) {
			if _, known := inv.Definitions[definition][field]; !known {
				t.Errorf("%s has no field %s", definition, field)
			}
		}
	}
}

// firstObject decodes an object, or the first row of a list.
func firstObject(t *testing.T, body []byte) object {
	t.Helper()
	var rows []object
	if json.Unmarshal(body, &rows) == nil && len(rows) > 0 {
		return rows[0]
	}
	var o object
	if err := json.Unmarshal(body, &o); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return o
}

// TestListParameters sends each filter of the inventory with a value that matches nothing: the list must change or
// be refused, otherwise the parameter is ignored.
func TestListParameters(t *testing.T) {
	t.Parallel()
	inv := readInventory(t)
	w := fullWorld(t, store.Ultimate)
	values := map[string]string{ // the default matches nothing, which has no effect on these
		"with_labels_details": "true", "order_by": "title", "sort": "asc", "page": "2", "per_page": "1", "state": "closed",
		"not[labels]": "toil", "not[milestone]": "Current", "not[milestone_id]": "Any", "not[iids]": "1",
		"not[author_id]": fmt.Sprint(w.users["owner"].ID), "not[author_username]": "owner",
		"not[assignee_id]": fmt.Sprint(w.users["guest"].ID), "not[assignee_username]": "guest",
		"not[weight]": "None", "not[iteration_id]": "None", "not[iteration_title]": "None",
		"updated_after": "2030-01-01", "created_after": "2030-01-01", "scope": "assigned_to_me", "due_date": "overdue",
		"confidential": "true", "issue_type": "task", "non_archived": "maybe",
	}
	excluded := []string{"id", "cursor", "in"} // part of the path; only with keyset pagination; only with a search
	base := w.ask("owner", "GET", w.path(w.acme, "/issues"), "").Body.String()
	for _, list := range slices.Sorted(maps.Keys(inv.Parameters)) {
		if !strings.HasSuffix(list, "/issues") {
			continue
		}
		for _, name := range inv.Parameters[list] {
			if slices.Contains(excluded, name) {
				continue
			}
			value, ok := values[name]
			if !ok {
				value = "7777"
			}
			if got := w.ask("owner", "GET", w.path(w.acme, "/issues?"+name+"="+value), "").Body.String(); got == base {
				t.Errorf("%s: %s=%s changes nothing", list, name, value)
			}
		}
	}
}
