package handoff

import "testing"

// Some editors start every file with a byte order mark.
func TestParseNoteWithByteOrderMark(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"## Left off\r\na\r\n## Next steps\r\nb\r\n", "Left off:\na\nNext:\nb", "<!-- a comment -->\n## Left off\na\n## Next steps\nb"} {
		got, err := ParseNote("\ufeff" + file)
		if err != nil || got != (Texts{LeftOff: "a", Next: "b"}) {
			t.Errorf("%q: %q, %v", file, got, err)
		}
	}
}
