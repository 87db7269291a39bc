package gitlab

import (
	"cmp"
	"context"
	"slices"

	client "gitlab.com/gitlab-org/api/client-go/v2"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/lock"
	"gitlab.com/prodctl/prodctl/pkg/stable"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

type wireFreeze struct {
	ID    int64  `json:"id"`
	Start string `json:"freeze_start"`
	End   string `json:"freeze_end"`
	Zone  string `json:"cron_timezone"`
}

func (w wireFreeze) identity() identity { return identity{id: w.ID} }

func (w wireFreeze) value() lock.Freeze {
	return lock.Freeze{ID: w.ID, Start: w.Start, End: w.End, Zone: w.Zone}
}

// Freezes lists the freeze periods of a project, oldest first. The token's user needs the role Reporter.
func (c *Client) Freezes(ctx context.Context, project string) ([]lock.Freeze, error) {
	all, err := list(ctx, c, freezePath(target.ProjectAt(project)), nil, wireFreeze.value)
	stable.Sort(all, func(a, b lock.Freeze) int { return cmp.Compare(a.ID, b.ID) })
	return all, notOffered(err)
}

func freezePath(in target.Target, parts ...string) string {
	return apiPath(in, append([]string{"freeze_periods"}, parts...)...)
}

// CreateFreeze creates a freeze period. GitLab accepts one at the same times again, so after an answer that was lost it looks for the
// period before it sends the request again. The token's user needs the role Maintainer.
func (c *Client) CreateFreeze(ctx context.Context, in target.Target, f lock.Freeze) (lock.Freeze, bool, error) {
	opt := &client.CreateFreezePeriodOptions{FreezeStart: &f.Start, FreezeEnd: &f.End, CronTimezone: &f.Zone}
	post := func() (lock.Freeze, error) {
		return create(ctx, c, freezePath(in), opt, wireFreeze.value, f.Same, none)
	}
	return createNamed(ctx, c, post, func() (lock.Freeze, bool, error) {
		all, err := c.Freezes(ctx, in.Path)
		if i := slices.IndexFunc(all, f.Same); i >= 0 {
			return all[i], true, nil
		}
		return lock.Freeze{}, false, err
	})
}

// DeleteFreeze deletes a freeze period that is as it was before. One that somebody has changed is left alone, and is an error.
func (c *Client) DeleteFreeze(ctx context.Context, in target.Target, before lock.Freeze) error {
	path := freezePath(in, id(before.ID))
	switch now, err := read(ctx, c, path, nil, wireFreeze.value); {
	case missing(err):
		return nil
	case err != nil:
		return err
	case now != before:
		return fault.New(fault.Refused, "Run the same command again", "freeze period %d was changed in the meantime: %s", before.ID, now)
	}
	return c.delete(ctx, path)
}
