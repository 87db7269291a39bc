package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/viper"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/host"
)

// setting is a flat key, with the variables and the flag that override the file.
type setting struct {
	key   string
	env   []string // the first non-empty one wins
	lower []string // the same for variables that the file overrides
	flag  string   // empty: none
	parse func(string) (any, error)
}

// read parses a text. A format from the flag is not checked: some commands have formats that a file cannot set, and only the
// command's view knows them.
func (s setting) read(text string, source Source) (any, error) {
	if s.key == "output" && source.Kind == FromFlag {
		return text, nil
	}
	return s.parse(text)
}

// settings returns the flat keys of the file.
func settings() []setting {
	return []setting{
		{"host", []string{"PRODCTL_HOST"}, []string{"GITLAB_HOST", "CI_SERVER_URL"}, "host", plain(host.Parse)},
		{"timezone", []string{"PRODCTL_TIMEZONE"}, nil, "", plain(manifest.ParseZone)},
		{"output", []string{"PRODCTL_OUTPUT"}, nil, "output", oneOf(manifest.Outputs())},
		{"color", []string{"PRODCTL_COLOR"}, nil, "no-color", parseColor},
		{"timeout", []string{"PRODCTL_TIMEOUT"}, nil, "timeout", plain(manifest.ParseDuration)},
		{"parallel", []string{"PRODCTL_PARALLEL"}, nil, "", parseParallel},
		{"ca_file", []string{"PRODCTL_CA_FILE"}, nil, "", plain(verbatim)},
		{"token_file", []string{"PRODCTL_TOKEN_FILE"}, nil, "", plain(verbatim)},
		{"allow_http", []string{"PRODCTL_ALLOW_HTTP"}, nil, "", parseBool},
	}
}

// layer overrides the flat settings of the file with the environment and then the flags. An invalid value is an error and
// overrides nothing. trusted says that the file's host takes precedence over the variables below it.
func layer(file manifest.File, src Sources, sources map[string]Source, trusted bool) (*viper.Viper, []error) {
	v := viper.New()
	var faults []error
	for key, value := range flat(file) {
		v.SetDefault(key, value)
	}
	for _, s := range settings() {
		if !trusted || sources[s.key].Kind != FromFile {
			s.env = slices.Concat(s.env, s.lower)
		}
		for _, from := range []func(setting, Sources) (string, Source){fromEnv, fromFlag} {
			text, source := from(s, src)
			if text == "" {
				continue
			}
			value, err := s.read(text, source)
			if err != nil {
				faults = append(faults, fault.New(fault.Usage, "For the settings, run: prodctl help config", "%s: %v", source.input(), err))
				continue
			}
			v.Set(s.key, value)
			sources[s.key] = source
		}
	}
	return v, faults
}

func fromEnv(s setting, src Sources) (string, Source) {
	for _, name := range s.env {
		if text := strings.TrimSpace(src.Getenv(name)); text != "" {
			return text, Source{Kind: FromEnv, Name: name}
		}
	}
	return "", Source{}
}

func fromFlag(s setting, src Sources) (string, Source) {
	text, set := src.Flag(s.flag)
	if s.flag == "" || !set {
		return "", Source{}
	}
	return text, Source{Kind: FromFlag, Name: s.flag}
}

// lowerHosts describes the sources below the one that decided the host, and that name another one: "https://b.test (env GITLAB_HOST)".
func (c *Config) lowerHosts(getenv func(string) string) (differ []string) {
	winner := c.Source("host")
	below := winner.Kind == FromFlag
	for _, from := range []Source{{Kind: FromEnv, Name: "PRODCTL_HOST"}, {FromFile, c.File, c.named.Line("host")},
		{Kind: FromEnv, Name: "GITLAB_HOST"}, {Kind: FromEnv, Name: "CI_SERVER_URL"}} {
		address := c.named.Host
		if from.Kind == FromEnv {
			address = strings.TrimSpace(getenv(from.Name))
		}
		other, err := host.Parse(address)
		if below && err == nil && other != c.Host && !slices.Contains(c.WebHosts, other) {
			differ = append(differ, fmt.Sprintf("%s (%s)", other, from))
		}
		below = below || from == winner
	}
	return differ
}

// HostNote says which host is used, if another source names another one; empty: none does.
func (c Config) HostNote() string {
	if len(c.losers) == 0 {
		return ""
	}
	return fmt.Sprintf("using %s (%s), not %s", c.Host, c.Source("host"), strings.Join(c.losers, " or "))
}

func flat(f manifest.File) map[string]any {
	return map[string]any{
		"host": f.Host, "timezone": f.Timezone, "output": f.Output, "color": f.Color,
		"timeout": f.Timeout, "parallel": f.Parallel, "ca_file": f.CAFile, "token_file": f.TokenFile,
		"allow_http": f.AllowHTTP,
	}
}

func plain[T any](parse func(string) (T, error)) func(string) (any, error) {
	return func(s string) (any, error) { return parse(s) }
}

func verbatim(s string) (string, error) { return s, nil }

func oneOf(words []string) func(string) (any, error) {
	return func(s string) (any, error) {
		if !slices.Contains(words, s) {
			return nil, fmt.Errorf("invalid value %q (use %s)", s, manifest.Alternatives(words))
		}
		return s, nil
	}
}

// parseColor accepts the values of the file, and the boolean of --no-color.
func parseColor(s string) (any, error) {
	switch s {
	case "true":
		return "never", nil
	case "false":
		return "auto", nil
	}
	return oneOf(manifest.Colors())(s)
}

func parseParallel(s string) (any, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > manifest.MaxParallel {
		return nil, fmt.Errorf("invalid number %q (use 1 to %d)", s, manifest.MaxParallel)
	}
	return n, nil
}

func parseBool(s string) (any, error) {
	b, err := strconv.ParseBool(s)
	if err != nil {
		return nil, fmt.Errorf("invalid value %q (use true or false)", s)
	}
	return b, nil
}
