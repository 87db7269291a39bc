package edit

import (
	"slices"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/markdown"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// This file has the system notes on what a text refers to.

// refer writes a system note on each issue and merge request that a text of an issue refers to and that its previous
// version did not, unless the issue has been mentioned there before. What the author may not read gets none.
func refer(s *store.Store, i *store.Issue, by *store.User, text, before string) {
	refs := markdown.References(text)
	if len(refs) == 0 {
		return
	}
	known := markdown.References(before)
	for _, r := range refs {
		p := s.ProjectReferred(i.Project, r.Project)
		if p == nil || slices.ContainsFunc(known, func(k markdown.Reference) bool { return k == r }) {
			continue
		}
		if r.Sign == '!' {
			mentionInMergeRequest(s, i, p, r.Number, by)
		} else {
			mentionInIssue(s, i, p.IssueByIID[r.Number], by)
		}
	}
}

func mentionInIssue(s *store.Store, i, target *store.Issue, by *store.User) {
	if target == nil || target == i || !access.MayReadIssue(by, target) || mentioned(target.Notes, i) {
		return
	}
	s.AddNote(target, mention(i, target.Project, by))
}

func mentionInMergeRequest(s *store.Store, i *store.Issue, p *store.Project, iid int, by *store.User) {
	at := slices.IndexFunc(p.MergeRequests, func(mr *store.MergeRequest) bool { return mr.IID == iid })
	if at < 0 || !access.MayReadMergeRequests(by, p) || mentioned(p.MergeRequests[at].Notes, i) {
		return
	}
	n := mention(i, p, by)
	n.ID = store.Next(&s.Last.Note)
	n.CreatedAt, n.UpdatedAt = s.Times(n.CreatedAt, n.UpdatedAt)
	p.MergeRequests[at].Notes = append(p.MergeRequests[at].Notes, n)
}

func mention(i *store.Issue, there *store.Project, by *store.User) *store.Note {
	return &store.Note{Body: "mentioned in issue " + i.Reference(there), Author: by, System: true, Mention: i}
}

func mentioned(notes []*store.Note, i *store.Issue) bool {
	return slices.ContainsFunc(notes, func(n *store.Note) bool { return n.Mention == i })
}
