package archtest

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/internal/testkit"
)

func readFile(t testing.TB, root fs.FS, name string) string {
	t.Helper()
	data, err := fs.ReadFile(root, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// release is the part of .goreleaser.yaml that refers to things outside it.
type release struct {
	Before struct{ Hooks []string }
	Builds []struct {
		ID      string
		Main    string
		Env     []string
		Flags   []string
		Gcflags []string
		Ldflags []string
		Goos    []string
		Goarch  []string
	}
	Archives []struct {
		IDs   []string
		Files []packageFile
	}
	NFPMs []struct {
		IDs      []string
		Formats  []string
		Contents []packageFile
	} `yaml:"nfpms"`
}

// packageFile is a file in an archive: a name, or a source and a destination.
type packageFile struct{ Src, Dst string }

// UnmarshalYAML accepts both forms.
func (p *packageFile) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		p.Src = n.Value
		return nil
	}
	type plain packageFile
	return n.Decode((*plain)(p))
}

// The parts of a release exist: commands, variables, files, and folders that its hooks fill.
func TestReleaseFiles(t *testing.T) {
	t.Parallel()
	root := os.DirFS(testkit.Root(t))
	var r release
	if err := yaml.Unmarshal([]byte(readFile(t, root, ".goreleaser.yaml")), &r); err != nil {
		t.Fatal(err)
	}
	hooks := strings.Join(r.Before.Hooks, "\n")
	if n := len(r.Builds); n != 2 || len(r.Archives) != n || len(r.NFPMs) != n {
		t.Fatalf("%d builds, %d archives and %d packages, want two of each", len(r.Builds), len(r.Archives), len(r.NFPMs))
	}
	mains := regexp.MustCompile(`\./cmd/\w+`).FindAllString(hooks, -1)
	for i, b := range r.Builds {
		mains = append(mains, b.Main)
		if !slices.Contains(b.Env, "CGO_ENABLED=0") || !slices.Contains(b.Flags, "-trimpath") {
			t.Errorf("built with %q and %q, want CGO_ENABLED=0 and -trimpath", b.Env, b.Flags)
		}
		if ids := []string{b.ID}; !slices.Equal(r.Archives[i].IDs, ids) || !slices.Equal(r.NFPMs[i].IDs, ids) {
			t.Errorf("%s: the archive has %q, the package %q", b.ID, r.Archives[i].IDs, r.NFPMs[i].IDs)
		}
		checkVariables(t, root, b.Ldflags)
		checkFlags(t, root, append(b.Gcflags, strings.Fields(b.Ldflags[0])...))
		if want := []string{"deb", "rpm"}; !slices.Equal(r.NFPMs[i].Formats, want) {
			t.Errorf("packages %q, want %q", r.NFPMs[i].Formats, want)
		}
		checkFiles(t, root, append(r.Archives[i].Files, r.NFPMs[i].Contents...))
	}
	for _, main := range mains {
		if _, err := fs.Stat(root, path.Join(main, "main.go")); err != nil {
			t.Errorf("%s: %v", main, err)
		}
	}
}

// checkFiles requires that every file of a package exists. A test of cmd/gendocs checks those below build.
func checkFiles(t *testing.T, root fs.FS, files []packageFile) {
	t.Helper()
	for _, p := range files {
		if strings.HasPrefix(p.Src, "build/") {
			continue
		}
		if _, err := fs.Stat(root, p.Src); err != nil {
			t.Errorf("%s: %v", p.Src, err)
		}
	}
}

// checkFlags requires that the pipeline and the benchmark of the start build the program with the flags of a release.
func checkFlags(t *testing.T, root fs.FS, flags []string) {
	t.Helper()
	for _, file := range []string{".ci/run", ".ci/release/reproduce", "cmd/prodctl/bench_test.go"} {
		text := readFile(t, root, file)
		for _, flag := range flags {
			if !strings.Contains(text, flag) {
				t.Errorf("%s does not build with %s", file, flag)
			}
		}
	}
}

// checkVariables requires that the variable of every -X exists: the linker does not report missing ones.
func checkVariables(t *testing.T, root fs.FS, ldflags []string) {
	t.Helper()
	source := readFile(t, root, "internal/buildinfo/buildinfo.go")
	set := regexp.MustCompile(`-X (\S+)\.(\w+)=`).FindAllStringSubmatch(strings.Join(ldflags, "\n"), -1)
	if len(set) != 3 {
		t.Errorf("%d variables set, want version, commit and date", len(set))
	}
	for _, m := range set {
		if m[1] != module+"/internal/buildinfo" || !regexp.MustCompile(`(?m)^\t`+m[2]+`\s+string$`).MatchString(source) {
			t.Errorf("-X %s.%s sets nothing", m[1], m[2])
		}
	}
}

// job is one job of a pipeline.
type job struct {
	Stage   string
	Extends string
	Script  lines
	Rules   []map[string]any
	Needs   []string
}

// lines is a script of one line or of several.
type lines []string

// UnmarshalYAML accepts both forms.
func (l *lines) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*l = lines{n.Value}
		return nil
	}
	return n.Decode((*[]string)(l))
}

// notJobs are the keys of a pipeline that do not define jobs.
var notJobs = []string{"stages", "default", "variables", "workflow", "include"}

// pipeline reads the jobs of a .gitlab-ci.yml, and checks their references to each other.
func pipeline(t *testing.T, text string) map[string]job {
	t.Helper()
	var nodes map[string]yaml.Node
	if err := yaml.Unmarshal([]byte(text), &nodes); err != nil {
		t.Fatal(err)
	}
	var stages []string
	if n, ok := nodes["stages"]; ok {
		if err := n.Decode(&stages); err != nil {
			t.Fatal(err)
		}
	}
	jobs := map[string]job{}
	for name, n := range nodes {
		if slices.Contains(notJobs, name) {
			continue
		}
		var j job
		if err := n.Decode(&j); err != nil {
			t.Fatalf("job %s: %v", name, err)
		}
		jobs[name] = j
	}
	for name, j := range jobs {
		_, known := jobs[j.Extends]
		switch {
		case strings.HasPrefix(name, "."):
			continue
		case len(j.Script) == 0:
			t.Errorf("job %s has no script", name)
		case !slices.Contains(stages, j.Stage):
			t.Errorf("job %s: stage %q not found", name, j.Stage)
		case j.Extends != "" && !known:
			t.Errorf("job %s extends %s, which does not exist", name, j.Extends)
		}
		for _, need := range j.Needs {
			if _, ok := jobs[need]; !ok {
				t.Errorf("job %s needs %s, which does not exist", name, need)
			}
		}
	}
	return jobs
}

// Our own pipeline runs exactly the steps of .ci/run.
func TestOwnPipeline(t *testing.T) {
	t.Parallel()
	root := os.DirFS(testkit.Root(t))
	script := readFile(t, root, ".ci/run")
	steps := func(list string) []string {
		found := regexp.MustCompile(`(?m)^` + list + `=\((.*)\)$`).FindStringSubmatch(script)
		if found == nil {
			t.Fatalf(".ci/run has no list %s of its steps", list)
		}
		return strings.Fields(found[1])
	}
	always := steps("always")
	all := append(slices.Clone(always), steps("more")...)
	for _, step := range all {
		if !strings.Contains(script, "\n#   "+step+" ") {
			t.Errorf("the header of .ci/run does not describe %s", step)
		}
	}
	text := readFile(t, root, ".gitlab-ci.yml")
	var run []string
	for name, j := range pipeline(t, text) {
		for _, line := range j.Script {
			words := strings.Fields(line)
			if words[0] != ".ci/run" {
				continue
			}
			if len(words) == 1 {
				run = append(run, always...)
			}
			for _, step := range words[1:] {
				if !slices.Contains(all, step) {
					t.Errorf("job %s runs %s, which .ci/run does not have", name, step)
				}
				run = append(run, step)
			}
		}
	}
	for _, step := range all {
		if !slices.Contains(run, step) {
			t.Errorf("no job runs the step %s", step)
		}
	}
}

// The recipes form one valid pipeline; internal/cli tests their commands.
func TestRecipes(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, m := range regexp.MustCompile("(?ms)^```yaml\n(.*?)^```").FindAllStringSubmatch(readFile(t, os.DirFS(testkit.Root(t)), "docs/ci.md"), -1) {
		all.WriteString(m[1])
	}
	jobs := pipeline(t, all.String())
	for _, name := range []string{"roll", "label-drift", "label-plan", "label-apply", "gate", "deploy", "record-success", "record-failure", "approval", "approval-audit"} {
		if _, ok := jobs[name]; !ok {
			t.Errorf("recipe %s not found", name)
		}
	}
	for name, j := range jobs {
		for _, line := range j.Script {
			writes := regexp.MustCompile(`prodctl (milestone (roll|ensure)|label apply|board init|apply) `).MatchString(line + " ")
			if writes && !strings.Contains(line, "--yes") {
				t.Errorf("job %s would be refused, because nobody can confirm it: %s", name, line)
			}
			if strings.Contains(line, "TOKEN") {
				t.Errorf("job %s has a token on a command line: %s", name, line)
			}
		}
	}
}
