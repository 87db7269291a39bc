package activity

import (
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/comment"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/user"
)

// apart is the distance between the ids of two kinds of events.
const apart = 100_000_000

func (ev event) id() int { return ev.kind*apart + ev.number }

// actionName is what the event calls its action.
func (ev event) actionName() string {
	for _, a := range actions {
		if a.param == ev.action {
			return a.name
		}
	}
	return ev.action
}

// kindName is what the event says that it is about: of a comment the comment itself.
func (ev event) kindName() string {
	if ev.note != nil {
		return "Note"
	}
	return ev.target.kind
}

func (ev event) write(e *jsonenc.Encoder, c *rest.Call) {
	t := ev.target
	author, name, id, iid := 0, "", t.id, t.iid
	if ev.by != nil {
		author, name = ev.by.ID, ev.by.Username
	}
	if ev.note != nil {
		id, iid = ev.note.ID, ev.note.ID
	}
	e.Open('{')
	e.Num("id", ev.id())
	e.Num("project_id", t.project.ID)
	e.Str("action_name", ev.actionName())
	e.Num("target_id", id)
	e.Num("target_iid", iid)
	e.Str("target_type", ev.kindName())
	e.Num("author_id", author)
	e.Str("target_title", t.title)
	e.Time("created_at", ev.at)
	if ev.note != nil {
		e.Key("note")
		comment.Write(e, c, ev.note, comment.On{Project: t.project, Kind: t.kind, ID: t.id, IID: t.iid})
	}
	user.WriteOrNull(e, c, "author", ev.by)
	e.Bool("imported", false)
	e.Str("imported_from", "none")
	e.StrOrNull("author_username", name)
	e.Shut('}')
}
