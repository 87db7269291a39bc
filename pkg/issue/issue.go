// Package issue is an issue as prodctl sees it: the few fields that rules and views need,
// and the words for naming one. What GitLab sends beyond that is not here, and nothing is fetched here.
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

// State is whether an issue is open. GitLab says "opened", never "open".
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
	Labels       []string // sorted by title, as GitLab sends them
	MilestoneID  int64    // 0: none
	Milestone    string   // its title
	Assignees    []string // user names without @
	AssigneeIDs  []int64  // of the same people, in the same order
	Author       string
	AuthorID     int64
	Weight       *int // nil where the edition has no weights or none is set
	Confidential bool
	Notes        int // how many comments people wrote; GitLab's user_notes_count
	CreatedAt    time.Time
	UpdatedAt    time.Time
	ClosedAt     time.Time // zero while open
	Due          calendar.Date
	MovedToID    int64 // instance-wide id of the copy in another project; 0: not moved
	WebURL       string
}

// UpdateSlack is by how much UpdatedAt may be behind what happened to an issue: GitLab writes it once a minute at most.
const UpdateSlack = 2 * time.Minute

// Open reports whether the issue is open.
func (i Issue) Open() bool { return i.State == Opened }

// Has reports whether the issue carries the label, in exactly this spelling.
func (i Issue) Has(label string) bool { return slices.Contains(i.Labels, label) }

// Ref names an issue by its project's full path and its number there: acme/infrastructure#12.
type Ref struct {
	Project string
	IID     int64
}

// String is the full reference, understood by GitLab everywhere on the instance.
func (r Ref) String() string { return r.Project + "#" + strconv.FormatInt(r.IID, 10) }

var (
	refPattern  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:([^#\s]*)#)?(\d+)(?:\+s?)?$`) })
	pathPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^/(.+?)(?:/-)?/(?:issues(?:/incident)?|work_items)/(\d+)(?:/[a-z_]+)?/?$`)
	})
)

// RefError is words that name no issue.
type RefError struct{ Input, Reason string }

func (e *RefError) Error() string { return fmt.Sprintf("%q names no issue: %s", e.Input, e.Reason) }

// ParseRef reads what a person types for an issue: 12, #12, infrastructure#12 (a tracker's last path segment
// or its name in the configuration), acme/infrastructure#12, with GitLab's + or +s behind it, or the address in a browser, of
// whatever GitLab. aliases maps short names to full project paths; home is the project of a bare number. The error is a
// [RefError].
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
		return Ref{}, &RefError{s, "write 12, #12, group/project#12 or its address"}
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
		return Ref{}, &RefError{s, fmt.Sprintf("no tracker is called %q; write the full path", project)}
	}
	return Ref{project, iid}, nil
}

// ParsePath reads the path of an issue's address, without query and anchor: /group/project/-/issues/8, also an incident's with a tab,
// a work item's, and the old form without the dash. The error is a [RefError].
func ParsePath(path string) (Ref, error) {
	m := pathPattern().FindStringSubmatch(path)
	if m == nil {
		return Ref{}, &RefError{path, "it is not the address of an issue"}
	}
	iid, err := number(path, m[2])
	if err != nil {
		return Ref{}, err
	}
	return Ref{m[1], iid}, nil
}

func number(typed, digits string) (int64, error) {
	iid, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || iid == 0 {
		return 0, &RefError{typed, digits + " is not a number GitLab gives out"}
	}
	return iid, nil
}

// Change is what to change in an issue; nil and empty fields stay as they are.
// Labels are added and removed, never set as a whole, so that nobody else's are lost. A description is set as a whole, because GitLab
// offers nothing else: it is read right before, and looked at again right after.
type Change struct {
	MilestoneID  *int64 // 0 takes the milestone away
	AddLabels    []string
	RemoveLabels []string
	State        *State
	Title        *string
	Description  *string
	AssigneeIDs  []int64 // whom it is assigned to; empty: as they are
	Due          *calendar.Date
}

// Empty reports whether the change changes nothing.
func (c Change) Empty() bool {
	return c.MilestoneID == nil && len(c.AddLabels)+len(c.RemoveLabels)+len(c.AssigneeIDs) == 0 && c.State == nil && c.Title == nil &&
		c.Description == nil && c.Due == nil
}

// Link is the relation of an issue with another one.
type Link struct {
	ID    int64
	Type  string // as seen from this side: relates_to, blocks, is_blocked_by
	Issue Issue  // the other side
}
