package handoff

import (
	"context"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/handoff"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

// ReceiptReader reads the on-call log and its comments.
type ReceiptReader interface {
	logReader
	TrustedNotes(context.Context, issue.Ref) ([]issue.Note, error)
}

// ReadReceipt returns the receipt of a shift that ended. It reads nothing if no issue in the list needs one.
func ReadReceipt(ctx context.Context, read ReceiptReader, moves workflow.Moves, log OncallLog, ended oncall.Shift, list []Marked,
) (handoff.Receipt, error) {
	none := handoff.Receipt{Shift: ended.ID(), Ended: ended.To}
	if !slices.ContainsFunc(list, func(d Marked) bool { return d.NeedsReceipt(none) }) {
		return none, nil
	}
	i, err := log.find(ctx, read, moves.ForReaders())
	if err != nil || i.ID == 0 {
		return none, err
	}
	notes, err := read.TrustedNotes(ctx, i.Ref)
	r := handoff.ReceiptOf(notes, ended.ID())
	r.Ended, r.Confidential = ended.To, i.Confidential
	return r, err
}
