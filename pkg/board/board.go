// Package board holds the team's Kanban board: its columns, which column an issue stands in, which labels a move
// adds and takes away, when an issue is ready to be pulled, and how the lists of a GitLab board become those columns.
//
// A column is a label; "Completed" is no label but the closed state (handbook, Infrastructure Issue Tracker).
// Start with [Layout]. Requests and printing are not here.
package board

// List is one column as GitLab showed it on a board.
type List struct {
	ID       int64
	LabelID  int64
	Label    string
	Position int // from 0
}

// Board is a board as GitLab showed it.
type Board struct {
	ID    int64
	Name  string
	Lists []List // by position
}
