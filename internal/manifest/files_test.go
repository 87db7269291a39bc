package manifest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// eachFile runs a test for each file in a folder of testdata/manifest: valid files, invalid files, which the schema refuses too,
// and inconsistent files, which no schema can detect.
func eachFile(t *testing.T, folder string, test func(t *testing.T, name string, data []byte)) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(testkit.Root(t), "testdata", "manifest", folder, "*.yaml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no files in %s: %v", folder, err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, name, data)
		})
	}
}

func TestValidFiles(t *testing.T) {
	t.Parallel()
	schema := compiled(t)
	eachFile(t, "valid", func(t *testing.T, name string, data []byte) {
		if _, err := manifest.Parse(name, data); err != nil {
			t.Error(err)
		}
		if err := schema.Validate(asJSON(t, data)); err != nil {
			t.Errorf("the schema refuses it: %v", err)
		}
	})
}

func TestInvalidFiles(t *testing.T) {
	t.Parallel()
	schema := compiled(t)
	for _, folder := range []string{"invalid", "inconsistent"} {
		eachFile(t, folder, func(t *testing.T, name string, data []byte) {
			_, err := manifest.Parse(name, data)
			if err == nil {
				t.Fatal("no fault was found")
			}
			if fault.KindOf(err) != fault.Usage || !strings.HasSuffix(fault.HintOf(err), "prodctl config validate "+name) {
				t.Errorf("kind %d, hint %q", fault.KindOf(err), fault.HintOf(err))
			}
			testkit.Golden(t, "manifest/"+folder+"/"+strings.TrimSuffix(name, ".yaml")+".faults", err.Error()+"\n")
			refused := !parses(data) || schema.Validate(asJSON(t, data)) != nil
			if folder == "invalid" && !refused {
				t.Error("the schema accepts it; if no schema can detect it, move it to inconsistent/")
			}
			if folder == "inconsistent" && parses(data) && refused {
				t.Error("the schema refuses it too; move it to invalid/")
			}
		})
	}
}

// The schema has the same keys as the parser, and full.yaml has all of them.
func TestSchemaAgreesWithKeys(t *testing.T) {
	t.Parallel()
	known := manifest.Known()
	slices.Sort(known)
	inSchema := properties(rawSchema(t), rawSchema(t), "")
	slices.Sort(inSchema)
	if !slices.Equal(known, inSchema) {
		t.Errorf("known and not in the schema: %v\nin the schema and not known: %v", minus(known, inSchema), minus(inSchema, known))
	}
	data, err := os.ReadFile(filepath.Join(testkit.Root(t), "testdata", "manifest", "valid", "full.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	file, err := manifest.Parse("full.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range known {
		if !hasKey(file, key) {
			t.Errorf("full.yaml does not have %s", key)
		}
	}
}

// hasKey reports whether a file has a key, in any item of a list and under any key that the team names itself.
func hasKey(file manifest.File, key string) bool {
	pattern := regexp.QuoteMeta(key)
	pattern = strings.NewReplacer(`\[\]`, `\[\d+\]`, `\.\*`, `\.[^.]+`).Replace(pattern)
	return slices.ContainsFunc(file.Keys(), regexp.MustCompile("^"+pattern+"$").MatchString)
}

// The schema's defaults are the real ones.
func TestSchemaDefaults(t *testing.T) {
	t.Parallel()
	defaults := map[string]any{}
	collect(rawSchema(t), "", defaults)
	if len(defaults) < 15 {
		t.Fatalf("only %d defaults were found in the schema", len(defaults))
	}
	for key, value := range defaults {
		if strings.Contains(key, "[]") {
			continue
		}
		one := nest(strings.Split(key, "."), value)
		one["version"] = 1
		data, err := yaml.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		file, err := manifest.Parse(key, data)
		if err != nil {
			t.Errorf("%s: %v", key, err)
		}
		if diff := cmp.Diff(manifest.Defaults(), file, likeFiles()); diff != "" {
			t.Errorf("the default of %s is %v in the schema (-default +schema):\n%s", key, value, diff)
		}
	}
}

// likeFiles compares the content of files, not the positions.
func likeFiles() cmp.Option {
	return cmp.Options{
		cmpopts.IgnoreUnexported(manifest.File{}),
		cmpopts.EquateEmpty(),
		cmpopts.EquateComparable(calendar.Date{}),
		cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }),
	}
}

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	if err := c.AddResource("schema.json", rawSchema(t)); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func rawSchema(t *testing.T) any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(testkit.Root(t), "internal", "config", "schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// properties returns the full names of the keys of a schema. If the team names the keys of a mapping itself, a schema may list some.
func properties(root, schema any, above string) []string {
	var out []string
	for key, sub := range below(schema) {
		sub := resolved(root, sub)
		out = append(out, above+key)
		out = append(out, properties(root, resolved(root, sub["items"]), above+key+"[].")...)
		if words := resolved(root, sub["additionalProperties"]); words != nil {
			out = append(out, properties(root, words, above+key+".*.")...)
		} else {
			out = append(out, properties(root, sub, above+key+".")...)
		}
	}
	return out
}

// resolved returns a schema, or the one to which it refers.
func resolved(root, schema any) map[string]any {
	m, _ := schema.(map[string]any)
	if ref, ok := m["$ref"].(string); ok {
		defs := root.(map[string]any)["$defs"].(map[string]any)
		return defs[strings.TrimPrefix(ref, "#/$defs/")].(map[string]any)
	}
	return m
}

func collect(schema any, above string, defaults map[string]any) {
	for key, sub := range below(schema) {
		if value, ok := sub.(map[string]any)["default"]; ok {
			defaults[above+key] = value
		}
		collect(sub, above+key+".", defaults)
		if items, ok := sub.(map[string]any)["items"]; ok {
			collect(items, above+key+"[].", defaults)
		}
	}
}

func below(schema any) map[string]any {
	m, _ := schema.(map[string]any)
	p, _ := m["properties"].(map[string]any)
	return p
}

func nest(path []string, value any) map[string]any {
	if len(path) == 1 {
		return map[string]any{path[0]: number(value)}
	}
	return map[string]any{path[0]: nest(path[1:], value)}
}

// number converts the decoder's numbers to int64.
func number(value any) any {
	switch v := value.(type) {
	case interface{ Int64() (int64, error) }:
		i, _ := v.Int64()
		return i
	case map[string]any:
		out := map[string]any{}
		for key, item := range v {
			out[key] = number(item)
		}
		return out
	}
	return value
}

func minus(a, b []string) []string {
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool { return slices.Contains(b, s) })
}

func parses(data []byte) bool {
	var n yaml.Node
	return yaml.Unmarshal(data, &n) == nil && len(n.Content) == 1
}

// asJSON converts YAML to JSON for a schema, as editors do: dates are text, of two equal keys the last one wins, and an alias that
// leads back to itself is cut.
func asJSON(t *testing.T, data []byte) any {
	t.Helper()
	var n yaml.Node
	if err := yaml.Unmarshal(data, &n); err != nil {
		t.Fatal(err)
	}
	return plain(n.Content[0], 0)
}

func plain(n *yaml.Node, depth int) any {
	switch {
	case depth > 5:
		return "deeper"
	case n.Kind == yaml.AliasNode:
		return plain(n.Alias, depth)
	case n.Kind == yaml.SequenceNode:
		out := []any{}
		for _, item := range n.Content {
			out = append(out, plain(item, depth+1))
		}
		return out
	case n.Kind == yaml.MappingNode:
		out := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			out[n.Content[i].Value] = plain(n.Content[i+1], depth+1)
		}
		return out
	}
	switch n.ShortTag() {
	case "!!int":
		i, _ := strconv.ParseInt(n.Value, 0, 64)
		return i
	case "!!float":
		f, _ := strconv.ParseFloat(n.Value, 64)
		return f
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!null":
		return nil
	}
	return n.Value
}
