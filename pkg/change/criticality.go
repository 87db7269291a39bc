package change

import (
	"fmt"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/lock"
)

// Criticality is how risky a change is (SPEC 14). The zero value is that nobody has said so; it counts as the gravest.
type Criticality string

// The criticalities, the gravest first.
const (
	C1                 Criticality = "C1" // downtime or high risk
	C2                 Criticality = "C2" // risk without downtime
	C3                 Criticality = "C3" // very low risk, some manual work
	C4                 Criticality = "C4" // routine or automated
	UnknownCriticality Criticality = ""
)

// Criticalities are the known ones, the gravest first.
func Criticalities() []Criticality { return []Criticality{C1, C2, C3, C4} }

// ParseCriticality reads what people write for a criticality: C2, c2, 2, criticality 2, criticality::2.
func ParseCriticality(s string) (Criticality, error) {
	word := strings.TrimLeft(strings.ToLower(strings.Join(strings.Fields(s), "")), "~")
	if rest, ok := strings.CutPrefix(word, "criticality"); ok {
		word = strings.TrimLeft(rest, ":-_")
	}
	switch word = strings.TrimPrefix(word, "c"); word {
	case "1", "2", "3", "4":
		return Criticality("C" + word), nil
	}
	return UnknownCriticality, fmt.Errorf("%q is no criticality: there are C1, C2, C3 and C4", s)
}

// String is C1 to C4, or unknown.
func (c Criticality) String() string {
	if c == UnknownCriticality {
		return "unknown"
	}
	return string(c)
}

// Rank orders criticalities: 1 for C1 to 4 for C4, and 5 where it is not known.
func (c Criticality) Rank() int {
	if n := slices.Index(Criticalities(), c); n >= 0 {
		return n + 1
	}
	return len(Criticalities()) + 1
}

// Graver is the graver of two; one that is known is graver than one that is not.
func Graver(a, b Criticality) Criticality {
	if a.Rank() <= b.Rank() {
		return a
	}
	return b
}

// Grave reports whether it is C1 or C2, or may be: in doubt the higher.
func (c Criticality) Grave() bool { return c != C3 && c != C4 }

// HeldBy reports whether a lock keeps changes of this criticality back: a hard one all, a soft one C1 and C2 (SPEC 8).
func (c Criticality) LockedBy(k lock.Kind) bool { return k != lock.Soft || c.Grave() }

// ImpactType is whom a change reaches.
type ImpactType string

// The types of impact (handbook, change checklist). The zero value is that nobody has said so.
const (
	Internal      ImpactType = "internal"
	ClientFacing  ImpactType = "client-facing"
	NoImpact      ImpactType = "none"
	UnknownImpact ImpactType = ""
)

// ImpactTypes are the known ones, the furthest first.
func ImpactTypes() []ImpactType { return []ImpactType{ClientFacing, Internal, NoImpact} }

// ParseImpact reads what people write for a type of impact: client-facing, client facing, Internal, none.
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
	return UnknownImpact, fmt.Errorf("%q is no type of impact: there are client-facing, internal and none", s)
}

// Outcome is how a change ended.
type Outcome string

// The outcomes. The zero value is that it has not ended, or nobody has said how.
const (
	Success        Outcome = "success"
	Failure        Outcome = "failure"
	UnknownOutcome Outcome = ""
)

// ParseOutcome reads what people and pipelines write for an outcome: success, succeeded, ok, passed; failure, failed.
func ParseOutcome(s string) (Outcome, error) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "success", "succeeded", "successful", "ok", "passed":
		return Success, nil
	case "failure", "failed", "fail":
		return Failure, nil
	}
	return UnknownOutcome, fmt.Errorf("%q is no outcome: there are success and failure", s)
}
