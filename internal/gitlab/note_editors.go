package gitlab

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/sync/errgroup"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

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
