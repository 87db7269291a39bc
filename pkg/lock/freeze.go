package lock

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Freeze is a freeze period of a project in GitLab, in which its pipelines have the variable CI_DEPLOY_FREEZE: two cron expressions in a
// time zone. Its ID is 0 before it is created.
type Freeze struct {
	ID         int64
	Start, End string
	Zone       string
}

// Freeze returns the freeze period of a weekly hard lock. For other locks it returns the reason why there is none, as the end of a sentence
// about the lock. A lock with exemptions has one reason more: a freeze holds for everything that the project deploys.
func (l Lock) Freeze() (f Freeze, why string) {
	switch {
	case l.Weekly == nil:
		return f, "is dated, and a freeze period has no year"
	case l.Kind != Hard:
		return f, "is soft, and a freeze period stops every deployment"
	case len(l.Exempt) > 0:
		return f, "exempts " + strings.Join(l.Exempt, ", ") + ", and a freeze period stops every deployment of a project"
	}
	zone := l.Zone
	if zone == nil {
		zone = time.UTC
	}
	return Freeze{Start: l.Weekly.From.cron(), End: l.Weekly.To.cron(), Zone: zone.String()}, ""
}

// cron is the point as a cron expression.
func (p Point) cron() string {
	return fmt.Sprintf("%d %d * * %d", p.Minute%60, p.Minute/60, int(p.Day))
}

// String formats the period as GitLab shows it: 0 23 * * 5 to 0 7 * * 1 (UTC).
func (f Freeze) String() string { return fmt.Sprintf("%s to %s (%s)", f.Start, f.End, f.Zone) }

// Same reports whether two freeze periods are at the same times, however they are written.
func (f Freeze) Same(g Freeze) bool {
	return normalCron(f.Start) == normalCron(g.Start) && normalCron(f.End) == normalCron(g.End) && strings.EqualFold(f.Zone, g.Zone)
}

// Missing returns the freeze periods that the locks need and the project does not have, each once, and those that it has more than once,
// without the oldest of each.
func Missing(need, have []Freeze) (missing, doubled []Freeze) {
	for _, n := range need {
		same := func(f Freeze) bool { return f.Same(n) }
		if !slices.ContainsFunc(have, same) && !slices.ContainsFunc(missing, same) {
			missing = append(missing, n)
		}
	}
	for i, f := range have {
		if slices.ContainsFunc(have, func(g Freeze) bool { return g.Same(f) && g.ID < f.ID }) {
			doubled = append(doubled, have[i])
		}
	}
	return missing, doubled
}

// normalCron writes numbers without leading zeros, and the day of the week as a number from 0 for Sunday.
func normalCron(text string) string {
	parts := strings.Fields(strings.ToLower(text))
	for n, part := range parts {
		if number, err := strconv.Atoi(part); err == nil {
			parts[n] = strconv.Itoa(number)
		}
	}
	if len(parts) != 5 {
		return strings.Join(parts, " ")
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if name := strings.ToLower(day.String()); parts[4] == name || parts[4] == name[:3] {
			parts[4] = strconv.Itoa(int(day))
		}
	}
	if parts[4] == "7" {
		parts[4] = "0"
	}
	return strings.Join(parts, " ")
}
