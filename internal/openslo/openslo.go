// Package openslo reads the objectives of services from documents of OpenSLO v1.
//
// Start with [Read]. A target is kept exactly as written: nothing goes through a float, and what cannot be read exactly is a fault with
// its line and column. Indicators, alerts and time windows of the documents are not used.
package openslo

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/budget"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// version is the version of the format that is read.
const version = "openslo/v1"

// Read returns the objectives of the services that the documents of kind SLO name, by name. The name of the file is used in messages only.
// All faults are reported together, as an error of kind Usage.
func Read(name string, data []byte) ([]budget.Service, error) {
	r := reader{file: name, found: map[string]budget.Service{}}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	documents := 0
	for {
		var root yaml.Node
		err := decoder.Decode(&root)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.faults = append(r.faults, syntax(name, err))
			break
		}
		if len(root.Content) > 0 && root.Content[0].ShortTag() != "!!null" {
			documents++
			r.document(real(root.Content[0]))
		}
	}
	if len(r.faults) == 0 && len(r.found) == 0 {
		r.faults = append(r.faults, fmt.Errorf("%s: no document of kind SLO", name))
	}
	if len(r.faults) > 0 {
		return nil, fault.Wrap(fault.Usage, errors.Join(r.faults...), "Fix the file, or set the objectives in budget.services",
			"the objectives in %s cannot be used", name)
	}
	var list []budget.Service
	for _, s := range r.found {
		list = append(list, s)
	}
	stable.Sort(list, func(a, b budget.Service) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}

type reader struct {
	file   string
	found  map[string]budget.Service // by name in lower case
	faults []error
}

func (r *reader) fault(n *yaml.Node, format string, args ...any) {
	r.faults = append(r.faults, fmt.Errorf("%s:%d:%d: %s", r.file, max(n.Line, 1), max(n.Column, 1), fmt.Sprintf(format, args...)))
}

var yamlLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`) })

// syntax is a fault of the YAML itself. The parser knows its line only.
func syntax(name string, err error) error {
	line, text := "1", err.Error()
	if m := yamlLine().FindStringSubmatch(text); m != nil {
		text = m[2]
		if m[1] != "" {
			line = m[1]
		}
	}
	return fmt.Errorf("%s:%s:1: invalid YAML: %s", name, line, text)
}

// real follows an alias.
func real(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

// value returns the value of a key of a mapping; nil if it has none. A key that occurs twice is a fault.
func (r *reader) value(n *yaml.Node, key string) (found *yaml.Node) {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value != key {
			continue
		}
		if found != nil {
			r.fault(n.Content[i], "duplicate key %s", key)
		}
		found = real(n.Content[i+1])
	}
	return found
}

// word returns the text of a key; empty if it has none.
func (r *reader) word(n *yaml.Node, key string) string {
	v := r.value(n, key)
	if v == nil || v.Kind != yaml.ScalarNode {
		return ""
	}
	return strings.TrimSpace(v.Value)
}

func (r *reader) document(n *yaml.Node) {
	switch at := r.word(n, "apiVersion"); {
	case n.Kind != yaml.MappingNode:
		r.fault(n, "a document must be a mapping")
		return
	case at != version:
		r.fault(n, "apiVersion %q is not supported (use %s)", at, version)
		return
	case r.word(n, "kind") != "SLO":
		return
	}
	spec := r.value(n, "spec")
	if spec == nil || spec.Kind != yaml.MappingNode {
		r.fault(n, "spec is missing")
		return
	}
	name := r.word(spec, "service")
	if name == "" {
		r.fault(spec, "spec.service is missing")
	}
	at, slo := r.objective(spec)
	if slo == nil || name == "" {
		return
	}
	before, again := r.found[strings.ToLower(name)]
	if again && before.SLO.Cmp(slo) != 0 {
		r.fault(at, "service %q has two targets: %s and %s %%", name, budget.Decimal(before.SLO), budget.Decimal(slo))
		return
	}
	r.found[strings.ToLower(name)] = budget.Service{Name: name, SLO: slo}
}

// objective returns the one target of a document in percent; nil if a fault was reported.
func (r *reader) objective(spec *yaml.Node) (at *yaml.Node, slo *big.Rat) {
	list := r.value(spec, "objectives")
	if list == nil || list.Kind != yaml.SequenceNode || len(list.Content) == 0 {
		r.fault(spec, "spec.objectives is missing")
		return nil, nil
	}
	if len(list.Content) > 1 {
		r.fault(real(list.Content[1]), "several objectives: a budget has one")
		return nil, nil
	}
	one := real(list.Content[0])
	ratio, percent := r.value(one, "target"), r.value(one, "targetPercent")
	var found []*big.Rat
	if ratio != nil {
		found, at = append(found, r.target(ratio, "target", 100)), ratio
	}
	if percent != nil {
		found, at = append(found, r.target(percent, "targetPercent", 1)), percent
	}
	switch {
	case len(found) == 0:
		r.fault(one, "target or targetPercent is missing")
		return nil, nil
	case slices.Contains(found, nil):
		return nil, nil
	case len(found) == 2 && found[0].Cmp(found[1]) != 0:
		r.fault(percent, "target and targetPercent differ")
		return nil, nil
	}
	return at, found[0]
}

var plainDecimal = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,12})?$`) })

// target reads a number above 0 and below 100 % as it is written.
func (r *reader) target(n *yaml.Node, key string, times int64) *big.Rat {
	number, ok := new(big.Rat).SetString(n.Value)
	if n.Kind != yaml.ScalarNode || !plainDecimal().MatchString(n.Value) || !ok {
		r.fault(n, "%s must be a plain decimal such as %s", key, map[int64]string{1: "99.9", 100: "0.999"}[times])
		return nil
	}
	slo := number.Mul(number, big.NewRat(times, 1))
	if slo.Sign() <= 0 || slo.Cmp(big.NewRat(100, 1)) >= 0 {
		r.fault(n, "%s %s is not above 0 and below 100 %%", key, n.Value)
		return nil
	}
	return slo
}
