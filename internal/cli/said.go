package cli

import (
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// when reads a time that was typed, such as 10m (ago) or 10:02 (UTC); zero for none.
func (e *Env) when(flag, typed string) (time.Time, error) {
	if typed == "" {
		return time.Time{}, nil
	}
	now, err := e.Clock()
	if err != nil {
		return time.Time{}, err
	}
	t, err := incident.ParseWhen(typed, now.UTC())
	if err != nil {
		return time.Time{}, fault.Wrap(fault.Usage, err, "write "+flag+" 10m, "+flag+" 10:02 or "+flag+" 2018-08-24T10:02:00Z; all times are UTC", "%s", flag)
	}
	return t.Truncate(time.Second), nil
}

// impact reads a share from 0 to 1, or in percent, and writes it as an exact decimal.
func impact(typed string) (string, error) {
	if typed == "" {
		return "", nil
	}
	share, err := incident.ParseImpact(typed)
	if err != nil {
		return "", fault.Wrap(fault.Usage, err, "write the share of users as 0.25 or 25%", "--impact")
	}
	return share, nil
}

// linked reads the words for issues that belong to one of the queue; a bare number is one of the infrastructure tracker.
func linked(cfg config.Config, typed []string) ([]string, error) {
	var refs []string
	for _, t := range typed {
		ref, err := cfg.IssueRef(manifest.Infrastructure, t, "write --link infrastructure#12")
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref.String())
	}
	return refs, nil
}

// userNames are names as GitLab knows them, whether they were typed with @ or not.
func userNames(typed []string) []string {
	var names []string
	for _, name := range typed {
		if name = strings.TrimPrefix(strings.TrimSpace(name), "@"); name != "" {
			names = append(names, name)
		}
	}
	return names
}
