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

// pageSize is the most that GitLab gives at once.
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
		return nil, u.Err // net/http would repeat the whole address
	}
	if err != nil {
		return nil, err
	}
	return resp.Response, nil
}

// do makes one request and decodes its answer into out, unless that is nil.
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

// delete succeeds when the object is gone, but not when the project or group is.
func (c *Client) delete(ctx context.Context, path string) error {
	err := c.do(ctx, http.MethodDelete, path, nil, nil)
	if missing(err) {
		return nil
	}
	return err
}

// gone reports whether an error says that the object itself is not there, while its project or group is.
func missing(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Class == fault.NotFound && !e.OwnerMissing()
}

// read is one object.
func read[W, V any](ctx context.Context, c *Client, path string, value func(W) V) (V, error) {
	return send(ctx, c, http.MethodGet, path, nil, value, nil)
}

// send makes one request and turns its answer into a value. drops, where given, are the parts of what was asked that the value does not
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

// dropped is the error for parts of a write that GitLab left out although it answered success; nil when there are none.
func dropped(method, path string, parts []string) error {
	if len(parts) == 0 {
		return nil
	}
	return &Error{Method: method, Path: path, Attempts: 1, Class: fault.Dropped, Message: "GitLab answered success, but " + sentence(parts)}
}

func sentence(parts []string) string {
	return transport.OneLine(strings.Join(parts, "; "), transport.MessageLimit)
}

// offered makes an error for an endpoint that this GitLab does not have match [fault.NotOffered].
func notOffered(err error) error {
	if e, ok := errors.AsType[*Error](err); ok && e.NoRoute() {
		e.Class = fault.NotOffered
	}
	return err
}

// decode reads what encoding/json would read, in half the time or less. What the standard library calls json/v2
// is this package; lists of issues run to hundreds of megabytes.
func (c *Client) decode(resp *http.Response, out any) error {
	if err := unmarshal(transport.Body(resp), out); err != nil {
		return c.wire.Unreadable(resp, err)
	}
	return nil
}

func unmarshal(body []byte, out any) error {
	return json.Unmarshal(body, out, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}

// at is the API path of something in a project or group; parts are joined as they are.
func apiPath(in target.Target, parts ...string) string {
	kind := "projects"
	if in.Kind == target.Group {
		kind = "groups"
	}
	return strings.Join(slices.Concat([]string{kind, url.PathEscape(in.Path)}, parts), "/")
}

// of is the API path of something of an issue.
func issuePath(ref issue.Ref, parts ...string) string {
	return apiPath(target.ProjectAt(ref.Project), slices.Concat([]string{"issues", id(ref.IID)}, parts)...)
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

// given is nil for what is not given, so that it is not sent.
func optional[T comparable](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return &v
}

// wireDate is a civil date or null.
type wireDate struct{ calendar.Date }

func (d *wireDate) UnmarshalText(text []byte) (err error) {
	d.Date, err = calendar.ParseDate(string(text))
	return err
}

// isoDate is a date as client-go sends it; the zero date becomes null, which takes a date away, and nil is not sent.
func isoDate(d *calendar.Date) *client.ISOTime {
	switch {
	case d == nil:
		return nil
	case d.IsZero():
		return new(client.ISOTime)
	}
	return new(client.ISOTime(d.Midnight(time.UTC)))
}
