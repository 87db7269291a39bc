package cli_test

import (
	"regexp"
	"strings"
	"testing"
)

// No host and no file name reaches a hint as something that a shell runs: whoever pastes it gets the value.
func TestHintsQuoteHostsAndFiles(t *testing.T) {
	t.Parallel()
	const evil = "$(id>x)"
	quoted := regexp.MustCompile(`'[^']*'`)
	for name, c := range map[string]struct {
		env  map[string]string
		args []string
	}{
		"host, no token":     {map[string]string{"GITLAB_TOKEN": "", "PRODCTL_HOST": "https://gitlab.example.test/" + evil}, []string{"incident", "list"}},
		"host, wrong token":  {map[string]string{"GITLAB_TOKEN": "nonsense", "PRODCTL_HOST": "https://gitlab.example.test" + evil}, []string{"incident", "list"}},
		"host, login":        {map[string]string{"PRODCTL_HOST": "https://gitlab.example.test" + evil}, []string{"auth", "login"}},
		"host, status":       {map[string]string{"GITLAB_TOKEN": "", "PRODCTL_HOST": "https://gitlab.example.test" + evil}, []string{"auth", "status"}},
		"host, doctor":       {map[string]string{"GITLAB_TOKEN": "", "PRODCTL_HOST": "https://gitlab.example.test" + evil}, []string{"doctor"}},
		"configuration":      {nil, []string{"incident", "list", "--config", evil + ".yaml"}},
		"validate":           {nil, []string{"config", "validate", evil + ".yaml"}},
		"trust":              {nil, []string{"config", "trust", evil + ".yaml"}},
		"token file":         {map[string]string{"GITLAB_TOKEN": "", "PRODCTL_TOKEN_FILE": evil}, []string{"incident", "list"}},
		"plan file":          {nil, []string{"label", "plan", "--plan-file", evil + ".json"}},
		"plan file, missing": {nil, []string{"apply", evil + ".json"}},
		"change file":        {nil, []string{"change", "open", "-f", evil + ".yaml"}},
		"authority":          {map[string]string{"PRODCTL_CA_FILE": evil}, []string{"incident", "list"}},
		"proxy":              {map[string]string{"HTTPS_PROXY": "http://" + evil + ":1"}, []string{"incident", "list"}},
	} {
		l := newLab(t, setup{})
		l.dir = t.TempDir()
		l.file(t, ".prodctl.yaml", "version: 1\n"+trackersOf)
		l.env = c.env
		r := l.run(c.args...)
		for line := range strings.Lines(r.errors + r.out) {
			if _, hint, found := strings.Cut(line, "hint: "); found && strings.Contains(quoted.ReplaceAllString(hint, ""), evil) {
				t.Errorf("%s: %s", name, line)
			}
			if _, command, found := strings.Cut(line, ": prodctl "); found && strings.Contains(quoted.ReplaceAllString(command, ""), evil) {
				t.Errorf("%s: %s", name, line)
			}
		}
	}
}
