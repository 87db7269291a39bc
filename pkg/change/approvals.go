package change

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/instance"
)

// Rule is how many approvals a change needs, and whose.
type Rule struct {
	Count   int      // 0: none is needed
	Of      []string // whose count, by the words of the approvers: manager, lead, peer
	Include []string // one of these is among them; empty: anybody of Of
}

// Free reports whether no approval is needed.
func (r Rule) Free() bool { return r.Count <= 0 }

// Rules are what the changes of each criticality need.
type Rules map[Criticality]Rule

// DefaultRules are those of SPEC 14.
func DefaultRules() Rules {
	anybody := []string{"manager", "lead", "peer"}
	return Rules{
		C1: {Count: 2, Of: anybody, Include: []string{"manager"}},
		C2: {Count: 1, Of: []string{"manager", "lead"}},
		C3: {Count: 1, Of: anybody},
		C4: {},
	}
}

// Of is what a change needs. In doubt it is what the gravest needs.
func (r Rules) Of(c Criticality) Rule {
	if c == UnknownCriticality {
		c = C1
	}
	if rule, ok := r[c]; ok {
		return rule
	}
	return DefaultRules()[c]
}

// Approvers are the people who count as something: whoever is named, is a member of a group, or has the role in the project.
type Approvers struct {
	Users  []string
	Groups []string        // full paths
	Access instance.Access // at least this; NoAccess: no role suffices
}

// Person is what is known of somebody who has approved.
type Person struct {
	Name   string
	Groups []string        // full paths of groups that they are a member of
	Access instance.Access // in the project
}

// bot is how GitLab names the users of access tokens of projects and groups.
var bot = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^(?:project|group)_\d+_bot(?:_|\d*$)`) })

// Has reports whether somebody is one of the approvers. The user of an access token is one only by name.
func (a Approvers) Has(p Person) bool {
	if userName(p.Name) == "" {
		return false
	}
	if bot().MatchString(userName(p.Name)) { // whoever has its token could approve by it, the author too
		return among(a.Users, p.Name)
	}
	inGroup := slices.ContainsFunc(a.Groups, func(g string) bool {
		return slices.ContainsFunc(p.Groups, func(own string) bool { return strings.EqualFold(own, g) })
	})
	return inGroup || among(a.Users, p.Name) || a.Access != instance.NoAccess && p.Access >= a.Access
}

// RolesOf are the words that somebody counts as, sorted.
func RolesOf(approvers map[string]Approvers, p Person) []string {
	var list []string
	for word, a := range approvers {
		if a.Has(p) {
			list = append(list, word)
		}
	}
	slices.Sort(list)
	return list
}

// The fields of entries. Those of [Automation.Fields] are more.
const (
	FieldPlan     = "plan"     // of one that approves: the [PlanDigest] of what was approved
	FieldEnough   = "enough"   // of one that approves: "true" when with this one enough have approved, as its writer judged
	FieldOverride = "override" // of one that starts or overrides: why what stood against it was set aside
	FieldExecutor = keyExecutor
	FieldOutcome  = keyOutcome
	FieldRelated  = keyRelated // references, with commas
	FieldRetryOf  = keyRetryOf // the reference of the change that was aborted
)

// Vote is one approval.
type Vote struct {
	By     string   // user name without @; empty when the account is gone
	Roles  []string // what the person counts as
	Plan   string   // the digest of what was approved
	At     time.Time
	NoteID int64
}

// Votes are the approvals in the journal of a change. They are judged by who wrote them, so that the author need not be trusted otherwise;
// the time is GitLab's, and not what the entry says of itself.
func Votes(entries []eventlog.Event, roles func(author string) []string) []Vote {
	var list []Vote
	for _, e := range entries {
		if e.Kind == Kind && Verb(e.Verb) == Approve {
			list = append(list, Vote{By: e.Author, Roles: roles(e.Author), Plan: e.Fields[FieldPlan], At: e.Posted, NoteID: e.NoteID})
		}
	}
	return list
}

// Verdict is whether enough have approved.
type Verdict struct {
	Enough  bool
	Counted []Vote    // one of each person, in order of time
	Ignored []Ignored // one of each person of whom none counts, by name
	Missing []string  // sentences: who has yet to approve
}

// Ignored is an approval that does not count.
type Ignored struct{ By, Reason string }

// Judge counts the approvals of a change. The author and those who carry it out never count, a person counts once,
// and neither an approval of another text of the plan counts nor one from before the change was reopened, which is zero when it never was.
func Judge(rule Rule, votes []Vote, author string, executors []string, digest string, reopenedAt time.Time) Verdict {
	votes = slices.Clone(votes)
	slices.SortStableFunc(votes, func(a, b Vote) int { return int(a.NoteID - b.NoteID) })
	j := judging{rule: rule, author: author, executors: executors, digest: digest, reopenedAt: reopenedAt}
	var out Verdict
	ignored := map[string]Ignored{}
	for _, v := range votes {
		if why := j.ignoreReason(v); why != "" {
			ignored[strings.ToLower(userName(v.By))] = Ignored{userName(v.By), why}
		} else if !slices.ContainsFunc(out.Counted, func(c Vote) bool { return strings.EqualFold(c.By, userName(v.By)) }) {
			v.By = userName(v.By)
			out.Counted = append(out.Counted, v)
		}
	}
	for _, c := range out.Counted {
		delete(ignored, strings.ToLower(c.By))
	}
	for _, i := range ignored {
		out.Ignored = append(out.Ignored, i)
	}
	slices.SortFunc(out.Ignored, func(a, b Ignored) int { return strings.Compare(strings.ToLower(a.By), strings.ToLower(b.By)) })
	out.Missing = rule.missing(out.Counted)
	out.Enough = len(out.Missing) == 0
	return out
}

type judging struct {
	rule       Rule
	author     string
	executors  []string
	digest     string
	reopenedAt time.Time
}

// against is why a vote does not count; empty when it does.
func (j judging) ignoreReason(v Vote) string {
	switch name := userName(v.By); {
	case name == "":
		return "the account is gone"
	case among([]string{j.author}, name):
		return "the author of a change cannot approve it"
	case among(j.executors, name):
		return "who carries a change out cannot approve it"
	case !overlap(v.Roles, j.rule.Of) && !j.rule.Free():
		return "is no " + or(j.rule.Of)
	case v.Plan == "" || v.Plan != j.digest:
		return "approved another text of the plan, which has been edited since: approve it again"
	case !j.reopenedAt.IsZero() && !v.At.After(j.reopenedAt):
		return "approved before the change was reopened: approve it again"
	}
	return ""
}

// missing says who has yet to approve; nothing when it is enough.
func (r Rule) missing(counted []Vote) []string {
	if r.Free() {
		return nil
	}
	included := len(r.Include) == 0 || slices.ContainsFunc(counted, func(v Vote) bool { return overlap(v.Roles, r.Include) })
	switch more := r.Count - len(counted); {
	case more > 1 && !included:
		return []string{fmt.Sprintf("%d approvals by a %s, one of them by a %s", more, or(r.Of), or(r.Include))}
	case more > 1:
		return []string{fmt.Sprintf("%d approvals by a %s", more, or(r.Of))}
	case !included:
		return []string{"an approval by a " + or(r.Include)}
	case more == 1:
		return []string{"an approval by a " + or(r.Of)}
	}
	return nil
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// or is a list in words: manager, lead or peer.
func or(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}
