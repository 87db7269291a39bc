package manifest

import (
	"fmt"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/lint"
)

// Lint configures the rules of `prodctl lint`.
type Lint struct {
	Off    []string // ids of rules
	Ignore []LintIgnore
	Stale  time.Duration // whole days without an update after which work in progress is stale
}

// LintIgnore leaves out the findings of a rule about an issue until a day.
type LintIgnore struct {
	Rule  string
	Issue string        // reference
	Until calendar.Date // the last day
}

func defaultLint() Lint { return Lint{Stale: 14 * 24 * time.Hour} }

func (l *Lint) fields() []field {
	return []field{
		key("off", texts(lintRule), &l.Off),
		key("ignore", list(mapping(lintIgnoreFields)), &l.Ignore),
		key("stale", parsed("a number of days such as 14d", parseWindow, formatWindow), &l.Stale),
	}
}

func lintIgnoreFields(i *LintIgnore) []field {
	return []field{
		key("rule", text(lintRule), &i.Rule).must(),
		key("issue", text(trimmed), &i.Issue).must(),
		key("until", parsed("a date such as 2018-09-30", calendar.ParseDate, calendar.Date.String), &i.Until).must(),
	}
}

func lintRule(s string) (string, error) {
	if _, known := lint.Find(s); !known {
		return "", fmt.Errorf("unknown rule %s%s", quote(s), didYouMean(s, lint.IDs()))
	}
	return s, nil
}

// deriveLint checks that the ignored issues are references.
func (f *File) deriveLint(r *reader) {
	for n, e := range f.Lint.Ignore {
		at := fmt.Sprintf("lint.ignore[%d].issue", n)
		if e.Issue == "" {
			continue
		}
		if _, err := issue.ParseRef(e.Issue, f.path(Infrastructure), f.paths()); err != nil {
			r.faultAt(at, "%s: %v", at, err)
		}
	}
}
