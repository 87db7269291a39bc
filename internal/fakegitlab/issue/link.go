package issue

import (
	"net/http"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/edit"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// maxLinks is how many links one issue can have.
const maxLinks = 100

func linkRows(noLinks bool) []rest.Route {
	if noLinks {
		return nil
	}
	const links = "/projects/:id/issues/:issue_iid/links"
	return []rest.Route{
		rest.Get(links, listLinks).Needs("read_issue_link"),
		rest.Post(links, createLink).Needs("create_issue_link"),
		rest.Get(links+"/:issue_link_id", getLink).Needs("read_issue_link"),
		rest.Delete(links+"/:issue_link_id", deleteLink).Needs("delete_issue_link"),
	}
}

// listLinks is not paginated. It leaves out issues that the caller cannot read.
func listLinks(c *rest.Call) (rest.Reply, error) {
	i, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		e.Open('[')
		for _, l := range i.Links {
			other, kind := l.Other(i)
			if !access.MayReadIssue(c.User, other) {
				continue
			}
			e.Open('{')
			fields(e, c, other)
			e.Num("issue_link_id", l.ID)
			e.Str("link_type", kind)
			e.Time("link_created_at", l.CreatedAt)
			e.Time("link_updated_at", l.CreatedAt)
			e.Shut('}')
		}
		e.Shut(']')
	})
}

// createLink has a separate text for every refusal: see the cases.
func createLink(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("target_project_id", "target_issue_iid")
	targetIID := c.Params.Int("target_issue_iid")
	kinds := []string{store.RelatesTo}
	if c.Store.Edition.Enterprise() {
		kinds = append(kinds, store.Blocks, store.IsBlockedBy)
	}
	kind := c.Params.Enum("link_type", kinds...).Or(store.RelatesTo)
	targetProject := c.Params.Str("target_project_id")
	i, err := ofPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	p := i.Project // for null
	if !targetProject.Null {
		p = c.Store.FindProject(targetProject.Value)
	}
	if p == nil || !access.MayReadProject(c.User, p) {
		return rest.Reply{}, failure.NotFound("Project")
	}
	target, err := c.Issue(p, targetIID.Value)
	if err != nil {
		return rest.Reply{}, err
	}
	if err := checkLink(c, i, target, kind); err != nil {
		return rest.Reply{}, err
	}
	source := i
	if kind == store.IsBlockedBy {
		source, target, kind = target, i, store.Blocks
	}
	edit.Relate(c.Store, source, target, kind, c.User, c.Store.Stamp())
	return linkReply(c, http.StatusCreated, store.LinkBetween(source, target), i)
}

// checkLink refuses in GitLab's order: a caller without the right to link still learns that a link exists.
func checkLink(c *rest.Call, i, target *store.Issue, kind string) error {
	switch {
	case kind != store.RelatesTo && !c.Store.Edition.Paid():
		return failure.Text(http.StatusForbidden, "Blocked issues not available for current license")
	case store.LinkBetween(i, target) != nil:
		return failure.Text(http.StatusConflict, "Issue(s) already assigned")
	case !access.MayLink(c.User, i.Project), !access.MayLink(c.User, target.Project):
		return failure.Text(http.StatusForbidden, "Couldn't link issue. You must have at least the Guest role in both projects.")
	case target == i:
		return failure.Text(http.StatusUnprocessableEntity, i.Reference(i.Project)+" cannot be added: cannot be related to itself")
	case len(i.Links) >= maxLinks || len(target.Links) >= maxLinks:
		return failure.Text(http.StatusUnprocessableEntity, target.Reference(i.Project)+
			" cannot be added: This item would exceed the maximum number of linked issues (100).")
	}
	return nil
}

// linkOfPath returns the link of the path if it belongs to the issue and both ends can be read.
func linkOfPath(c *rest.Call) (*store.Issue, *store.Link, error) {
	id := c.Params.Int("issue_link_id")
	i, err := ofPath(c)
	if err != nil {
		return nil, nil, err
	}
	for _, l := range i.Links {
		if other, _ := l.Other(i); l.ID == id.Value && access.MayReadIssue(c.User, other) {
			return i, l, nil
		}
	}
	return nil, nil, failure.NoRecord()
}

func getLink(c *rest.Call) (rest.Reply, error) {
	i, l, err := linkOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return linkReply(c, http.StatusOK, l, i)
}

// deleteLink answers with the link, unlike other DELETEs.
func deleteLink(c *rest.Call) (rest.Reply, error) {
	i, l, err := linkOfPath(c)
	if err != nil {
		return rest.Reply{}, err
	}
	if !access.MayLink(c.User, l.Source.Project) || !access.MayLink(c.User, l.Target.Project) {
		return rest.Reply{}, failure.Forbidden()
	}
	edit.Unrelate(c.Store, l, c.User)
	return linkReply(c, http.StatusOK, l, i)
}

// linkReply shows a link as seen from an issue, which becomes its source.
func linkReply(c *rest.Call, status int, l *store.Link, from *store.Issue) (rest.Reply, error) {
	other, kind := l.Other(from)
	return c.JSON(status, func(e *jsonenc.Encoder) {
		e.Open('{')
		e.Num("id", l.ID)
		e.Key("source_issue")
		writeBasic(e, c, from)
		e.Key("target_issue")
		writeBasic(e, c, other)
		e.Str("link_type", kind)
		e.Shut('}')
	})
}
