package correlation

import (
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/incident"
)

// Reason returns why the item has its rank: "same service registry, ended 4m before".
func (r Ranked) Reason() string {
	reason := r.service() + ", " + r.when()
	if r.Attempts > 0 {
		reason += fmt.Sprintf(" (attempt 1 of %d)", r.Attempts)
	}
	return reason
}

func (r Ranked) service() string {
	noun := "service"
	if len(r.Matching) > 1 {
		noun = "services"
	}
	switch r.Match {
	case Shared:
		return "same " + noun + " " + strings.Join(r.Matching, ", ")
	case Other:
		return "other " + noun + " " + strings.Join(r.Matching, ", ")
	}
	return "service unknown"
}

func (r Ranked) when() string {
	switch r.Timing {
	case During:
		return "in progress, started " + before(r.Away)
	case Ended:
		return "ended " + before(r.Away)
	case Since:
		return "in progress, started " + before(r.Away)
	case Planned:
		if r.Away > 0 {
			return "planned until " + before(r.Away) + ", no start recorded"
		}
		return "planned for this time, no start recorded"
	}
	return "in progress, start time unknown"
}

func before(away time.Duration) string {
	if away == 0 {
		return "in the same minute"
	}
	return incident.Span(away) + " before"
}
