package oncall

import (
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// The names of shifts that [Schedule.ParseShift] accepts besides IDs.
const (
	Current = "current" // the one at this moment
	Last    = "last"    // the one before it
)

// ID returns the permanent name of a shift: its start and its region, such as 2018-08-24T04:00Z/EMEA.
func (s Shift) ID() string {
	layout := "2006-01-02T15:04Z"
	if s.From.Second() != 0 { // offsets of some time zones before 1914 had seconds
		layout = "2006-01-02T15:04:05Z"
	}
	return s.From.UTC().Format(layout) + "/" + s.Region
}

// ParseShift parses the name of a shift: current, last, an ID, or the region and the UTC day on which it starts: EMEA@2018-08-24. The error
// lists valid names.
func (s Schedule) ParseShift(text string, now time.Time) (Shift, error) {
	if len(s.Regions) == 0 {
		return Shift{}, fmt.Errorf("no shifts: the schedule has no regions")
	}
	switch text {
	case Current:
		return s.At(now), nil
	case Last:
		return s.Previous(s.At(now)), nil
	}
	at := strings.LastIndex(text, "@")
	if _, err := calendar.ParseDate(text[at+1:]); at >= 0 && err == nil { // the region name may contain a slash
		return s.parseDay(text[:at], text[at+1:])
	}
	if instant, name, ok := strings.Cut(text, "/"); ok {
		return s.parseID(text, instant, name)
	}
	if at >= 0 {
		return s.parseDay(text[:at], text[at+1:])
	}
	return Shift{}, fmt.Errorf("invalid shift %q (use %s, %s, %s or %s@%s)", text, Current, Last,
		s.At(now).ID(), s.At(now).Region, s.At(now).From.Format(time.DateOnly))
}

func (s Schedule) parseID(text, instant, name string) (Shift, error) {
	var from time.Time
	var err error
	for _, layout := range []string{"2006-01-02T15:04Z07:00", time.RFC3339} {
		if from, err = time.Parse(layout, instant); err == nil {
			break
		}
	}
	if err != nil {
		return Shift{}, fmt.Errorf("invalid shift %q: invalid time %q (use a form such as 2018-08-24T04:00Z)", text, instant)
	}
	region, err := s.findRegion(name)
	if err != nil {
		return Shift{}, err
	}
	sh := s.At(from)
	if sh.Region != region.Name || !sh.From.Equal(from) {
		return Shift{}, fmt.Errorf("no shift of %s starts at %s: the shift at that time is %s", region.Name,
			from.UTC().Format("2006-01-02 15:04 MST"), sh.ID())
	}
	return sh, nil
}

func (s Schedule) parseDay(name, date string) (Shift, error) {
	day, err := calendar.ParseDate(date)
	if err != nil {
		return Shift{}, err
	}
	region, err := s.findRegion(name)
	if err != nil {
		return Shift{}, err
	}
	var found []Shift
	var ids []string
	start := day.Midnight(time.UTC)
	for _, sh := range s.Between(start, start.AddDate(0, 0, 1)) {
		if sh.Region == region.Name && !sh.From.Before(start) {
			found, ids = append(found, sh), append(ids, sh.ID())
		}
	}
	switch len(found) {
	case 0:
		return Shift{}, fmt.Errorf("no shift of %s starts on %s in UTC", region.Name, day)
	case 1:
		return found[0], nil
	}
	return Shift{}, fmt.Errorf("several shifts of %s start on %s in UTC (use %s)", region.Name, day, strings.Join(ids, " or "))
}

// findRegion returns the region with the name, in any letter case.
func (s Schedule) findRegion(name string) (*Region, error) {
	if r := s.region(name); r != nil {
		return r, nil
	}
	var names []string
	for i := range s.Regions {
		if strings.EqualFold(s.Regions[i].Name, name) {
			return &s.Regions[i], nil
		}
		names = append(names, s.Regions[i].Name)
	}
	return nil, fmt.Errorf("region %q not found (use %s)", name, strings.Join(names, ", "))
}

// Name returns the display name of a user if the schedule has one, else the user name.
func (s Schedule) Name(user string) string {
	if name := s.Names[user]; name != "" {
		return name
	}
	for key, name := range s.Names {
		if name != "" && Same(key, user) {
			return name
		}
	}
	return user
}

// Same reports whether two user names are the same. User names in GitLab ignore letter case.
func Same(a, b string) bool { return strings.EqualFold(a, b) }
