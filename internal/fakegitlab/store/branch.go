package store

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Branch is a branch of a project's repository, which is read-only: its last commit with all files.
type Branch struct {
	Name        string
	Protected   bool
	Commit      string // 40 hexadecimal digits
	CommittedAt time.Time
	Files       map[string]string // content by path
}

// DefaultBranch returns the name of the default branch, also of an empty repository.
func (p *Project) DefaultBranch() string {
	return cmp.Or(strings.Trim(p.Settings["default_branch"], `"`), "main")
}

// BranchAt finds a branch by its name or its commit, nil if there is none. HEAD is the default branch.
func (p *Project) BranchAt(ref string) *Branch {
	if ref == "HEAD" {
		ref = p.DefaultBranch()
	}
	n := slices.IndexFunc(p.Branches, func(b *Branch) bool { return b.Name == ref || b.Commit == ref })
	if n < 0 {
		return nil
	}
	return p.Branches[n]
}
