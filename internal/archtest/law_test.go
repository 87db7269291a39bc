package archtest

import (
	"path"
	"slices"
	"strings"
)

// arrows says which packages of ours each folder may import outside its tests. "pkg/*" stands for every folder of pkg.
// A folder that is not here may not exist: a new package gets its line, and its reason in its package comment.
var arrows = map[string][]string{
	"cmd/prodctl": {"internal/app", "internal/cli", "internal/config", "internal/credential", "internal/term"},
	"cmd/gendocs": {"internal/app", "internal/cli", "internal/term"},

	"pkg/*": {"pkg/*"},

	"internal/cli": {"pkg/*", "internal/cli/*", "internal/app", "internal/buildinfo", "internal/config", "internal/credential", "internal/document",
		"internal/fault", "internal/gitlab", "internal/input", "internal/manifest", "internal/plan", "internal/render", "internal/runner", "internal/term",
		"internal/workflow", "internal/workflow/*"},
	"internal/cli/*": {"pkg/*", "internal/app", "internal/cli/command", "internal/config", "internal/credential", "internal/document",
		"internal/fault", "internal/gitlab", "internal/input", "internal/manifest", "internal/plan", "internal/render", "internal/runner",
		"internal/term", "internal/workflow", "internal/workflow/*"},
	"internal/cli/demo":    {"pkg/*", "internal/app", "internal/cli/command", "internal/fakegitlab", "internal/fault", "internal/render", "internal/term"},
	"internal/cli/sandbox": {"pkg/*", "internal/app", "internal/cli/command", "internal/fakegitlab", "internal/fault", "internal/input", "internal/manifest", "internal/runner", "internal/render"},
	"internal/cli/command": {"pkg/*", "internal/app", "internal/config", "internal/fault", "internal/input", "internal/render", "internal/runner"},
	"internal/runner":      {"pkg/*", "internal/app", "internal/fault", "internal/idempotency", "internal/plan", "internal/term", "internal/workflow", "internal/document"},
	"internal/input":       {"pkg/*", "internal/config", "internal/fault", "internal/manifest"},
	"internal/document":    {"pkg/*", "internal/config", "internal/fault", "internal/plan", "internal/workflow", "internal/workflow/*"},
	"internal/app": {"pkg/*", "internal/buildinfo", "internal/config", "internal/credential", "internal/fault", "internal/gitlab", "internal/plan",
		"internal/render", "internal/term"},
	"internal/workflow":         {"pkg/*", "internal/fault", "internal/manifest", "internal/idempotency", "internal/plan"},
	"internal/workflow/*":       {"pkg/*", "internal/fault", "internal/manifest", "internal/idempotency", "internal/plan", "internal/workflow"},
	"internal/plan":             {"pkg/*", "internal/fault"},
	"internal/idempotency":      {"internal/fault"},
	"internal/gitlab/transport": {"pkg/*", "internal/fault"},
	"internal/manifest":         {"pkg/*", "internal/fault"},
	"internal/gitlab":           {"pkg/*", "internal/fault", "internal/gitlab/transport", "internal/idempotency"},
	"internal/config":           {"pkg/*", "internal/fault", "internal/manifest"},
	"internal/credential":       {"pkg/*", "internal/fault"},
	"internal/term":             {"pkg/*", "internal/fault"},
	"internal/fault":            {},
	"internal/buildinfo":        {},
	"internal/fakegitlab":       {"internal/fakegitlab/*"},
	"internal/fakegitlab/*":     {"internal/fakegitlab/*"},
	"internal/testkit":          {},
	"internal/testkit/team":     {"pkg/target", "internal/fakegitlab", "internal/gitlab", "internal/plan", "internal/testkit", "internal/workflow"},
	"internal/archtest":         {},

	"internal/render":        {"pkg/*", "internal/fault", "internal/render/*"},
	"internal/render/html":   {"pkg/*", "internal/render/layout", "internal/render/markup", "internal/render/words"},
	"internal/render/plans":  {"pkg/*", "internal/render/layout", "internal/render/words"},
	"internal/render/words":  {"pkg/*", "internal/render/layout"},
	"internal/render/layout": {"pkg/*"},
	"internal/render/markup": {},
}

// testArrows says what a folder's tests may import besides. The embedded GitLab's tests know nothing of ours but the
// embedded GitLab, so that it cannot learn the client's mistakes; the rules' tests know nothing but rules.
func testArrows(dir string) []string {
	switch {
	case strings.HasPrefix(dir+"/", "internal/fakegitlab/"):
		return []string{dir, "internal/fakegitlab/*"}
	case strings.HasPrefix(dir, "pkg/"):
		return []string{"pkg/*"}
	case dir == "internal/cli": // its fault matrices leave out what the transport cannot tell apart, and show that
		return []string{"pkg/*", "internal/*", "internal/gitlab/transport"}
	case strings.HasPrefix(dir, "internal/cli/") || strings.HasPrefix(dir, "cmd/"):
		return []string{"pkg/*", "internal/*"}
	}
	return []string{dir, "pkg/*", "internal/testkit", "internal/testkit/team", "internal/fakegitlab", "internal/gitlab", "internal/plan", "internal/config", "internal/fault",
		"internal/workflow"}
}

// owners says who may import a library outside tests; nobody may import one that is not here.
// An empty list is a library for tests.
var owners = map[string][]string{
	"gitlab.com/gitlab-org/api/client-go/v2": {"internal/gitlab"},
	"github.com/go-json-experiment/json":     {"internal/gitlab"},
	"github.com/spf13/cobra":                 {"internal/cli", "internal/cli/*", "cmd/gendocs"},
	"github.com/spf13/pflag":                 {"internal/app", "internal/cli", "internal/cli/*", "internal/input", "internal/runner", "cmd/gendocs"},
	"github.com/spf13/viper":                 {"internal/config"},
	"charm.land/lipgloss/v2":                 {"internal/render/layout"},
	"github.com/olekukonko/tablewriter":      {"internal/render/layout"},
	"github.com/itchyny/gojq":                {"internal/render"},
	"go.yaml.in/yaml/v3":                     {"internal/manifest", "internal/config", "internal/credential", "internal/render"},
	"github.com/zalando/go-keyring":          {"internal/credential"},
	"github.com/charmbracelet/colorprofile":  {"internal/term"},
	"github.com/clipperhouse/displaywidth":   {"internal/term", "internal/render", "internal/render/*", "internal/cli/sandbox"},
	"golang.org/x/term":                      {"internal/term"},
	"golang.org/x/sys":                       {"internal/term"},
	"golang.org/x/sync":                      {"internal/cli/*", "internal/plan", "internal/workflow", "internal/workflow/*", "internal/gitlab"},

	"github.com/google/go-cmp":                 {"internal/testkit"},
	"github.com/rogpeppe/go-internal":          {},
	"github.com/santhosh-tekuri/jsonschema/v6": {},
	"pgregory.net/rapid":                       {},
}

// edges are what only the edges of the program may use: the process in cmd, its streams in internal/term.
// Everybody else is given a clock, streams and an environment, and can be tested with others.
var edges = map[string][]string{
	"time":     {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"},
	"os":       {"Exit", "Stdin", "Stdout", "Stderr", "Getenv", "LookupEnv", "Environ", "Args", "Getwd", "Setenv"},
	"fmt":      {"Print", "Printf", "Println"},
	"log":      {"Print", "Printf", "Println", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Default"},
	"net/http": {"Get", "Head", "Post", "PostForm", "DefaultClient", "ListenAndServe"},
}

// exempt are uses of the edges elsewhere, each with its reason.
var exempt = map[string]string{
	"internal/fakegitlab/server.go time.Now":      "the clock of an embedded GitLab that is given none",
	"internal/fakegitlab/server.go time.NewTimer": "waits of an embedded GitLab that is given no other way to wait",
	"internal/plan/apply.go time.AfterFunc":       "ends the grace of requests in flight after an interrupt; tests run it in a synctest bubble",
	"internal/gitlab/speed_test.go time.Sleep":    "the latency of a server that a benchmark is measured against",
	"internal/testkit/golden.go os.Getwd":         "where a test runs",
}

// edge reports whether a folder is an edge.
func edge(dir string) bool { return strings.HasPrefix(dir, "cmd/") || dir == "internal/term" }

// allowed reports whether a folder is in a list whose entries may end in "/*".
func allowed(list []string, dir string) bool {
	return slices.ContainsFunc(list, func(entry string) bool {
		parent, wild := strings.CutSuffix(entry, "/*")
		return entry == dir || wild && path.Dir(dir) == parent
	})
}

// arrowsOf is the line of arrows for a folder.
func arrowsOf(dir string) ([]string, bool) {
	if list, ok := arrows[dir]; ok {
		return list, true
	}
	list, ok := arrows[path.Dir(dir)+"/*"]
	return list, ok
}

// owned is the list of owners of the library that an import belongs to.
func owned(imported string) ([]string, bool) {
	for library, list := range owners {
		if imported == library || strings.HasPrefix(imported, library+"/") {
			return list, true
		}
	}
	return nil, false
}
