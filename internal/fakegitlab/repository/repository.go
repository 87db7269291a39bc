// Package repository serves the branches and files of a project's repository, which is read-only. Start with Routes. The state is
// in package store, not here.
package repository

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"path"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

// Routes returns the routes for branches and files.
func Routes() []rest.Route {
	return []rest.Route{
		rest.Get("/projects/:id/repository/branches", listBranches).Anonymous().NoPermission(),
		rest.Get("/projects/:id/repository/branches/:branch", getBranch).Anonymous().NoPermission(),
		rest.Get("/projects/:id/repository/files/:file_path", getFile).Anonymous().NoPermission(),
	}
}

// projectOf checks the parameters and finds the project of the path, whose code the user must be allowed to read.
func projectOf(c *rest.Call) (*store.Project, error) {
	if err := c.Params.Err(); err != nil {
		return nil, err
	}
	p, err := c.Project()
	if err != nil {
		return nil, err
	}
	if !access.MayReadCode(c.User, p) {
		return nil, failure.Forbidden()
	}
	return p, nil
}

func listBranches(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	p, err := projectOf(c)
	if err != nil {
		return rest.Reply{}, err
	}
	return rest.List(c, pg, p.Branches, func(e *jsonenc.Encoder, b *store.Branch) { writeBranch(e, c, p, b) })
}

func getBranch(c *rest.Call) (rest.Reply, error) {
	name := c.Params.Text("branch")
	p, err := projectOf(c)
	if err != nil {
		return rest.Reply{}, err
	}
	b := p.BranchAt(name)
	if b == nil || b.Name != name {
		return rest.Reply{}, failure.NotFound("Branch")
	}
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) { writeBranch(e, c, p, b) })
}

func writeBranch(e *jsonenc.Encoder, c *rest.Call, p *store.Project, b *store.Branch) {
	web := c.Base.URL + "/" + p.FullPath() + "/-/"
	mayPush := access.MayMerge(c.User, p) && (!b.Protected || access.MayAdmin(c.User, p))
	e.Open('{')
	e.Str("name", b.Name)
	e.Key("commit")
	e.Open('{')
	e.Str("id", b.Commit)
	e.Str("short_id", b.Commit[:8])
	e.Time("created_at", b.CommittedAt)
	e.Strs("parent_ids", nil)
	e.Str("title", "Add files")
	e.Str("message", "Add files")
	e.Time("committed_date", b.CommittedAt)
	e.Str("web_url", web+"commit/"+b.Commit)
	e.Shut('}')
	e.Bool("merged", false)
	e.Bool("protected", b.Protected)
	e.Bool("developers_can_push", false)
	e.Bool("developers_can_merge", false)
	e.Bool("can_push", mayPush)
	e.Bool("default", b.Name == p.DefaultBranch())
	e.Str("web_url", web+"tree/"+b.Name)
	e.Shut('}')
}

func getFile(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("ref")
	name, ref := c.Params.Text("file_path"), c.Params.Text("ref")
	p, err := projectOf(c)
	if err != nil {
		return rest.Reply{}, err
	}
	b := p.BranchAt(ref)
	if b == nil {
		return rest.Reply{}, failure.NotFound("Commit")
	}
	content, ok := b.Files[name]
	if !ok {
		return rest.Reply{}, failure.NotFound("File")
	}
	sum := sha256.Sum256([]byte(content))
	return c.JSON(http.StatusOK, func(e *jsonenc.Encoder) {
		e.Open('{')
		e.Str("file_name", path.Base(name))
		e.Str("file_path", name)
		e.Num("size", len(content))
		e.Str("encoding", "base64")
		e.Str("content", base64.StdEncoding.EncodeToString([]byte(content)))
		e.Str("content_sha256", hex.EncodeToString(sum[:]))
		e.Str("ref", ref)
		e.Str("blob_id", hex.EncodeToString(sum[:20]))
		e.Str("commit_id", b.Commit)
		e.Str("last_commit_id", b.Commit)
		e.Bool("execute_filemode", false)
		e.Shut('}')
	})
}
