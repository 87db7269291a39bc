package change

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// Criticality is how risky a change is. The zero value is unknown and counts as C1.
type Criticality string

// The criticalities, highest first.
const (
	C1                 Criticality = "C1" // downtime or high risk
	C2                 Criticality = "C2" // risk without downtime
	C3                 Criticality = "C3" // very low risk, some manual work
	C4                 Criticality = "C4" // routine or automated
	UnknownCriticality Criticality = ""
)

// Criticalities returns the known criticalities, highest first.
func Criticalities() []Criticality { return []Criticality{C1, C2, C3, C4} }

// ParseCriticality parses a criticality as people write it: C2, c2, 2, criticality 2, criticality::2.
func ParseCriticality(s string) (Criticality, error) {
	word := strings.TrimLeft(strings.ToLower(strings.Join(strings.Fields(s), "")), "~")
	if rest, ok := strings.CutPrefix(word, "criticality"); ok {
		word = strings.TrimLeft(rest, ":-_")
	}
	switch word = strings.TrimPrefix(word, "c"); word {
	case "1", "2", "3", "4":
		return Criticality("C" + word), nil
	}
	return UnknownCriticality, fmt.Errorf("invalid criticality %q (use C1, C2, C3 or C4)", s)
}

// String returns C1 to C4, or unknown.
func (c Criticality) String() string {
	if c == UnknownCriticality {
		return "unknown"
	}
	return string(c)
}

// Rank orders criticalities: 1 for C1 to 4 for C4, and 5 for unknown.
func (c Criticality) Rank() int {
	if n := slices.Index(Criticalities(), c); n >= 0 {
		return n + 1
	}
	return len(Criticalities()) + 1
}

// Graver returns the higher of two criticalities; any known one is higher than unknown.
func Graver(a, b Criticality) Criticality {
	if a.Rank() <= b.Rank() {
		return a
	}
	return b
}

// Grave reports whether the criticality is C1, C2 or unknown: unknown counts as the highest.
func (c Criticality) Grave() bool { return c != C3 && c != C4 }

// LockedBy reports whether a kind of lock applies to this criticality: a hard lock to all, a soft lock to C1 and C2.
func (c Criticality) LockedBy(k lock.Kind) bool { return k != lock.Soft || c.Grave() }

// ImpactType is whom a change affects.
type ImpactType string

// The types of impact (handbook, change checklist). The zero value is unknown.
const (
	Internal      ImpactType = "internal"
	ClientFacing  ImpactType = "client-facing"
	NoImpact      ImpactType = "none"
	UnknownImpact ImpactType = ""
)

// ImpactTypes returns the known types, widest impact first.
func ImpactTypes() []ImpactType { return []ImpactType{ClientFacing, Internal, NoImpact} }

// ParseImpact parses a type of impact as people write it: client-facing, client facing, Internal, none.
func ParseImpact(s string) (ImpactType, error) {
	word := strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '\t' }),
		"-")
	for _, t := range ImpactTypes() {
		if word == string(t) {
			return t, nil
		}
	}
	if word == "clientfacing" {
		return ClientFacing, nil
	}
	return UnknownImpact, fmt.Errorf("invalid impact %q (use client-facing, internal or none)", s)
}

// Outcome is how a change ended.
type Outcome string

// The outcomes. The zero value is unknown, or that the change has not ended.
const (
	Success        Outcome = "success"
	Failure        Outcome = "failure"
	UnknownOutcome Outcome = ""
)

// ParseOutcome parses an outcome as people and pipelines write it: success, succeeded, ok, passed; failure, failed.
func ParseOutcome(s string) (Outcome, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "success", "succeeded", "successful", "ok", "passed":
		return Success, nil
	case "failure", "failed", "fail":
		return Failure, nil
	}
	return UnknownOutcome, fmt.Errorf("invalid outcome %q (use success or failure)", s)
}
