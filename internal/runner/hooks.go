package runner

import (
	"context"
	"time"

	"gitlab.com/prodctl/prodctl/internal/app"
	"gitlab.com/prodctl/prodctl/internal/workflow"
	"gitlab.com/prodctl/prodctl/pkg/hook"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// AddHooks adds the configured hooks of an event to what follows a planner's writes. made fills the document of the event, and reports
// whether this run made it. About a confidential issue only hooks that are configured for it run.
func AddHooks(s *app.Session, after *workflow.Afters, event hook.Event, made func([]workflow.Round, *jsonv1.Hook) bool) {
	follows := false
	for _, h := range s.Config.Hooks {
		follows = follows || h.Follows(event)
	}
	if !follows {
		return
	}
	after.AddAfter(func(rounds []workflow.Round) (work []workflow.After) {
		doc := jsonv1.NewHook(string(event), s.Time.Format(time.RFC3339), s.Config.Host)
		if !made(rounds, &doc) {
			return nil
		}
		for n, h := range s.Config.Hooks {
			if !h.Follows(event) || doc.Confidential && !h.Confidential {
				continue
			}
			audience := jsonv1.Anybody
			if h.Confidential {
				audience = jsonv1.Owner
			}
			name, own := h.Name(n), jsonv1.For(doc, audience)
			work = append(work, workflow.After{NotDone: name + " failed",
				Do: func(ctx context.Context) error { return s.Hook(ctx, name, h, own) }})
		}
		return work
	})
}
