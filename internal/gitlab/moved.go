package gitlab

import (
	"context"
	"errors"
	"net/http"
	"strings"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// maxMoves bounds how often an issue is followed from project to project.
const maxMoves = 10

// movedQuery asks where an issue was moved. The REST API has only a number by which administrators alone can read the issue.
const movedQuery = `query($project: ID!, $iid: String!) {
  project(fullPath: $project) { issue(iid: $iid) { iid movedTo { reference(full: true) } } }
}`

// MovedTo returns the issue that an issue is now, after all moves to other projects; the issue itself if it was not moved.
// If GitLab does not name the other project, or the token may not read the issue there, the error is of kind Auth.
func (c *Client) MovedTo(ctx context.Context, from issue.Issue) (issue.Issue, error) {
	at := from
	for range maxMoves {
		if at.MovedToID == 0 {
			return at, nil
		}
		next, err := c.nextMove(ctx, at)
		if err != nil {
			return issue.Issue{}, err
		}
		at = next
	}
	return issue.Issue{}, fault.New(fault.Auth, "Pass the full reference of the issue as it is now", "%s was moved more than %d times",
		from.Ref, maxMoves)
}

// nextMove returns the issue that a moved issue became. GraphQL knows its reference, and so does GitLab's comment about the move.
func (c *Client) nextMove(ctx context.Context, from issue.Issue) (issue.Issue, error) {
	ref, cause := c.movedTo(ctx, from)
	if cause == nil {
		if next, err := c.movedIssue(ctx, from, ref); err == nil || !unreadable(err) {
			return next, err
		}
	}
	if errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded) {
		return issue.Issue{}, cause
	}
	notes, err := c.Notes(ctx, from.Ref)
	if err != nil && !unreadable(err) {
		return issue.Issue{}, err
	}
	if ref, ok := movedByNote(from.Ref, notes); ok {
		if next, err := c.movedIssue(ctx, from, ref); err == nil || !unreadable(err) {
			return next, err
		}
	}
	return issue.Issue{}, fault.Wrap(fault.Auth, cause, "Ask who moved it for access, or for its new reference: "+fault.Quote(from.WebURL),
		"%s was moved, and this token cannot see where", from.Ref)
}

// movedIssue reads the issue at a reference. Another one than the one that the issue was moved to counts as not found.
func (c *Client) movedIssue(ctx context.Context, from issue.Issue, ref issue.Ref) (issue.Issue, error) {
	next, err := c.Issue(ctx, ref)
	if err == nil && next.ID != from.MovedToID {
		return issue.Issue{}, fault.NotFound
	}
	return next, err
}

// unreadable reports whether an error means that the object does not exist or may not be read.
func unreadable(err error) bool {
	return errors.Is(err, fault.NotFound) || fault.KindOf(err) == fault.Auth
}

// movedTo asks GraphQL. An issue of which it does not know more is an error that matches [fault.NotFound].
func (c *Client) movedTo(ctx context.Context, from issue.Issue) (issue.Ref, error) {
	var out struct {
		Project *struct {
			Issue *struct {
				IID     string `json:"iid"`
				MovedTo *struct {
					Reference string `json:"reference"`
				} `json:"movedTo"`
			} `json:"issue"`
		} `json:"project"`
	}
	asked := id(from.Ref.IID)
	if err := c.query(ctx, movedQuery, map[string]any{"project": from.Ref.Project, "iid": asked}, &out); err != nil {
		return issue.Ref{}, err
	}
	if p := out.Project; p != nil && p.Issue != nil && p.Issue.IID == asked && p.Issue.MovedTo != nil {
		return issue.ParseRef(p.Issue.MovedTo.Reference, "", nil)
	}
	return issue.Ref{}, fault.NotFound
}

// movedByNote finds the reference in GitLab's comment about the last move. It is the shortest one that is unique in the project of the
// issue: a project of the same group goes without the group.
func movedByNote(from issue.Ref, notes []issue.Note) (ref issue.Ref, ok bool) {
	for _, n := range notes {
		text, found := strings.CutPrefix(n.Body, "moved to ")
		if !n.System || !found {
			continue
		}
		if moved, valid := from.Short(text); valid {
			ref, ok = moved, true
		}
	}
	return ref, ok
}

// movedError is the error for a write to an issue that was moved to another project.
func movedError(i issue.Issue) error {
	return fault.Wrap(fault.Refused, fault.Moved, "Run the same command again: it follows the issue", "%s", i.Ref)
}

// MoveIssue moves an issue to another project. GitLab moves an issue once: another attempt is refused with the same words as a missing
// permission, so after a refusal, and whenever the outcome is unknown, the issue is looked at before anything else is sent. moved is the
// issue as it is now; it has only its id if the token cannot see where it is. existed is true if somebody else had moved it, perhaps to
// another project.
func (c *Client) MoveIssue(ctx context.Context, ref issue.Ref, to target.Target) (moved issue.Issue, existed bool, err error) {
	projectID, err := c.projectID(ctx, to.Path)
	if err != nil {
		return issue.Issue{}, false, err
	}
	uncertain := false
	for try := 1; ; try++ {
		moved, err = c.postMove(ctx, ref, to, projectID)
		refused := isMoveRefused(err)
		switch unknown := errors.Is(err, fault.Unknown); {
		case !unknown && !refused:
			return moved, false, err
		case unknown:
			uncertain = true
			if c.wire.Pause(ctx, try, err) != nil {
				return issue.Issue{}, false, err
			}
		}
		now, lookErr := c.Issue(ctx, ref)
		switch {
		case lookErr != nil:
			return issue.Issue{}, false, &unverified{create: err, find: lookErr}
		case now.MovedToID != 0:
			moved, err := c.whereMoved(ctx, now)
			return moved, !uncertain || moved.Ref.IID != 0 && !strings.EqualFold(moved.Ref.Project, to.Path), err
		case refused:
			return issue.Issue{}, false, moveRefusal(err, ref, to)
		case try == createTries:
			return issue.Issue{}, false, err
		}
	}
}

// moveRefusal is the error for an issue that GitLab does not move although it was not moved yet. What GitLab answers to a missing role is a
// bad request like any other.
func moveRefusal(err error, ref issue.Ref, to target.Target) error {
	if e, ok := errors.AsType[*Error](err); ok && strings.Contains(e.Message, "insufficient permissions") {
		hint := "Ask for the Planner or Reporter role in " + ref.Project + " and in " + to.Path
		return fault.Wrap(fault.Auth, err, hint, "%s was not moved", ref)
	}
	return err
}

// whereMoved is MovedTo, but in a place that the token cannot see the issue has only its id.
func (c *Client) whereMoved(ctx context.Context, from issue.Issue) (issue.Issue, error) {
	to, err := c.MovedTo(ctx, from)
	if fault.KindOf(err) == fault.Auth {
		return issue.Issue{ID: from.MovedToID}, nil
	}
	return to, err
}

// postMove sends one request, never two. The answer is about the new issue, which its address does not name.
func (c *Client) postMove(ctx context.Context, ref issue.Ref, to target.Target, projectID int64) (moved issue.Issue, err error) {
	opt := &client.MoveIssueOptions{ToProjectID: &projectID}
	err = c.call(ctx, http.MethodPost, issuePath(ref, "move"), opt, span{}, func(_ http.Header, body []byte) error {
		var w wireIssue
		if err := unmarshal(body, &w); err != nil {
			return err
		}
		if w.IID == 0 || w.Title == "" || w.ProjectID != projectID {
			return errOther
		}
		moved = w.value(to.Path)
		return nil
	})
	return moved, err
}

// isMoveRefused reports whether GitLab did not move an issue, because it may not be moved or was moved already.
func isMoveRefused(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusBadRequest
}
