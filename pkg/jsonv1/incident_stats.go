package jsonv1

// KindIncidentStats is the kind of the report about how incidents went.
const KindIncidentStats = "incident_stats"

// IncidentStats is how the incidents of a period went. Nothing is guessed: what is not known is counted as missing.
type IncidentStats struct {
	Head
	From       string               `json:"from"` // civil date, the first day
	To         string               `json:"to"`   // civil date, the last day
	Zone       string               `json:"zone"`
	Filter     List[string]         `json:"filter"` // what was asked for, in words
	Count      int                  `json:"count"`  // incidents that began in it
	Severities List[IncidentGroup]  `json:"severities"`
	Services   List[IncidentGroup]  `json:"services"` // an incident counts for each of its services
	Times      IncidentTimes        `json:"times"`
	Weeks      List[IncidentWeek]   `json:"weeks"` // how many began in each ISO week of the period
	Incidents  List[WeeklyIncident] `json:"incidents"`
	Notes      List[string]         `json:"notes"`
}

// NewIncidentStats is the report about a period of days, from the first up to and with the last.
func NewIncidentStats(from, to, zone string) IncidentStats {
	return IncidentStats{Head: head(KindIncidentStats), From: from, To: to, Zone: zone}
}

// IncidentGroup is how many incidents there were of a severity or a service.
type IncidentGroup struct {
	Name  string        `json:"name"` // "S1", "registry"; "unknown" for those of which nobody has said
	Count int           `json:"count"`
	Times IncidentTimes `json:"times"`
}

// IncidentWeek is how many incidents began in a week.
type IncidentWeek struct {
	Week   string `json:"week"` // "2018-W34"
	Monday string `json:"monday"`
	Count  int    `json:"count"`
}

// IncidentTimes is how long it took, from the start of each incident.
type IncidentTimes struct {
	Detect   Spread `json:"detect"`
	Mitigate Spread `json:"mitigate"`
	Resolve  Spread `json:"resolve"`
	Within   Share  `json:"mitigated_within_30_minutes"`
}

// Spread is how a length of time is spread over a sample. Minutes are exact decimals with one digit; without a sample they are absent.
type Spread struct {
	Sample  int    `json:"sample"`  // incidents of which it is known
	Missing int    `json:"missing"` // those of which it is not
	Median  string `json:"median_minutes,omitempty"`
	Mean    string `json:"mean_minutes,omitempty"`
	P90     string `json:"p90_minutes,omitempty"`
}

// Share is how many of a sample did something.
type Share struct {
	Sample  int    `json:"sample"`
	Missing int    `json:"missing"`
	Count   int    `json:"count"`
	Percent string `json:"percent,omitempty"` // exact decimal with one digit; absent without a sample
}

// Withhold is the report without what confidential incidents are about.
func (d IncidentStats) Withhold() IncidentStats {
	d.Incidents = each(d.Incidents, WeeklyIncident.Withhold)
	return d
}
