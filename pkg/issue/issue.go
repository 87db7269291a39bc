// Package issue holds GitLab issues as values: the fields that rules and views need, comments, events, and references. Start with
// [Issue] and [ParseRef].
//
// Requests, and fields of GitLab that nothing uses, do not belong here.
package issue

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// State is whether an issue is open. GitLab's word is "opened", not "open".
type State string

// The two states of an issue.
const (
	Opened State = "opened"
	Closed State = "closed"
)

// Issue is one issue. Times are UTC.
type Issue struct {
	Ref          Ref
	ID           int64 // instance-wide
	Title        string
	Description  string
	State        State
	Labels       []string // sorted by title, as GitLab sends them; each once
	Doubled      []string // labels that GitLab stores twice, because two requests added them at the same time
	MilestoneID  int64    // 0: none
	Milestone    string   // title of the milestone
	Assignees    []string // user names without @
	AssigneeIDs  []int64  // ids of the same users, in the same order
	Author       string
	AuthorID     int64
	Weight       *int // nil if it is not set or the edition has no weights
	Confidential bool
	Notes        int // number of comments by users; GitLab's user_notes_count
	CreatedAt    time.Time
	UpdatedAt    time.Time
	ClosedAt     time.Time // zero while open
	Due          calendar.Date
	MovedToID    int64    // instance-wide id of the copy in another project; 0: not moved
	Task         bool     // a task, which belongs to an issue and cannot be moved
	Incident     bool     // GitLab's type of the issue is incident
	Severity     Severity // GitLab's own, of an issue of that type
	WebURL       string
}

// Severity is GitLab's own severity of an issue of type incident. The zero value is [UnknownSeverity].
type Severity string

// GitLab's severities, worst first. GitLab calls the last one UNKNOWN.
const (
	Critical        Severity = "CRITICAL"
	High            Severity = "HIGH"
	Medium          Severity = "MEDIUM"
	Low             Severity = "LOW"
	UnknownSeverity Severity = ""
)

// ParseSeverity returns the severity that GitLab names; unknown for anything else, such as UNKNOWN.
func ParseSeverity(name string) Severity {
	if s := Severity(strings.ToUpper(name)); slices.Contains([]Severity{Critical, High, Medium, Low}, s) {
		return s
	}
	return UnknownSeverity
}

// UpdateSlack is the maximum lag of UpdatedAt behind a change: GitLab writes it at most once a minute.
const UpdateSlack = 2 * time.Minute

// Open reports whether the issue is open.
func (i Issue) Open() bool { return i.State == Opened }

// Has reports whether the issue has a label with exactly this name.
func (i Issue) Has(label string) bool { return slices.Contains(i.Labels, label) }

// Ref names an issue by its project's full path and its number there: acme/infrastructure#12.
type Ref struct {
	Project string
	IID     int64
}

// String returns the full reference, which works everywhere on the instance.
func (r Ref) String() string { return r.Project + "#" + strconv.FormatInt(r.IID, 10) }

var (
	refPattern  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:([^#\s]*)#)?(\d+)(?:\+s?)?$`) })
	pathPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^/(.+?)(?:/-)?/(?:issues(?:/incident)?|work_items)/(\d+)(?:/[a-z_]+)?/?$`)
	})
)

// RefError is the error for an invalid issue reference.
type RefError struct{ Input, Reason string }

// Error returns the input with the reason.
func (e *RefError) Error() string { return fmt.Sprintf("invalid issue %q (%s)", e.Input, e.Reason) }

// ParseRef parses an issue reference: 12, #12, infrastructure#12 (a tracker's last path segment or its name in the configuration),
// acme/infrastructure#12, with an optional + or +s suffix as in GitLab, or a URL, of any GitLab instance. aliases maps short names to
// full project paths; home is the project of a bare number. The error is a [RefError].
func ParseRef(s, home string, aliases map[string]string) (Ref, error) {
	s = strings.TrimSpace(s)
	if scheme, rest, ok := strings.Cut(s, "://"); ok && (strings.EqualFold(scheme, "https") || strings.EqualFold(scheme, "http")) {
		rest, _, _ = strings.Cut(rest, "?")
		rest, _, _ = strings.Cut(rest, "#")
		_, path, _ := strings.Cut(rest, "/")
		return ParsePath("/" + path)
	}
	m := refPattern().FindStringSubmatch(s)
	if m == nil {
		return Ref{}, &RefError{s, "use 12, #12, group/project#12 or its URL"}
	}
	iid, err := number(s, m[2])
	if err != nil {
		return Ref{}, err
	}
	project := m[1]
	switch full, known := aliases[project]; {
	case project == "":
		project = home
	case known:
		project = full
	case !strings.Contains(project, "/"):
		return Ref{}, &RefError{s, fmt.Sprintf("no tracker is named %q; use the full path", project)}
	}
	return Ref{project, iid}, nil
}

// ParsePath parses the path of an issue's URL, without query and fragment: /group/project/-/issues/8, an incident with a tab, a work
// item, or the old form without the dash. The error is a [RefError].
func ParsePath(path string) (Ref, error) {
	m := pathPattern().FindStringSubmatch(path)
	if m == nil {
		return Ref{}, &RefError{path, "not the URL of an issue"}
	}
	iid, err := number(path, m[2])
	if err != nil {
		return Ref{}, err
	}
	return Ref{m[1], iid}, nil
}

func number(input, digits string) (int64, error) {
	iid, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || iid == 0 {
		return 0, &RefError{input, digits + " is not an issue number"}
	}
	return iid, nil
}

// Change holds the fields to change in an issue; nil and empty fields stay as they are. The title is not among them, because
// people improve titles.
// Labels are added and removed, never replaced, so that no labels of others are lost. A description is replaced, because GitLab offers
// nothing else; it is read right before and checked right after.
type Change struct {
	MilestoneID  *int64 // 0 removes the milestone
	AddLabels    []string
	RemoveLabels []string
	NotLabels    []string // labels to remove even if the issue was read without them; plans do not show them
	State        *State
	Description  *string
	AssigneeIDs  []int64 // empty: unchanged
	Due          *calendar.Date
}

// Empty reports whether the change is empty.
func (c Change) Empty() bool {
	return c.MilestoneID == nil && len(c.AddLabels)+len(c.RemoveLabels)+len(c.AssigneeIDs) == 0 && c.State == nil &&
		c.Description == nil && c.Due == nil
}

// Link is the relation of an issue to another one.
type Link struct {
	ID    int64
	Type  string // as seen from this side: relates_to, blocks, is_blocked_by
	Issue Issue  // the other side
}
