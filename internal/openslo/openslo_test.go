package openslo_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/openslo"
	"gitlab.com/prodctl/prodctl/pkg/budget"
)

const document = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: registry-availability
spec:
  service: registry
  timeWindow:
    - duration: 28d
      isRolling: true
  budgetingMethod: Timeslices
  objectives:
    - displayName: up
      target: 0.999
---
apiVersion: openslo/v1
kind: Service
metadata: {name: registry}
---
apiVersion: openslo/v1
kind: SLO
spec: {service: Git, objectives: [{targetPercent: 99.95}]}
---
`

func TestRead(t *testing.T) {
	t.Parallel()
	list, err := openslo.Read("slo.yaml", []byte(document))
	if err != nil || len(list) != 2 {
		t.Fatalf("%v, %v", list, err)
	}
	for n, want := range []string{"Git 99.95", "registry 99.9"} {
		if got := list[n].Name + " " + budget.Decimal(list[n].SLO); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	slo := func(spec string) string { return "apiVersion: openslo/v1\nkind: SLO\nspec:\n" + spec }
	for text, want := range map[string]string{
		"":                                   "slo.yaml: no document of kind SLO",
		"[1]":                                "slo.yaml:1:1: a document must be a mapping",
		"a: [":                               "invalid YAML",
		"apiVersion: openslo/v2":             `slo.yaml:1:1: apiVersion "openslo/v2" is not supported (use openslo/v1)`,
		"kind: SLO":                          `apiVersion "" is not supported`,
		"apiVersion: openslo/v1\nkind: SLO":  "slo.yaml:1:1: spec is missing",
		slo("  objectives: [{target: 0.9}]"): "slo.yaml:4:3: spec.service is missing",
		slo("  service: a"):                  "spec.objectives is missing",
		slo("  service: a\n  objectives: [{target: 0.9}, {target: 0.8}]"):                                                                               "slo.yaml:5:31: several objectives",
		slo("  service: a\n  objectives: [{displayName: x}]"):                                                                                           "target or targetPercent is missing",
		slo("  service: a\n  objectives: [{target: 9e-1}]"):                                                                                             "slo.yaml:5:25: target must be a plain decimal such as 0.999",
		slo("  service: a\n  objectives: [{target: 1}]"):                                                                                                "is not above 0 and below 100 %",
		slo("  service: a\n  objectives: [{targetPercent: 0}]"):                                                                                         "is not above 0 and below 100 %",
		slo("  service: a\n  objectives: [{target: 0.9, targetPercent: 91}]"):                                                                           "target and targetPercent differ",
		slo("  service: a\n  service: b\n  objectives: [{target: 0.9}]"):                                                                                "slo.yaml:5:3: duplicate key service",
		slo("  service: a\n  objectives: [{target: 0.9}]\n---\n") + strings.ReplaceAll(slo("  service: A\n  objectives: [{target: 0.8}]"), "---\n", ""): `slo.yaml:11:25: service "A" has two targets: 90 and 80 %`,
	} {
		_, err := openslo.Read("slo.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), want) || fault.KindOf(err) != fault.Usage {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(document)
	f.Add("a: &x [*x]")
	f.Add("apiVersion: openslo/v1\nkind: SLO\nspec: &a {service: x, objectives: [*a]}")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := openslo.Read("f", []byte(text))
		for _, s := range list {
			if err != nil || s.SLO.Sign() <= 0 || s.Name == "" {
				t.Errorf("%+v, %v", s, err)
			}
		}
	})
}
