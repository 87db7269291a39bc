package gitlab

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// wireLink is a link in an issue's list: the other issue, with the id and type of the link.
type wireLink struct {
	wireIssue
	LinkID   int64  `json:"issue_link_id"`
	LinkType string `json:"link_type"`
}

// wireLinks are an issue's links. GitLab sends them all in one answer, without pages.
type wireLinks []wireLink

func (all wireLinks) identity() identity {
	for _, w := range all {
		if w.LinkID == 0 || w.IID == 0 {
			return identity{}
		}
	}
	return identity{matches: true}
}

// wireNewLink is a link as GitLab sends it after it was created.
type wireNewLink struct {
	Source *wireIssue `json:"source_issue"`
	Target *wireIssue `json:"target_issue"`
}

func (w wireNewLink) identity() identity {
	return identity{matches: w.Source != nil && w.Target != nil}
}

// IssueLinks are the issue's links, oldest first. Links to issues that the token may not read are missing.
// A GitLab without links is an error that matches [fault.NotOffered].
func (c *Client) IssueLinks(ctx context.Context, ref issue.Ref) ([]issue.Link, error) {
	links, err := read(ctx, c, issuePath(ref, "links"), nil, func(all wireLinks) (links []issue.Link) {
		for _, w := range all {
			links = append(links, issue.Link{ID: w.LinkID, Type: w.LinkType, Issue: w.value("")})
		}
		return links
	})
	return links, notOffered(err)
}

// CreateLink links two issues. An existing link between them, in either direction and of any type, is left as it is.
// An error matches [fault.NotOffered] when this GitLab has no links, one of the issues can have no more of them, or the token may
// not link these issues or see the other one.
func (c *Client) CreateLink(ctx context.Context, from, to issue.Ref) (existed bool, err error) {
	opt := &client.CreateIssueLinkOptions{TargetProjectID: &to.Project, TargetIssueIID: new(id(to.IID))}
	post := func() (bool, error) {
		_, err := create(ctx, c, issuePath(from, "links"), opt, func(w wireNewLink) wireNewLink { return w }, func(got wireNewLink) bool {
			return got.Source.IID == from.IID && got.Target.IID == to.IID
		}, none)
		e, ok := errors.AsType[*Error](err)
		switch {
		case ok && e.Status == http.StatusConflict && strings.Contains(e.Message, "already assigned"):
			return true, nil
		case ok && linkRefused(e):
			// No license is needed for the links that prodctl makes, so a refusal is about the role.
			e.Class, e.Denied = fault.NotOffered, e.Status == http.StatusForbidden
		}
		return false, err
	}
	linked, existed, err := createNamed(ctx, c, post, func() (bool, bool, error) { return c.findLink(ctx, from, to) })
	return linked || existed, err
}

func (c *Client) findLink(ctx context.Context, from, to issue.Ref) (linked, ok bool, err error) {
	links, err := c.IssueLinks(ctx, from)
	linked = slices.ContainsFunc(links, func(l issue.Link) bool {
		return strings.EqualFold(l.Issue.Ref.Project, to.Project) && l.Issue.Ref.IID == to.IID
	})
	return linked, linked, err
}

// linkRefused reports whether the answer means that a link is not possible, for any reason.
func linkRefused(e *Error) bool {
	switch e.Status {
	case http.StatusForbidden, http.StatusNotFound:
		return !e.ReadOnly()
	}
	return e.Status == http.StatusUnprocessableEntity && strings.Contains(e.Message, "maximum number")
}
