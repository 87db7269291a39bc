package issue_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

func TestFittedDraftKeepsTheWholeTitle(t *testing.T) {
	t.Parallel()
	fits := issue.Draft{Title: strings.Repeat("ä", 255), Description: "text"}
	if got := fits.Fitted(); got.Title != fits.Title || got.Description != "text" {
		t.Errorf("a title that fits: %+v", got)
	}
	title := strings.Repeat("word ", 60) + "<end>"
	got := issue.Draft{Title: title, Description: "text"}.Fitted()
	if n := len([]rune(got.Title)); n > 255 || !strings.HasSuffix(got.Title, "word…") && !strings.HasSuffix(got.Title, "wor…") {
		t.Errorf("%d characters: %q", n, got.Title)
	}
	if want := "Full title, which was cut: " + strings.Replace(title, "<", `\<`, 1) + "\n\ntext"; got.Description != want {
		t.Errorf("description %q, want %q", got.Description, want)
	}
}
