package gitlab

import (
	"context"
	"errors"
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
// anything else. page is 0 or the page of a list. Errors are *Error, or the token's own.
func (c *Client) call(ctx context.Context, method, path string, params any, page int) (*http.Response, error) {
	req, err := c.api.NewRequest(method, path, params, []client.RequestOptionFunc{client.WithContext(ctx)})
	if err != nil {
		return nil, err
	}
	if page > 0 {
		q := req.URL.Query()
		q.Set("page", strconv.Itoa(page))
		q.Set("per_page", strconv.Itoa(pageSize))
		req.URL.RawQuery = q.Encode()
	}
	resp, err := c.api.Do(req, nil)
	if u, ok := errors.AsType[*url.Error](err); ok {
		return nil, u.Err // the url.Error would repeat the whole address
	}
	if err != nil {
		return nil, err
	}
	return resp.Response, nil
}

// do makes one request and decodes its answer into out, unless out is nil.
func (c *Client) do(ctx context.Context, method, path string, params, out any) error {
	resp, err := c.call(ctx, method, path, params, 0)
	if err != nil || out == nil {
		return err
	}
	return c.decode(resp, out)
}

func (c *Client) get(ctx context.Context, path string, params, out any) error {
	return c.do(ctx, http.MethodGet, path, params, out)
}

// delete also succeeds when the object is already gone, but not when its project or group is.
func (c *Client) delete(ctx context.Context, path string) error {
	err := c.do(ctx, http.MethodDelete, path, nil, nil)
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
func read[W, V any](ctx context.Context, c *Client, path string, value func(W) V) (V, error) {
	return send(ctx, c, http.MethodGet, path, nil, value, nil)
}

// send makes one request and turns its answer into a value. drops, unless nil, returns the requested parts that the value does not
// show: then the error matches [fault.Dropped], and the value is returned too.
func send[W, V any](
	ctx context.Context, c *Client, method, path string, params any, value func(W) V, drops func(V) []string,
) (got V, err error) {
	var w W
	if err := c.do(ctx, method, path, params, &w); err != nil {
		return got, err
	}
	got = value(w)
	if drops == nil {
		return got, nil
	}
	return got, dropped(method, path, drops(got))
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

// decode decodes what encoding/json would, in half the time or less: lists of issues run to hundreds of megabytes. The package is the
// standard library's json/v2 before its release.
func (c *Client) decode(resp *http.Response, out any) error {
	if err := unmarshal(transport.Body(resp), out); err != nil {
		return c.wire.Unreadable(resp, err)
	}
	return nil
}

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
