package term

import (
	"slices"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

func TestEditor(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		env    map[string]string
		there  []string
		system string
		want   []string
	}{
		{"VISUAL first", map[string]string{"VISUAL": "code --wait", "EDITOR": "vi"}, nil, "linux", []string{"code", "--wait"}},
		{"EDITOR", map[string]string{"VISUAL": " ", "EDITOR": "emacs"}, nil, "linux", []string{"emacs"}},
		{"one that is there", nil, []string{"vi", "nano"}, "linux", []string{"nano"}},
		{"vi alone", nil, []string{"vi"}, "darwin", []string{"vi"}},
		{"Windows", nil, []string{"notepad", "vi"}, "windows", []string{"notepad"}},
		{"none", nil, nil, "linux", nil},
	} {
		got, err := editor(func(name string) string { return c.env[name] }, func(name string) bool { return slices.Contains(c.there, name) }, c.system)
		if !slices.Equal(got, c.want) || (err == nil) != (c.want != nil) || err != nil && fault.KindOf(err) != fault.Usage {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}
