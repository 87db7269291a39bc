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
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// CreateBoard makes a board, or adopts the one of that name. GitLab would make a second one of the same name, so it looks
// before, and again after: of twins that two runs made at once the lower id stays and the other, still empty, goes.
func (c *Client) CreateBoard(ctx context.Context, in target.Target, name string) (board.Board, bool, error) {
	look := func() (board.Board, bool, error) { return c.lookForBoard(ctx, in, name) }
	if b, ok, err := look(); ok || err != nil {
		return b, ok, err
	}
	path := at(in, "boards")
	post := func() (board.Board, error) {
		var w wireBoard
		if err := c.do(ctx, http.MethodPost, path, &client.CreateIssueBoardOptions{Name: &name}, &w); err != nil {
			return board.Board{}, err
		}
		return w.value(), nil
	}
	made, existed, err := createOnce(ctx, c, post, look)
	if err != nil || existed {
		return made, existed, err
	}
	first, ok, err := look()
	if err != nil || !ok || first.ID == made.ID {
		return made, false, err
	}
	return first, true, c.delete(ctx, at(in, "boards", id(made.ID)))
}

// DeleteBoard removes a board that has no columns at this moment; one with columns is left alone and an error says so.
func (c *Client) DeleteBoard(ctx context.Context, in target.Target, boardID int64) error {
	columns, err := list(ctx, c, at(in, "boards", id(boardID), "lists"), nil, wireList.value)
	switch {
	case errors.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	case len(columns) > 0:
		return fault.New(fault.Refused, "delete the one that is not used in GitLab", "board %d has columns by now", boardID)
	}
	return c.delete(ctx, at(in, "boards", id(boardID)))
}

// lookForBoard finds the oldest board of that name.
func (c *Client) lookForBoard(ctx context.Context, in target.Target, name string) (board.Board, bool, error) {
	all, err := c.Boards(ctx, in)
	if err != nil {
		return board.Board{}, false, err
	}
	all = slices.DeleteFunc(all, func(b board.Board) bool { return b.Name != name })
	if len(all) == 0 {
		return board.Board{}, false, nil
	}
	return slices.MinFunc(all, func(a, b board.Board) int { return cmp.Compare(a.ID, b.ID) }), true, nil
}

// CreateBoardList adds a column for a label at the end of a board, or adopts the column that the label has there.
func (c *Client) CreateBoardList(ctx context.Context, in target.Target, boardID, labelID int64) (board.List, bool, error) {
	path := at(in, "boards", id(boardID), "lists")
	post := func() (board.List, error) {
		var w wireList
		if err := c.do(ctx, http.MethodPost, path, &client.CreateIssueBoardListOptions{LabelID: &labelID}, &w); err != nil {
			return board.List{}, err
		}
		return w.value(), nil
	}
	return createOnce(ctx, c, post, func() (board.List, bool, error) {
		return c.lookForList(ctx, in, boardID, func(l board.List) bool { return l.LabelID == labelID })
	})
}

func (c *Client) lookForList(ctx context.Context, in target.Target, boardID int64, is func(board.List) bool) (board.List, bool, error) {
	all, err := list(ctx, c, at(in, "boards", id(boardID), "lists"), nil, wireList.value)
	if err != nil {
		return board.List{}, false, err
	}
	if i := slices.IndexFunc(all, is); i >= 0 {
		return all[i], true, nil
	}
	return board.List{}, false, nil
}

// MoveBoardList puts a column at a position counted from 0. It looks before, and after a refusal: GitLab refuses to move a
// column to where it stands, which is what a repeated request does.
func (c *Client) MoveBoardList(ctx context.Context, in target.Target, boardID, listID int64, position int) (board.List, error) {
	path := at(in, "boards", id(boardID), "lists", id(listID))
	var w wireList
	if err := c.get(ctx, path, nil, &w); err != nil {
		return board.List{}, err
	}
	if w.Position == position {
		return w.value(), nil
	}
	err := c.do(ctx, http.MethodPut, path, &client.UpdateIssueBoardListOptions{Position: new(int64(position))}, &w)
	if e, ok := errors.AsType[*Error](err); ok && e.Status == http.StatusBadRequest {
		if again := c.get(ctx, path, nil, &w); again == nil && w.Position == position {
			return w.value(), nil
		}
		return board.List{}, err
	}
	if err != nil {
		return board.List{}, err
	}
	if w.Position != position {
		e := dropped(http.MethodPut, path, []string{"the column stands at position " + id(int64(w.Position))})
		return w.value(), e
	}
	return w.value(), nil
}
