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
	Community = store.Community
	Free      = store.Free
	Premium   = store.Premium
	Ultimate  = store.Ultimate
)

// The parts of a snapshot: package store has their fields.
type (
	// Snapshot is a copy of the whole state for comparisons in tests.
	Snapshot = store.Snapshot
	// Contents is the content of a group or project.
	Contents = store.Contents
	// MilestoneState is one milestone.
	MilestoneState = store.MilestoneState
	// LabelState is one label.
	LabelState = store.LabelState
	// BoardState is one board.
	BoardState = store.BoardState
	// IssueState is one issue.
	IssueState = store.IssueState
	// NoteState is one note.
	NoteState = store.NoteState
	// LinkState is one link as seen from the issue.
	LinkState = store.LinkState
)

// The parts of a seed: package seed has their fields.
type (
	// Seed is the initial content of an instance.
	Seed = seed.Seed
	// SeedUser is an account with its tokens.
	SeedUser = seed.User
	// SeedToken is a further token of a user.
	SeedToken = seed.Token
	// SeedGranularScope is what a fine-grained token permits in one place.
	SeedGranularScope = seed.GranularScope
	// SeedInvitation gives the members of a group a role elsewhere.
	SeedInvitation = seed.Invitation
	// SeedMember gives a user a role.
	SeedMember = seed.Member
	// SeedGroup is a group or subgroup.
	SeedGroup = seed.Group
	// SeedProject is a project.
	SeedProject = seed.Project
	// SeedLabel is a label.
	SeedLabel = seed.Label
	// SeedMilestone is a milestone.
	SeedMilestone = seed.Milestone
	// SeedFreezePeriod is a freeze period of deployments.
	SeedFreezePeriod = seed.FreezePeriod
	// SeedBoard is a board with its lists.
	SeedBoard = seed.Board
	// SeedIssue is an issue with its history.
	SeedIssue = seed.Issue
	// SeedNote is a comment or system note.
	SeedNote = seed.Note
	// SeedEvent is something that happened to an issue.
	SeedEvent = seed.Event
	// SeedLink links an issue to another.
	SeedLink = seed.Link
	// SeedAward is an emoji given to an issue.
	SeedAward = seed.Award
	// SeedMergeRequest is a merge request.
	SeedMergeRequest = seed.MergeRequest
	// SeedFile is one file that a merge request changes.
	SeedFile = seed.File
	// SeedApprovals are a project's settings for approving merge requests.
	SeedApprovals = seed.Approvals
	// SeedDeployment is a deployment of a project.
	SeedDeployment = seed.Deployment
	// SeedBranch is a branch of a project's repository.
	SeedBranch = seed.Branch
	// SeedApprovalRule is one of a project's approval rules.
	SeedApprovalRule = seed.ApprovalRule
)

// EmptySeed is a new team: people, a group and two projects with nothing in them.
func EmptySeed(now time.Time) Seed { return seed.Empty(now) }

// HandbookSeed is a believable team at the end of a timebox.
func HandbookSeed(now time.Time) Seed { return seed.Handbook(now) }

// Account is a user as a row in a table of accounts.
type Account = access.Account

// Fault is one failure to inject.
type Fault = fault.Fault

// FaultKind says what goes wrong with a request.
type FaultKind = fault.Kind

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

	OtherFault         = fault.Other
	OtherAfter         = fault.OtherAfter
	NonsenseFault      = fault.Nonsense
	NonsenseAfterFault = fault.NonsenseAfter
	NoPagingFault      = fault.NoPaging
	LateFault          = fault.Late
	AgainFault         = fault.Again
)

// ParseFault reads "METHOD PATH [nth=N] [every=N] KIND".
func ParseFault(spec string) (Fault, error) { return fault.Parse(spec) }

// Transport returns a RoundTripper that passes requests directly to h, without a socket.
func Transport(h http.Handler) http.RoundTripper { return transport.New(h) }
