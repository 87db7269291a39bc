package jsonv1

// KindLint is the kind of [Lint].
const KindLint = "lint"

// LintFinding is one violation of a rule. It is about an issue, a milestone, a label, a board, or a line of the configuration file.
type LintFinding struct {
	Rule         string `json:"rule" withheld:"keep"`     // id: "two-columns"
	Severity     string `json:"severity" withheld:"keep"` // "error", "warning" or "info"
	Place        string `json:"place" withheld:"keep"`    // the issue, or the name of what it is about, for people
	Text         string `json:"text,omitempty"`           // what is wrong; absent if it is withheld: the rule's title says what it is about
	Fixable      bool   `json:"fixable" withheld:"keep"`  // prodctl lint --fix puts it right
	Issue        string `json:"issue,omitempty" withheld:"keep"`
	In           string `json:"in,omitempty"` // the project or group of a milestone, a label or a board
	Milestone    string `json:"milestone,omitempty"`
	Label        string `json:"label,omitempty"`
	Board        string `json:"board,omitempty"`
	File         string `json:"file,omitempty"`
	Line         int    `json:"line,omitempty"`
	Column       int    `json:"column,omitempty"`
	Confidential bool   `json:"confidential" withheld:"keep"`
	Withheld     bool   `json:"withheld" withheld:"keep"` // confidential: the text is withheld
	WebURL       string `json:"web_url,omitempty" withheld:"keep"`
}

// LintRule is one rule that was checked.
type LintRule struct {
	ID       string `json:"id"`
	Severity string `json:"severity"`
	Title    string `json:"title"`
	Findings int    `json:"findings"`
}

// Lint is what the rules of lint find, the worst first.
type Lint struct {
	Head
	Rules    List[LintRule]    `json:"rules"`
	Findings List[LintFinding] `json:"findings"`
	Fixable  int               `json:"fixable"` // how many of the findings
	Ignored  int               `json:"ignored"` // findings that lint.ignore leaves out
	Notes    List[string]      `json:"notes"`
}

// NewLint returns the document of findings by rules.
func NewLint(rules []LintRule, findings []LintFinding) Lint {
	doc := Lint{Head: head(KindLint), Findings: findings}
	for _, r := range rules {
		for _, f := range findings {
			if f.Rule == r.ID {
				r.Findings++
			}
		}
		doc.Rules = append(doc.Rules, r)
	}
	for _, f := range findings {
		if f.Fixable {
			doc.Fixable++
		}
	}
	return doc
}

// TextOf returns what is wrong, or the title of the rule if that is withheld.
func (d Lint) TextOf(f LintFinding) string {
	for _, r := range d.Rules {
		if f.Withheld && r.ID == f.Rule {
			return r.Title
		}
	}
	return f.Text
}
