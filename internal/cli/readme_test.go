package cli_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

// The terminals in the README show the output of the demo, line by line and in order; "…" marks omitted lines.
func TestReadmeShowsTheDemo(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(testkit.Root(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	pictures := regexp.MustCompile("(?ms)^```console\n(.*?)^```").FindAllSubmatch(data, -1)
	if len(pictures) < 2 {
		t.Fatalf("the README shows %d terminals", len(pictures))
	}
	th := theatre{t: t, modes: pipes()}
	if code := th.play(t.Context()); code != 0 {
		t.Fatalf("exit %d\n%s", code, th.err.String())
	}
	rest := th.out.String()
	for _, picture := range pictures {
		for _, part := range strings.Split(string(picture[1]), "…\n") {
			_, after, found := strings.Cut("\n"+rest, "\n"+part)
			if !found {
				t.Errorf("the demo does not print, or not in this order:\n%s", part)
			}
			rest = after
		}
	}
}
