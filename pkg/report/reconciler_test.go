package report_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/report"
)

const (
	begin = "<!-- prodctl:report -->"
	end   = "<!-- /prodctl:report -->"
	key   = "<!-- prodctl:key=oncall-log/2018-W34 -->\n<!-- prodctl:id=p0123456789abcdef0123 -->"
)

const seal = "<!-- prodctl:text=11507a0e2f5e69d5 -->"

func TestEmbed(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, description, want string }{
		{"nothing", "", begin + "\nnew\n\n" + seal + "\n" + end},
		{"text of people", "Hello.", "Hello.\n\n" + begin + "\nnew\n\n" + seal + "\n" + end},
		{"before the key", "Hello.\n\n" + key, "Hello.\n\n" + begin + "\nnew\n\n" + seal + "\n" + end + "\n\n" + key},
		{"text after the key", "Hello.\n\n" + key + "\n\nMore.", "Hello.\n\n" + key + "\n\nMore.\n\n" + begin + "\nnew\n\n" + seal + "\n" + end},
		{"replaced", "a\n" + begin + "\nold\n" + end + "\nb", "a\n" + begin + "\nnew\n\n" + seal + "\n" + end + "\nb"},
		{"empty region", begin + "\n" + end, begin + "\nnew\n\n" + seal + "\n" + end},
		{"blanks after the hidden lines", begin + "  \nold\n" + end + "\t\nb", begin + "  \nnew\n\n" + seal + "\n" + end + "\t\nb"},
		{"Windows line ends", "a\r\n" + begin + "\r\nold\r\n" + end + "\r\nb", "a\r\n" + begin + "\r\nnew\r\n\r\n" + seal + "\r\n" + end + "\r\nb"},
		{"the same", "a\n" + begin + "\n\nnew  \n\n" + end + "\nb", "a\n" + begin + "\n\nnew  \n\n" + end + "\nb"},
		{"sealed", "a\n" + begin + "\nnew\n\n" + seal + "\n" + end + "\nb", "a\n" + begin + "\nnew\n\n" + seal + "\n" + end + "\nb"},
		{"the same, edited by a person", begin + "\nNew!\n\n" + seal + "\n" + end, begin + "\nNew!\n\n" + seal + "\n" + end},
		{"another one", begin + "\nold\n\n<!-- prodctl:text=cba06b5736faf67e -->\n" + end, begin + "\nnew\n\n" + seal + "\n" + end},
		{"edited by a person", "a\n" + begin + "\nold, with words\n\n<!-- prodctl:text=cba06b5736faf67e -->\nbelow\n" + end + "\nb\n\n" + key,
			"a\nold, with words\n\nbelow\nb\n\n" + begin + "\nnew\n\n" + seal + "\n" + end + "\n\n" + key},
		{"quoted lines do not count", "> " + begin, "> " + begin + "\n\n" + begin + "\nnew\n\n" + seal + "\n" + end},
	} {
		if got, err := report.Embed(c.description, "new\n"); err != nil || got != c.want {
			t.Errorf("%s: %q, %v\nwant %q", c.name, got, err, c.want)
		}
	}
}

// Nobody can know which text is prodctl's in a damaged region, so the error says where the damage is, and nothing is changed.
func TestDamagedRegionIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ description, want string }{
		{"a\n" + begin + "\nold", "begins on line 2 of the description has no end"},
		{"a\n" + end, "line 2 of the description ends a report that has no beginning"},
		{begin + "\n" + begin + "\n" + end, "a second report begins on line 2 of the description"},
		{begin + "\n" + end + "\n" + begin + "\n" + end, "a second report begins on line 3 of the description"},
		{begin + "\n" + end + "\n" + end, "line 3 of the description ends a report"},
	} {
		got, err := report.Embed(c.description, "new")
		if err == nil || !strings.Contains(err.Error(), c.want) || got != c.description {
			t.Errorf("%q: %q, %v", c.description, got, err)
		}
		change, err := (&report.Reconciler{Redacted: "new"}).Reconcile(issue.Issue{Description: c.description}, nil)
		if err == nil || !change.Empty() {
			t.Errorf("%q is reconciled: %+v, %v", c.description, change, err)
		}
	}
}

// No byte outside the region changes, whatever people write there and however often the report changes. An unchanged report is not written again.
func TestEmbedKeepsTextOfPeople(t *testing.T) {
	t.Parallel()
	words := rapid.StringMatching(`([a-zA-Z<>!/ -]|\n|\r\n|äö){0,60}`)
	rapid.Check(t, func(t *rapid.T) {
		before, after := words.Draw(t, "before"), words.Draw(t, "after")
		first := words.Filter(func(s string) bool { return strings.TrimSpace(s) != "" }).Draw(t, "first")
		second := words.Draw(t, "second")
		text, err := report.Embed(before, first)
		if err != nil || !strings.HasPrefix(text, before) {
			t.Fatalf("%q is %q, %v", before, text, err)
		}
		text += "\n" + after
		again, err := report.Embed(text, second)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(again, before) || !strings.HasSuffix(again, "\n"+after) {
			t.Fatalf("%q became %q", text, again)
		}
		if third, err := report.Embed(again, second); err != nil || third != again {
			t.Fatalf("%q became %q, %v", again, third, err)
		}
	})
}

// Only a confidential issue gets the full report.
func TestReconcilerRedactsByIssue(t *testing.T) {
	t.Parallel()
	for _, confidential := range []bool{false, true} {
		l := &report.Reconciler{Redacted: "redacted", Full: "full"}
		change, err := l.Reconcile(issue.Issue{Confidential: confidential}, nil)
		want := map[bool]string{false: "\nredacted\n", true: "\nfull\n"}[confidential]
		if err != nil || change.Description == nil || !strings.Contains(*change.Description, want) {
			t.Errorf("confidential %v: %+v, %v", confidential, change, err)
		}
	}
}

// Two reconcilers with different reports do not keep correcting each other: the last write wins.
func TestReconcilersTerminate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := issue.Issue{Description: rapid.SampledFrom([]string{"", "Hello.", begin + "\nold\n" + end, begin + "\none\n" + end}).Draw(t, "description")}
		reconcilers := []*report.Reconciler{{Redacted: "one"}, {Redacted: "two"}}
		written := 0
		idle := map[int]bool{}
		for len(idle) < len(reconcilers) {
			n := rapid.IntRange(0, 1).Draw(t, "turn")
			change, err := reconcilers[n].Reconcile(now, nil)
			if err != nil {
				t.Fatal(err)
			}
			if change.Empty() {
				idle[n] = true
				continue
			}
			now.Description, idle = *change.Description, map[int]bool{}
			if written++; written > 10 {
				t.Fatalf("they keep writing: %q", now.Description)
			}
		}
		if !strings.Contains(now.Description, "\none\n") && !strings.Contains(now.Description, "\ntwo\n") {
			t.Fatalf("%q", now.Description)
		}
	})
}

// A write that got lost is repeated, a limited number of times.
func TestReconcilerRetriesLostWrite(t *testing.T) {
	t.Parallel()
	l := &report.Reconciler{Redacted: "new"}
	old := issue.Issue{Description: begin + "\nold\n" + end}
	for range 5 {
		if change, err := l.Reconcile(old, nil); err != nil || change.Empty() {
			t.Fatalf("%+v, %v", change, err)
		}
	}
	if change, err := l.Reconcile(old, nil); err != nil || !change.Empty() {
		t.Fatalf("it never gives up: %+v, %v", change, err)
	}
}

// A report that is quoted in a code block is not the region, and stays as it is.
func TestQuotedReportIsNotTheRegion(t *testing.T) {
	t.Parallel()
	quoted := "Last week:\n\n```\n<!-- prodctl:report -->\nold\n<!-- /prodctl:report -->\n```\n"
	text, err := report.Embed(quoted, "new")
	if err != nil || !strings.HasPrefix(text, quoted) || !strings.HasSuffix(text, begin+"\nnew\n\n"+seal+"\n"+end) {
		t.Errorf("%v\n%s", err, text)
	}
	if again, err := report.Embed(text, "newer"); err != nil || !strings.HasPrefix(again, quoted) || strings.Count(again, "newer") != 1 {
		t.Errorf("%v\n%s", err, again)
	}
}
