// Package graphql answers GraphQL queries about the state, as GitLab does at /api/graphql: the operations that prodctl
// and its tests need, with GitLab's errors for all others. Start with Read and Run. The schema is data: each object's
// fields are rows in the file of its subject (issue.go, project.go, ...), and schema.go builds the types from them.
// Validation (validate.go), coercion of values (value.go) and execution (execute.go) know no type of GitLab's.
//
// Parsing is done by a library; nothing else of it is used. Of introspection, only __typename is served.
package graphql

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
)

// Path is where GraphQL is served, below the relative root.
const Path = "/api/graphql"

// Request is a parsed query. A request with problems has no operation.
type Request struct {
	doc       *ast.QueryDocument
	operation *ast.OperationDefinition
	variables map[string]any
	problems  []*problem
	refusal   *rest.Reply
}

// Read reads the query from the parameters of a request: query, variables and operationName. It uses no state.
func Read(c *rest.Call) *Request {
	variables, fault := variablesOf(c.Params.Values["variables"])
	if fault != "" {
		refusal := Refusal(http.StatusUnprocessableEntity, fault)
		return &Request{refusal: &refusal}
	}
	q := &Request{variables: variables}
	text, ok := c.Params.Values["query"].(string)
	if !ok {
		q.problems = []*problem{{message: "No query string was present"}}
		return q
	}
	if q.doc, q.problems = parse(text); q.problems == nil {
		q.choose(c.Params.Str("operationName").Value)
	}
	if q.Writes() && c.Reading() {
		refusal := Refusal(http.StatusUnprocessableEntity, "Mutations are forbidden in "+c.Request.Method+" requests")
		q.refusal = &refusal
	}
	return q
}

// variablesOf reads the variables: an object, or a text that holds one.
func variablesOf(v any) (variables map[string]any, fault string) {
	switch v := v.(type) {
	case nil:
		return nil, ""
	case map[string]any:
		return v, ""
	case string:
		if strings.TrimSpace(v) == "" {
			return nil, ""
		}
		return variablesIn(v)
	}
	text, _ := json.Marshal(v)
	return nil, "Unexpected parameter: " + string(text)
}

func variablesIn(text string) (variables map[string]any, fault string) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil || d.More() {
		return nil, "unexpected token at '" + text + "'"
	}
	return variablesOf(v)
}

// choose picks the operation to run.
func (q *Request) choose(name string) {
	switch all := q.doc.Operations; {
	case name != "":
		if q.operation = all.ForName(name); q.operation == nil {
			q.problems = []*problem{{message: "No operation named \"" + name + "\""}}
		}
	case len(all) == 1:
		q.operation = all[0]
	case len(all) > 1:
		q.problems = []*problem{{message: "An operation name is required"}}
	}
}

// Writes reports whether the operation is a mutation.
func (q *Request) Writes() bool { return q.operation != nil && q.operation.Operation == ast.Mutation }

// Run answers the query. The lock must be held, for a mutation exclusively. c.User is the caller, nil if anonymous;
// with readOnly set, mutations are refused.
func (q *Request) Run(c *rest.Call, readOnly bool) rest.Reply {
	if q.refusal != nil {
		return *q.refusal
	}
	r := &run{call: c, schema: schemaFor(c.Store.Edition), doc: q.doc, readOnly: readOnly}
	if q.problems != nil || q.operation == nil {
		return problemsOnly(q.problems)
	}
	if problems := r.validate(q.operation); len(problems) > 0 {
		return problemsOnly(problems)
	}
	if problems := r.bind(q.operation, q.variables); len(problems) > 0 {
		return problemsOnly(problems)
	}
	return r.answer(q.operation)
}

// Refusal returns an answer outside GraphQL: a status and one message.
func Refusal(status int, message string) rest.Reply {
	rep := problemsOnly([]*problem{{message: message}})
	rep.Status = status
	return rep
}

// header has what differs from the answers of the REST API.
func header() http.Header {
	return http.Header{"Content-Type": {"application/json; charset=utf-8"}}
}

func problemsOnly(all []*problem) rest.Reply {
	e := &jsonenc.Encoder{}
	e.Open('{')
	if all != nil {
		writeProblems(e, all)
	}
	e.Shut('}')
	return rest.Reply{Status: http.StatusOK, Body: e.Bytes, Header: header()}
}
