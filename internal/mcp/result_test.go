package mcp

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// What a person would not see in GitLab goes, an image becomes a link, and the rest stays.
func TestClean(t *testing.T) {
	t.Parallel()
	for _, try := range []struct{ in, want string }{
		{"Registry returns 500s", "Registry returns 500s"},
		{"a<!-- hidden -->b", "a[hidden comment removed]b"},
		{"a\n<!-- hidden\nto the end", "a\n[hidden comment removed]"},
		{"![x](https://evil.example.net/?q=1)", "[x](https://evil.example.net/?q=1)"},
		{"!![x]!\u200b[y] really! [z]", "[x][y] really! [z]"},
		{"a\u202eb\u200bc\U000e0041d\x1b[31me\x00", "abcd[31me"},
		{"tab\tand\r\nlines", "tab    and\nlines"},
		{"a\ufe01\ufe02\U000e0104b", "ab"},
		{"❤\ufe0f 👩\u200d💻 नमस्ते मी\u200dठ", "❤\ufe0f 👩\u200d💻 नमस्ते मी\u200dठ"},
		{strings.Repeat("é", 12), strings.Repeat("é", 10) + " [cut: 2 more characters]"},
	} {
		limit := textLimit
		if strings.HasPrefix(try.in, "é") {
			limit = 10
		}
		if got := clean(try.in, limit); got != try.want {
			t.Errorf("%q: %q, want %q", try.in, got, try.want)
		}
	}
}

// A document keeps the order of its members and stays a document. What is too long is counted.
func TestShortened(t *testing.T) {
	t.Parallel()
	var list []string
	for n := range 3000 {
		list = append(list, fmt.Sprintf("incident %d", n))
	}
	long, _ := json.Marshal(list)
	for _, try := range []struct{ in, want string }{
		{`{"b":1.50,"a":[true,null,"x"],"c":{}}`, `{"b":1.50,"a":[true,null,"x"],"c":{}}`},
		{`{"a":"<b>&"}`, `{"a":"\u003cb\u003e\u0026"}`},
		{`{"args":["x"],"steps":[{"args":1}]}`, `{"steps":[{"args":1}]}`},
		{`{"args":[]}`, `{}`},
		{"not a document", `"not a document"`},
	} {
		if got := shortened(try.in, "", "args"); got != try.want {
			t.Errorf("%s: %s, want %s", try.in, got, try.want)
		}
	}
	got := shortened(string(long), "since")
	if !json.Valid([]byte(got)) || len(got) > resultLimit || !strings.HasSuffix(got, `"incident 999","[cut: 2000 more; to get less: since]"]`) {
		t.Errorf("%d bytes, ends with %q", len(got), got[len(got)-80:])
	}
}

// Arguments are words of a command line that no value can leave.
func TestArguments(t *testing.T) {
	t.Parallel()
	for _, try := range []struct{ tool, in, want, err string }{
		{"incident_list", ``, "incident list", ""},
		{"incident_list", `null`, "incident list", ""},
		{"incident_list", `{"all":false,"since":null,"severity":["S1","S2"]}`, "incident list|--all=false|--severity=S1,S2", ""},
		{"incident_list", `{"severity":[]}`, "incident list", ""},
		{"incident_list", `{"severity":"S1"}`, "", "severity must be a list of strings"},
		{"incident_list", `{"services":["a,--yes"]}`, "", `services: "a,--yes" must not have a comma, a quotation mark or a line break`},
		{"incident_list", `{"include_confidential":true}`, "", `unknown input "include_confidential"`},
		{"incident_list", `{"all":"yes"}`, "", "all must be true or false"},
		{"incident_list", `[]`, "", "the input must be a JSON object"},
		{"incident_show", `{}`, "", "incident is required"},
		{"incident_show", `{"incident":"--web"}`, "incident show|--|--web", ""},
		{"incident_show", `{"incident":17,"view":"timeline"}`, "incident timeline|--|17", ""},
		{"incident_show", `{"incident":{}}`, "", "incident must be a string"},
		{"incident_show", `{"incident":"1","before":"24h"}`, "", "before: not an input of view facts"},
		{"incident_show", `{"incident":"1","view":"raw"}`, "", "view must be one of: facts, timeline, changes"},
		{"plan_incident", `{"incident":"1"}`, "", "action must be one of: open, update, mitigate, resolve, reopen, action"},
		{"plan_incident", `{"action":"action","incident":"1","title":"-x","message":"a\nb --yes"}`, "incident action|--message=a\nb --yes|--|1|-x", ""},
		{"plan_incident", `{"action":"open","title":"x","severity":"S9"}`, "", "severity must be one of: S1, S2, S3, S4"},
		{"plan_change", `{"action":"open","title":"x","criticality":"C4","steps":["a, b","--yes"]}`, "change open|--criticality=C4|--step=a, b|--step=--yes|--|x", ""},
		{"plan_milestone", `{"action":"fill","days":8}`, "milestone plan --fill|--days=8", ""},
		{"plan_milestone", `{"action":"ensure","catch_up":true}`, "", "catch_up: not an input of action ensure"},
	} {
		for _, tl := range tools() {
			if tl.name != try.tool {
				continue
			}
			c, args, err := tl.arguments(json.RawMessage(try.in))
			if err != nil {
				if err.Error() != try.err {
					t.Errorf("%s %s: %v, want %s", try.tool, try.in, err, try.err)
				}
				continue
			}
			got := strings.Join(append([]string{strings.Join(c.words, " ")}, args[len(c.words):]...), "|")
			if got != try.want || try.err != "" {
				t.Errorf("%s %s: %q, want %q %s", try.tool, try.in, got, try.want, try.err)
			}
		}
	}
}
