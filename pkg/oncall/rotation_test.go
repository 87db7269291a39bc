package oncall_test

import (
	"slices"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/oncall"
)

func TestTurns(t *testing.T) {
	t.Parallel()
	at := time.Date(2018, time.August, 24, 10, 0, 0, 0, time.UTC)
	s := oncall.Default()
	s.Regions[0].Rotation = &oncall.Rotation{Members: []string{"ana", "bo"}, Period: oncall.Period{Days: 7}, Start: calendar.NewDate(2018, time.August, 20)}
	s.Overrides = []oncall.Override{
		{Region: "AMER", Person: "eve", From: at.AddDate(0, 0, 3), To: at.AddDate(0, 0, 4)},
		{Region: "AMER", Person: "cid", InsteadOf: "dan", From: at, To: at.AddDate(0, 0, 1)},
	}
	ids := func(turns []oncall.Turn) (list []string) {
		for _, turn := range turns {
			list = append(list, turn.Shift.ID()+" "+turn.Person)
		}
		return list
	}
	for _, tt := range []struct {
		name string
		got  []oncall.Turn
		want []string
	}{
		{"now", s.Turns(at), []string{"2018-08-24T04:00Z/EMEA ana", "2018-08-24T16:00Z/AMER "}},
		{"next", s.NextTurns(at, ""), []string{"2018-08-24T16:00Z/AMER ", "2018-08-25T04:00Z/EMEA ana"}},
		{"the current duty is not the next one", s.NextTurns(at, "ANA"), []string{"2018-08-25T04:00Z/EMEA ana", "2018-08-26T04:00Z/EMEA ana"}},
		{"only once", s.NextTurns(at, "eve"), []string{"2018-08-27T16:00Z/AMER eve"}},
		{"nobody", s.NextTurns(at, "zed"), nil},
		{"no regions", oncall.Schedule{}.Turns(at), nil},
		{"within a period", s.Within(at, at.AddDate(0, 0, 1), "ana"), []string{"2018-08-24T04:00Z/EMEA ana", "2018-08-25T04:00Z/EMEA ana"}},
	} {
		if got := ids(tt.got); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
	if got := s.Substitutes(); !slices.Equal(got, []string{"eve", "cid"}) {
		t.Errorf("substitutes: %q", got)
	}
	if got := s.UnusedOverrides(); len(got) != 1 || got[0].Person != "cid" {
		t.Errorf("unused: %+v", got)
	}
}
