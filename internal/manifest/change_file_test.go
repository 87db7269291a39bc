package manifest_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/change"
)

var august = time.Date(2018, time.August, 24, 12, 0, 0, 0, time.UTC)

func changeFile(t testing.TB, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testkit.Root(t), "testdata", "manifest", "change", filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func rawChangeSchema(t *testing.T) any {
	t.Helper()
	published, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "change.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(published))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func compiledChange(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("change.json", rawChangeSchema(t)); err != nil {
		t.Fatal(err)
	}
	return c.MustCompile("change.json")
}

func TestParseChange(t *testing.T) {
	t.Parallel()
	got, err := manifest.ParseChange("full.yaml", changeFile(t, "valid/full.yaml"), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	want := change.Request{
		Title:       "Upgrade PostgreSQL to 9.6.10",
		Reason:      "CVE-2018-10915, and the planner is faster.\n\nSee the release notes.",
		Start:       time.Date(2018, time.August, 30, 10, 0, 0, 0, time.UTC),
		Duration:    90 * time.Minute,
		Criticality: change.C1,
		Services:    []string{"postgres", "web"},
		Environment: "production",
		Executor:    "ada",
		Impact:      change.Impact{Type: change.ClientFacing, Text: "- No logins for some minutes.\n- Jobs wait\n  and go on", Downtime: 10 * time.Minute},
		Preparation: []change.Step{{Do: "Make a base backup", Minutes: 40}, {Do: "Tell support"}},
		Steps:       []change.Step{{Do: "Stop pgbouncer", Minutes: 5}, {Do: "Upgrade:\n/usr/bin/pg_upgrade --link", Minutes: 30}},
		CheckBefore: []string{"Replication lag is below 1 s", "Backups are green"},
		CheckAfter:  []string{"Logins work"},
		Rollback: change.Rollback{Steps: []change.Step{{Do: "Promote the old replica", Minutes: 15}},
			Text: "Point pgbouncer at the old primary.", Minutes: 20},
		Monitoring:    "- PostgreSQL overview\n- Alerts: PgDown",
		Communication: "Tweet at the start and at the end.",
	}
	if diff := cmp.Diff(want, got.Request); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestValidChangeFiles(t *testing.T) {
	t.Parallel()
	schema := compiledChange(t)
	eachFile(t, "change/valid", func(t *testing.T, name string, data []byte) {
		f, err := manifest.ParseChange(name, data, time.UTC)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Check(f.Request, august); err != nil {
			t.Error(err)
		}
		if err := schema.Validate(asJSON(t, data)); err != nil {
			t.Errorf("the schema refuses it: %v", err)
		}
	})
}

// Faults of a file and violations of the rules are reported together, in the order of the file. The schema refuses files that cannot be parsed.
func TestInvalidChangeFiles(t *testing.T) {
	t.Parallel()
	schema := compiledChange(t)
	for _, folder := range []string{"change/invalid", "change/refused"} {
		eachFile(t, folder, func(t *testing.T, name string, data []byte) {
			f, parsed := manifest.ParseChange(name, data, time.UTC)
			err := f.Check(f.Request, august)
			if err == nil || fault.KindOf(err) != fault.Usage || !strings.Contains(fault.HintOf(err), "run the same command again") {
				t.Fatalf("kind %d, hint %q: %v", fault.KindOf(err), fault.HintOf(err), err)
			}
			testkit.Golden(t, "manifest/"+folder+"/"+strings.TrimSuffix(name, ".yaml")+".faults", err.Error()+"\n")
			if (folder == "change/invalid") != (parsed != nil && schema.Validate(asJSON(t, data)) != nil) {
				t.Errorf("parsed: %v", parsed)
			}
		})
	}
}

// A flag that fixes a problem of the file is not a fault of the file, nor is one that causes a problem.
func TestCheckWithFlags(t *testing.T) {
	t.Parallel()
	f, err := manifest.ParseChange("c.yaml", []byte("title: x\nstart: 2018-08-01 10:00\nduration: 10\ncriticality: C3\n"), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Check(f.Request, august); err == nil || !strings.HasPrefix(err.Error(), "c.yaml:2:8: ") {
		t.Errorf("in the past: %v", err)
	}
	fixed := f.Request
	fixed.Start = august.Add(time.Hour)
	if err := f.Check(fixed, august); err != nil {
		t.Errorf("fixed by a flag: %v", err)
	}
	broken := fixed
	broken.Criticality, broken.Title = change.C1, ""
	err = f.Check(broken, august)
	if err == nil || fault.KindOf(err) != fault.Usage || strings.Contains(err.Error(), "c.yaml:4") || !strings.Contains(err.Error(), "title is required") {
		t.Errorf("broken by a flag: %v", err)
	}
	alone := manifest.ChangeFile{}.Check(broken, august)
	if alone == nil || fault.KindOf(alone) != fault.Usage || fault.HintOf(alone) == "" || strings.Contains(alone.Error(), ":1:1") {
		t.Errorf("without a file: %v", alone)
	}
	if err := (manifest.ChangeFile{}).Check(fixed, august); err != nil {
		t.Errorf("flags alone: %v", err)
	}
}

// The parser and the schema have the same keys, and full.yaml has all of them.
func TestChangeSchemaAgreesWithKeys(t *testing.T) {
	t.Parallel()
	known := manifest.KnownInChange()
	slices.Sort(known)
	inSchema := properties(rawChangeSchema(t), rawChangeSchema(t), "")
	slices.Sort(inSchema)
	if !slices.Equal(known, inSchema) {
		t.Errorf("known and not in the schema: %v\nin the schema and not known: %v", minus(known, inSchema), minus(inSchema, known))
	}
	text := string(changeFile(t, "valid/full.yaml"))
	for _, key := range known {
		if !strings.Contains(text, key[strings.LastIndexByte(key, '.')+1:]+":") {
			t.Errorf("full.yaml does not have %s", key)
		}
	}
}

// The example of the page is a valid plan, and the page has every key.
func TestChangeFileIsDocumented(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "configuration.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(data), "## The plan of a change\n")
	section, _, _ = strings.Cut(section, "\n## ")
	_, example, _ := strings.Cut(section, "```yaml\n")
	example, _, _ = strings.Cut(example, "```")
	f, err := manifest.ParseChange("example", []byte(example), time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Check(f.Request, august); err != nil {
		t.Error(err)
	}
	for _, key := range manifest.KnownInChange() {
		last := key[strings.LastIndexByte(key, '.')+1:]
		if !strings.Contains(section, last+":") && !strings.Contains(section, "`"+last+"`") {
			t.Errorf("docs/configuration.md does not have the key %s", key)
		}
	}
}

func FuzzParseChange(f *testing.F) {
	for _, path := range []string{"valid/full.yaml", "valid/least.yaml", "invalid/all.yaml", "refused/rules.yaml", "invalid/both.yaml"} {
		f.Add(changeFile(f, path))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, parsed := manifest.ParseChange("f.yaml", data, time.UTC)
		err := file.Check(file.Request, august)
		if parsed != nil && err == nil {
			t.Fatalf("the fault %v is missing", parsed)
		}
		if parsed == nil && (err == nil) != (len(file.Request.Validate(august)) == 0) {
			t.Errorf("the rules return %v, Check returns %v", file.Request.Validate(august), err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x00\x07\x1b\r") {
			t.Errorf("control characters: %q", err)
		}
	})
}
