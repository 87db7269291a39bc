// Package board holds the rules of the team's Kanban board: its columns, the column of an issue, the labels that a move adds and
// removes, when an issue is ready to pull, and how the lists of a GitLab board are arranged to match the columns.
//
// A column is a label, except "Completed", which is the closed state (handbook, Infrastructure Issue Tracker).
// Start with [Layout]. Requests and output do not belong here.
package board

// List is one column of a board as GitLab returned it.
type List struct {
	ID       int64
	LabelID  int64
	Label    string
	Position int // from 0
}

// Board is a board as GitLab returned it.
type Board struct {
	ID    int64
	Name  string
	Lists []List // by position
}
