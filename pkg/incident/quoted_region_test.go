package incident

import "testing"

// A timeline that is quoted is not the timeline of the issue. A block that somebody forgot to close hides none.
func TestQuotedTimeline(t *testing.T) {
	t.Parallel()
	const region = "<!-- prodctl:timeline -->\n- 10:30 Down\n<!-- prodctl:timeline end 7 -->"
	for text, want := range map[string]bool{
		region:                                  true,
		"```\n" + region + "\n```":              false,
		">>>\n" + region + "\n>>>":              false,
		"```\nforgotten\n\n" + region:           true,
		"<!-- forgotten\n\n" + region:           true,
		"```\n" + region + "\n```\n\n" + region: true,
	} {
		if r := findRegion(text); r.found != want || r.found && len(r.lines) != 1 {
			t.Errorf("found: %t, want %t, in\n%s", r.found, want, text)
		}
	}
}
