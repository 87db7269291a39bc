package gitlab

import (
	"cmp"
	"context"
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/board"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

type wireBoard struct {
	ID    int64      `json:"id"`
	Name  string     `json:"name"`
	Lists []wireList `json:"lists"`
}

type wireList struct {
	ID       int64 `json:"id"`
	Position int   `json:"position"`
	Label    *struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	} `json:"label"`
}

func (w wireBoard) value() board.Board {
	b := board.Board{ID: w.ID, Name: w.Name}
	for _, l := range w.Lists {
		if l.Label != nil { // paid editions have lists of people and milestones too
			b.Lists = append(b.Lists, l.value())
		}
	}
	slices.SortStableFunc(b.Lists, func(a, b board.List) int { return cmp.Compare(a.Position, b.Position) })
	return b
}

func (w wireList) value() board.List {
	l := board.List{ID: w.ID, Position: w.Position}
	if w.Label != nil {
		l.LabelID, l.Label = w.Label.ID, w.Label.Name
	}
	return l
}

// Boards lists the boards with their label lists. None at all is normal: GitLab makes the first one when somebody
// looks at it. The columns Open and Closed cannot be had.
func (c *Client) Boards(ctx context.Context, in target.Target) ([]board.Board, error) {
	return list(ctx, c, at(in, "boards"), nil, wireBoard.value)
}
