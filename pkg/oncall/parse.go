package oncall

import (
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
)

// Words for shifts that [Schedule.ParseShift] knows besides their IDs.
const (
	Current = "current" // the one at this moment
	Last    = "last"    // the one before it
)

// ID names a shift for good, as the instant at which it begins and its region: 2018-08-24T04:00Z/EMEA.
func (s Shift) ID() string {
	form := "2006-01-02T15:04Z"
	if s.From.Second() != 0 { // as some zones had it before the first world war
		form = "2006-01-02T15:04:05Z"
	}
	return s.From.UTC().Format(form) + "/" + s.Region
}

// ParseShift reads how people name a shift: current, last, an ID, or the region and the day, in UTC, on which it begins: EMEA@2018-08-24.
// The error says what there is instead.
func (s Schedule) ParseShift(words string, now time.Time) (Shift, error) {
	if len(s.Regions) == 0 {
		return Shift{}, fmt.Errorf("there are no regions, and so there are no shifts")
	}
	switch words {
	case Current:
		return s.At(now), nil
	case Last:
		return s.Previous(s.At(now)), nil
	}
	at := strings.LastIndex(words, "@")
	if _, err := calendar.ParseDate(words[at+1:]); at >= 0 && err == nil { // the name may hold a slash, which parts an ID
		return s.parseDay(words[:at], words[at+1:])
	}
	if instant, name, ok := strings.Cut(words, "/"); ok {
		return s.parseID(words, instant, name)
	}
	if at >= 0 {
		return s.parseDay(words[:at], words[at+1:])
	}
	return Shift{}, fmt.Errorf("%q names no shift: write %s, %s, %s, or %s@%s", words, Current, Last,
		s.At(now).ID(), s.At(now).Region, s.At(now).From.Format(time.DateOnly))
}

func (s Schedule) parseID(words, instant, name string) (Shift, error) {
	var from time.Time
	var err error
	for _, form := range []string{"2006-01-02T15:04Z07:00", time.RFC3339} {
		if from, err = time.Parse(form, instant); err == nil {
			break
		}
	}
	if err != nil {
		return Shift{}, fmt.Errorf("%q names no shift: %q is no instant such as 2018-08-24T04:00Z", words, instant)
	}
	region, err := s.findRegion(name)
	if err != nil {
		return Shift{}, err
	}
	sh := s.At(from)
	if sh.Region != region.Name || !sh.From.Equal(from) {
		return Shift{}, fmt.Errorf("no shift of %s begins at %s: at that moment it is %s", region.Name,
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
	begin := day.Midnight(time.UTC)
	for _, sh := range s.Between(begin, begin.AddDate(0, 0, 1)) {
		if sh.Region == region.Name && !sh.From.Before(begin) {
			found, ids = append(found, sh), append(ids, sh.ID())
		}
	}
	switch len(found) {
	case 0:
		return Shift{}, fmt.Errorf("no shift of %s begins on %s in UTC", region.Name, day)
	case 1:
		return found[0], nil
	}
	return Shift{}, fmt.Errorf("more than one shift of %s begins on %s in UTC: say which, %s", region.Name, day, strings.Join(ids, " or "))
}

// named is the region that somebody means, however they write its letters.
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
	return nil, fmt.Errorf("there is no region %q: there is %s", name, strings.Join(names, ", "))
}

// Name is what people call a user: the display name where the schedule has one, else the user name.
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

// Same reports whether two user names are the same person's. GitLab's user names ignore case.
func Same(a, b string) bool { return strings.EqualFold(a, b) }
