package handoff

import "testing"

// The comment of a template ends where it should, even if the previous note contains an end of comment.
func TestTemplateQuotesArrows(t *testing.T) {
	t.Parallel()
	for _, arrow := range []string{"-->", "--->", "---->", "----->", "-", "--", "---"} {
		before := Mark{NoteID: 7, By: "mara", At: noon, LeftOff: "primary " + arrow + " replica", Next: arrow + "\n" + fileLeftOff + "\nx\n" + arrow, If: arrow + fileIf}
		got, err := ParseNote(Template("db "+arrow+" lag", before) + "new text\n")
		if err != nil || got != (Texts{If: "new text"}) {
			t.Errorf("%s: %q, %v", arrow, got, err)
		}
	}
}
