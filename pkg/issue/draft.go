package issue

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
)

// Draft is an issue to create. GitLab creates missing labels if the token may do so, and otherwise leaves them out. A label must not
// contain a comma. Zero fields are not sent.
type Draft struct {
	Title        string // 1 to 255 characters; see [Draft.Fitted]
	Description  string
	Labels       []string
	MilestoneID  int64
	AssigneeIDs  []int64 // GitLab Free uses only the first
	Confidential bool
	Incident     bool // of GitLab's own type of incidents; for a Guest GitLab makes an ordinary issue of it
	Due          calendar.Date
	Actions      []string // lines of the description that GitLab runs and removes: quick actions of the team's template
}

// The beginnings of the lines that prodctl writes into a description. They say where an issue comes from, not when it is done.
const (
	LeadAction  = "Corrective action of "
	LeadRequest = "**Requested by** "
	LeadPiece   = "Piece of "
	leadTitle   = "Full title, which was cut: "
)

// Lead reports whether a line of a description is one of these.
func Lead(line string) bool {
	return slices.ContainsFunc([]string{LeadAction, LeadRequest, LeadPiece, leadTitle}, func(lead string) bool {
		return strings.HasPrefix(line, lead)
	})
}

// NoteDraft is a comment to create. Only members with the role Planner, Reporter or higher can see an internal one.
type NoteDraft struct {
	Body     string
	Internal bool
	Actions  []string // lines of the body that GitLab runs and removes: quick actions of the team's template
	// Part is the name of the part between hidden lines that alone is replaced in a comment that exists. A comment without it stays as it is.
	Part string
}

// IdempotencyKey identifies an object to create, so that exactly one exists in the end whatever happens on the network and however
// often a command is run (promise W3).
type IdempotencyKey struct {
	Kind     string    // incident, change, note, ...: lower-case letters, digits, dashes
	Name     string    // the user's --key, or a hash of the command's arguments
	Derived  bool      // Name comes from the command's arguments: the id of the project is added to it, because paths have several spellings
	Unique   bool      // nobody else can have the name: do not search for it before the first attempt
	Searched bool      // a search found nothing a moment ago: do not search before the first attempt, but after it
	Since    time.Time // no object with the key is older, by GitLab's clock; zero: unknown
	Label    string    // of an issue: every issue of the kind has it; empty: none
	LookOnly bool      // for a command that only reads: a search leaves duplicates as they are

	// What an issue with a derived key has to have besides the key: somebody may have put that key into another issue. It is set for a
	// look-up only, and not saved.
	Content Content
}

// WordsKind is the kind of the key of a comment that is nothing but words: one with the key and another text is another comment.
const WordsKind = "words"

// Content recognizes an issue by what it is about.
type Content interface {
	// Matches reports whether the issue is about the same thing, or would be with one of its former titles, which cost a request.
	Matches(i Issue, titles []string) bool
}

// Titled is the content of an issue that is recognized by its title, as it is or once was.
type Titled string

// Matches compares titles.
func (t Titled) Matches(i Issue, titles []string) bool {
	return SameTitle(string(t), i.Title) || slices.ContainsFunc(titles, func(former string) bool { return SameTitle(string(t), former) })
}

// MaxTitle is how many characters GitLab allows in the title of an issue.
const MaxTitle = 255

// The lengths that GitLab allows: of a description in bytes, of a comment in characters.
const (
	MaxDescription = 1 << 20
	MaxNote        = 1_000_000
)

// cutMark is at the end of a title that was cut.
const cutMark = "…"

// Fitted returns the draft with a title that GitLab accepts. A longer title is cut, and the description begins with all of it.
func (d Draft) Fitted() Draft {
	if utf8.RuneCountInString(d.Title) <= MaxTitle {
		return d
	}
	d.Description = strings.TrimSpace(leadTitle + safetext.Passage(d.Title) + "\n\n" + d.Description)
	d.Title = strings.TrimRight(string([]rune(d.Title)[:MaxTitle-1]), " ") + cutMark
	return d
}

// TitleWasCut reports whether an issue was created with a title that [Draft.Fitted] cut.
func TitleWasCut(i Issue) bool {
	return strings.HasSuffix(i.Title, cutMark) && strings.HasPrefix(i.Description, leadTitle)
}
