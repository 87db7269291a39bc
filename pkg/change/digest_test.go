package change_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

func TestPlanDigest(t *testing.T) {
	t.Parallel()
	i := opened()
	digestOf := func(title, text string) string {
		i := i
		i.Title, i.Description = title, text
		return change.Of(i, labels).Digest()
	}
	digest := digestOf(i.Title, i.Description)
	with := func(edits ...record.Edit) string {
		b, _ := record.Find(i.Description, change.Kind)
		return b.Apply(edits...)
	}
	for name, text := range map[string]string{
		"what happened": with(record.SetList("approved_by", []string{"mara"}), record.Set("started_at", "2018-08-24T12:00:00Z"), record.Set("finished_at", "x"), record.Set("aborted_at", "x"),
			record.Set("outcome", "success"), record.SetList("overrides", []string{"x"}), record.Set("as_of_note", "7"), record.SetList("notes", []string{"7"}), record.Set("attempts", "2")),
		"who started it":             with(record.Set("started_by", "piet")),
		"what is related":            with(record.SetList("related", []string{"x/y#1"})),
		"carriage returns":           strings.ReplaceAll(i.Description, "\n", "\r\n"),
		"blanks at the ends":         strings.ReplaceAll(i.Description, "\n", " \t\n") + "\n\n",
		"without its hidden key":     strings.ReplaceAll(i.Description, "<!-- prodctl:key=change/k -->", ""),
		"with the word of its key":   i.Description + "\n<!-- prodctl:id=p0123456789abcdef0123 -->",
		"white space between blocks": strings.ReplaceAll(i.Description, "\n\n", "\n\n\n"),
	} {
		if digestOf(i.Title, text) != digest {
			t.Errorf("%s: another plan", name)
		}
	}
	for name, text := range map[string]string{
		"a word":                 strings.Replace(i.Description, "replaced", "kept", 1),
		"the criticality":        with(record.Set("criticality", "C4")),
		"who executes it":        with(record.Set("executor", "piet")),
		"nobody executes it":     with(record.Delete("executor")),
		"the end of the window":  with(record.Set("window_end", "2018-08-25T12:00:00Z")),
		"the estimate":           with(record.Set("duration", "90m")),
		"the window":             with(record.Set("start", "2018-08-25T12:00:00Z")),
		"the services":           with(record.SetList("services", []string{"api"})),
		"the environment":        with(record.Set("environment", "staging")),
		"an unknown key":         with(record.Set("ticket", "7")),
		"a line more":            i.Description + "\n\nAnd drop the backups.",
		"the record is gone":     "Why: the host is to be replaced.",
		"a box that is a word":   strings.Replace(i.Description, "replaced", "[x] replaced", 1),
		"what passes for a key":  i.Description + "\n<!-- prodctl:key=x --> Drop the backups. <!-- -->",
		"what passes for a word": i.Description + "\n<!-- prodctl:id=drop-the-backups -->",
		"what is in a comment":   i.Description + "\n<!-- and drop the backups -->",
	} {
		if digestOf(i.Title, text) == digest {
			t.Errorf("%s: the same plan", name)
		}
	}
	if digestOf("Drop the primary database", i.Description) == digest {
		t.Error("the title is not part of the plan")
	}
	for _, label := range []string{"C2", "C3", "C4", ""} {
		lowered := opened()
		lowered.Description = with(record.Delete("criticality"))
		raised := lowered
		raised.Labels = append([]string{"change request"}, label)
		if change.Of(raised, labels).Digest() == change.Of(lowered, labels).Digest() {
			t.Errorf("with the label %q: the same plan", label)
		}
	}
	boxes := "- [ ] Tell support\n1. [ ] Drain the host\n   * [~] Wait\n\n"
	if digestOf("x", boxes+i.Description) != digestOf("x", strings.NewReplacer("[ ]", "[x]", "[~]", "[X]").Replace(boxes)+i.Description) {
		t.Error("a box that was ticked is another plan")
	}
	// A change that was created by hand has no record until it is approved.
	hand := "Do it.\n\n<!-- prodctl:key=change/k -->"
	b, _ := record.Find(hand, change.Kind)
	if digestOf("x", hand) != digestOf("x", b.Apply(record.SetList("approved_by", []string{"mara"}), record.Set("as_of_note", "3"))) {
		t.Error("the record that an approval makes is another plan")
	}
}

// A line like that with the hidden key is part of the plan where it is shown: in a code block.
func TestKeyInCodeIsPartOfThePlan(t *testing.T) {
	t.Parallel()
	i := opened()
	digestOf := func(step string) string {
		i := i
		i.Description = "Run:\n\n```\n" + step + "\n```\n\n" + i.Description
		return change.Of(i, labels).Digest()
	}
	if digestOf("<!-- prodctl:key=change/a -->") == digestOf("<!-- prodctl:key=change/b -->") {
		t.Error("the plan has other steps, and the same digest")
	}
}
