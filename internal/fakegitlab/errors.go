package fakegitlab

import (
	"errors"
	"net/http"
	"slices"
	"strings"
)

// failure is a refusal: a status and one of GitLab's five error bodies. Handlers return it as their error.
type failure struct {
	status int
	body   []byte
	header http.Header
}

func (f *failure) Error() string { return string(f.body) }

// asFailure unwraps a refusal; any other error is a fault of this package and becomes GitLab's 500.
func asFailure(err error) *failure {
	var f *failure
	if errors.As(err, &f) {
		return f
	}
	return errText(http.StatusInternalServerError, "500 Internal Server Error")
}

func errorBody(status int, write func(e *enc)) *failure {
	e := &enc{}
	e.open('{')
	write(e)
	e.shut('}')
	return &failure{status: status, body: e.b}
}

// errParam is shape 1, the parameter check: {"error":"title is missing"}.
func errParam(text string) *failure {
	return errorBody(http.StatusBadRequest, func(e *enc) { e.str("error", text) })
}

// fieldError is what a validation says about one field.
type fieldError struct {
	field string
	texts []string
}

// onField is what a validation says about one field.
func onField(field string, texts ...string) fieldError { return fieldError{field, texts} }

// errModel is shape 2, model validation: {"message":{"title":["can't be blank"]}}.
func errModel(fields ...fieldError) *failure {
	return errorBody(http.StatusBadRequest, func(e *enc) {
		e.key("message")
		e.open('{')
		for _, f := range fields {
			e.strs(f.field, f.texts)
		}
		e.shut('}')
	})
}

// errField is shape 2 for one field and one text.
func errField(field, text string) *failure {
	return errModel(onField(field, text))
}

// errText is shape 3, the plain string: {"message":"404 Project Not Found"}.
func errText(status int, text string) *failure {
	return errorBody(status, func(e *enc) { e.str("message", text) })
}

// errPrinted is shape 4: a sentence with a printed Ruby hash at its end, in the print form up to Ruby 3.3.
func errPrinted(sentence string, fields ...fieldError) *failure {
	return errText(http.StatusBadRequest, sentence+" "+printHash(fields))
}

// printHash prints fields as Ruby's inspect does: {:title=>["can't be blank"]}.
func printHash(fields []fieldError) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, f := range fields {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(":" + f.field + "=>[")
		for j, t := range f.texts {
			if j > 0 {
				b.WriteString(", ")
			}
			b.WriteString(`"` + strings.ReplaceAll(strings.ReplaceAll(t, `\`, `\\`), `"`, `\"`) + `"`)
		}
		b.WriteByte(']')
	}
	b.WriteByte('}')
	return b.String()
}

// errObject is shape 5: {"message":{"error":"Label not found!"}}.
func errObject(status int, text string) *failure {
	return errorBody(status, func(e *enc) {
		e.key("message")
		e.open('{')
		e.str("error", text)
		e.shut('}')
	})
}

// errNotFound is the explicit 404 with a noun: `404 Project Not Found`.
func errNotFound(noun string) *failure {
	return errText(http.StatusNotFound, "404 "+noun+" Not Found")
}

// errNoRecord is the 404 of a failed record lookup, without a noun.
func errNoRecord() *failure { return errText(http.StatusNotFound, "404 Not found") }

func errForbidden() *failure { return errText(http.StatusForbidden, "403 Forbidden") }

func errUnauthorized() *failure { return errText(http.StatusUnauthorized, "401 Unauthorized") }

// errConflict is a 409 in the plain shape.
func errConflict(text string) *failure { return errText(http.StatusConflict, text) }

func errPrecondition() *failure {
	return errText(http.StatusPreconditionFailed, "412 Precondition Failed")
}

// errTooMany is the application limit's 429: JSON, and no Retry-After.
func errTooMany() *failure {
	return errObject(http.StatusTooManyRequests, "This endpoint has been requested too many times. Try again later.")
}

// errUnknownRoute is the only 404 that means a wrong address; its key is error.
func errUnknownRoute() *failure {
	return errorBody(http.StatusNotFound, func(e *enc) { e.str("error", "404 Not Found") })
}

func errNotAllowed(methods []string) *failure {
	f := errorBody(http.StatusMethodNotAllowed, func(e *enc) { e.str("error", "405 Not Allowed") })
	slices.Sort(methods)
	f.header = http.Header{"Allow": {strings.Join(slices.Compact(methods), ", ")}}
	return f
}

func errGone() *failure {
	return errorBody(http.StatusGone, func(e *enc) {
		e.str("error", "API V3 is no longer supported. Use API V4 instead.")
	})
}

func errMalformed() *failure { return errParam("message body does not match declared format") }

// errMalformedText is the refusal of NUL bytes and of what is no UTF-8, wherever they stand in a request.
func errMalformedText() *failure {
	return &failure{
		status: http.StatusBadRequest,
		body:   []byte("Bad Request"),
		header: http.Header{"Content-Type": {"text/plain"}},
	}
}

// errTooLong is what stands in front of GitLab refusing an address.
func errTooLong() *failure {
	return &failure{
		status: http.StatusRequestURITooLong,
		body:   []byte("<html><head><title>414 Request-URI Too Large</title></head></html>\n"),
		header: http.Header{"Content-Type": {"text/html"}},
	}
}

// errPage answers for everything outside the API, where GitLab has web pages.
func errPage() *failure {
	return &failure{
		status: http.StatusNotFound,
		body:   []byte("<!DOCTYPE html><title>The page could not be found (404)</title>\n"),
		header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
	}
}
