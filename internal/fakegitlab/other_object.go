package fakegitlab

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// otherObject returns, as JSON, another object of the kind that a request is about: for one that creates, the last one in
// its list; for one about an object, another one of the same list, or the same part of it; for one about a list, a row
// instead. It is empty if the caller may see no other.
func (s *Server) otherObject(x *exchange) []byte {
	path := strings.TrimPrefix(strings.TrimPrefix(x.Path, x.Base.Root), "/api/v4")
	if x.Request.Method == http.MethodPost {
		rows := rowsOf(s.look(x, path))
		if len(rows) == 0 {
			return nil
		}
		return rows[len(rows)-1]
	}
	if rows := rowsOf(s.look(x, path)); len(rows) > 0 {
		return rows[0]
	}
	return s.sibling(x, path)
}

// sibling returns what is at the path with its last identifier replaced by another one of the same list.
func (s *Server) sibling(x *exchange, path string) []byte {
	segments := strings.Split(strings.Trim(path, "/"), "/")
	at := lastIdentifier(segments)
	if at < 0 {
		return nil
	}
	for _, row := range rowsOf(s.look(x, "/"+strings.Join(segments[:at], "/"))) {
		names := identifiersOf(row, segments[at-1])
		if len(names) == 0 || slices.Contains(names, segments[at]) {
			continue
		}
		segments[at] = names[0]
		return s.look(x, "/"+strings.Join(segments, "/"))
	}
	return nil
}

// lastIdentifier returns the position of the last identifier in a path, -1 if there is none.
func lastIdentifier(segments []string) int {
	for i := len(segments) - 1; i > 0; i-- {
		if _, err := strconv.Atoi(segments[i]); err == nil || i == 1 {
			return i
		}
	}
	return -1
}

// identifiersOf returns by what a path may name the row of a collection.
func identifiersOf(row []byte, collection string) []string {
	var w struct {
		ID   int64  `json:"id"`
		IID  int64  `json:"iid"`
		Path string `json:"path_with_namespace"`
		Full string `json:"full_path"`
	}
	if json.Unmarshal(row, &w) != nil {
		return nil
	}
	switch collection {
	case "issues", "merge_requests":
		return []string{strconv.FormatInt(w.IID, 10)}
	case "projects", "groups":
		return []string{url.PathEscape(w.Path + w.Full), strconv.FormatInt(w.ID, 10)}
	}
	return []string{strconv.FormatInt(w.ID, 10)}
}

// look reads a path as the caller of x, without faults and request log; empty if that is refused.
func (s *Server) look(x *exchange, path string) []byte {
	r, err := http.NewRequest(http.MethodGet, x.Base.Root+"/api/v4"+path, nil)
	if err != nil {
		return nil
	}
	own := s.newExchange(r)
	own.User, own.Token = x.User, x.Token
	if rep := s.answer(own); rep.Status == http.StatusOK {
		return rep.Body
	}
	return nil
}

// rowsOf splits a list into its rows; anything else has none.
func rowsOf(body []byte) (rows []json.RawMessage) {
	if !bytes.HasPrefix(body, []byte("[")) {
		return nil
	}
	if json.Unmarshal(body, &rows) != nil {
		return nil
	}
	return rows
}
