package fakegitlab

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// query sends a GraphQL query as JSON and returns the answer.
func (w *world) query(who, query, variables string) *httptest.ResponseRecorder {
	w.t.Helper()
	if variables == "" {
		variables = "{}"
	}
	text, err := json.Marshal(query)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.postGraphQL(who, `{"query":`+string(text)+`,"variables":`+variables+`}`, "application/json")
}

func (w *world) postGraphQL(who, body, contentType string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/api/graphql", strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	if who != "" {
		r.Header.Set("PRIVATE-TOKEN", who)
	}
	return serve(w.s, r)
}

// answers checks the whole answer to a query.
func (w *world) answers(who, query, variables, want string) {
	w.t.Helper()
	if rec := w.query(who, query, variables); rec.Code != 200 || rec.Body.String() != want {
		w.t.Errorf("%s as %q: got %d\n%s\nwant\n%s", query, who, rec.Code, rec.Body, want)
	}
}

// TestGraphQLRights checks that a query shows to each user what REST shows, and null for the rest.
func TestGraphQLRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issues := w.path(w.infra, "/issues")
	w.must(201, "reporter", "POST", issues, `{"title":"Seen"}`)
	w.must(201, "reporter", "POST", issues, `{"title":"Hidden","confidential":true}`)
	note := w.must(201, "reporter", "POST", issues+"/1/notes", `{"body":"Internal","internal":true}`).num("id")
	id := w.infra.IssueByIID[2].ID
	both := `{p:project(fullPath:"ACME/infra"){a:issue(iid:"1"){title} b:issue(iid:"2"){title} c:issue(iid:"9"){title}}}`
	w.answers("reporter", both, "", `{"data":{"p":{"a":{"title":"Seen"},"b":{"title":"Hidden"},"c":null}}}`)
	w.answers("guest", both, "", `{"data":{"p":{"a":{"title":"Seen"},"b":null,"c":null}}}`)
	w.answers("outsider", both, "", `{"data":{"p":null}}`)
	w.answers("", `{project(fullPath:"acme/open"){name} group(fullPath:"acme"){name} currentUser{id}}`, "",
		`{"data":{"project":{"name":"Open"},"group":null,"currentUser":null}}`)
	byID := fmt.Sprintf(`{issue(id:"gid://gitlab/Issue/%d"){iid} workItem(id:"gid://gitlab/WorkItem/%d"){iid} note(id:"gid://gitlab/Note/%d"){body}}`, id, id, note)
	w.answers("planner", byID, "", `{"data":{"issue":{"iid":"2"},"workItem":{"iid":"2"},"note":{"body":"Internal"}}}`)
	w.answers("guest", byID, "", `{"data":{"issue":null,"workItem":null,"note":null}}`)
	w.answers("guest", `{project(fullPath:"acme/infra"){issue(iid:"1"){notes{nodes{body} count}}}}`, "",
		`{"data":{"project":{"issue":{"notes":{"nodes":[],"count":0}}}}}`)
	w.infra.Set(store.IssuesFeature, `"disabled"`)
	w.answers("owner", both, "", `{"data":{"p":{"a":null,"b":null,"c":null}}}`)
}

// TestGraphQLLanguage checks aliases, fragments, directives, variables and merged selections.
func TestGraphQLLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), `{"title":"One","labels":"b,a"}`)
	w.answers("developer", `query Q($p:ID!="acme/infra",$deep:Boolean!,$i:[String!]){
		__typename
		project(fullPath:$p){...F issue(iids:$i){iid title @skip(if:true) labels(first:1){nodes{title} pageInfo{hasNextPage}} author{__typename ...on User{name}}}
			group @include(if:$deep){path}}
	}
	fragment F on Project{issue(iids:$i){iid ref:reference full:reference(full:true)}}`, `{"deep":false,"i":"1"}`,
		`{"data":{"__typename":"Query","project":{"issue":{"iid":"1","ref":"#1","full":"acme/infra#1",`+
			`"labels":{"nodes":[{"title":"a"}],"pageInfo":{"hasNextPage":true}},"author":{"__typename":"UserCore","name":"The reporter"}}}}}`)
	w.answers("guest", `query A{currentUser{username}} query B{echo(text:"x")}`, "", `{"errors":[{"message":"An operation name is required"}]}`)
	rec := w.postGraphQL("guest", `{"query":"query A{currentUser{username}} query B{echo(text:\"x\")}","operationName":"B"}`, "application/json")
	if got := rec.Body.String(); got != `{"data":{"echo":"\"guest\" says: x"}}` {
		t.Errorf("operation B: got %s", got)
	}
}

// TestGraphQLErrors checks the words, places and codes of GitLab's refusals. All have the status 200.
func TestGraphQLErrors(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		`{project(fullPath:"a"){nam}}`: `{"errors":[{"message":"Field 'nam' doesn't exist on type 'Project' (Did you mean ` + "`name`" + `?)",` +
			`"locations":[{"line":1,"column":24}],"path":["query","project","nam"],"extensions":{"code":"undefinedField","typeName":"Project","fieldName":"nam"}}]}`,
		"query Q {\n  x: project(fullPath: \"a\", foo: 1) { id }\n}": `{"errors":[{"message":"Field 'project' doesn't accept argument 'foo'",` +
			`"locations":[{"line":2,"column":29}],"path":["query Q","x","foo"],"extensions":{"code":"argumentNotAccepted","name":"project","typeName":"Field","argumentName":"foo"}}]}`,
		`{project{id}}`: `{"errors":[{"message":"Field 'project' is missing required arguments: fullPath","locations":[{"line":1,"column":2}],` +
			`"path":["query","project"],"extensions":{"code":"missingRequiredArguments","className":"Field","name":"project","arguments":"fullPath"}}]}`,
		`{currentUser}`: `{"errors":[{"message":"Field must have selections (field 'currentUser' returns CurrentUser but has no selections. ` +
			`Did you mean 'currentUser { ... }'?)","locations":[{"line":1,"column":2}],"path":["query","currentUser"],` +
			`"extensions":{"code":"selectionMismatch","nodeName":"field 'currentUser'","typeName":"CurrentUser"}}]}`,
		`query($a:Int!){currentUser{id}}`: `{"errors":[{"message":"Variable $a is declared by anonymous query but not used","locations":[{"line":1,"column":7}],` +
			`"path":["query"],"extensions":{"code":"variableNotUsed","variableName":"a"}}]}`,
		`query($a:Int!){project(fullPath:$a){id}}`: `{"errors":[{"message":"Type mismatch on variable $a and argument fullPath (Int! / ID!)",` +
			`"locations":[{"line":1,"column":24}],"path":["query","project","fullPath"],"extensions":{"code":"variableMismatch","variableName":"a",` +
			`"typeName":"Int!","argumentName":"fullPath","errorMessage":"Type mismatch"}}]}`,
		`query($a:ID!){project(fullPath:$a){id}}`: `{"errors":[{"message":"Variable $a of type ID! was provided invalid value","locations":[{"line":1,"column":7}],` +
			`"extensions":{"value":null,"problems":[{"path":[],"explanation":"Expected value to not be null"}]}}]}`,
		`{issue(id:"gid://gitlab/Project/1"){iid}}`: `{"errors":[{"message":"\"gid://gitlab/Project/1\" does not represent an instance of Issue",` +
			`"locations":[{"line":1,"column":2}],"path":["query","issue","id"],"extensions":{"code":"argumentLiteralsIncompatible"}}]}`,
		`{currentUser{...F}}`: `{"errors":[{"message":"Fragment F was used, but not defined","locations":[{"line":1,"column":17}],` +
			`"path":["query","currentUser","... F"],"extensions":{"code":"useAndDefineFragment","fragmentName":"F"}}]}`,
		`{project(fullPath:"a"){...on Group{id}}}`: `{"errors":[{"message":"Fragment on Group can't be spread inside Project","locations":[{"line":1,"column":27}],` +
			`"path":["query","project","... on Group"],"extensions":{"code":"cannotSpreadFragment","typeName":"Group","fragmentName":"unknown","parentName":"Project"}}]}`,
		`{`:                  `{"errors":[{"message":"Expected NAME, actual: (none) (\"\") at [1, 1]","locations":[{"line":1,"column":1}]}]}`,
		`{project(}`:         `{"errors":[{"message":"Expected NAME, actual: RCURLY (\"}\") at [1, 10]","locations":[{"line":1,"column":10}]}]}`,
		"query Q(\n$a Int){": `{"errors":[{"message":"Expected COLON, actual: IDENTIFIER (\"Int\") at [2, 4]","locations":[{"line":2,"column":4}]}]}`,
		` # nothing`:         `{"errors":[{"message":"Unexpected end of document","locations":[]}]}`,
	} {
		w := newWorld(t, Options{})
		w.answers("guest", query, "", want)
	}
}

// TestGraphQLHTTP checks the forms of requests, and the refusals that are not GraphQL's.
func TestGraphQLHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	w.s.store.AddToken(&store.Token{Value: "reading", User: w.users["owner"], Scopes: []string{"read_api"}})
	w.s.store.AddToken(&store.Token{Value: "profile", User: w.users["owner"], Scopes: []string{"read_user"}})
	w.s.store.AddToken(&store.Token{Value: "revoked", User: w.users["owner"], Revoked: true})
	w.user("blocked").Blocked = true
	const me, mutation = `{currentUser{username}}`, `mutation{issueSetSeverity(input:{projectPath:"acme/infra",iid:"1",severity:LOW}){errors}}`
	const mine = `{"data":{"currentUser":{"username":"owner"}}}`
	const unavailable = `{"errors":[{"message":"The resource that you are attempting to access does not exist or you don't have permission to perform this action",` +
		`"locations":[{"line":1,"column":10}],"path":["issueSetSeverity"]}],"data":{"issueSetSeverity":null}}`
	get := func(who, query string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/api/graphql?query="+url.QueryEscape(query), nil)
		r.Header.Set("PRIVATE-TOKEN", who)
		return serve(w.s, r)
	}
	for name, c := range map[string]struct {
		got    *httptest.ResponseRecorder
		status int
		want   string
	}{
		"get":           {get("owner", me), 200, mine},
		"get mutation":  {get("owner", mutation), 422, `{"errors":[{"message":"Mutations are forbidden in GET requests"}]}`},
		"form":          {w.postGraphQL("owner", "query="+url.QueryEscape(me), "application/x-www-form-urlencoded"), 200, mine},
		"no query":      {w.postGraphQL("owner", `{}`, "application/json"), 200, `{"errors":[{"message":"No query string was present"}]}`},
		"other body":    {w.postGraphQL("owner", me, "text/plain"), 200, `{"errors":[{"message":"No query string was present"}]}`},
		"variables":     {w.postGraphQL("owner", `{"query":"query($t:String!){echo(text:$t)}","variables":"{\"t\":\"x\"}"}`, "application/json"), 200, `{"data":{"echo":"\"owner\" says: x"}}`},
		"bad variables": {w.postGraphQL("owner", `{"query":"{a}","variables":[1]}`, "application/json"), 422, `{"errors":[{"message":"Unexpected parameter: [1]"}]}`},
		"read_api":      {w.query("reading", me, ""), 200, mine},
		"read_api only": {w.query("reading", mutation, ""), 200, unavailable},
		"read_user":     {w.query("profile", me, ""), 401, `{"errors":[{"message":"Invalid token"}]}`},
		"revoked":       {w.query("revoked", me, ""), 401, `{"errors":[{"message":"Invalid token"}]}`},
		"blocked":       {w.query("blocked", me, ""), 403, `{"errors":[{"message":"API not accessible for user"}]}`},
		"anonymous":     {w.query("", mutation, ""), 200, unavailable},
	} {
		if c.got.Code != c.status || c.got.Body.String() != c.want {
			t.Errorf("%s: got %d %s, want %d %s", name, c.got.Code, c.got.Body, c.status, c.want)
		}
	}
	if got := get("owner", me).Header().Get("Content-Type"); got != "application/json; charset=utf-8" {
		t.Errorf("content type %s", got)
	}
}

// TestGraphQLLimits checks that a query within the limits of size cannot cost much.
func TestGraphQLLimits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	deep := strings.Repeat("{group(fullPath:\"acme\")", 1) + strings.Repeat("{parent", 30) + "{id}" + strings.Repeat("}", 31)
	w.answers("guest", deep, "", `{"errors":[{"message":"Query has depth of 32, which exceeds max depth of 20"}]}`)
	var wide, bomb strings.Builder
	for n := range 300 {
		fmt.Fprintf(&wide, "a%d:echo(text:\"\") ", n)
	}
	w.answers("guest", "{"+wide.String()+"}", "", `{"errors":[{"message":"Query has complexity of 300, which exceeds max complexity of 250"}]}`)
	bomb.WriteString("{group(fullPath:\"acme\"){...F0}} ")
	for n := range 40 {
		fmt.Fprintf(&bomb, "fragment F%d on Group{id a:parent{...F%d} b:parent{...F%d}} ", n, n+1, n+1)
	}
	bomb.WriteString("fragment F40 on Group{id}")
	if got := w.query("guest", bomb.String(), "").Body.String(); !strings.Contains(got, "exceeds max") {
		t.Errorf("fragments within fragments: got %.200s", got)
	}
	nested := w.query("guest", strings.Repeat("{a", 50_000), "").Body.String()
	if nested != `{"errors":[{"message":"This query is too large to execute."}]}` {
		t.Errorf("nested brackets: got %.200s", nested)
	}
}

// TestLastEditor checks that notes and descriptions name who changed their text last, and only then.
func TestLastEditor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one := w.path(w.infra, "/issues/1")
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), `{"title":"x","description":"d"}`)
	id := w.must(201, "reporter", "POST", one+"/notes", `{"body":"First"}`).num("id")
	editors := func(note int) string {
		return w.query("guest", fmt.Sprintf(`{note(id:"gid://gitlab/Note/%d"){lastEditedBy{username}} namespace(fullPath:"acme/infra"){workItem(iid:"1"){`+
			`widgets(onlyTypes:[DESCRIPTION]){...on WorkItemWidgetDescription{edited lastEditedBy{username}}}}}}`, note), "").Body.String()
	}
	expect := func(when, note, description string) {
		t.Helper()
		edited := `false`
		if description != "null" {
			edited = `true`
		}
		want := `{"data":{"note":{"lastEditedBy":` + note + `},"namespace":{"workItem":{"widgets":[{"edited":` + edited + `,"lastEditedBy":` + description + `}]}}}}`
		if got := editors(id); got != want {
			t.Errorf("%s: got %s, want %s", when, got, want)
		}
	}
	expect("new", "null", "null")
	w.must(201, "guest", "POST", one+fmt.Sprintf("/notes/%d/award_emoji", id), `{"name":"heart"}`)
	w.must(200, "reporter", "PUT", one+fmt.Sprintf("/notes/%d", id), `{"body":"First"}`)
	w.must(200, "developer", "PUT", one, `{"description":"d","labels":"a","confidential":false}`)
	expect("same text", "null", "null")
	w.must(200, "maintainer", "PUT", one+fmt.Sprintf("/notes/%d", id), `{"body":"Second"}`)
	w.must(200, "developer", "PUT", one, `{"description":"e"}`)
	expect("changed", `{"username":"maintainer"}`, `{"username":"developer"}`)
	w.must(200, "reporter", "PUT", one+fmt.Sprintf("/notes/%d", id), `{"body":"First"}`)
	expect("changed back", `{"username":"reporter"}`, `{"username":"developer"}`)
	w.must(201, "owner", "POST", one+"/move", fmt.Sprintf(`{"to_project_id":%d}`, w.prod.ID))
	moved := w.query("guest", `{project(fullPath:"acme/prod"){issue(iid:"1"){notes(first:1){nodes{lastEditedBy{username}}}}}}`, "").Body.String()
	if !strings.Contains(moved, `"username":"reporter"`) {
		t.Errorf("moved: got %s", moved)
	}
}

// TestIncidents checks severity, status and timeline of incidents, through GraphQL, REST and quick actions.
func TestIncidents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	issues := w.path(w.infra, "/issues")
	if got := w.must(201, "guest", "POST", issues, `{"title":"By a guest","issue_type":"incident"}`).str("issue_type"); got != "issue" {
		t.Errorf("a Guest's incident is an %s", got)
	}
	one := w.must(201, "reporter", "POST", issues, `{"title":"Down","issue_type":"incident"}`)
	path := fmt.Sprintf("%s/%d", issues, one.num("iid"))
	for arg, want := range map[string]string{"S1": "Critical", "medium": "Medium", "HIGH": "High", "0": "Unknown"} {
		rec := w.ask("reporter", "POST", path+"/notes", `{"body":"/severity `+arg+`"}`)
		if !strings.Contains(rec.Body.String(), `"summary":["Severity updated to `+want+`."]`) {
			t.Errorf("/severity %s: got %d %s", arg, rec.Code, rec.Body)
		}
		if got := w.must(200, "guest", "GET", path, "").str("severity"); got != strings.ToUpper(want) {
			t.Errorf("after /severity %s: got %s", arg, got)
		}
	}
	gid := fmt.Sprintf(`"gid://gitlab/Issue/%d"`, one.num("id"))
	create := `mutation{timelineEventCreate(input:{incidentId:` + gid + `,note:"%s",occurredAt:"2018-08-24T16:30:00+02:00",timelineEventTagNames:%s}){` +
		`timelineEvent{note occurredAt editable timelineEventTags{nodes{name}}} errors}}`
	w.answers("developer", fmt.Sprintf(create, "Began", `["start TIME","Impact detected"]`), "", `{"data":{"timelineEventCreate":{"timelineEvent":{"note":"Began",`+
		`"occurredAt":"2018-08-24T14:30:00Z","editable":true,"timelineEventTags":{"nodes":[{"name":"Impact detected"},{"name":"Start time"}]}},"errors":[]}}}`)
	w.answers("developer", fmt.Sprintf(create, "x", `["Nope","Start time"]`), "",
		`{"data":{"timelineEventCreate":{"timelineEvent":null,"errors":["Following tags don't exist: [\"nope\"]"]}}}`)
	w.answers("developer", fmt.Sprintf(create, strings.Repeat("x", 281), "[]"), "",
		`{"data":{"timelineEventCreate":{"timelineEvent":null,"errors":["Note is too long (maximum is 280 characters)"]}}}`)
	w.must(202, "developer", "POST", path+"/notes", `{"body":"/timeline Fixed | 2018-08-24 14:45"}`)
	w.must(200, "reporter", "PUT", path, `{"state_event":"close"}`)
	list := w.query("guest", `{project(fullPath:"acme/infra"){incidentManagementTimelineEvents(incidentId:`+gid+`){nodes{note action}} issue(iid:"2"){escalationStatus}}}`, "").Body.String()
	for _, want := range []string{`[{"note":"Began","action":"comment"},{"note":"Fixed","action":"comment"},{"note":"@reporter created the incident","action":"issues"}`,
		`"@reporter changed the incident severity to **Critical - S1**","action":"severity"`, `"escalationStatus":"RESOLVED"`} {
		if !strings.Contains(list, want) {
			t.Errorf("timeline: %s is missing in %s", want, list)
		}
	}
}

// TestChangeOfKind checks who may turn an issue into an incident, and that an ordinary issue has no severity.
func TestChangeOfKind(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	one := w.path(w.infra, "/issues/1")
	w.must(201, "reporter", "POST", w.path(w.infra, "/issues"), `{"title":"x"}`)
	set := `mutation{issueSetSeverity(input:{projectPath:"acme/infra",iid:"1",severity:CRITICAL}){issue{severity}errors}}`
	w.answers("reporter", set, "", `{"data":{"issueSetSeverity":{"issue":{"severity":"UNKNOWN"},"errors":[]}}}`)
	w.refused(400, `{"message":{"work_item_type_id":["can not be changed to Task"]}}`, "owner", "PUT", one, `{"issue_type":"task"}`)
	w.must(200, "maintainer", "PUT", one, `{"issue_type":"incident"}`)
	w.answers("reporter", set, "", `{"data":{"issueSetSeverity":{"issue":{"severity":"CRITICAL"},"errors":[]}}}`)
	w.must(200, "maintainer", "PUT", one, `{"issue_type":"test_case"}`)
	if got := w.must(200, "maintainer", "PUT", one, `{"issue_type":"issue"}`).str("severity"); got != "UNKNOWN" {
		t.Errorf("the severity of an ordinary issue is %s", got)
	}
	notes := fieldOf(w.list("guest", one+"/notes?sort=asc"), "body")
	if notes != "changed type from issue to incident changed the severity to **Critical - S1** changed type from incident to issue" {
		t.Errorf("notes: %s", notes)
	}
}

// TestGraphQLEditions checks that each edition has its own schema.
func TestGraphQLEditions(t *testing.T) {
	t.Parallel()
	const query = `{group(fullPath:"acme"){iterations{nodes{title}}}}`
	for edition, want := range map[store.Edition]string{
		store.Community: `"code":"undefinedField","typeName":"Group","fieldName":"iterations"`,
		store.Free:      `"path":["group","iterations"]}],"data":{"group":{"iterations":null}}}`,
		store.Premium:   `{"data":{"group":{"iterations":{"nodes":[]}}}}`,
	} {
		w := newWorld(t, Options{Edition: edition})
		if got := w.query("guest", query, "").Body.String(); !strings.Contains(got, want) {
			t.Errorf("%s: got %s", edition, got)
		}
	}
}
