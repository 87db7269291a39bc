package fakegitlab

import (
	"net/http"
	"strings"
)

func (s *Server) metaRoutes() []route {
	return []route{
		get("/version", s.metadata).readUser(),
		get("/metadata", s.metadata).readUser(),
	}
}

func (s *Server) metadata(c *call) (reply, error) {
	return c.json(http.StatusOK, func(e *enc) {
		number, _, _ := strings.Cut(s.opts.Version, "-")
		e.open('{')
		e.str("version", s.opts.Version)
		e.str("revision", "9c1f0a4be21")
		e.key("kas")
		e.open('{')
		e.bool("enabled", false)
		e.null("externalUrl")
		e.null("externalK8sProxyUrl")
		e.str("version", number)
		e.shut('}')
		e.bool("enterprise", s.opts.enterprise())
		e.shut('}')
	})
}
