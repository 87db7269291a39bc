package gitlab

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	client "gitlab.com/gitlab-org/api/client-go/v2"
	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/history"
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
	Closed    bool       `json:"confidential"` // the older name of internal
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
		CreatedAt: w.CreatedAt.UTC(), UpdatedAt: w.UpdatedAt.UTC(), System: w.System, Internal: w.Internal || w.Closed,
		Threaded: w.Type == "DiscussionNote",
	}
}

// Notes are the issue's comments, including GitLab's system notes, oldest first.
func (c *Client) Notes(ctx context.Context, ref issue.Ref) ([]issue.Note, error) {
	opt := &client.ListIssueNotesOptions{OrderBy: new("created_at"), Sort: new("asc")}
	return list(ctx, c, issuePath(ref, "notes"), opt, wireNote.value)
}

// lastNotes is how many comments [Client.LastNotes] reads.
const lastNotes = 20

// LastNotes are the newest comments of an issue, including GitLab's system notes, newest first. It takes one request, and reads no more
// than what it needs to see what people wrote last.
func (c *Client) LastNotes(ctx context.Context, ref issue.Ref) ([]issue.Note, error) {
	opt := &client.ListIssueNotesOptions{OrderBy: new("created_at"), Sort: new("desc")}
	p := fetch[wireNote](ctx, c, issuePath(ref, "notes"), opt, span{lastNotes, 1})
	if p.err != nil {
		return nil, p.err
	}
	var list []issue.Note
	for _, w := range *p.rows.(*[]wireNote) {
		list = append(list, w.value())
	}
	return list, nil
}

// LastNotesOf are the newest comments of several issues, as [Client.LastNotes] has them of one, by the issues' instance-wide ids. It takes
// one request, to GraphQL, and leaves out the ids of authors and the times of changes. An issue that the token may not read is missing.
func (c *Client) LastNotesOf(ctx context.Context, issues []int64) (map[int64][]issue.Note, error) {
	var text strings.Builder
	text.WriteString("query {")
	for _, i := range issues {
		fmt.Fprintf(&text, ` %s: issue(id: %q) { id notes(last: %d) { nodes { id body author { username } system internal createdAt } } }`,
			alias(i), globalID("Issue", i), lastNotes)
	}
	text.WriteString(" }")
	var got map[string]*struct {
		ID    string `json:"id"`
		Notes *struct {
			Nodes []struct {
				ID       string     `json:"id"`
				Body     string     `json:"body"`
				Author   wireAuthor `json:"author"`
				System   bool       `json:"system"`
				Internal bool       `json:"internal"`
				At       time.Time  `json:"createdAt"`
			} `json:"nodes"`
		} `json:"notes"`
	}
	if err := c.query(ctx, text.String(), nil, &got); err != nil {
		return nil, err
	}
	found := map[int64][]issue.Note{}
	for _, i := range issues {
		at := got[alias(i)]
		if at == nil || at.Notes == nil || !strings.HasSuffix(at.ID, "/"+id(i)) {
			continue
		}
		list := []issue.Note{}
		for _, n := range at.Notes.Nodes {
			number, err := strconv.ParseInt(n.ID[strings.LastIndex(n.ID, "/")+1:], 10, 64)
			if err != nil {
				return nil, fmt.Errorf("the comments of an issue have the invalid id %q", n.ID)
			}
			list = append(list, issue.Note{ID: number, Body: n.Body, Author: n.Author.Username, System: n.System, Internal: n.Internal,
				CreatedAt: n.At.UTC()})
		}
		slices.Reverse(list)
		found[i] = list
	}
	return found, nil
}

// FormerTitles are the titles that the issue had before the current one, newest first, as far as its system notes tell.
func (c *Client) FormerTitles(ctx context.Context, i issue.Issue) ([]string, error) {
	notes, err := c.Notes(ctx, i.Ref)
	return history.FormerTitles(notes, i.Title), err
}

// MayEdit reports whether the user may edit the issues of a project: the token's user, and whoever has the role Planner, or Reporter and
// above.
func (c *Client) MayEdit(ctx context.Context, project string, userID int64) (bool, error) {
	roles, err := c.AccessOf(ctx, target.ProjectAt(project), []int64{userID})
	if err != nil {
		return false, err
	}
	return c.mayChange(ctx, userID, roles)
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

// notesInQuery is how many comments one query asks for.
const notesInQuery = 20

// NoteEditors returns who edited the text of comments after they were written, by the comments' ids; the name is empty where nobody did. A
// comment about which GitLab does not answer is missing: that is unknown, and does not mean that it was not edited.
//
// Only GraphQL has this. The time of the last change does not show it, because somebody's reaction changes it too.
func (c *Client) NoteEditors(ctx context.Context, ids []int64) (map[int64]string, error) {
	var mu sync.Mutex
	editors := map[int64]string{}
	g, ctx := errgroup.WithContext(ctx)
	for some := range slices.Chunk(ids, notesInQuery) {
		g.Go(func() error {
			found, err := c.noteEditors(ctx, some)
			mu.Lock()
			defer mu.Unlock()
			maps.Copy(editors, found)
			return err
		})
	}
	return editors, g.Wait()
}

// noteEditors asks for a few comments, each under its own alias. A list of an issue's comments would come in pages, on which one may be
// missing.
func (c *Client) noteEditors(ctx context.Context, ids []int64) (map[int64]string, error) {
	var text strings.Builder
	text.WriteString("query {")
	for _, n := range ids {
		text.WriteString(" " + alias(n) + `: note(id: "` + globalID("Note", n) + `") { id lastEditedBy { username } }`)
	}
	text.WriteString(" }")
	var got map[string]*struct {
		ID     string         `json:"id"`
		Editor jsontext.Value `json:"lastEditedBy"`
	}
	err := c.query(ctx, text.String(), nil, &got)
	e, ok := errors.AsType[*Error](err)
	if ok && (e.Status == http.StatusOK && e.Err == nil || fault.KindOf(err) == fault.Auth) {
		return nil, nil // GitLab refuses the question: to this token, or in this version
	}
	if err != nil {
		return nil, err
	}
	editors := map[int64]string{}
	for _, n := range ids {
		note := got[alias(n)]
		if note == nil || !strings.HasSuffix(note.ID, "/"+id(n)) {
			continue
		}
		if editor, known := editorIn(note.Editor); known {
			editors[n] = editor
		}
	}
	return editors, nil
}

// alias is the name of a comment in a query.
func alias(note int64) string { return "n" + id(note) }

// editorIn reads the user who edited a comment: null means nobody.
func editorIn(v jsontext.Value) (username string, known bool) {
	var editor struct {
		Username string `json:"username"`
	}
	switch {
	case len(v) == 0:
		return "", false
	case v.Kind() == 'n':
		return "", true
	}
	err := unmarshal(v, &editor)
	return editor.Username, err == nil && editor.Username != ""
}
