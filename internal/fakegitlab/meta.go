package fakegitlab

import (
	"net/http"
	"strings"
)

func metaRoutes() []route {
	return []route{
		get("/version", metadata).readUser(),
		get("/metadata", metadata).readUser(),
	}
}

func metadata(c *call) (reply, error) {
	return c.json(http.StatusOK, func(e *enc) {
		number, _, _ := strings.Cut(c.s.version, "-")
		e.open('{')
		e.str("version", c.s.version)
		e.str("revision", "9c1f0a4be21")
		e.key("kas")
		e.open('{')
		e.bool("enabled", false)
		e.null("externalUrl")
		e.null("externalK8sProxyUrl")
		e.str("version", number)
		e.shut('}')
		e.bool("enterprise", c.s.enterprise())
		e.shut('}')
	})
}
