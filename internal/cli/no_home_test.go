package cli_test

import "testing"

// Without a home folder every command works that needs nothing of it, as in a container. A file beside the run is not taken for the
// user's own.
func TestNoHome(t *testing.T) {
	t.Parallel()
	l := newLab(t, setup{})
	l.env = map[string]string{"HOME": "", "XDG_CONFIG_HOME": ""}
	l.must(t, "incident", "open", "Down")
	l.must(t, "incident", "list")
	l.must(t, "auth", "status")
	l.must(t, "doctor")
}
