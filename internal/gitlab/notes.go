package gitlab

import (
	"context"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/instance"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

type wireNote struct {
	ID        int64      `json:"id"`
	Type      string     `json:"type"`
	Body      string     `json:"body"`
	Author    wireAuthor `json:"author"`
	CreatedAt time.Time  `json:"created_at"`
	UpdatedAt time.Time  `json:"updated_at"`
	System    bool       `json:"system"`
	Internal  bool       `json:"internal"`
	ProjectID int64      `json:"project_id"`
	IssueIID  int64      `json:"noteable_iid"`

	// Commands are the effects of quick actions. GitLab sends them without a comment when the text consisted of nothing else.
	Commands jsontext.Value `json:"commands_changes"`
}

func (w wireNote) identity() identity {
	if w.ranAsCommands() {
		return identity{matches: true}
	}
	return identity{id: w.ID, parent: w.IssueIID, owner: owner{id: w.ProjectID}}
}

func (w wireNote) ranAsCommands() bool { return w.ID == 0 && len(w.Commands) > 0 }

func (w wireNote) value() issue.Note {
	return issue.Note{
		ID: w.ID, Body: w.Body, Author: w.Author.Username, AuthorID: w.Author.ID,
		CreatedAt: w.CreatedAt.UTC(), UpdatedAt: w.UpdatedAt.UTC(), System: w.System, Internal: w.Internal,
		Threaded: w.Type == "DiscussionNote",
	}
}

// Notes are the issue's comments, including GitLab's system notes, oldest first.
func (c *Client) Notes(ctx context.Context, ref issue.Ref) ([]issue.Note, error) {
	opt := &client.ListIssueNotesOptions{OrderBy: new("created_at"), Sort: new("asc")}
	return list(ctx, c, issuePath(ref, "notes"), opt, wireNote.value)
}

// TrustedNotes are the issue's comments, oldest first. For those with an event it sets Trusted when the author may change the issue: the
// token's user, and anybody with at least the role Planner or Reporter in the project. Roles take one request for all authors whose role is
// not yet known, and none without events.
func (c *Client) TrustedNotes(ctx context.Context, ref issue.Ref) ([]issue.Note, error) {
	notes, err := c.Notes(ctx, ref)
	if err != nil {
		return nil, err
	}
	var authors []int64
	for _, n := range notes {
		if hasEvent(n) {
			authors = append(authors, n.AuthorID)
		}
	}
	if len(authors) == 0 {
		return notes, nil
	}
	roles, err := c.AccessOf(ctx, target.ProjectAt(ref.Project), authors)
	if err != nil {
		return nil, err
	}
	for i := range notes {
		if n := &notes[i]; hasEvent(*n) {
			if n.Trusted, err = c.mayChange(ctx, n.AuthorID, roles); err != nil {
				return nil, err
			}
		}
	}
	return notes, nil
}

// hasEvent reports whether a comment may contain an event, so that only the roles of its author are needed.
func hasEvent(n issue.Note) bool { return !n.System && strings.Contains(n.Body, eventlog.Mark) }

// mayChange reports whether the user may change the issue. It looks up the token's user only when the role does not decide it.
func (c *Client) mayChange(ctx context.Context, userID int64, roles map[int64]instance.Access) (bool, error) {
	if roles[userID].MayPlan() {
		return true, nil
	}
	self, err := c.selfID(ctx)
	return self == userID, err
}
