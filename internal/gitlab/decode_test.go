package gitlab

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// The lists in testdata come from GitLab's documentation and the embedded GitLab: one issue with all fields, one of an old
// server with few.

// readIssues decodes a list as the client does.
func readIssues(body []byte) ([]wireIssue, error) {
	var rows []wireIssue
	err := unmarshal(body, &rows)
	return rows, err
}

func issueLists(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("../../testdata/gitlab-client/issues-*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(err, files)
	}
	lists := map[string][]byte{}
	for _, f := range files {
		if lists[filepath.Base(f)], err = os.ReadFile(f); err != nil {
			t.Fatal(err)
		}
	}
	return lists
}

func TestDecodeIsEquivalentToEncodingJSON(t *testing.T) {
	t.Parallel()
	lists := issueLists(t)
	for name, odd := range map[string]string{
		"empty": `[]`, "null": `null`, "blanks": " [ ] \n", "nothing known": `[{"x":{"y":[{"z":"]}"}]}}]`, "all null": `[{"id":null,"title":null,"labels":null,"milestone":null,"assignees":null,"author":null,"weight":null,"confidential":null,"created_at":null,"due_date":null,"references":null}]`,
		"empty parts": `[{"labels":[],"milestone":{},"assignees":[],"author":{},"references":{}}]`,
		"escapes":     `[{"title":"a\"b\\c\/d\b\f\n\r\té\ud83d\ude00\ud800","description":"\\","web_url":"\\\""},{"ti\u0074le":"x","unknown":"\\\\\""}]`,
		"bytes":       "[{\"title\":\"a\xffb\xc3\",\"labels\":[\"\xff\",\"\\u00e9\",\"\xff\",\"\\u00e9\"]}]",
		"numbers":     `[{"id":-5,"weight":0,"x":1.5e+3,"iid":9007199254740993}]`,
	} {
		lists[name] = []byte(odd)
	}
	for name, body := range lists {
		var want []wireIssue
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := readIssues(body)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(nonNil(want), nonNil(got), cmp.Comparer(func(a, b wireDate) bool { return a == b })); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// nonNil replaces nil by an empty list: the difference does not matter.
func nonNil(rows []wireIssue) []wireIssue {
	if rows == nil {
		return []wireIssue{}
	}
	return rows
}

func TestDecodeRefusesInvalidJSON(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		``, `{}`, `[`, `[{`, `[{}`, `[{]`, `[}]`, `[{"id"}]`, `[{"id":}]`, `[{"id":"x"}]`, `[{"id":1.5}]`, `[{"id":1 "iid":2}]`, `[{}{}]`, `[{}] x`,
		`[{"title":"x}]`, `[{"title":5}]`, `[{"title":"\x"}]`, `[{"title":"x\`, `[{"labels":"x"}]`, `[{"labels":[5]}]`, `[{"confidential":1}]`, `[{"confidential":tru}]`,
		`[{"created_at":"yesterday"}]`, `[{"due_date":"soon"}]`, `[{"x":{"y":1}]`, `[{"x":"y]`, `nul`, `[{"milestone":5}]`, `[{"author":[]}]`, `[{"id":99999999999999999999}]`,
	} {
		if rows, err := readIssues([]byte(body)); err == nil {
			t.Errorf("%s: %+v, want an error", body, rows)
		}
	}
	for name, body := range issueLists(t) {
		body = bytes.TrimSpace(body)
		for cut := range body {
			if _, err := readIssues(body[:cut]); err == nil {
				t.Fatalf("%s cut at %d was accepted", name, cut)
			}
		}
	}
}

// Any list of issues, in any of its JSON forms.
func TestDecodeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.Custom(anyIssue), 0, 3).Draw(t, "rows")
		body, err := json.Marshal(rows)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "indent") {
			var b bytes.Buffer
			json.Indent(&b, body, "", "\t")
			body = b.Bytes()
		}
		var want []wireIssue
		if err := json.Unmarshal(body, &want); err != nil {
			t.Fatal(err)
		}
		if got, err := readIssues(body); err != nil || !reflect.DeepEqual(nonNil(want), nonNil(got)) {
			t.Fatalf("%s:\n got %+v, %v\nwant %+v", body, got, err, want)
		}
	})
}

// anyIssue has some of the fields, in the order of their names, among others that are ignored.
func anyIssue(t *rapid.T) map[string]any {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"\\", "\\\"", "]}", "{[", "<b>&", "\u2028", "é😀", "\x00\x1f"}))
	number := rapid.Int64()
	person := func() any {
		return map[string]any{"id": number.Draw(t, "id"), "username": text.Draw(t, "user"), "bot": false}
	}
	values := map[string]func() any{
		"id": func() any { return number.Draw(t, "id") }, "iid": func() any { return number.Draw(t, "iid") },
		"title": func() any { return text.Draw(t, "title") }, "description": func() any { return text.Draw(t, "description") },
		"state": func() any { return text.Draw(t, "state") }, "web_url": func() any { return text.Draw(t, "url") },
		"labels": func() any { return rapid.SliceOfN(text, 0, 4).Draw(t, "labels") },
		"milestone": func() any {
			return map[string]any{"id": number.Draw(t, "id"), "title": text.Draw(t, "milestone"), "iid": 3}
		},
		"assignees": func() any { return []any{person(), person()} }, "author": person,
		"weight": func() any { return rapid.IntRange(-3, 99).Draw(t, "weight") }, "confidential": func() any { return rapid.Bool().Draw(t, "confidential") },
		"created_at": func() any { return "2026-03-03T10:02:11.870+05:30" }, "updated_at": func() any { return "2026-03-03T10:02:11Z" },
		"closed_at": func() any { return "0001-01-01T00:00:00Z" }, "due_date": func() any { return "2026-02-28" },
		"moved_to_id": func() any { return number.Draw(t, "moved") }, "references": func() any { return map[string]any{"full": text.Draw(t, "full"), "short": "#1"} },
		"zzz": func() any {
			return map[string]any{text.Draw(t, "key"): []any{text.Draw(t, "in"), 1.5e9, nil, true, map[string]any{}}}
		},
	}
	issue := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		switch rapid.IntRange(0, 3).Draw(t, name) {
		case 0:
			issue[name] = nil
		case 1, 2:
			issue[name] = values[name]()
		}
	}
	return issue
}

// The error for an answer that cannot be decoded names what was attempted, but not the token, even if path and request id contain it.
func TestUnreadableAnswerHidesTheToken(t *testing.T) {
	t.Parallel()
	c, _ := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Request-Id", r.Header.Get("Private-Token"))
		fmt.Fprintf(w, `{"message":%q}`, r.Header.Get("Private-Token"))
	}), nil)
	for method, class := range map[string]error{http.MethodGet: nil, http.MethodPut: fault.Unknown} {
		_, err := send(t.Context(), c, method, "projects/"+secret, nil, wireProject.value, nil)
		e, ok := errors.AsType[*Error](err)
		if !ok || e.Class != class || e.Path != "projects/[token]" || strings.Contains(fmt.Sprintf("%+v %s", *e, fault.HintOf(err)), secret) {
			t.Errorf("%s: %+v", method, err)
		}
	}
}
