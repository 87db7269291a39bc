package user

import (
	"net/http"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// TokenRoutes returns the routes on which a personal access token finds out about itself.
func TokenRoutes() []rest.Route {
	const self = "/personal_access_tokens/self"
	return []rest.Route{
		rest.Get(self, getToken).WithAnyScope().NoPermission(),
		rest.Delete(self, revokeToken).WithAnyScope().NoPermission(),
	}
}

// ownToken returns the token of the request.
func ownToken(c *rest.Call) (*store.Token, error) {
	if c.Token.Kind != store.PersonalToken {
		return nil, failure.Text(http.StatusBadRequest,
			"400 Bad request - This endpoint requires token type to be a personal access token")
	}
	return c.Token, nil
}

func getToken(c *rest.Call) (rest.Reply, error) {
	t, err := ownToken(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { writeToken(e, c, t) })
}

func revokeToken(c *rest.Call) (rest.Reply, error) {
	t, err := ownToken(c)
	if err != nil {
		return rest.Reply{}, err
	}
	t.Revoked = true
	return rest.NoContent(), nil
}

// writeToken writes the token that is being used at this moment.
func writeToken(e *jsonenc.Encoder, c *rest.Call, t *store.Token) {
	e.Open('{')
	e.Num("id", t.ID)
	e.Str("name", t.Name)
	e.Bool("revoked", t.Revoked)
	e.Time("created_at", t.CreatedAt)
	e.Null("description")
	e.Strs("scopes", t.Scopes)
	e.Num("user_id", t.User.ID)
	e.Time("last_used_at", c.Store.Now())
	e.Bool("active", !t.Revoked)
	e.Str("expires_at", expiry(t))
	e.Strs("last_used_ips", []string{callerAddress})
	e.Shut('}')
}

// callerAddress replaces the address of the caller, which the instance does not keep: all callers are on one machine.
const callerAddress = "gitlab.example.com"

// expiry returns when the token expires. A seed's token without a date is valid for ever, but GitLab has no such tokens: it
// shows the longest validity.
func expiry(t *store.Token) string {
	if t.Expires != "" {
		return t.Expires
	}
	return t.CreatedAt.AddDate(0, 0, 365).Format(time.DateOnly)
}
