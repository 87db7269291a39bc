package gitlab

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"slices"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

type wireBoard struct {
	ID    int64      `json:"id"`
	Name  string     `json:"name"`
	Lists []wireList `json:"lists"`

	Project *wirePlace `json:"project"`
}

// wirePlace is the project of an object.
type wirePlace struct {
	ID   int64  `json:"id"`
	Path string `json:"path_with_namespace"`
}

func (w wireBoard) identity() identity {
	i := identity{id: w.ID}
	if w.Project != nil {
		i.owner = owner{id: w.Project.ID, path: w.Project.Path}
	}
	return i
}

type wireList struct {
	ID       int64      `json:"id"`
	Position int        `json:"position"`
	Label    *wireNamed `json:"label"`
}

func (w wireList) identity() identity { return identity{id: w.ID} }

func (w wireBoard) value() board.Board {
	b := board.Board{ID: w.ID, Name: w.Name}
	for _, l := range w.Lists {
		if l.Label != nil { // paid editions also have lists of users and milestones
			b.Lists = append(b.Lists, l.value())
		}
	}
	stable.Sort(b.Lists, func(a, b board.List) int { return cmp.Compare(a.Position, b.Position) })
	return b
}

func (w wireList) value() board.List {
	l := board.List{ID: w.ID, Position: w.Position}
	if w.Label != nil {
		l.LabelID, l.Label = w.Label.ID, w.Label.Name
	}
	return l
}

// Boards lists the boards with their label lists. A project may have none: GitLab creates the first one when somebody
// opens it. The API does not list the columns Open and Closed.
func (c *Client) Boards(ctx context.Context, in target.Target) ([]board.Board, error) {
	return list(ctx, c, apiPath(in, "boards"), nil, wireBoard.value)
}

// CreateBoard creates a board, or returns the existing one of that name. GitLab would create a second one of the same name, so it
// looks before and after: of duplicates that two simultaneous runs created the lower id stays, and the other one, still empty, is deleted.
func (c *Client) CreateBoard(ctx context.Context, in target.Target, name string) (board.Board, bool, error) {
	find := func() (board.Board, bool, error) { return c.findBoard(ctx, in, name) }
	if b, ok, err := find(); ok || err != nil {
		return b, ok, err
	}
	opt := &client.CreateIssueBoardOptions{Name: &name}
	post := func() (board.Board, error) {
		is := func(got board.Board) bool { return sameName(name, got.Name) }
		return create(ctx, c, apiPath(in, "boards"), opt, wireBoard.value, is, none)
	}
	created, existed, err := createNamed(ctx, c, post, find)
	if err != nil || existed {
		return created, existed, err
	}
	first, ok, err := find()
	if err != nil || !ok || first.ID == created.ID {
		return created, false, err
	}
	return first, true, c.delete(ctx, apiPath(in, "boards", id(created.ID)))
}

// DeleteBoard deletes a board that has no columns at this moment. A board with columns is left alone, and is an error.
func (c *Client) DeleteBoard(ctx context.Context, in target.Target, boardID int64) error {
	columns, err := c.columns(ctx, in, boardID)
	switch {
	case errors.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	case len(columns) > 0:
		return fault.New(fault.Refused, "Delete the board that nobody uses in GitLab", "board %d is not empty any more", boardID)
	}
	return c.delete(ctx, apiPath(in, "boards", id(boardID)))
}

// findBoard finds the oldest board of that name.
func (c *Client) findBoard(ctx context.Context, in target.Target, name string) (board.Board, bool, error) {
	all, err := c.Boards(ctx, in)
	all = slices.DeleteFunc(all, func(b board.Board) bool { return b.Name != name })
	if err != nil || len(all) == 0 {
		return board.Board{}, false, err
	}
	return slices.MinFunc(all, func(a, b board.Board) int { return cmp.Compare(a.ID, b.ID) }), true, nil
}

func (c *Client) columns(ctx context.Context, in target.Target, boardID int64) ([]board.List, error) {
	return list(ctx, c, apiPath(in, "boards", id(boardID), "lists"), nil, wireList.value)
}

// CreateBoardList adds a column for a label at the end of a board, or returns the existing column of that label.
func (c *Client) CreateBoardList(ctx context.Context, in target.Target, boardID, labelID int64) (board.List, bool, error) {
	opt := &client.CreateIssueBoardListOptions{LabelID: &labelID}
	post := func() (board.List, error) {
		is := func(got board.List) bool { return got.LabelID == labelID }
		return create(ctx, c, apiPath(in, "boards", id(boardID), "lists"), opt, wireList.value, is, none)
	}
	return createNamed(ctx, c, post, func() (board.List, bool, error) {
		all, err := c.columns(ctx, in, boardID)
		if i := slices.IndexFunc(all, func(l board.List) bool { return l.LabelID == labelID }); i >= 0 {
			return all[i], true, nil
		}
		return board.List{}, false, err
	})
}

// MoveBoardList moves a column to a position counted from 0. It reads the column before, and after a refusal: GitLab refuses to move a
// column to its current position, which is what a retry does.
func (c *Client) MoveBoardList(ctx context.Context, in target.Target, boardID, listID int64, position int) (board.List, error) {
	path := apiPath(in, "boards", id(boardID), "lists", id(listID))
	l, err := read(ctx, c, path, nil, wireList.value)
	if err != nil || l.Position == position {
		return l, err
	}
	opt := &client.UpdateIssueBoardListOptions{Position: new(int64(position))}
	moved, err := update(ctx, c, path, opt, wireList.value, func(l board.List) []string {
		if l.Position == position {
			return nil
		}
		return []string{"the column is at position " + id(int64(l.Position))}
	})
	if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusBadRequest {
		if l, readErr := read(ctx, c, path, nil, wireList.value); readErr == nil && l.Position == position {
			return l, nil
		}
	}
	return moved, err
}
