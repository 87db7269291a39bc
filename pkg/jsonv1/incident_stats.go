package jsonv1

// KindIncidentStats is the kind of [IncidentStats].
const KindIncidentStats = "incident_stats"

// IncidentStats holds statistics of the incidents in a period. Nothing is guessed: unknown data is counted as missing.
type IncidentStats struct {
	Head
	From       string               `json:"from"` // civil date, the first day
	To         string               `json:"to"`   // civil date, the last day
	Zone       string               `json:"zone"`
	Filter     List[string]         `json:"filter"` // the filters as text
	Count      int                  `json:"count"`  // incidents that started in the period
	Severities List[IncidentGroup]  `json:"severities"`
	Services   List[IncidentGroup]  `json:"services"` // an incident counts for each of its services
	Times      IncidentTimes        `json:"times"`
	Weeks      List[IncidentWeek]   `json:"weeks"` // one for each ISO week of the period
	Incidents  List[WeeklyIncident] `json:"incidents"`
	FollowUps  *FollowUps           `json:"follow_ups,omitempty"` // absent: the team has no tracker for them
	Notes      List[string]         `json:"notes"`
}

// NewIncidentStats returns the report of a period of days, first and last included.
func NewIncidentStats(from, to, zone string) IncidentStats {
	return IncidentStats{Head: head(KindIncidentStats), From: from, To: to, Zone: zone}
}

// IncidentGroup is the number of incidents of one severity or service.
type IncidentGroup struct {
	Name  string        `json:"name"` // "S1", "registry"; "unknown" if nobody recorded it
	Count int           `json:"count"`
	Times IncidentTimes `json:"times"`
}

// IncidentWeek is the number of incidents that started in a week.
type IncidentWeek struct {
	Week   string `json:"week"` // "2018-W34"
	Monday string `json:"monday"`
	Count  int    `json:"count"`
}

// IncidentTimes holds the times from the start of an incident to its detection, mitigation and resolution.
type IncidentTimes struct {
	Detect   Spread `json:"detect"`
	Mitigate Spread `json:"mitigate"`
	Resolve  Spread `json:"resolve"`
	Within   Share  `json:"mitigated_within_30_minutes"`
}

// Spread is the distribution of a duration. Minutes are exact decimals with one digit; they are absent without a sample.
type Spread struct {
	Sample  int    `json:"sample"`  // incidents with data
	Missing int    `json:"missing"` // incidents without data
	Median  string `json:"median_minutes,omitempty"`
	Mean    string `json:"mean_minutes,omitempty"`
	P90     string `json:"p90_minutes,omitempty"`
}

// Share is the share of a sample that meets a condition.
type Share struct {
	Sample  int    `json:"sample"`
	Missing int    `json:"missing"`
	Count   int    `json:"count"`
	Percent string `json:"percent,omitempty"` // exact decimal with one digit; absent without a sample
}
