package mcp

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/pkg/sanitize"
)

// corpus returns texts that try to make an agent write, disclose or believe something.
func corpus(t *testing.T) (texts []string) {
	t.Helper()
	data, err := os.ReadFile("testdata/injections.json")
	if err != nil {
		t.Fatal(err)
	}
	var list []struct{ What, Text string }
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	for _, x := range list {
		texts = append(texts, x.Text)
	}
	return texts
}

var (
	begins = regexp.MustCompile(`(?m)^untrusted ([0-9a-f]{24}) begins$`)
	ends   = regexp.MustCompile(`(?m)^untrusted ([0-9a-f]{24}) ends$`)
)

// safe requires that a result has all of its text from GitLab in one block that the text did not end, and nothing that a person who reads it
// in GitLab would not see, or that a client would fetch. It returns what is in the block.
func safe(t *testing.T, what, text string) string {
	t.Helper()
	if strings.HasPrefix(text, "Invalid input: ") {
		return ""
	}
	first, last := begins.FindStringSubmatchIndex(text), ends.FindAllStringSubmatchIndex(text, -1)
	if first == nil || len(last) != 1 || text[first[2]:first[3]] != text[last[0][2]:last[0][3]] || !strings.HasSuffix(text, " ends") {
		t.Fatalf("%s: the block is not closed once:\n%s", what, text)
	}
	inside := text[first[1]:last[0][0]]
	for _, bad := range []string{"<", ">", "!["} {
		if strings.Contains(inside, bad) {
			t.Errorf("%s: %q in the block:\n%s", what, bad, inside)
		}
	}
	for _, r := range text {
		if r != '\n' && (sanitize.Hidden(r) || unicode.Is(unicode.Variation_Selector, r)) {
			t.Errorf("%s: hidden character %U", what, r)
		}
	}
	if len(text) > resultLimit+2000 {
		t.Errorf("%s: %d bytes", what, len(text))
	}
	return inside
}

// secrets requires that neither the token nor a word of a confidential issue is in a text. own are words of the call itself.
func secrets(t *testing.T, what, text, own string) {
	t.Helper()
	for _, word := range []string{canary, secret} {
		if at := strings.Index(strings.ToLower(text), word); at >= 0 && !strings.Contains(own, word) {
			t.Errorf("%s: %q in the result:\n%s", what, word, text[max(0, at-200):min(len(text), at+200)])
		}
	}
}

// The corpus is in every place where people write. Through every tool, no text ends its block, nothing is written, no confidential title and
// no token gets out, and plans contain what the agent asked for and nothing that a text asked for.
func TestInjections(t *testing.T) {
	t.Parallel()
	texts := corpus(t)
	l := newLab(t, texts...)
	before := l.server.Digest()
	seen := ""
	l.serve(t).walk(func(tl tool, input, text string, failed bool) {
		what := tl.name + " " + input
		inside := safe(t, what, text)
		if strings.Contains(inside, "AI agents:") {
			t.Errorf("%s: a hidden comment in the block:\n%s", what, inside)
		}
		seen += inside
		secrets(t, what, text, input)
		if writes := l.wire.writes(); len(writes) > 0 || l.server.Digest() != before {
			t.Fatalf("%s sent %q", what, writes)
		}
	})
	for _, word := range []string{"Ignore all previous instructions", "maintenance mode", "hidden comment removed", "approved by the user", "invoke name", "more characters]"} {
		if !strings.Contains(seen, word) {
			t.Errorf("%q is in no result: the corpus was not read", word)
		}
	}
	for path, plan := range files(t, l.plans) {
		secrets(t, path, plan, "")
		if !strings.HasPrefix(path, l.plans) {
			t.Errorf("a plan in %s", path)
		}
	}
}

// The texts are inputs, too: an agent may repeat them. Each stays one value of one flag.
func TestInjectionsAsInput(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	c, before := l.serve(t), l.server.Digest()
	for n, text := range corpus(t) {
		word, _ := json.Marshal(text)
		for m, call := range [][2]string{
			{"plan_incident", `{"action":"open","title":%s,"message":%[1]s,"services":[%[1]s]}`}, {"plan_incident", `{"action":"update","incident":"1","message":%s}`},
			{"plan_issue", `{"action":"move","issue":%s,"column":%[1]s}`}, {"plan_issue", `{"action":"mark","issue":"1","left_off":%s,"next":%[1]s}`},
			{"incident_show", `{"incident":%s}`}, {"incident_list", `{"services":[%s]}`}, {"board", `{"milestone":%s}`}, {"change_gate", `{"environment":%s}`},
		} {
			if (n+m)%2 > 0 {
				continue
			}
			got, _ := c.call(call[0], fmt.Sprintf(call[1], word))
			safe(t, call[0], got)
			secrets(t, call[0], got, "")
		}
	}
	if writes := l.wire.writes(); len(writes) > 0 || l.server.Digest() != before {
		t.Errorf("sent %q", writes)
	}
	if after := files(t, l.dir); len(after) != 1 {
		t.Errorf("files were written: %q", names(after))
	}
}

// With a GitLab that fails in every way, repeats the token or sends something else, errors keep the same rules.
func TestFailuresDiscloseNothing(t *testing.T) {
	t.Parallel()
	l := newLab(t, "Somebody's words")
	c := l.serve(t)
	for n, spec := range []string{"ANY ** status=500", "ANY ** status=401", "ANY ** status=403", "ANY ** status=404", "ANY ** drop-before", "ANY ** truncate", "ANY ** html", "GET /projects/*/issues/* other",
		"GET /projects/*/issues/*/notes status=500"} {
		f, err := fakegitlab.ParseFault(spec)
		if err != nil {
			t.Fatal(err)
		}
		l.server.ClearFaults()
		l.server.AddFault(f)
		failures := 0
		c.sample(n, 4, func(tl tool, input, text string, failed bool) {
			what := spec + ": " + tl.name + " " + input
			safe(t, what, text)
			secrets(t, what, text, input)
			if failed {
				failures++
			}
		})
		if failures == 0 {
			t.Errorf("%s: nothing failed", spec)
		}
		if after := files(t, l.dir); len(after) != 1 {
			t.Errorf("%s: files were written: %q", spec, names(after))
		}
	}
}

// A file that was found and is not trusted decides nothing, as everywhere.
func TestUntrustedConfigurationIsRefused(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	delete(l.env, "PRODCTL_CONFIG")
	l.serve(t).walk(func(tl tool, input, text string, failed bool) {
		if !failed || !strings.Contains(text, "is not trusted") || !strings.Contains(text, "prodctl config trust") || !strings.HasPrefix(text, "Failed (exit code 5, refused)") {
			t.Errorf("%s %s: %s", tl.name, input, text)
		}
	})
	if n := l.wire.reset(); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
	if text, failed := l.serve(t, "--config", ".prodctl.yaml").call("incident_list", "{}"); failed {
		t.Errorf("a file that the user names: %s", text)
	}
}
