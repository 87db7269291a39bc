package fakegitlab

import (
	"net/http"
	"slices"
	"time"
)

// maxLinks is how many issues one issue can be linked with.
const maxLinks = 100

func linkRows(s *store) []route {
	if s.noLinks {
		return nil
	}
	const links = "/projects/:id/issues/:issue_iid/links"
	return []route{
		get(links, listLinks),
		post(links, createLink),
		get(links+"/:issue_link_id", getLink),
		del(links+"/:issue_link_id", deleteLink),
	}
}

// mayLink is the right to link issues of the project: Guest, in both projects.
func mayLink(u *user, p *project) bool {
	return !p.archived && !p.issuesDisabled && isMember(u, p)
}

// between two issues there is one link at most, in either direction.
func linkBetween(a, b *issue) *link {
	for _, l := range a.links {
		if other, _ := l.other(a); other == b {
			return l
		}
	}
	return nil
}

// relate links two issues unless they are linked already, and tells both.
func relate(s *store, source, target *issue, kind string, by *user, at time.Time) {
	if s.noLinks || source == target || linkBetween(source, target) != nil {
		return
	}
	l := &link{id: next(&s.last.link), source: source, target: target, kind: kind, createdAt: at}
	source.links = append(source.links, l)
	target.links = append(target.links, l)
	there, back := "marked this issue as related to ", "marked this issue as related to "
	if kind == blocks {
		there, back = "marked this issue as blocking ", "marked this issue as blocked by "
	}
	s.systemNote(source, by, there+target.reference(source.project))
	s.systemNote(target, by, back+source.reference(target.project))
}

// unrelate takes a link off both issues and tells them.
func unrelate(s *store, l *link, by *user) {
	is := func(x *link) bool { return x == l }
	l.source.links = slices.DeleteFunc(l.source.links, is)
	l.target.links = slices.DeleteFunc(l.target.links, is)
	s.systemNote(l.source, by, "removed the relation with "+l.target.reference(l.source.project))
	s.systemNote(l.target, by, "removed the relation with "+l.source.reference(l.target.project))
}

// other is the issue at the far end, and what the link is as seen from i.
func (l *link) other(i *issue) (*issue, string) {
	switch {
	case l.source == i:
		return l.target, l.kind
	case l.kind == blocks:
		return l.source, isBlockedBy
	}
	return l.source, l.kind
}

// listLinks is not paginated. Rows the caller cannot read are missing.
func listLinks(c *call) (reply, error) {
	i, err := issueOfPath(c)
	if err != nil {
		return reply{}, err
	}
	return c.json(http.StatusOK, func(e *enc) {
		e.open('[')
		for _, l := range i.links {
			other, kind := l.other(i)
			if !mayReadIssue(c.user, other) {
				continue
			}
			e.open('{')
			issueFields(e, c, other)
			e.num("issue_link_id", l.id)
			e.str("link_type", kind)
			e.time("link_created_at", l.createdAt)
			e.time("link_updated_at", l.createdAt)
			e.shut('}')
		}
		e.shut(']')
	})
}

// createLink has its own text for every refusal: see the cases.
func createLink(c *call) (reply, error) {
	c.p.require("target_project_id", "target_issue_iid")
	targetIID := c.p.int("target_issue_iid")
	kinds := []string{relatesTo}
	if c.s.enterprise() {
		kinds = append(kinds, blocks, isBlockedBy)
	}
	kind := c.p.enum("link_type", kinds...).or(relatesTo)
	targetProject := c.p.str("target_project_id")
	i, err := issueOfPath(c)
	if err != nil {
		return reply{}, err
	}
	p := c.s.findProject(targetProject.v)
	if p == nil || !mayReadProject(c.user, p) {
		return reply{}, errNotFound("Project")
	}
	target, err := c.issue(p, targetIID.v)
	if err != nil {
		return reply{}, err
	}
	if err := checkLink(c, i, target, kind); err != nil {
		return reply{}, err
	}
	source := i
	if kind == isBlockedBy {
		source, target, kind = target, i, blocks
	}
	relate(c.s, source, target, kind, c.user, c.s.stamp())
	return linkReply(c, http.StatusCreated, linkBetween(source, target), i)
}

// checkLink has the refusals in GitLab's order: that a link is there is told also to who may make none.
func checkLink(c *call, i, target *issue, kind string) error {
	switch {
	case kind != relatesTo && !c.s.edition.paid():
		return errText(http.StatusForbidden, "Blocked issues not available for current license")
	case linkBetween(i, target) != nil:
		return errText(http.StatusConflict, "Issue(s) already assigned")
	case !mayLink(c.user, i.project), !mayLink(c.user, target.project):
		return errText(http.StatusForbidden, "Couldn't link issue. You must have at least the Guest role in both projects.")
	case target == i:
		return errText(http.StatusUnprocessableEntity, i.reference(i.project)+" cannot be added: cannot be related to itself")
	case len(i.links) >= maxLinks || len(target.links) >= maxLinks:
		return errText(http.StatusUnprocessableEntity, target.reference(i.project)+
			" cannot be added: This item would exceed the maximum number of linked issues (100).")
	}
	return nil
}

// linkOfPath is the link of the path if it hangs on the issue and both ends can be read.
func linkOfPath(c *call) (*issue, *link, error) {
	id := c.p.int("issue_link_id")
	i, err := issueOfPath(c)
	if err != nil {
		return nil, nil, err
	}
	for _, l := range i.links {
		if other, _ := l.other(i); l.id == id.v && mayReadIssue(c.user, other) {
			return i, l, nil
		}
	}
	return nil, nil, errNoRecord()
}

func getLink(c *call) (reply, error) {
	i, l, err := linkOfPath(c)
	if err != nil {
		return reply{}, err
	}
	return linkReply(c, http.StatusOK, l, i)
}

// deleteLink answers with the link, unlike other DELETEs.
func deleteLink(c *call) (reply, error) {
	i, l, err := linkOfPath(c)
	if err != nil {
		return reply{}, err
	}
	if !mayLink(c.user, l.source.project) || !mayLink(c.user, l.target.project) {
		return reply{}, errForbidden()
	}
	unrelate(c.s, l, c.user)
	return linkReply(c, http.StatusOK, l, i)
}

// linkReply shows a link as seen from an issue, which is its source then.
func linkReply(c *call, status int, l *link, from *issue) (reply, error) {
	other, kind := l.other(from)
	return c.json(status, func(e *enc) {
		e.open('{')
		e.num("id", l.id)
		e.key("source_issue")
		writeIssue(e, c, from)
		e.key("target_issue")
		writeIssue(e, c, other)
		e.str("link_type", kind)
		e.time("link_created_at", l.createdAt)
		e.time("link_updated_at", l.createdAt)
		e.shut('}')
	})
}
