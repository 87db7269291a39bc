package handoff

import "testing"

// Whatever the remark of a template quotes, it ends where the remark ends: an arrow in what was said before opens nothing.
func TestTemplateQuotesArrows(t *testing.T) {
	t.Parallel()
	for _, arrow := range []string{"-->", "--->", "---->", "----->", "-", "--", "---"} {
		before := Mark{NoteID: 7, By: "mara", At: noon, LeftOff: "primary " + arrow + " replica", Next: arrow + "\n" + fileLeftOff + "\nx\n" + arrow}
		leftOff, next, err := ParseNote(Template("db "+arrow+" lag", before) + "as typed\n")
		if err != nil || leftOff != "" || next != "as typed" {
			t.Errorf("%s: %q, %q, %v", arrow, leftOff, next, err)
		}
	}
}
