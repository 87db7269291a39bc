package config_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/approval"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

func validFile(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testkit.Root(t), "testdata", "manifest", "valid", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func load(text string) (config.Config, error) {
	m := machine{dir: "/w", env: map[string]string{"HOME": "/home/me"}, files: map[string]string{"/w/.prodctl.yaml": text}}
	return config.Load(m.sources())
}

// asFile writes the settings of a configuration as a file.
func asFile(t testing.TB, cfg config.Config) string {
	t.Helper()
	root := map[string]any{"version": manifest.Version}
	for _, s := range cfg.Settings() {
		into, name := root, s.Name
		for _, above := range []string{"milestones", "trackers", "tracker_ids", "board", "queue", "labels", "names", "incidents", "action_due", "update_every", "alerts", "severity", "changes", "approvers", "approvals", "teams", "staff", "oncall", "handoff", "budget", "services", "map", "report", "planning", "requests", "rad", "readiness", "lint"} {
			if rest, ok := strings.CutPrefix(name, above+"."); ok {
				if into[above] == nil {
					into[above] = map[string]any{}
				}
				into, name = into[above].(map[string]any), rest
			}
		}
		into[name] = s.Value
	}
	data, err := yaml.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// likeConfigs compares values, not sources, and ignores the order of trackers and teams.
func likeConfigs() cmp.Option {
	return cmp.Options{
		cmpopts.IgnoreUnexported(config.Config{}, config.Manifest{}),
		cmpopts.EquateEmpty(),
		cmpopts.EquateComparable(calendar.Date{}),
		cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }),
		cmpopts.SortSlices(func(a, b config.Tracker) bool { return a.Name < b.Name }),
		cmpopts.SortSlices(func(a, b approval.Team) bool { return a.Name < b.Name }),
	}
}

func TestSettingsRoundTrip(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"least.yaml", "full.yaml", "aliases.yaml", "dated.yaml"} {
		cfg, err := load(validFile(t, name))
		if err != nil {
			t.Fatal(err)
		}
		again, err := load(asFile(t, cfg))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(cfg, again, likeConfigs()); diff != "" {
			t.Errorf("%s: -first +again:\n%s", name, diff)
		}
	}
}

// `config show` shows every key of the file.
func TestSettingsAreComplete(t *testing.T) {
	t.Parallel()
	cfg, err := load(validFile(t, "full.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]config.Setting{}
	for _, s := range cfg.Settings() {
		shown[s.Name] = s
		for i, c := range s.Name {
			if c == '.' {
				shown[s.Name[:i]] = s
			}
		}
	}
	for _, key := range manifest.Known() {
		top := regexp.MustCompile(`\[\]|\.\*`).Split(key, 2)[0]
		if s, ok := shown[top]; key != "version" && (!ok || s.Source.Kind != config.FromFile || s.Source.Line < 2) {
			t.Errorf("%s is shown as %+v", key, s)
		}
	}
}

func FuzzLoadRoundTrip(f *testing.F) {
	for _, name := range []string{"least.yaml", "full.yaml", "aliases.yaml", "dated.yaml"} {
		f.Add(validFile(f, name), "")
	}
	f.Add("version: 1\n", "http://gitlab.example.com")
	f.Fuzz(func(t *testing.T, text, host string) {
		m := machine{dir: "/w", env: map[string]string{"HOME": "/home/me", "GITLAB_HOST": host}, files: map[string]string{"/w/.prodctl.yaml": text}}
		cfg, err := config.Load(m.sources())
		if err != nil {
			return
		}
		again, err := load(asFile(t, cfg))
		if err != nil {
			t.Fatalf("%v\nfrom %q\nas %s", err, text, asFile(t, cfg))
		}
		if diff := cmp.Diff(cfg, again, likeConfigs()); diff != "" {
			t.Errorf("-first +again:\n%s", diff)
		}
	})
}
