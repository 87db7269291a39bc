package gitlab

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/go-json-experiment/json/jsontext"
	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
)

// graphQLAnswer is the answer to every query. GitLab also reports missing rights with status 200.
type graphQLAnswer struct {
	Data   jsontext.Value `json:"data"`
	Errors []struct {
		Message string `json:"message"`
	} `json:"errors"`
}

// query runs a GraphQL query, for what the REST API does not offer, and decodes its data into out. It is a read: there must be no mutation
// in it. Errors are *Error, also for a query that GitLab refused, wholly or in part. What the token may not see is null in the data.
func (c *Client) query(ctx context.Context, text string, variables map[string]any, out any) error {
	var got graphQLAnswer
	ctx = transport.WithAccept(ctx, func(_ http.Header, body []byte) error {
		got = graphQLAnswer{}
		if err := unmarshal(body, &got); err != nil {
			return err
		}
		if len(got.Errors) > 0 {
			return nil
		}
		if kind := got.Data.Kind(); kind != '{' {
			return errNothing
		}
		return unmarshal(got.Data, out)
	})
	params := client.GraphQLQuery{Query: text, Variables: variables}
	req, err := c.api.NewRequest(http.MethodPost, "graphql", params, []client.RequestOptionFunc{client.WithContext(ctx)})
	if err != nil {
		return err
	}
	req.URL = c.api.BaseURL().ResolveReference(&url.URL{Path: "../graphql"})
	if _, err := c.api.Do(req, nil); err != nil {
		return withoutURL(err)
	}
	if len(got.Errors) > 0 {
		message := transport.OneLine(cmp.Or(got.Errors[0].Message, "no reason given"), transport.MessageLimit)
		return &Error{Method: http.MethodPost, Path: "graphql", Attempts: 1, Status: http.StatusOK, Message: message}
	}
	return nil
}

// globalID is how GraphQL names an object of a kind.
func globalID(kind string, id int64) string { return fmt.Sprintf("gid://gitlab/%s/%d", kind, id) }
