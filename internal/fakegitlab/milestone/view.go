package milestone

import (
	"strconv"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func answer(c *rest.Call, status int, m *store.Milestone) (rest.Reply, error) {
	return c.JSON(status, func(e *jsonenc.Encoder) { write(e, c, m) })
}

// write writes project_id or group_id, depending on the parent; the other key is absent.
func write(e *jsonenc.Encoder, c *rest.Call, m *store.Milestone) {
	e.Open('{')
	e.Num("id", m.ID)
	e.Num("iid", m.IID)
	web := c.Base.URL + "/"
	if p := m.Parent.Project; p != nil {
		e.Num("project_id", p.ID)
		web += p.FullPath()
	} else {
		e.Num("group_id", m.Parent.Group.ID)
		web += "groups/" + m.Parent.Group.FullPath()
	}
	e.Str("title", m.Title)
	e.StrOrEmpty("description", m.Description, m.Described)
	e.Str("state", m.State())
	e.Time("created_at", m.CreatedAt)
	e.Time("updated_at", m.UpdatedAt)
	e.StrOrNull("due_date", m.DueDate)
	e.StrOrNull("start_date", m.StartDate)
	e.Bool("expired", m.DueDate != "" && m.DueDate < c.Store.Today())
	e.Str("web_url", web+"/-/milestones/"+strconv.Itoa(m.IID))
	e.Shut('}')
}

// WriteOrNull writes a milestone field, null if there is none or it was deleted.
func WriteOrNull(e *jsonenc.Encoder, c *rest.Call, name string, m *store.Milestone) {
	if m == nil || m.Deleted {
		e.Null(name)
		return
	}
	e.Key(name)
	write(e, c, m)
}
