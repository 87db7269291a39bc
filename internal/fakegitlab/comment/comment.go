// Package comment shows comments and system notes of merge requests and in events. Start with Write. It
// has no endpoints, and who may read a comment is not decided here.
package comment

import (
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// On is what a comment is on.
type On struct {
	Project *store.Project
	Kind    string // Issue or MergeRequest
	ID, IID int
}

// Write writes a comment that changed nothing.
func Write(e *jsonenc.Encoder, c *rest.Call, n *store.Note, on On) {
	e.Open('{')
	e.Num("id", n.ID)
	e.Null("type")
	e.Str("body", n.Body)
	user.WriteOrNull(e, c, "author", n.Author)
	e.Time("created_at", n.CreatedAt)
	e.Time("updated_at", n.UpdatedAt)
	e.Bool("system", n.System)
	e.Num("noteable_id", on.ID)
	e.Str("noteable_type", on.Kind)
	e.Num("project_id", on.Project.ID)
	e.Bool("resolvable", false)
	e.Bool("confidential", n.Internal)
	e.Bool("internal", n.Internal)
	e.Bool("imported", false)
	e.Str("imported_from", "none")
	e.Num("noteable_iid", on.IID)
	e.Key("commands_changes")
	e.Raw("{}")
	e.Shut('}')
}
