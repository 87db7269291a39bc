package store

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Project is a project, in a group or in the namespace of a user.
type Project struct {
	ID             int
	Name, Path     string
	Group          *Group // nil for a personal project
	Owner          *User  // of a personal project
	Creator        *User  // nil for root
	Description    string
	Visibility     string
	Archived       bool
	IssueTemplate  string // default description of new issues
	CreatedAt      time.Time
	LastActivityAt time.Time
	Members        []*Member
	Invited        []Invitation
	Milestones     []*Milestone
	Labels         []*Label
	Priorities     map[*Label]int // label priorities are stored per project, for group labels too
	Boards         []*Board

	Issues            []*Issue // by CreatedAt, then ID
	IssueByIID        map[int]*Issue
	OpenIssues        int
	LastIssueIID      int
	LastMilesIID      int
	LastDeploymentIID int
	MergeRequests     []*MergeRequest
	Approvals         ApprovalSettings
	Rules             []*ApprovalRule
	Settings          map[string]string // those that were changed, as JSON, by the names of their fields
	FreezePeriods     []*FreezePeriod
	Environments      []*Environment
	Deployments       []*Deployment
	Branches          []*Branch
	DisabledTypes     []string // of work items that cannot be created, such as "issue"
}

// PublicOpenIssues counts the open issues that are not confidential: the count that everybody sees.
func (p *Project) PublicOpenIssues() int {
	n := p.OpenIssues
	for _, i := range p.Issues {
		if i.Confidential && !i.Closed {
			n--
		}
	}
	return n
}

// FindProject finds a project by id or full path, nil if there is none.
func (s *Store) FindProject(ref string) *Project {
	if id, err := strconv.Atoi(ref); err == nil {
		if i := slices.IndexFunc(s.Projects, func(p *Project) bool { return p.ID == id }); i >= 0 {
			return s.Projects[i]
		}
		return nil
	}
	return s.ProjPaths[strings.ToLower(ref)]
}

// FileIssue keeps p.Issues in order of creation, so that the usual lists need no sorting.
func (p *Project) FileIssue(i *Issue) {
	n := len(p.Issues)
	if n == 0 || ByCreation(p.Issues[n-1], i) < 0 {
		p.Issues = append(p.Issues, i)
		return
	}
	at, _ := slices.BinarySearchFunc(p.Issues, i, ByCreation)
	p.Issues = slices.Insert(p.Issues, at, i)
}

// UnfileIssue removes the issue from p.Issues; its CreatedAt must not have changed since FileIssue.
func (p *Project) UnfileIssue(i *Issue) {
	if at, ok := slices.BinarySearchFunc(p.Issues, i, ByCreation); ok {
		p.Issues = slices.Delete(p.Issues, at, at+1)
	}
}

// ByCreation orders issues by creation, then by id.
func ByCreation(a, b *Issue) int {
	if c := a.CreatedAt.Compare(b.CreatedAt); c != 0 {
		return c
	}
	return cmp.Compare(a.ID, b.ID)
}

// FullPath returns the path of the group or user, followed by the project's own.
func (p *Project) FullPath() string {
	if p.Group != nil {
		return p.Group.FullPath() + "/" + p.Path
	}
	return p.Owner.Username + "/" + p.Path
}

// ProjectsWithin lists the projects of a group and its subgroups, by id.
func (s *Store) ProjectsWithin(g *Group) []*Project {
	var all []*Project
	for _, p := range s.Projects {
		if p.Group.Within(g) {
			all = append(all, p)
		}
	}
	return all
}

// LabelsUsable lists the labels that an issue of the project may have: its own and those of all parent groups.
func (p *Project) LabelsUsable() []*Label {
	all := slices.Clone(p.Labels)
	for _, g := range p.Group.Lineage() {
		all = append(all, g.Labels...)
	}
	return all
}

// LabelNamed finds a usable label by its exact name, the project's own first.
func (p *Project) LabelNamed(name string) *Label {
	for _, l := range p.Labels {
		if l.Name == name {
			return l
		}
	}
	for _, g := range p.Group.Lineage() {
		for _, l := range g.Labels {
			if l.Name == name {
				return l
			}
		}
	}
	return nil
}

// ActiveMilestone finds a milestone that an issue of the project may get: an active one of the project or a parent
// group. It returns nil for closed, foreign and unknown ones.
func (p *Project) ActiveMilestone(fits func(*Milestone) bool) *Milestone {
	return p.milestone(func(m *Milestone) bool { return !m.Closed && fits(m) })
}

// MilestoneTitled finds a milestone of the project or a parent group by its exact title, in any state.
func (p *Project) MilestoneTitled(title string) *Milestone {
	return p.milestone(func(m *Milestone) bool { return m.Title == title })
}

func (p *Project) milestone(fits func(*Milestone) bool) *Milestone {
	if i := slices.IndexFunc(p.Milestones, fits); i >= 0 {
		return p.Milestones[i]
	}
	for _, g := range p.Group.Lineage() {
		if i := slices.IndexFunc(g.Milestones, fits); i >= 0 {
			return g.Milestones[i]
		}
	}
	return nil
}

// ProjectReferred returns the project that a reference in a text of another project names: by its full path, by its
// own path if both are in the same group, or not at all for that project itself. It is nil if there is none.
func (s *Store) ProjectReferred(from *Project, path string) *Project {
	switch {
	case path == "":
		return from
	case strings.Contains(path, "/"):
		return s.FindProject(path)
	case from.Group != nil:
		return s.FindProject(from.Group.FullPath() + "/" + path)
	}
	return s.FindProject(from.Owner.Username + "/" + path)
}
