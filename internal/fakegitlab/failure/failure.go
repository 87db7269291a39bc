// Package failure has GitLab's refusals: a status and one of its five error bodies. Start with Failure; the other
// functions create one. Of the other packages it imports only the JSON encoder.
package failure

import (
	"errors"
	"net/http"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
)

// Failure is a refusal: a status and one of GitLab's five error bodies. Handlers return it as their error.
type Failure struct {
	Layer  Layer
	Status int
	Body   []byte
	Header http.Header
}

// Layer is the part of GitLab that answers. The headers of an answer depend on it.
type Layer int

// The layers: the code of an endpoint, the handler of its exceptions, and the servers and middlewares in front of the API.
const (
	Endpoint Layer = iota
	Rescue
	Outside
)

// Error returns the body.
func (f *Failure) Error() string { return string(f.Body) }

// From unwraps a refusal; any other error is a bug in this package and becomes GitLab's 500.
func From(err error) *Failure {
	var f *Failure
	if errors.As(err, &f) {
		return f
	}
	return Crash()
}

// Crash is GitLab's 500, for the inputs on which a real GitLab fails.
func Crash() *Failure {
	f := Text(http.StatusInternalServerError, "500 Internal Server Error")
	f.Layer = Rescue
	return f
}

// JSON creates a refusal whose body is an object with the fields that write writes.
func JSON(status int, write func(e *jsonenc.Encoder)) *Failure {
	e := &jsonenc.Encoder{}
	e.Open('{')
	write(e)
	e.Shut('}')
	return &Failure{Status: status, Body: e.Bytes}
}

// Param is shape 1, the parameter check: {"error":"title is missing"}.
func Param(text string) *Failure {
	return JSON(http.StatusBadRequest, func(e *jsonenc.Encoder) { e.Str("error", text) })
}

// Field holds the validation errors of one field.
type Field struct {
	Name  string
	Texts []string
}

// On returns the validation errors of one field.
func On(field string, texts ...string) Field { return Field{field, texts} }

// Model is shape 2, model validation: {"message":{"title":["can't be blank"]}}.
func Model(fields ...Field) *Failure {
	return JSON(http.StatusBadRequest, func(e *jsonenc.Encoder) {
		e.Key("message")
		e.Open('{')
		for _, f := range fields {
			e.Strs(f.Name, f.Texts)
		}
		e.Shut('}')
	})
}

// OnField is shape 2 with one field and one message.
func OnField(field, text string) *Failure {
	return Model(On(field, text))
}

// Text is shape 3, the plain string: {"message":"404 Project Not Found"}.
func Text(status int, text string) *Failure {
	return JSON(status, func(e *jsonenc.Encoder) { e.Str("message", text) })
}

// Printed is shape 4: a sentence that ends in a printed Ruby hash, in the notation of Ruby up to 3.3.
func Printed(sentence string, fields ...Field) *Failure {
	return Text(http.StatusBadRequest, sentence+" "+Hash(fields))
}

// Hash prints fields like Ruby's inspect: {:title=>["can't be blank"]}.
func Hash(fields []Field) string {
	var b strings.Builder
	b.WriteByte('{')
	for i, f := range fields {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(":" + f.Name + "=>[")
		for j, t := range f.Texts {
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

// Object is shape 5: {"message":{"error":"Label not found!"}}.
func Object(status int, text string) *Failure {
	return JSON(status, func(e *jsonenc.Encoder) {
		e.Key("message")
		e.Open('{')
		e.Str("error", text)
		e.Shut('}')
	})
}

// NotFound is the 404 that names the missing object: `404 Project Not Found`.
func NotFound(noun string) *Failure {
	return Text(http.StatusNotFound, "404 "+noun+" Not Found")
}

// NoRecord is the 404 of a failed record lookup, which names no object.
func NoRecord() *Failure {
	f := Text(http.StatusNotFound, "404 Not found")
	f.Layer = Rescue
	return f
}

// Forbidden is the plain 403.
func Forbidden() *Failure { return Text(http.StatusForbidden, "403 Forbidden") }

// Unauthorized is the plain 401.
func Unauthorized() *Failure { return Text(http.StatusUnauthorized, "401 Unauthorized") }

// Conflict is a 409 in the plain shape.
func Conflict(text string) *Failure { return Text(http.StatusConflict, text) }

// Precondition is the 412 for an If-Unmodified-Since that is older than the record.
func Precondition() *Failure {
	return Text(http.StatusPreconditionFailed, "412 Precondition Failed")
}

// TooMany is the 429 of an application limit: JSON, without Retry-After. That of the limit on notes is TooManyNotes.
func TooMany() *Failure {
	return Object(http.StatusTooManyRequests, "This endpoint has been requested too many times. Try again later.")
}

// TooManyNotes is the 429 of the limit on notes, the only application limit that says how long to wait.
func TooManyNotes() *Failure {
	f := TooMany()
	f.Header = http.Header{"Retry-After": {"60"}}
	return f
}

// UnknownRoute is the only 404 that means a wrong address, or a method that the address does not have; its key is
// "error".
func UnknownRoute() *Failure {
	return JSON(http.StatusNotFound, func(e *jsonenc.Encoder) { e.Str("error", "404 Not Found") })
}

// Gone is the 410 of API v3.
func Gone() *Failure {
	return JSON(http.StatusGone, func(e *jsonenc.Encoder) {
		e.Str("error", "API V3 is no longer supported. Use API V4 instead.")
	})
}

// OutsideAPI is a refusal by a middleware in front of the API: its answer has none of the API's headers.
func OutsideAPI(text string) *Failure {
	f := Param(text)
	f.Layer = Outside
	return f
}

// Malformed is the refusal of a cursor that this instance did not make.
func Malformed() *Failure { return Param("message body does not match declared format") }

// InvalidJSON is the refusal of a body that should be JSON.
func InvalidJSON() *Failure { return OutsideAPI("Invalid JSON format") }

// MalformedText is the refusal of NUL bytes and invalid UTF-8 anywhere in a request, and of a query or a form that cannot
// be read.
func MalformedText() *Failure {
	return &Failure{
		Layer:  Outside,
		Status: http.StatusBadRequest,
		Body:   []byte("Bad Request"),
		Header: http.Header{"Content-Type": {"text/plain"}},
	}
}

// AddressTooLong is the refusal of a long URL by the proxy in front of GitLab.
func AddressTooLong() *Failure {
	return byProxy(http.StatusRequestURITooLong, "414 Request-URI Too Large")
}

// BodyTooLarge is the refusal of a large body by the proxy in front of GitLab.
func BodyTooLarge() *Failure {
	return byProxy(http.StatusRequestEntityTooLarge, "413 Request Entity Too Large")
}

func byProxy(status int, title string) *Failure {
	return &Failure{
		Layer:  Outside,
		Status: status,
		Body:   []byte("<html><head><title>" + title + "</title></head></html>\n"),
		Header: http.Header{"Content-Type": {"text/html"}},
	}
}

// Page answers everything outside the API, where GitLab has web pages.
func Page() *Failure {
	return &Failure{
		Layer:  Outside,
		Status: http.StatusNotFound,
		Body:   []byte("<!DOCTYPE html><title>The page could not be found (404)</title>\n"),
		Header: http.Header{"Content-Type": {"text/html; charset=utf-8"}},
	}
}
