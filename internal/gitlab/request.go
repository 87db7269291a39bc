package gitlab

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// pageSize is the most that GitLab gives at once.
const pageSize = 100

// answer is what came back when all went well.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// call makes one request. params are one of client-go's option structs or nil: the query of a GET or DELETE, the body of
// anything else. page is 0 or the page of a list. Errors are *Error, or the token's own.
func (c *Client) call(ctx context.Context, method, path string, params any, page int) (answer, error) {
	req, err := c.api.NewRequest(method, path, params, []client.RequestOptionFunc{client.WithContext(ctx)})
	if err != nil {
		return answer{}, err
	}
	if page > 0 {
		q := req.URL.Query()
		q.Set("page", strconv.Itoa(page))
		q.Set("per_page", strconv.Itoa(pageSize))
		req.URL.RawQuery = q.Encode()
	}
	resp, err := c.api.Do(req, nil)
	if err != nil {
		return answer{}, unwrapURL(err)
	}
	return answer{resp.StatusCode, resp.Header, resp.Body.(*wholeBody).all}, nil
}

// basedOnALook marks a PUT that replaces what was read right before, where GitLab offers no way to say so. It is sent once: by the time of
// another attempt somebody may have written, so whoever sends it looks again first. The error then says that it is passing.
func basedOnALook(ctx context.Context) context.Context {
	return context.WithValue(ctx, lookKey{}, true)
}

type lookKey struct{}

func isBasedOnALook(ctx context.Context) bool { return ctx.Value(lookKey{}) != nil }

// unwrapURL takes off what net/http puts around the transport's errors; it would repeat the whole address.
func unwrapURL(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// do makes one request and decodes its answer into out, unless that is nil.
func (c *Client) do(ctx context.Context, method, path string, params, out any) error {
	a, err := c.call(ctx, method, path, params, 0)
	if err != nil || out == nil {
		return err
	}
	return c.decode(a, method, path, out)
}

func (c *Client) get(ctx context.Context, path string, params, out any) error {
	return c.do(ctx, http.MethodGet, path, params, out)
}

// decode fails with an error of class Unknown after a write: it was carried out, but what came of it cannot be told.
func (c *Client) decode(a answer, method, path string, out any) error {
	err := unmarshal(a.body, out)
	if err == nil {
		return nil
	}
	e := &Error{Method: method, Path: c.wire.token.scrub(path), Status: a.status, RequestID: c.wire.token.scrub(requestID(a.header)), Attempts: 1, Err: err}
	if method != http.MethodGet {
		e.Class = unknown
	}
	return e
}

// at is the API path of something in a project or group; parts are joined as they are.
func at(in target.Target, parts ...string) string {
	path := "projects/"
	if in.Kind == target.Group {
		path = "groups/"
	}
	path += url.PathEscape(in.Path)
	for _, p := range parts {
		path += "/" + p
	}
	return path
}

// of is the API path of something of an issue.
func of(ref issue.Ref, parts ...string) string {
	return at(target.ProjectAt(ref.Project), append([]string{"issues", id(ref.IID)}, parts...)...)
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

// unmarshal reads what encoding/json would read, in half the time or less. What the standard library calls json/v2
// is this package; lists of issues run to hundreds of megabytes.
func unmarshal(body []byte, out any) error {
	return json.Unmarshal(body, out, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
}
