package deploy

import (
	"net/http"
	"slices"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab/access"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/failure"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/jsonenc"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/param"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/rest"
	"gitlab.com/prodctl/prodctl/internal/fakegitlab/store"
)

func listFreezes(c *rest.Call) (rest.Reply, error) {
	pg := c.Paging()
	p, err := projectOf(c, access.MayReadFreezes)
	if err != nil {
		return rest.Reply{}, err
	}
	return rest.List(c, pg, p.FreezePeriods, writeFreeze)
}

// freezeOf returns the freeze period of the path with its project.
func freezeOf(c *rest.Call, may right) (*store.Project, *store.FreezePeriod, error) {
	id := c.Params.Int("freeze_period_id")
	p, err := projectOf(c, may)
	if err != nil {
		return nil, nil, err
	}
	f, err := find(p.FreezePeriods, func(f *store.FreezePeriod) int { return f.ID }, id.Value)
	return p, f, err
}

func getFreeze(c *rest.Call) (rest.Reply, error) {
	_, f, err := freezeOf(c, access.MayReadFreezes)
	if err != nil {
		return rest.Reply{}, err
	}
	return answerFreeze(c, http.StatusOK, f)
}

func answerFreeze(c *rest.Call, status int, f *store.FreezePeriod) (rest.Reply, error) {
	return c.JSON(status, func(e *jsonenc.Encoder) { writeFreeze(e, f) })
}

// createFreeze does not mind if there is such a period already.
func createFreeze(c *rest.Call) (rest.Reply, error) {
	c.Params.Require("freeze_start", "freeze_end")
	f := &store.FreezePeriod{}
	readFreeze(c.Params, f)
	p, err := projectOf(c, access.MayFreeze)
	if err != nil {
		return rest.Reply{}, err
	}
	if errs := checkFreeze(f); len(errs) > 0 {
		return rest.Reply{}, failure.Model(errs...)
	}
	f.ID = store.Next(&c.Store.Last.FreezePeriod)
	f.CreatedAt, f.UpdatedAt = c.Store.Times(time.Time{}, time.Time{})
	p.FreezePeriods = append(p.FreezePeriods, f)
	return answerFreeze(c, http.StatusCreated, f)
}

func updateFreeze(c *rest.Call) (rest.Reply, error) {
	var sent store.FreezePeriod
	readFreeze(c.Params, &sent)
	_, f, err := freezeOf(c, access.MayFreeze)
	if err != nil {
		return rest.Reply{}, err
	}
	changed := *f
	readFreeze(c.Params, &changed)
	if errs := checkFreeze(&changed); len(errs) > 0 {
		return rest.Reply{}, failure.Model(errs...)
	}
	if changed != *f {
		changed.UpdatedAt = c.Store.Stamp()
	}
	*f = changed
	return answerFreeze(c, http.StatusOK, f)
}

// readFreeze sets what was sent.
func readFreeze(params *param.Params, f *store.FreezePeriod) {
	param.Assign(&f.Start, params.Str("freeze_start"))
	param.Assign(&f.End, params.Str("freeze_end"))
	param.Assign(&f.Zone, params.Str("cron_timezone"))
}

func checkFreeze(f *store.FreezePeriod) []failure.Field {
	var errs []failure.Field
	for _, end := range []struct{ name, cron string }{{"freeze_start", f.Start}, {"freeze_end", f.End}} {
		switch {
		case end.cron == "":
			errs = append(errs, failure.On(end.name, "syntax is invalid", "can't be blank"))
		case !validCron(end.cron):
			errs = append(errs, failure.On(end.name, "syntax is invalid"))
		}
	}
	switch {
	case f.Zone == "":
		errs = append(errs, failure.On("cron_timezone", "can't be blank"))
	case !validZone(f.Zone):
		errs = append(errs, failure.On("cron_timezone", "syntax is invalid"))
	}
	return errs
}

func deleteFreeze(c *rest.Call) (rest.Reply, error) {
	p, f, err := freezeOf(c, access.MayFreeze)
	if err != nil {
		return rest.Reply{}, err
	}
	if err := c.Unmodified(f.UpdatedAt); err != nil {
		return rest.Reply{}, err
	}
	p.FreezePeriods = slices.DeleteFunc(p.FreezePeriods, func(x *store.FreezePeriod) bool { return x == f })
	return rest.NoContent(), nil
}

func writeFreeze(e *jsonenc.Encoder, f *store.FreezePeriod) {
	e.Open('{')
	e.Num("id", f.ID)
	e.Str("freeze_start", f.Start)
	e.Str("freeze_end", f.End)
	e.Str("cron_timezone", f.Zone)
	e.Time("created_at", f.CreatedAt)
	e.Time("updated_at", f.UpdatedAt)
	e.Shut('}')
}
