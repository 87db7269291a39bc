package archtest

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// docs/record.md explains exactly the keys that prodctl reads and writes.
func TestKeysOfRecordsAreExplained(t *testing.T) {
	t.Parallel()
	root := os.DirFS(testkit.Root(t))
	page := docPages(t, root)["docs/record.md"]
	for heading, source := range map[string]string{"Keys of an incident": "pkg/incident/record.go", "Keys of a change": "pkg/change/record.go",
		"Keys of a request": "pkg/request/request.go"} {
		_, part, found := strings.Cut(page, "\n## "+heading+"\n")
		if !found {
			t.Fatalf("docs/record.md has no heading %q", heading)
		}
		part, _, _ = strings.Cut(part, "\n## ")
		var explained, known []string
		for _, row := range regexp.MustCompile("(?m)^\\| (`[^|]+) \\|").FindAllStringSubmatch(part, -1) {
			for _, key := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row[1], -1) {
				explained = append(explained, key[1])
			}
		}
		for _, m := range regexp.MustCompile(`(?m)^\t[kK]ey[A-Z]\w+ += "(\w+)"$`).FindAllStringSubmatch(readFile(t, root, source), -1) {
			known = append(known, m[1])
		}
		slices.Sort(explained)
		slices.Sort(known)
		if len(known) < 6 || !slices.Equal(explained, known) {
			t.Errorf("%s: the page has %q, the code has %q", heading, explained, known)
		}
	}
}
