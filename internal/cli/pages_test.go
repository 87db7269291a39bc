package cli_test

import (
	"strings"
	"testing"
)

// Reports have pages, which tell of a confidential issue what every other form tells; nothing else has them, and that is said before any request.
func TestPagesOfReports(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.must(t, "incident", "open", "Customer data leaked", "-s", "S1", "--service", "leaked-db", "--started", "1h", "--confidential")
	l.must(t, "incident", "open", "Registry returns 500s & \"more\"", "-s", "S2", "--started", "2h")
	tells := func(s string) bool { return strings.Contains(s, "leaked") }
	for _, command := range []string{"handoff", "report weekly", "report incidents"} {
		args := append(strings.Fields(command), "-o", "html")
		page := l.must(t, args...).out
		if !strings.HasPrefix(page, "<!DOCTYPE html>\n") || !strings.HasSuffix(page, "</html>\n") || !strings.Contains(page, "Registry returns 500s &amp; &#34;more&#34;") {
			t.Errorf("%s gives no page:\n%.300s", command, page)
		}
		if tells(page) || !strings.Contains(page, ">acme/production#1</bdi>") {
			t.Errorf("%s tells what is confidential, or not that it is there", command)
		}
		if revealed := l.must(t, append(args, "--include-confidential")...).out; !tells(revealed) {
			t.Errorf("%s does not tell although it was asked to", command)
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
		t.Errorf("%d reads and %d writes before it was refused", reads, writes)
	}
}
