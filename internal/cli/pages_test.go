package cli_test

import (
	"strings"
	"testing"
)

// Reports have an HTML page, which redacts confidential issues as every other format does. Other commands refuse -o html before any request.
func TestReportPages(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Customer data leaked", "-s", "S1", "--service", "leaked-db", "--started", "1h", "--confidential")
	l.must(t, "incident", "open", "Registry returns 500s & \"more\"", "-s", "S2", "--started", "2h")
	leaks := func(s string) bool { return strings.Contains(s, "leaked") }
	for _, command := range []string{"handoff", "report weekly", "report incidents", "budget"} { // and report flow, see its own tests
		args := append(strings.Fields(command), "-o", "html")
		page := l.must(t, args...).out
		if !strings.HasPrefix(page, "<!DOCTYPE html>\n") || !strings.HasSuffix(page, "</html>\n") || !strings.Contains(page, "Registry returns 500s &amp; &#34;more&#34;") {
			t.Errorf("%s does not print a page:\n%.300s", command, page)
		}
		if leaks(page) || !strings.Contains(page, ">acme/production#1</bdi>") {
			t.Errorf("%s leaks a confidential issue, or does not mention it", command)
		}
		if revealed := l.must(t, append(args, "--include-confidential")...).out; !leaks(revealed) {
			t.Errorf("%s with --include-confidential is redacted", command)
		}
	}
	l.server.ResetRequests()
	before := l.all()
	for _, refused := range []string{"handoff --post --yes -o html", "handoff --post --dry-run -o html", "report weekly --post -o html", "incident list -o html", "handoff -o ics"} {
		if r := l.run(strings.Fields(refused)...); r.code != 6 || !strings.Contains(r.errors, "output format") && !strings.Contains(r.errors, "cannot be combined") || r.out != "" {
			t.Errorf("%s: exit %d\n%s", refused, r.code, r.errors)
		}
	}
	if reads, writes := l.count(); reads+writes != 0 || l.all() != before {
		t.Errorf("%d reads and %d writes before the refusal", reads, writes)
	}
}
