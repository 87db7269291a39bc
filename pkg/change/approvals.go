package change

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Rule is how many approvals a change needs, and whose.
type Rule struct {
	Count   int      // 0: none is needed
	Of      []string // roles whose approvals count: manager, lead, peer
	Include []string // one approval must be by one of these roles; empty: any role in Of
}

// Free reports whether no approval is needed.
func (r Rule) Free() bool { return r.Count <= 0 }

// Rules are the approval rules by criticality.
type Rules map[Criticality]Rule

// For returns the rule for a change of a criticality, which had other criticalities when people approved or started it. Whoever lowers it
// until no approval is needed does not get around the rule that applied before.
func (r Rules) For(now Criticality, before ...Criticality) Rule {
	rule := r.Of(now)
	for _, c := range Criticalities() {
		if rule.Free() && slices.Contains(before, c) && c.Rank() < now.Rank() {
			return r.Of(c)
		}
	}
	return rule
}

// DefaultRules returns the rules that apply without a configuration.
func DefaultRules() Rules {
	anybody := []string{"manager", "lead", "peer"}
	return Rules{
		C1: {Count: 2, Of: anybody, Include: []string{"manager"}},
		C2: {Count: 1, Of: []string{"manager", "lead"}},
		C3: {Count: 1, Of: anybody},
		C4: {},
	}
}

// Of returns the rule for a criticality; for unknown, the rule for C1.
func (r Rules) Of(c Criticality) Rule {
	if c == UnknownCriticality {
		c = C1
	}
	if rule, ok := r[c]; ok {
		return rule
	}
	return DefaultRules()[c]
}

// Approvers are the people who have an approver role: by name, as members of a group, or by their role in the project.
type Approvers struct {
	Users  []string
	Groups []string        // full paths
	Access instance.Access // minimum role in the project; NoAccess: none suffices
}

// Person is somebody who has approved, with their groups and role.
type Person struct {
	Name   string
	Groups []string        // full paths of their groups
	Access instance.Access // in the project
}

// Has reports whether somebody is one of the approvers. Approvals come from people: anybody with an access token could approve with it, the
// author too, so its user is none, even if it is listed by name.
func (a Approvers) Has(p Person) bool {
	if userName(p.Name) == "" || !account.IsPerson(userName(p.Name)) {
		return false
	}
	inGroup := slices.ContainsFunc(a.Groups, func(g string) bool {
		return slices.ContainsFunc(p.Groups, func(own string) bool { return strings.EqualFold(own, g) })
	})
	return inGroup || among(a.Users, p.Name) || a.Access != instance.NoAccess && p.Access >= a.Access
}

// RolesOf returns the approver roles of a person, sorted.
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

// The fields of events; [Automation.Fields] has more.
const (
	FieldPlan        = "plan"         // of Approve and Start: the [Change.Digest] of the plan
	FieldCriticality = keyCriticality // of Approve and Start: the criticality at that time
	FieldEnough      = "enough"       // of Approve: "true" if this approval was the last one required, in the judgment of its writer
	FieldOverride    = "override"     // of Start and Override: why the checks were overridden
	FieldExecutor    = keyExecutor    // of Start: who started it
	FieldOutcome     = keyOutcome
	FieldRelated     = keyRelated // comma-separated references
	FieldRetryOf     = keyRetryOf // the reference of the change that was aborted
)

// Vote is one approval.
type Vote struct {
	By     string   // user name without @; empty if the account was deleted
	Roles  []string // approver roles of the person
	Plan   string   // digest of the approved plan
	At     time.Time
	NoteID int64

	Criticality Criticality // of the change when it was approved; unknown in a comment that was not written by prodctl
	Comment     Comment
}

// Comment is what happened to the text of a comment after it was written. GitLab lets Maintainers edit everybody's comments.
type Comment struct {
	Touched bool   // its time of change is another than its time of creation: an edit, or only a reaction
	Editor  string // who edited its text, if Known; empty: nobody
	Known   bool   // whether a touched comment was edited is known
}

// Votes returns the approvals in the event log of a change. The author of the comment decides whether an approval counts, so the event need
// not be trusted; its time is GitLab's, not the one in the event.
func Votes(events []eventlog.Event, roles func(author string) []string) []Vote {
	var list []Vote
	for _, e := range events {
		if e.Kind == Kind && Verb(e.Verb) == Approve {
			criticality, _ := ParseCriticality(e.Fields[FieldCriticality])
			list = append(list, Vote{By: e.Author, Roles: roles(e.Author), Plan: e.Fields[FieldPlan], At: e.Posted, NoteID: e.NoteID,
				Criticality: criticality})
		}
	}
	return list
}

// Verdict is the result of [Judge].
type Verdict struct {
	Enough  bool
	Counted []Vote    // one per person, oldest first
	Ignored []Ignored // one per person without an approval that counts, by name
	Missing []string  // which approvals are missing, as phrases: 1 more approval needed (manager or lead)
	Doubt   []string  // people whose approval would count if its comment was known to be unedited, if with them there are enough
}

// Ignored is an approval that does not count.
type Ignored struct{ By, Reason string }

// Proposal is what an approval must be for, and by whom it must not be.
type Proposal struct {
	Digest      string // of the current version of the plan
	Criticality Criticality
	Author      string
	Executors   []string
	ReopenedAt  time.Time // approvals from before do not count; zero: it was never reopened
}

// Judge counts the approvals of a change. Approvals by the author or an executor do not count, nor do approvals of another version of the
// plan, from before the change was reopened, or in a comment that was edited or may have been. A person counts once.
func Judge(rule Rule, votes []Vote, p Proposal) Verdict {
	out := judge(rule, votes, p)
	if out.Enough {
		return out
	}
	unedited := slices.Clone(votes)
	for n := range unedited {
		if c := &unedited[n].Comment; c.Touched && !c.Known {
			c.Touched = false
		}
	}
	if better := judge(rule, unedited, p); better.Enough {
		for _, v := range better.Counted {
			if !slices.ContainsFunc(out.Counted, func(c Vote) bool { return strings.EqualFold(c.By, v.By) }) {
				out.Doubt = append(out.Doubt, v.By)
			}
		}
	}
	return out
}

// Touched returns the comments on which the verdict depends: those that may have been edited after they were written, of people without
// another approval that counts.
func Touched(rule Rule, votes []Vote, p Proposal) []int64 {
	counted := judge(rule, votes, p).Counted
	j := judging{rule, p}
	var ids []int64
	for _, v := range votes {
		by := func(c Vote) bool { return strings.EqualFold(c.By, userName(v.By)) }
		if v.Comment.Touched && !v.Comment.Known && j.refusal(v) == "" && !slices.ContainsFunc(counted, by) {
			ids = append(ids, v.NoteID)
		}
	}
	return ids
}

func judge(rule Rule, votes []Vote, p Proposal) Verdict {
	votes = slices.Clone(votes)
	stable.Sort(votes, func(a, b Vote) int { return int(a.NoteID - b.NoteID) })
	j := judging{rule, p}
	var out Verdict
	ignored := map[string]Ignored{}
	for _, v := range votes {
		if reason := j.ignoreReason(v); reason != "" {
			ignored[strings.ToLower(userName(v.By))] = Ignored{userName(v.By), reason}
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
	stable.Sort(out.Ignored, func(a, b Ignored) int { return strings.Compare(strings.ToLower(a.By), strings.ToLower(b.By)) })
	out.Missing = rule.missing(out.Counted)
	out.Enough = len(out.Missing) == 0
	return out
}

// ApprovedAt returns when a change had enough approvals, each of the present plan; ok is false if it does not have them, or needs none.
func ApprovedAt(rule Rule, votes []Vote, p Proposal) (at time.Time, ok bool) {
	votes = slices.Clone(votes)
	stable.Sort(votes, func(a, b Vote) int { return a.At.Compare(b.At) })
	for n := range votes {
		if v := judge(rule, votes[:n+1], p); v.Enough && len(v.Counted) > 0 {
			return votes[n].At, true
		}
	}
	return time.Time{}, false
}

type judging struct {
	rule Rule
	Proposal
}

// ignoreReason returns why an approval does not count; empty if it does.
func (j judging) ignoreReason(v Vote) string {
	if reason := j.refusal(v); reason != "" {
		return reason
	}
	switch c := v.Comment; {
	case c.Touched && !c.Known:
		return "cannot tell if its comment was edited after it was written"
	case c.Touched && c.Editor != "":
		return "its comment was edited by " + account.Name(c.Editor)
	}
	return ""
}

// refusal returns why an approval does not count, whatever happened to its comment.
func (j judging) refusal(v Vote) string {
	switch name := userName(v.By); {
	case name == "", account.IsDeleted(name):
		return "the account was deleted"
	case !account.IsPerson(name):
		return "an access token, not a person"
	case among([]string{j.Author}, name):
		return "author of the change"
	case among(j.Executors, name):
		return "executor of the change (whoever starts it)"
	case !overlap(v.Roles, j.rule.Of) && !j.rule.Free():
		return "not a " + or(j.rule.Of)
	case v.Criticality != UnknownCriticality && v.Criticality != j.Criticality:
		return fmt.Sprintf("the criticality was changed from %s to %s after this approval", v.Criticality, j.Criticality)
	case v.Plan == "" || v.Plan != j.Digest:
		return "the plan was edited after this approval"
	case !j.ReopenedAt.IsZero() && !v.At.After(j.ReopenedAt):
		return "the change was reopened after this approval"
	}
	return ""
}

// Who names the roles whose approval is still required: manager or lead.
func (r Rule) Who(counted []Vote) string {
	if more := r.Count - len(counted); more <= 1 && len(r.Include) > 0 && !r.included(counted) {
		return or(r.Include)
	}
	return or(r.Of)
}

func (r Rule) included(counted []Vote) bool {
	return len(r.Include) == 0 || slices.ContainsFunc(counted, func(v Vote) bool { return overlap(v.Roles, r.Include) })
}

// missing lists the approvals that are still required.
func (r Rule) missing(counted []Vote) []string {
	if r.Free() {
		return nil
	}
	included := r.included(counted)
	again := ""
	if len(counted) > 0 {
		again = "more "
	}
	switch more := r.Count - len(counted); {
	case more > 1 && !included:
		return []string{fmt.Sprintf("%d %sapprovals needed (%s; at least one %s)", more, again, or(r.Of), or(r.Include))}
	case more > 1:
		return []string{fmt.Sprintf("%d %sapprovals needed (%s)", more, again, or(r.Of))}
	case !included:
		return []string{"1 " + again + "approval needed (" + or(r.Include) + ")"}
	case more == 1:
		return []string{"1 " + again + "approval needed (" + or(r.Of) + ")"}
	}
	return nil
}

func overlap(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// or joins a list: manager, lead or peer.
func or(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " or " + list[len(list)-1]
}
