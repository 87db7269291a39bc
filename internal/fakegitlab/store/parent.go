package store

// Parent is the owner of milestones, labels and boards: a project or a group, never both.
type Parent struct {
	Project *Project
	Group   *Group
}

// BoardsField returns the parent's list of boards, as a pointer so that it can be changed.
func (o Parent) BoardsField() *[]*Board {
	if o.Project != nil {
		return &o.Project.Boards
	}
	return &o.Group.Boards
}

// Lineage returns the groups that a project's or group's milestones and labels may also come from, nearest first.
func (o Parent) Lineage() []*Group {
	if o.Project != nil {
		return o.Project.Group.Lineage()
	}
	return o.Group.Lineage()
}

// Milestones returns the parent's own milestones.
func (o Parent) Milestones() []*Milestone {
	if o.Project != nil {
		return o.Project.Milestones
	}
	return o.Group.Milestones
}

// Labels returns the parent's own labels.
func (o Parent) Labels() []*Label {
	if o.Project != nil {
		return o.Project.Labels
	}
	return o.Group.Labels
}

// FullPath returns the path of the project or group.
func (o Parent) FullPath() string {
	if o.Project != nil {
		return o.Project.FullPath()
	}
	return o.Group.FullPath()
}

// Invited returns the groups that were invited into the parent itself.
func (o Parent) Invited() []Invitation {
	if o.Project != nil {
		return o.Project.Invited
	}
	return o.Group.Invited
}

// Members returns the parent's direct members.
func (o Parent) Members() []*Member {
	if o.Project != nil {
		return o.Project.Members
	}
	return o.Group.Members
}
