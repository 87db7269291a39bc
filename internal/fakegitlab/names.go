package fakegitlab

import (
	"net/http"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/fault"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/seed"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/transport"
)

// This file has aliases for the types and functions of the packages below, so that whoever starts an instance needs
// one import.

// Edition is the plan the instance claims to run on.
type Edition = store.Edition

// The editions. Free is the default.
const (
	Free     = store.Free
	Premium  = store.Premium
	Ultimate = store.Ultimate
)

// What a snapshot is made of.
type (
	Snapshot       = store.Snapshot
	Contents       = store.Contents
	MilestoneState = store.MilestoneState
	LabelState     = store.LabelState
	BoardState     = store.BoardState
	IssueState     = store.IssueState
	NoteState      = store.NoteState
	LinkState      = store.LinkState
)

// What an instance begins with.
type (
	Seed             = seed.Seed
	SeedUser         = seed.User
	SeedMember       = seed.Member
	SeedGroup        = seed.Group
	SeedProject      = seed.Project
	SeedLabel        = seed.Label
	SeedMilestone    = seed.Milestone
	SeedBoard        = seed.Board
	SeedIssue        = seed.Issue
	SeedNote         = seed.Note
	SeedEvent        = seed.Event
	SeedLink         = seed.Link
	SeedAward        = seed.Award
	SeedMergeRequest = seed.MergeRequest
	SeedFile         = seed.File
	SeedApprovals    = seed.Approvals
	SeedApprovalRule = seed.ApprovalRule
)

// EmptySeed is a new team: people, a group and two projects with nothing in them.
func EmptySeed(now time.Time) Seed { return seed.Empty(now) }

// HandbookSeed is a believable team at the end of a timebox.
func HandbookSeed(now time.Time) Seed { return seed.Handbook(now) }

// Account is a user as a row in a table of accounts.
type Account = access.Account

// Fault is one thing that goes wrong on purpose; FaultKind says what.
type (
	Fault     = fault.Fault
	FaultKind = fault.Kind
)

// The kinds of faults.
const (
	StatusFault = fault.Status
	DropBefore  = fault.DropBefore
	DropAfter   = fault.DropAfter
	ErrorAfter  = fault.ErrorAfter
	Truncate    = fault.Truncate
	DelayFault  = fault.Delay
	HTMLFault   = fault.HTML
	LimitFault  = fault.Limit
)

// ParseFault reads "METHOD PATH [nth=N] [every=N] KIND".
func ParseFault(spec string) (Fault, error) { return fault.Parse(spec) }

// Transport returns a RoundTripper that passes requests directly to h, without a socket.
func Transport(h http.Handler) http.RoundTripper { return transport.New(h) }
