package credential_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/credential"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Without any token the way out is to log in; a place that only a found file names is told of as such, or the hint would be a trap.
func TestNoTokenForAPlaceThatAFoundFileNames(t *testing.T) {
	t.Parallel()
	store := credential.Store{Dir: t.TempDir()}
	_, err := store.Find(t.Context(), credential.Want{
		Host: "https://evil.example.com", Getenv: func(string) string { return "" },
		Claims: []string{"host=https://evil.example.com"}, File: "/somewhere/.prodctl.yaml",
	})
	if fault.KindOf(err) != fault.Auth || !strings.Contains(err.Error(), "/somewhere/.prodctl.yaml was found in the working directory") {
		t.Errorf("error %v, kind %d", err, fault.KindOf(err))
	}
	if hint := fault.HintOf(err); !strings.HasPrefix(hint, "if you trust it: ") || !strings.Contains(hint, "GITLAB_HOST=") {
		t.Errorf("hint %q", hint)
	}
}
