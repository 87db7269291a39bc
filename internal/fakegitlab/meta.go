package fakegitlab

import (
	"net/http"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
)

func metaRoutes() []rest.Route {
	return []rest.Route{
		rest.Get("/version", metadata).ReadUser(),
		rest.Get("/metadata", metadata).ReadUser(),
	}
}

func metadata(c *rest.Call) (rest.Reply, error) {
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		number, _, _ := strings.Cut(c.Store.Version, "-")
		e.Open('{')
		e.Str("version", c.Store.Version)
		e.Str("revision", "9c1f0a4be21")
		e.Key("kas")
		e.Open('{')
		e.Bool("enabled", false)
		e.Null("externalUrl")
		e.Null("externalK8sProxyUrl")
		e.Str("version", number)
		e.Shut('}')
		e.Bool("enterprise", c.Store.Edition.Enterprise())
		e.Shut('}')
	})
}
