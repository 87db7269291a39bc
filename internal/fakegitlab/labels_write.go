package fakegitlab

import (
	"net/http"
	"slices"
	"strings"
)

// labelDraft is a label as a request wants it.
type labelDraft struct {
	name, color, description string
}

// check validates a draft. A blank name fails for two reasons.
func (d labelDraft) check() []fieldError {
	var errs []fieldError
	switch {
	case d.name == "":
		errs = append(errs, onField("title", "can't be blank", "is invalid"))
	case strings.Contains(d.name, ","):
		errs = append(errs, onField("title", "is invalid"))
	case tooLong(d.name, maxTitle):
		errs = append(errs, onField("title", "is too long (maximum is 255 characters)"))
	}
	if !hexColor.MatchString(d.color) {
		errs = append(errs, onField("color", "must be a valid color code"))
	}
	return errs
}

// priorityParam is the parameter of that name, which groups do not have.
func priorityParam(c *call) opt[int] {
	if c.inGroup {
		return opt[int]{}
	}
	return c.p.int("priority")
}

// prioritize sets the priority of a label in a project. A negative one passes
// the parameter check and ends in GitLab's 500.
func prioritize(o parent, l *label, priority opt[int]) error {
	switch {
	case !priority.set:
	case priority.null:
		delete(o.project.priorities, l)
	case priority.v < 0:
		return errText(http.StatusInternalServerError, "500 Internal Server Error")
	default:
		o.project.priorities[l] = priority.v
	}
	return nil
}

// createLabel refuses a name that the parent or a group above has with 409,
// before anything else about the label is looked at.
func createLabel(c *call) (reply, error) {
	c.p.require("name", "color")
	name, color, description := c.p.str("name"), c.p.str("color"), c.p.str("description")
	priority := priorityParam(c)
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	o, err := c.parent()
	if err != nil {
		return reply{}, err
	}
	if !mayPlanIn(c.user, o) {
		return reply{}, errForbidden()
	}
	taken := func(name string) bool {
		return slices.ContainsFunc(labelsOf(o, ancestors), func(l *label) bool { return l.name == name })
	}
	if taken(name.v) {
		return reply{}, errText(http.StatusConflict, "Label already exists")
	}
	d := labelDraft{name: cleanTitle(name.v), description: description.v}
	d.color, _ = parseColor(color.v)
	errs := d.check()
	if len(errs) == 0 && slices.ContainsFunc(o.labels(), func(l *label) bool { return l.name == d.name }) {
		errs = append(errs, onField("title", "has already been taken"))
	}
	if len(errs) > 0 {
		return reply{}, errModel(errs...)
	}
	l := c.s.addLabel(&label{parent: o, name: d.name, color: d.color, description: d.description})
	if err := prioritize(o, l, priority); err != nil {
		return reply{}, err
	}
	return labelReply(c, http.StatusCreated, o, l)
}

// labelToChange is the label that a PUT or DELETE names, in the path or, in
// the old form, by name or label_id. The project's direct group is in reach;
// groups above that are not.
func labelToChange(c *call) (parent, *label, error) {
	ref := c.p.str("name")
	if id := c.p.str("label_id"); id.ok() {
		c.p.exclusive("label_id", "name")
		ref = id
	} else if !ref.ok() {
		*c.p.errs = append(*c.p.errs, "label_id, name are missing, exactly one parameter must be provided")
	}
	if err := c.p.err(); err != nil {
		return parent{}, nil, err
	}
	o, err := c.parent()
	if err != nil {
		return parent{}, nil, err
	}
	if !mayPlanIn(c.user, o) {
		return parent{}, nil, errForbidden()
	}
	l := findLabel(labelsOf(o, directGroup), ref.v)
	if l == nil {
		return parent{}, nil, errNotFound("Label")
	}
	return o, l, nil
}

// updateLabel saves the fields first and the priority after that. The fields
// of a group's label need the right in the group; its priority is kept per
// project and does not.
func updateLabel(c *call) (reply, error) {
	newName, color, description := c.p.str("new_name"), c.p.str("color"), c.p.str("description")
	priority := priorityParam(c)
	fields := []string{"new_name", "color", "description"}
	if c.inGroup {
		c.p.atLeastOne(fields...)
	} else {
		c.p.atLeastOne(append(fields, "priority")...)
	}
	o, l, err := labelToChange(c)
	if err != nil {
		return reply{}, err
	}
	if newName.set || color.set || description.set {
		if !mayPlanIn(c.user, l.parent) {
			return reply{}, errForbidden()
		}
		d := labelDraft{l.name, l.color, l.description}
		if newName.set {
			d.name = cleanTitle(newName.v)
		}
		if color.set {
			d.color, _ = parseColor(color.v)
		}
		if description.set {
			d.description = description.v
		}
		if err := saveLabel(c.s, l, d); err != nil {
			return reply{}, err
		}
	}
	if err := prioritize(o, l, priority); err != nil {
		return reply{}, err
	}
	return labelReply(c, http.StatusOK, o, l)
}

// saveLabel refuses a name that is taken, in other words where it is the
// direct group's.
func saveLabel(s *store, l *label, d labelDraft) error {
	errs := d.check()
	taken := func(all []*label) bool {
		return slices.ContainsFunc(all, func(x *label) bool { return x != l && x.name == d.name })
	}
	switch p := l.parent.project; {
	case d.name == l.name:
	case taken(l.parent.labels()):
		errs = append(errs, onField("title", "has already been taken"))
	case p != nil && p.group != nil && taken(p.group.labels):
		errs = append(errs, onField("title", "already exists at group level for "+p.group.fullName()+". Please choose another one."))
	}
	if len(errs) > 0 {
		return errModel(errs...)
	}
	if d != (labelDraft{l.name, l.color, l.description}) {
		l.name, l.color, l.description = d.name, d.color, d.description
		l.updatedAt = s.stamp()
	}
	return nil
}

func deleteLabel(c *call) (reply, error) {
	_, l, err := labelToChange(c)
	if err != nil {
		return reply{}, err
	}
	if !mayPlanIn(c.user, l.parent) {
		return reply{}, errForbidden()
	}
	if err := c.unmodified(l.updatedAt); err != nil {
		return reply{}, err
	}
	replaceLabel(c.s, l, nil)
	return noContent(), nil
}

// replaceLabel removes a label. Where it hung now hangs the other one, or
// nothing if that is nil; board lists of a label that is gone go with it.
// No events are written.
func replaceLabel(s *store, l, by *label) {
	l.deleted = true
	for _, p := range s.projects {
		if priority, ok := p.priorities[l]; ok && by != nil {
			if _, has := p.priorities[by]; !has {
				p.priorities[by] = priority
			}
		}
		delete(p.priorities, l)
		for _, i := range p.issues {
			i.labels = swapLabel(i.labels, l, by)
			for n := range i.labelEvents {
				if ev := &i.labelEvents[n]; by != nil && ev.label == l {
					ev.label = by
				}
			}
		}
		for _, mr := range p.mergeRequests {
			mr.labels = swapLabel(mr.labels, l, by)
		}
		relist(p.boards, l, by)
	}
	for _, g := range s.groups {
		relist(g.boards, l, by)
	}
	is := func(x *label) bool { return x == l }
	if p := l.parent.project; p != nil {
		p.labels = slices.DeleteFunc(p.labels, is)
	} else {
		l.parent.group.labels = slices.DeleteFunc(l.parent.group.labels, is)
	}
}

// swapLabel leaves other holders of the same list alone.
func swapLabel(labels []*label, old, by *label) []*label {
	at := slices.Index(labels, old)
	if at < 0 {
		return labels
	}
	labels = slices.Delete(slices.Clone(labels), at, at+1)
	if by != nil && !slices.Contains(labels, by) {
		labels = append(labels, by)
	}
	return labels
}

// relist does for boards what replaceLabel does for issues.
func relist(boards []*board, old, by *label) {
	for _, b := range boards {
		b.labels = swapLabel(b.labels, old, by)
		has := slices.ContainsFunc(b.lists, func(l *boardList) bool { return by != nil && l.label == by })
		b.lists = slices.DeleteFunc(b.lists, func(l *boardList) bool { return l.label == old && (by == nil || has) })
		for _, list := range b.lists {
			if list.label == old {
				list.label = by
			}
		}
	}
}

// promoteLabel makes a project's label one of its group, with its id, and
// merges the labels of that name in the group's other projects into it.
func promoteLabel(c *call) (reply, error) {
	ref := c.p.str("name")
	if err := c.p.err(); err != nil {
		return reply{}, err
	}
	p, err := c.project()
	if err != nil {
		return reply{}, err
	}
	if !mayPlan(c.user, p) {
		return reply{}, errForbidden()
	}
	l := findLabel(p.labels, ref.v)
	switch {
	case l == nil:
		return reply{}, errNotFound("Label")
	case p.group == nil || !mayPlanGroup(c.user, p.group),
		slices.ContainsFunc(p.group.labels, func(x *label) bool { return x.name == l.name }):
		return reply{}, errText(http.StatusBadRequest, "Failed to promote project label to group label")
	}
	p.labels = slices.DeleteFunc(p.labels, func(x *label) bool { return x == l })
	l.parent = parent{group: p.group}
	p.group.labels = append(p.group.labels, l)
	for _, sibling := range c.s.projectsWithin(p.group) {
		for _, twin := range slices.Clone(sibling.labels) {
			if twin.name == l.name {
				replaceLabel(c.s, twin, l)
			}
		}
	}
	return labelReply(c, http.StatusOK, parent{group: p.group}, l)
}
