package archtest

import (
	"path"
	"slices"
	"strings"
)

// arrows lists the packages of this module that each folder may import outside its tests. "pkg/*" means every folder of pkg.
// A new package needs a line here, and a reason in its package comment.
var arrows = map[string][]string{
	"cmd/prodctl":     {"internal/app", "internal/cli", "internal/config", "internal/credential", "internal/term"},
	"cmd/prodctl-mcp": {"internal/app", "internal/credential", "internal/mcp"},
	"cmd/gendocs":     {"internal/app", "internal/cli", "internal/term"},

	"pkg/*": {"pkg/*"},

	"internal/cli": {"pkg/*", "internal/cli/*", "internal/app", "internal/buildinfo", "internal/config", "internal/credential", "internal/document",
		"internal/fault", "internal/gitlab", "internal/input", "internal/manifest", "internal/plan", "internal/render", "internal/runner", "internal/term",
		"internal/workflow", "internal/workflow/*"},
	"internal/cli/*": {"pkg/*", "internal/app", "internal/cli/command", "internal/config", "internal/credential", "internal/document",
		"internal/fault", "internal/gitlab", "internal/input", "internal/manifest", "internal/plan", "internal/render", "internal/runner",
		"internal/term", "internal/workflow", "internal/workflow/*"},
	"internal/cli/budget": {"pkg/*", "internal/app", "internal/cli/command", "internal/document", "internal/fault", "internal/input", "internal/manifest",
		"internal/openslo", "internal/render", "internal/runner", "internal/workflow/budget"},
	"internal/cli/incident": {"pkg/*", "internal/alertmanager", "internal/app", "internal/cli/command", "internal/config", "internal/document", "internal/fault", "internal/input",
		"internal/manifest", "internal/plan", "internal/render", "internal/runner", "internal/workflow", "internal/workflow/*"},
	"internal/mcp": {"pkg/*", "internal/app", "internal/buildinfo", "internal/cli", "internal/fault", "internal/term"},
	"internal/cli/report": {"pkg/*", "internal/app", "internal/cli/command", "internal/document", "internal/fault", "internal/folder", "internal/input",
		"internal/manifest", "internal/plan", "internal/render", "internal/runner", "internal/workflow", "internal/workflow/*"},
	"internal/cli/demo":    {"pkg/*", "internal/app", "internal/cli/command", "internal/fakegitlab", "internal/fault", "internal/render", "internal/term"},
	"internal/cli/sandbox": {"pkg/*", "internal/app", "internal/cli/command", "internal/fakegitlab", "internal/fault", "internal/input", "internal/manifest", "internal/runner", "internal/render"},
	"internal/cli/command": {"pkg/*", "internal/app", "internal/config", "internal/fault", "internal/input", "internal/render", "internal/runner",
		"internal/workflow"},
	"internal/runner": {"pkg/*", "internal/app", "internal/fault", "internal/idempotency", "internal/plan", "internal/term", "internal/workflow", "internal/document",
		"internal/workflow/budget", "internal/workflow/change", // to build what several commands read: the error budgets, and the approvals that count
		"internal/gitlab", "internal/render"}, // to watch: a token that was revoked, and whether a page is shown
	"internal/hook":     {"pkg/*", "internal/gitlab/transport", "internal/term"},
	"internal/input":    {"pkg/*", "internal/config", "internal/fault", "internal/manifest"},
	"internal/document": {"pkg/*", "internal/config", "internal/fault", "internal/plan", "internal/workflow", "internal/workflow/*"},
	"internal/app": {"pkg/*", "internal/buildinfo", "internal/config", "internal/credential", "internal/fault", "internal/feed", "internal/gitlab", "internal/hook",
		"internal/plan", "internal/prometheus", "internal/render", "internal/term"},
	"internal/workflow":          {"pkg/*", "internal/fault", "internal/manifest", "internal/idempotency", "internal/plan"},
	"internal/workflow/*":        {"pkg/*", "internal/fault", "internal/manifest", "internal/idempotency", "internal/plan", "internal/workflow"},
	"internal/plan":              {"pkg/*", "internal/fault"},
	"internal/idempotency":       {"pkg/stable", "pkg/safetext", "internal/fault"},
	"internal/gitlab/transport":  {"pkg/*", "internal/fault"},
	"internal/prometheus":        {"pkg/*", "internal/fault", "internal/gitlab/transport"},
	"internal/feed":              {"pkg/*", "internal/fault", "internal/gitlab/transport"},
	"internal/manifest":          {"pkg/*", "internal/fault"},
	"internal/gitlab":            {"pkg/*", "internal/fault", "internal/gitlab/transport", "internal/idempotency"},
	"internal/openslo":           {"pkg/*", "internal/fault"},
	"internal/alertmanager":      {"pkg/*", "internal/fault"},
	"internal/manifest/edit":     {},
	"internal/config":            {"pkg/*", "internal/fault", "internal/manifest", "internal/manifest/edit"},
	"internal/folder":            {"internal/fault"},
	"internal/credential":        {"pkg/*", "internal/fault"},
	"internal/term":              {"pkg/*", "internal/fault"},
	"internal/fault":             {},
	"internal/buildinfo":         {},
	"internal/fakegitlab":        {"internal/fakegitlab/*"},
	"internal/fakegitlab/*":      {"internal/fakegitlab/*"},
	"internal/contract":          {},
	"internal/testkit":           {},
	"internal/testkit/recording": {},
	"internal/testkit/team":      {"pkg/target", "internal/fakegitlab", "internal/gitlab", "internal/plan", "internal/testkit", "internal/workflow"},
	"internal/archtest":          {},

	"internal/render":         {"pkg/*", "internal/fault", "internal/render/*"},
	"internal/render/html":    {"pkg/*", "internal/render/layout", "internal/render/markup", "internal/render/words"},
	"internal/render/machine": {"pkg/*", "internal/fault"},
	"internal/render/site": {"pkg/*", "internal/render/form", "internal/render/html", "internal/render/icalendar", "internal/render/layout",
		"internal/render/words"},
	"internal/render/*": {"pkg/*", "internal/render/form", "internal/render/html", "internal/render/layout",
		"internal/render/machine", "internal/render/markup", "internal/render/plans", "internal/render/words"},
	"internal/render/form":   {"internal/render/layout", "internal/render/words"},
	"internal/render/plans":  {"pkg/*", "internal/render/layout", "internal/render/words"},
	"internal/render/words":  {"pkg/*", "internal/render/layout"},
	"internal/render/layout": {"pkg/*"},
	"internal/render/markup": {},
}

// testArrows lists what a folder's tests may import in addition. The embedded GitLab's tests import only the embedded GitLab, so that it
// cannot copy the client's mistakes; the rules' tests import only rules.
func testArrows(dir string) []string {
	switch {
	case strings.HasPrefix(dir+"/", "internal/fakegitlab/"):
		return []string{dir, "internal/fakegitlab/*"}
	case strings.HasPrefix(dir, "pkg/"):
		return []string{"pkg/*"}
	case dir == "internal/prometheus":
		return []string{dir, "pkg/*", "internal/fault", "internal/testkit", "internal/gitlab/transport"}
	case dir == "internal/contract":
		return []string{dir, "internal/fakegitlab", "internal/manifest", "internal/testkit/recording"}
	case dir == "internal/cli": // its fault matrices skip faults that look the same to the transport, and test that they do
		return []string{"pkg/*", "internal/*", "internal/gitlab/transport"}
	case dir == "internal/mcp": // its tests look for the flags of its tools in the command tree
		return []string{dir, "pkg/*", "internal/fakegitlab"}
	case strings.HasPrefix(dir, "internal/cli/") || strings.HasPrefix(dir, "cmd/"):
		return []string{"pkg/*", "internal/*"}
	}
	return []string{dir, "pkg/*", "internal/testkit", "internal/testkit/recording", "internal/testkit/team", "internal/fakegitlab", "internal/gitlab", "internal/plan", "internal/config", "internal/fault",
		"internal/workflow"}
}

// owners lists who may import a library outside tests. A library that is not here may not be imported.
// An empty list means that the library is for tests only.
var owners = map[string][]string{
	"gitlab.com/gitlab-org/api/client-go/v2": {"internal/gitlab"},
	"github.com/go-json-experiment/json":     {"internal/gitlab"},
	"github.com/spf13/cobra":                 {"internal/cli", "internal/cli/*", "cmd/gendocs"},
	"github.com/spf13/pflag":                 {"internal/app", "internal/cli", "internal/cli/*", "internal/input", "internal/mcp", "internal/runner", "cmd/gendocs"},
	"github.com/spf13/viper":                 {"internal/config"},
	"charm.land/lipgloss/v2":                 {"internal/render/layout"},
	"github.com/olekukonko/tablewriter":      {"internal/render/layout"},
	"github.com/itchyny/gojq":                {"internal/render/machine"},
	"go.yaml.in/yaml/v3":                     {"internal/manifest", "internal/manifest/edit", "internal/config", "internal/credential", "internal/openslo", "internal/render/machine"},
	"github.com/zalando/go-keyring":          {"internal/credential"},
	"github.com/charmbracelet/colorprofile":  {"internal/term"},
	"github.com/clipperhouse/displaywidth":   {"internal/term", "internal/render", "internal/render/*", "internal/cli/sandbox"},
	"github.com/vektah/gqlparser/v2":         {"internal/fakegitlab/graphql"},
	"github.com/modelcontextprotocol/go-sdk": {"internal/mcp"},
	"golang.org/x/term":                      {"internal/term"},
	"golang.org/x/text":                      {"pkg/issue"},
	"golang.org/x/sys":                       {"internal/term"},
	"golang.org/x/sync":                      {"internal/cli/*", "internal/plan", "internal/workflow", "internal/workflow/*", "internal/gitlab"},

	"github.com/google/go-cmp":                 {"internal/testkit"},
	"github.com/rogpeppe/go-internal":          {},
	"github.com/santhosh-tekuri/jsonschema/v6": {},
	"github.com/yuin/goldmark":                 {},
	"pgregory.net/rapid":                       {},
}

// edges are functions that only the edges of the program may use: the process in cmd, its streams in internal/term.
// All other packages are given a clock, streams and an environment, so that tests can replace them.
var edges = map[string][]string{
	"time":     {"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"},
	"os":       {"Exit", "Stdin", "Stdout", "Stderr", "Getenv", "LookupEnv", "Environ", "Args", "Getwd", "Setenv"},
	"fmt":      {"Print", "Printf", "Println"},
	"log":      {"Print", "Printf", "Println", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln", "Default"},
	"net/http": {"Get", "Head", "Post", "PostForm", "DefaultClient", "ListenAndServe"},
}

// exempt are uses of these functions elsewhere, each with its reason.
var exempt = map[string]string{
	"internal/fakegitlab/server.go time.Now":      "the default clock of an embedded GitLab",
	"internal/fakegitlab/server.go time.NewTimer": "the default way to wait of an embedded GitLab",
	"internal/plan/apply.go time.AfterFunc":       "ends the grace period of requests in flight after an interrupt; tests run it in a synctest bubble",
	"internal/gitlab/speed_test.go time.Sleep":    "the latency of the server in a benchmark",
	"internal/testkit/golden.go os.Getwd":         "finds the folder of a running test",
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

// arrowsOf is the list of arrows for a folder.
func arrowsOf(dir string) ([]string, bool) {
	if list, ok := arrows[dir]; ok {
		return list, true
	}
	list, ok := arrows[path.Dir(dir)+"/*"]
	return list, ok
}

// owned is the list of owners of an imported library.
func owned(imported string) ([]string, bool) {
	for library, list := range owners {
		if imported == library || strings.HasPrefix(imported, library+"/") {
			return list, true
		}
	}
	return nil, false
}
