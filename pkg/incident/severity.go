package incident

import (
	"fmt"
	"strings"

	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// Severity is how much an incident harms users. The zero value is [UnknownSeverity].
type Severity string

// The severities, worst first.
const (
	S1              Severity = "S1" // outage or data loss, no workaround, most users
	S2              Severity = "S2" // many users or several paying customers, workaround too complex
	S3              Severity = "S3" // some users, an acceptable workaround
	S4              Severity = "S4" // cosmetic
	UnknownSeverity Severity = ""
)

// Severities returns the known severities, worst first.
func Severities() []Severity { return []Severity{S1, S2, S3, S4} }

// ParseSeverity parses the ways in which people write a severity: S2, s2, 2, sev2, sev-2, severity 2, severity::2, Severity::S2.
func ParseSeverity(s string) (Severity, error) {
	word := strings.ToLower(strings.Join(strings.Fields(s), ""))
	word = strings.TrimLeft(word, "~")
	for _, prefix := range []string{"severity", "sev"} {
		if rest, ok := strings.CutPrefix(word, prefix); ok {
			word = strings.TrimLeft(rest, ":-_")
			break
		}
	}
	word = strings.TrimPrefix(word, "s")
	switch word {
	case "1", "2", "3", "4":
		return Severity("S" + word), nil
	}
	return UnknownSeverity, fmt.Errorf("invalid severity %q (use S1, S2, S3 or S4)", s)
}

// String is S1 to S4, or unknown.
func (s Severity) String() string {
	if s == UnknownSeverity {
		return "unknown"
	}
	return string(s)
}

// Rank orders severities: 1 for S1 to 4 for S4, and 5 for unknown.
func (s Severity) Rank() int {
	for n, known := range Severities() {
		if s == known {
			return n + 1
		}
	}
	return len(Severities()) + 1
}

// Grave reports whether it is S1 or S2.
func (s Severity) Grave() bool { return s == S1 || s == S2 }

// scale pairs each severity with GitLab's own.
var scale = []struct {
	ours   Severity
	gitlab issue.Severity
}{{S1, issue.Critical}, {S2, issue.High}, {S3, issue.Medium}, {S4, issue.Low}}

// OfGitLab returns the severity for GitLab's own: critical is S1, high S2, medium S3 and low S4.
func OfGitLab(s issue.Severity) Severity {
	for _, pair := range scale {
		if pair.gitlab == s {
			return pair.ours
		}
	}
	return UnknownSeverity
}

// GitLab returns GitLab's own severity for it; the reverse of [OfGitLab].
func (s Severity) GitLab() issue.Severity {
	for _, pair := range scale {
		if pair.ours == s {
			return pair.gitlab
		}
	}
	return issue.UnknownSeverity
}
