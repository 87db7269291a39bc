package label

import (
	"html"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// tally counts the issues and merge requests with a label.
type tally struct{ open, closed, mergeRequests int }

// count counts what the caller may read in the project or below the group.
func count(c *rest.Call, o store.Parent) map[*store.Label]tally {
	projects := []*store.Project{o.Project}
	if o.Group != nil {
		projects = c.Store.ProjectsWithin(o.Group)
	}
	counts := map[*store.Label]tally{}
	for _, p := range projects {
		if !access.MayReadIssues(c.User, p) {
			continue
		}
		all := access.MayReadInternal(c.User, p)
		for _, i := range p.Issues {
			if !all && !access.MayReadIssue(c.User, i) {
				continue
			}
			for _, l := range i.Labels {
				n := counts[l]
				if i.Closed {
					n.closed++
				} else {
					n.open++
				}
				counts[l] = n
			}
		}
		for _, mr := range p.MergeRequests {
			for _, l := range mr.Labels {
				if n := counts[l]; mr.State == "opened" {
					n.mergeRequests++
					counts[l] = n
				}
			}
		}
	}
	return counts
}

// listing is where labels are viewed from, and their counts.
type listing struct {
	parent store.Parent
	viewer *store.User
	counts map[*store.Label]tally // nil: no counts requested
}

func (v listing) write(e *jsonenc.Encoder, l *store.Label) {
	e.Open('{')
	e.Num("id", l.ID)
	e.Str("name", l.Name)
	e.StrOrNull("description", l.Description)
	e.Str("description_html", htmlText(l.Description))
	e.Str("text_color", textColor(l.Color))
	e.Str("color", l.Color)
	if v.counts != nil {
		n := v.counts[l]
		e.Num("open_issues_count", n.open)
		e.Num("closed_issues_count", n.closed)
		e.Num("open_merge_requests_count", n.mergeRequests)
	}
	e.Bool("subscribed", l.Subscribed(v.viewer, v.parent.Project))
	if p := v.parent.Project; p != nil {
		if priority, ok := p.Priorities[l]; ok {
			e.Num("priority", priority)
		} else {
			e.Null("priority")
		}
		e.Bool("is_project_label", l.Parent.Project != nil)
	}
	e.Shut('}')
}

func answer(c *rest.Call, status int, o store.Parent, l *store.Label) (rest.Reply, error) {
	view := listing{parent: o, viewer: c.User}
	return c.JSON(status, func(e *jsonenc.Encoder) { view.write(e, l) })
}

// Write writes a label inside another object.
func Write(e *jsonenc.Encoder, l *store.Label) {
	e.Open('{')
	e.Num("id", l.ID)
	e.Str("name", l.Name)
	e.StrOrNull("description", l.Description)
	e.Str("description_html", htmlText(l.Description))
	e.Str("text_color", textColor(l.Color))
	e.Str("color", l.Color)
	e.Shut('}')
}

// htmlText renders a description as HTML; label descriptions are one line without Markdown.
func htmlText(text string) string { return html.EscapeString(text) }
