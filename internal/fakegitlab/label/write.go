package label

import (
	"net/http"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/markdown"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// draft holds the fields of a label in a request.
type draft struct {
	name, color, description string
}

// check validates a draft. A blank name fails for two reasons.
func (d draft) check() []failure.Field {
	var errs []failure.Field
	switch {
	case d.name == "":
		errs = append(errs, failure.On("title", "can't be blank", "is invalid"))
	case strings.Contains(d.name, ","):
		errs = append(errs, failure.On("title", "is invalid"))
	case param.TooLong(d.name, param.MaxTitle):
		errs = append(errs, failure.On("title", "is too long (maximum is 255 characters)"))
	}
	if !isHex(d.color) {
		errs = append(errs, failure.On("color", "must be a valid color code"))
	}
	return errs
}

// priorityParam reads the parameter "priority", which groups do not have.
func priorityParam(c *rest.Call) param.Opt[int] {
	if c.InGroup {
		return param.Opt[int]{}
	}
	return c.Params.Int("priority")
}

// prioritize sets the priority of a label in a project. A negative one passes the parameter check and ends in
// GitLab's 500.
func prioritize(o store.Parent, l *store.Label, priority param.Opt[int]) error {
	switch {
	case !priority.Set:
	case priority.Null:
		delete(o.Project.Priorities, l)
	case priority.Value < 0:
		return failure.Crash()
	default:
		o.Project.Priorities[l] = priority.Value
	}
	return nil
}

// create refuses a name that the parent or one of its parent groups has with 409, before it checks anything else.
func create(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("name", "color")
	name, color, description := c.Params.Str("name"), c.Params.Str("color"), c.Params.Str("description")
	priority := priorityParam(c)
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	o, err := c.Parent()
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayPlanIn(c.User, o) {
		return rest.Reply{}, failure.Forbidden()
	}
	taken := func(name string) bool {
		return slices.ContainsFunc(Of(o, Ancestors), func(l *store.Label) bool { return l.Name == name })
	}
	if taken(name.Value) {
		return rest.Reply{}, failure.Text(http.StatusConflict, "Label already exists")
	}
	d := draft{name: markdown.CleanTitle(name.Value), description: description.Value}
	d.color, _ = ParseColor(color.Value)
	errs := d.check()
	if len(errs) == 0 && slices.ContainsFunc(o.Labels(), func(l *store.Label) bool { return l.Name == d.name }) {
		errs = append(errs, failure.On("title", "has already been taken"))
	}
	if len(errs) > 0 {
		return rest.Reply{}, failure.Model(errs...)
	}
	c.Interrupt()
	if taken(d.name) {
		return rest.Reply{}, failure.Crash() // the unique index of the database refuses it
	}
	l := c.Store.AddLabel(&store.Label{Parent: o, Name: d.name, Color: d.color, Description: d.description})
	if err := prioritize(o, l, priority); err != nil {
		return rest.Reply{}, err
	}
	return answer(c, http.StatusCreated, o, l)
}

// toChange returns the label that a PUT or DELETE names, in the path or, in the old form, by name or label_id. The
// project's direct group is included; groups above it are not.
func toChange(c *rest.Call) (store.Parent, *store.Label, error) {
	ref := c.Params.Str("name")
	if id := c.Params.Str("label_id"); id.OK() {
		c.Params.Exclusive("label_id", "name")
		ref = id
	} else if !ref.OK() {
		*c.Params.Errs = append(*c.Params.Errs, "label_id, name are missing, exactly one parameter must be provided")
	}
	if err := c.Params.Err(); err != nil {
		return store.Parent{}, nil, err
	}
	o, err := c.Parent()
	if err != nil {
		return store.Parent{}, nil, err
	}
	if !access.MayPlanIn(c.User, o) {
		return store.Parent{}, nil, failure.Forbidden()
	}
	l := find(Of(o, directGroup), ref.Value)
	if l == nil {
		return store.Parent{}, nil, failure.NotFound("Label")
	}
	return o, l, nil
}

// update saves the fields first and then the priority. Changing the fields of a group's label needs the right in the
// group; its priority is stored per project and does not.
func update(c *rest.Call) (rest.Reply, error) {
	newName, color, description := c.Params.Str("new_name"), c.Params.Str("color"), c.Params.Str("description")
	priority := priorityParam(c)
	_ = c.Params.Bool("archived") // accepted, and without effect as long as archived labels are switched off
	if c.InGroup {
		c.Params.AtLeastOne("new_name", "color", "description", "archived")
	} else {
		c.Params.AtLeastOne("new_name", "color", "description", "priority", "archived")
	}
	o, l, err := toChange(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if newName.Set || color.Set || description.Set {
		if !access.MayPlanIn(c.User, l.Parent) {
			return rest.Reply{}, failure.Forbidden()
		}
		d := draft{l.Name, l.Color, l.Description}
		if newName.Set {
			d.name = markdown.CleanTitle(newName.Value)
		}
		if color.Set {
			d.color, _ = ParseColor(color.Value)
		}
		if description.Set {
			d.description = description.Value
		}
		if err := save(c.Store, l, d); err != nil {
			return rest.Reply{}, err
		}
	}
	if err := prioritize(o, l, priority); err != nil {
		return rest.Reply{}, err
	}
	return answer(c, http.StatusOK, o, l)
}

// save refuses a name that is taken; the message differs if the direct group has it.
func save(s *store.Store, l *store.Label, d draft) error {
	errs := d.check()
	taken := func(all []*store.Label) bool {
		return slices.ContainsFunc(all, func(x *store.Label) bool { return x != l && x.Name == d.name })
	}
	switch p := l.Parent.Project; {
	case d.name == l.Name:
	case taken(l.Parent.Labels()):
		errs = append(errs, failure.On("title", "has already been taken"))
	case p != nil && p.Group != nil && taken(p.Group.Labels):
		errs = append(errs, failure.On("title", "already exists at group level for "+p.Group.FullName()+". Please choose another one."))
	}
	if len(errs) > 0 {
		return failure.Model(errs...)
	}
	if d != (draft{l.Name, l.Color, l.Description}) {
		l.Name, l.Color, l.Description = d.name, d.color, d.description
		l.UpdatedAt = s.Stamp()
	}
	return nil
}

func remove(c *rest.Call) (rest.Reply, error) {
	_, l, err := toChange(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayPlanIn(c.User, l.Parent) {
		return rest.Reply{}, failure.Forbidden()
	}
	if err := c.Unmodified(l.UpdatedAt); err != nil {
		return rest.Reply{}, err
	}
	replace(c.Store, l, nil)
	return rest.NoContent(), nil
}

// replace removes a label and puts the other one in its place, or nothing if that is nil. Board lists of a removed
// label are removed too. No events are written.
func replace(s *store.Store, l, by *store.Label) {
	l.Deleted = true
	if by != nil {
		for _, sub := range l.Subscribers {
			if !slices.Contains(by.Subscribers, sub) {
				by.Subscribers = append(by.Subscribers, sub)
			}
		}
	}
	for _, p := range s.Projects {
		if priority, ok := p.Priorities[l]; ok && by != nil {
			if _, has := p.Priorities[by]; !has {
				p.Priorities[by] = priority
			}
		}
		delete(p.Priorities, l)
		for _, i := range p.Issues {
			i.Labels = swap(i.Labels, l, by)
			for n := range i.LabelEvents {
				if ev := &i.LabelEvents[n]; by != nil && ev.Label == l {
					ev.Label = by
				}
			}
		}
		for _, mr := range p.MergeRequests {
			mr.Labels = swap(mr.Labels, l, by)
		}
		relist(p.Boards, l, by)
	}
	for _, g := range s.Groups {
		relist(g.Boards, l, by)
	}
	is := func(x *store.Label) bool { return x == l }
	if p := l.Parent.Project; p != nil {
		p.Labels = slices.DeleteFunc(p.Labels, is)
	} else {
		l.Parent.Group.Labels = slices.DeleteFunc(l.Parent.Group.Labels, is)
	}
}

// swap returns a new list, because others may share the old one.
func swap(labels []*store.Label, old, by *store.Label) []*store.Label {
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

// relist does for boards what replace does for issues.
func relist(boards []*store.Board, old, by *store.Label) {
	for _, b := range boards {
		b.Labels = swap(b.Labels, old, by)
		has := slices.ContainsFunc(b.Lists, func(l *store.BoardList) bool { return by != nil && l.Label == by })
		b.Lists = slices.DeleteFunc(b.Lists, func(l *store.BoardList) bool { return l.Label == old && (by == nil || has) })
		for _, list := range b.Lists {
			if list.Label == old {
				list.Label = by
			}
		}
	}
}

// promote turns a project's label into one of its group, with the same id, and merges the labels with that name in
// the group's other projects into it.
func promote(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("name")
	ref := c.Params.Str("name")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	p, err := c.Project()
	if err != nil {
		return rest.Reply{}, err
	}
	refused := failure.Text(http.StatusBadRequest, "Failed to promote project label to group label")
	switch {
	case p.Group == nil:
		return rest.Reply{}, refused
	case !access.MayPlanGroup(c.User, p.Group):
		return rest.Reply{}, failure.Forbidden()
	}
	l := find(Of(store.Parent{Project: p}, directGroup), ref.Value)
	switch {
	case l == nil:
		return rest.Reply{}, failure.NotFound("Label")
	case l.Parent.Group != nil, slices.ContainsFunc(p.Group.Labels, func(x *store.Label) bool { return x.Name == l.Name }):
		return rest.Reply{}, refused
	}
	p.Labels = slices.DeleteFunc(p.Labels, func(x *store.Label) bool { return x == l })
	l.Parent = store.Parent{Group: p.Group}
	p.Group.Labels = append(p.Group.Labels, l)
	for _, sibling := range c.Store.ProjectsWithin(p.Group) {
		for _, other := range slices.Clone(sibling.Labels) {
			if other.Name == l.Name {
				replace(c.Store, other, l)
			}
		}
	}
	return answer(c, http.StatusOK, store.Parent{Group: p.Group}, l)
}
