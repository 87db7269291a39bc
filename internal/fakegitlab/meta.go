package fakegitlab

import (
	"net/http"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/markdown"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
)

func metaRoutes() []rest.Route {
	return []rest.Route{
		rest.Get("/version", metadata).ReadUser().Needs("read_metadata").OfInstance(),
		rest.Get("/metadata", metadata).ReadUser().Needs("read_metadata").OfInstance(),
		rest.Post("/markdown", renderMarkdown).NoPermission(),
		rest.Get("/broadcast_messages", noMessages).Anonymous().NoPermission(),
	}
}

func metadata(c *rest.Call) (rest.Reply, error) {
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		e.Open('{')
		e.Str("version", c.Store.Version)
		e.Str("revision", "9c1f0a4be21")
		e.Key("kas")
		e.Open('{')
		e.Bool("enabled", false)
		e.Null("externalUrl")
		e.Null("externalK8sProxyUrl")
		e.Null("version")
		e.Shut('}')
		e.Bool("enterprise", c.Store.Edition.Enterprise())
		e.Shut('}')
	})
}

// renderMarkdown renders a text as HTML.
func renderMarkdown(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("text")
	c.Params.Bool("gfm")
	text, project := c.Params.Str("text"), c.Params.Str("project")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	if project.OK() {
		if p := c.Store.ProjPaths[strings.ToLower(project.Value)]; p == nil || !access.MayReadProject(c.User, p) {
			return rest.Reply{}, failure.NotFound("Project")
		}
	}
	return c.JSON(http.StatusCreated, func(e *jsonenc.Encoder) {
		e.Open('{')
		e.Str("html", markdown.HTML(text.Value))
		e.Shut('}')
	})
}

// noMessages lists the messages of administrators to everybody: there are none.
func noMessages(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	return rest.List(c, pg, nil, func(*jsonenc.Encoder, any) {})
}
