package gitlab

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// pageSize is the largest page that GitLab returns.
const pageSize = 100

// call makes one request. params are one of client-go's option structs or nil: the query of a GET or DELETE, the body of
// anything else. at is the page of a list, or zero. accept decodes the answer; when it fails, the answer counts as lost.
// Errors are *Error, or the token's own.
func (c *Client) call(ctx context.Context, method, path string, params any, at span, accept transport.Accept) error {
	ctx = transport.WithAccept(ctx, accept)
	req, err := c.api.NewRequest(method, path, params, []client.RequestOptionFunc{client.WithContext(ctx)})
	if err != nil {
		return err
	}
	if at.size > 0 {
		q := req.URL.Query()
		q.Set("page", strconv.Itoa(at.number))
		q.Set("per_page", strconv.Itoa(at.size))
		req.URL.RawQuery = q.Encode()
	}
	_, err = c.api.Do(req, nil)
	return withoutURL(err)
}

// withoutURL is the error inside of a url.Error, which would repeat the whole address.
func withoutURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// delete also succeeds when the object is already gone, but not when its project or group is. GitLab answers without a body.
func (c *Client) delete(ctx context.Context, path string) error {
	err := c.call(ctx, http.MethodDelete, path, nil, span{}, func(_ http.Header, body []byte) error {
		if len(bytes.TrimSpace(body)) > 0 {
			return errOther
		}
		return nil
	})
	if missing(err) {
		return nil
	}
	return err
}

// missing reports whether an error means that the object does not exist, although its project or group does.
func missing(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Class == fault.NotFound && !e.OwnerMissing()
}

// read reads one object.
func read[W identified, V any](ctx context.Context, c *Client, path string, params any, value func(W) V) (V, error) {
	return send(ctx, c, http.MethodGet, path, params, value, nil)
}

// readIf is read for an object whose address does not identify it: is reports whether the answer is the one that was asked for.
func readIf[W identified, V any](
	ctx context.Context, c *Client, path string, params any, value func(W) V, is func(V) bool,
) (V, error) {
	return send(ctx, c, http.MethodGet, path, params, value, is)
}

// update changes an object and turns the answer into a value. drops returns the requested parts that the value does not show: then the
// error matches [fault.Dropped], and the value is returned too.
func update[W identified, V any](
	ctx context.Context, c *Client, path string, params any, value func(W) V, drops func(V) []string,
) (V, error) {
	got, err := send(ctx, c, http.MethodPut, path, params, value, nil)
	if err != nil {
		return got, err
	}
	return got, dropped(http.MethodPut, path, drops(got))
}

// create is update for a new object. Its address names none, so is reports whether the answer is the one that was sent.
func create[W identified, V any](
	ctx context.Context, c *Client, path string, params any, value func(W) V, is func(V) bool, drops func(V) []string,
) (V, error) {
	got, err := send(ctx, c, http.MethodPost, path, params, value, is)
	if err != nil {
		return got, err
	}
	return got, dropped(http.MethodPost, path, drops(got))
}

// none is for requests of which GitLab drops no part.
func none[V any](V) []string { return nil }

// send makes one request and turns its answer into a value. An answer that is not the object asked for by the address and, unless it is
// nil, by is, counts as lost: see [transport.WithAccept].
func send[W identified, V any](
	ctx context.Context, c *Client, method, path string, params any, value func(W) V, is func(V) bool,
) (got V, err error) {
	asked := askedFor(path)
	err = c.call(ctx, method, path, params, span{}, func(_ http.Header, body []byte) error {
		var w W
		if err := unmarshal(body, &w); err != nil {
			return err
		}
		if err := asked.check(w.identity()); err != nil {
			return err
		}
		if got = value(w); is != nil && !is(got) {
			return errOther
		}
		return nil
	})
	if err != nil {
		return *new(V), err
	}
	return got, nil
}

// dropped is the error for parts of a write that GitLab dropped although it reported success; nil when there are none.
func dropped(method, path string, parts []string) error {
	if len(parts) == 0 {
		return nil
	}
	text := "GitLab accepted the request, but " + sentence(parts)
	return &Error{Method: method, Path: path, Attempts: 1, Class: fault.Dropped, Message: text}
}

func sentence(parts []string) string {
	return transport.OneLine(strings.Join(parts, "; "), transport.MessageLimit)
}

// notOffered makes an error match [fault.NotOffered] when this GitLab does not have the endpoint.
func notOffered(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.NoRoute() {
		e.Class = fault.NotOffered
	}
	return err
}

// unmarshal decodes what encoding/json would, in half the time or less: lists of issues run to hundreds of megabytes. The package is the
// standard library's json/v2 before its release.
func unmarshal(body []byte, out any) error {
	return json.Unmarshal(body, out, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// apiPath is the API path of something in a project or group; parts are joined as they are.
func apiPath(in target.Target, parts ...string) string {
	kind := "projects"
	if in.Kind == target.Group {
		kind = "groups"
	}
	return strings.Join(slices.Concat([]string{kind, url.PathEscape(in.Path)}, parts), "/")
}

// issuePath is the API path of an issue or of something in it.
func issuePath(ref issue.Ref, parts ...string) string {
	return apiPath(target.ProjectAt(ref.Project), slices.Concat([]string{"issues", id(ref.IID)}, parts)...)
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

// optional is nil for the zero value, so that it is not sent.
func optional[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// wireDate is a civil date or null.
type wireDate struct{ calendar.Date }

// UnmarshalText reads a date such as 2018-08-24.
func (d *wireDate) UnmarshalText(text []byte) (err error) {
	d.Date, err = calendar.ParseDate(string(text))
	return err
}

// isoDate is a date as client-go sends it; the zero date becomes null, which removes a date, and nil is not sent.
func isoDate(d *calendar.Date) *client.ISOTime {
	switch {
	case d == nil:
		return nil
	case d.IsZero():
		return new(client.ISOTime)
	}
	return new(client.ISOTime(d.Midnight(time.UTC)))
}

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
	return c.graphQL(ctx, text, variables, out)
}

// mutate is query for mutations, which are never repeated. GitLab carries out those it can: out has their data also after an error.
func (c *Client) mutate(ctx context.Context, text string, variables map[string]any, out any) error {
	return c.graphQL(transport.WithMutation(ctx), text, variables, out)
}

func (c *Client) graphQL(ctx context.Context, text string, variables map[string]any, out any) error {
	var got graphQLAnswer
	ctx = transport.WithAccept(ctx, func(_ http.Header, body []byte) error {
		got = graphQLAnswer{}
		if err := unmarshal(body, &got); err != nil {
			return err
		}
		if kind := got.Data.Kind(); kind != '{' {
			if len(got.Errors) > 0 {
				return nil
			}
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
		return c.wire.QueryError(message)
	}
	return nil
}

// globalID is how GraphQL names an object of a kind.
func globalID(kind string, id int64) string { return fmt.Sprintf("gid://gitlab/%s/%d", kind, id) }
