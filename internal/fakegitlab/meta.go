package fakegitlab

import (
	"net/http"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
)

func metaRoutes() []rest.Route {
	return []rest.Route{
		rest.Get("/version", metadata).ReadUser(),
		rest.Get("/metadata", metadata).ReadUser(),
		rest.Get("/broadcast_messages", noMessages).Anonymous(),
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

// noMessages lists the messages of administrators to everybody: there are none.
func noMessages(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	return rest.List(c, pg, nil, func(*jsonenc.Encoder, any) {})
}
