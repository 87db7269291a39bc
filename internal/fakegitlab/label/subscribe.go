package label

import (
	"net/http"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
)

func subscribe(c *rest.Call) (rest.Reply, error) { return setSubscription(c, true) }

func unsubscribe(c *rest.Call) (rest.Reply, error) { return setSubscription(c, false) }

// setSubscription answers 304 if nothing changes. Everybody who may read a label may subscribe to it.
func setSubscription(c *rest.Call, subscribed bool) (rest.Reply, error) {
	ref := c.Params.Str("name")
	if err := c.Params.Err(); err != nil {
		return rest.Reply{}, err
	}
	o, err := c.Parent()
	if err != nil {
		return rest.Reply{}, err
	}
	l := find(Of(o, Ancestors), ref.Value)
	switch {
	case l == nil:
		return rest.Reply{}, failure.NotFound("Label")
	case l.Subscribed(c.User, o.Project) == subscribed:
		return rest.Reply{Status: http.StatusNotModified}, nil
	}
	l.Subscribe(c.User, o.Project, subscribed)
	return answer(c, http.StatusCreated, o, l)
}
