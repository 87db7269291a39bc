package input

import (
	"context"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/lint"
)

// LintRules are the ids of rules of lint.
type LintRules = List[LintRule, *LintRule]

// LintRule is the id of a rule of lint, such as two-columns.
type LintRule string

// Set takes the id, in any letter case.
func (r *LintRule) Set(raw string) error {
	id := strings.ToLower(strings.TrimSpace(raw))
	if _, known := lint.Find(id); !known {
		return unknownWord("rule", raw, lint.IDs())
	}
	*r = LintRule(id)
	return nil
}

// String is the id.
func (r *LintRule) String() string { return string(*r) }

// Type is rule.
func (r *LintRule) Type() string { return "rule" }

// Candidates are all rules with their titles.
func (r *LintRule) Candidates(context.Context, Source, string) ([]Candidate, error) {
	var list []Candidate
	for _, rule := range lint.Rules() {
		list = append(list, Candidate{Word: rule.ID, Meaning: rule.Title})
	}
	return list, nil
}
