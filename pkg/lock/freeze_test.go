package lock_test

import (
	"fmt"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/pkg/lock"
)

func TestFreezeOfLock(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	weekend := lock.Weekly{From: lock.Point{Day: time.Saturday, Minute: 60}, To: lock.Point{Day: time.Sunday, Minute: 21*60 + 5}}
	night := lock.Weekly{From: lock.Point{Day: time.Friday, Minute: 23 * 60}, To: lock.Point{Day: time.Monday, Minute: 0}}
	for _, tt := range []struct {
		l    lock.Lock
		want lock.Freeze
		why  string
	}{
		{lock.Lock{Kind: lock.Hard, Weekly: &weekend}, lock.Freeze{Start: "0 1 * * 6", End: "5 21 * * 0", Zone: "UTC"}, ""},
		{lock.Lock{Kind: lock.Hard, Weekly: &night, Zone: berlin}, lock.Freeze{Start: "0 23 * * 5", End: "0 0 * * 1", Zone: "Europe/Berlin"}, ""},
		{lock.Lock{Kind: lock.Soft, Weekly: &weekend}, lock.Freeze{}, "is soft, and a freeze period stops every deployment"},
		{lock.Lock{Kind: lock.Hard}, lock.Freeze{}, "is dated, and a freeze period has no year"},
		{lock.Lock{Kind: lock.Hard, Weekly: &weekend, Exempt: []string{"docs", "staging"}}, lock.Freeze{},
			"exempts docs, staging, and a freeze period stops every deployment of a project"},
	} {
		if got, why := tt.l.Freeze(); got != tt.want || why != tt.why {
			t.Errorf("%+v: %+v, %q", tt.l, got, why)
		}
	}
}

func TestMissingFreezes(t *testing.T) {
	t.Parallel()
	need := []lock.Freeze{{Start: "0 1 * * 6", End: "0 21 * * 0", Zone: "UTC"}, {Start: "0 23 * * 5", End: "0 7 * * 1", Zone: "Europe/Berlin"}, {Start: "00 23 * * FRI", End: "0 7 * * 1", Zone: "Europe/Berlin"}}
	have := []lock.Freeze{{ID: 4, Start: "0  01 * * sat", End: "0 21 * * 7", Zone: "utc"}, {ID: 3, Start: "0 1 * * 6", End: "0 21 * * Sunday", Zone: "UTC"}, {ID: 9, Start: "0 0 1 1 *", End: "@daily", Zone: "UTC"}}
	missing, doubled := lock.Missing(need, have)
	if got := fmt.Sprint(missing, doubled); got != "[0 23 * * 5 to 0 7 * * 1 (Europe/Berlin)] [0  01 * * sat to 0 21 * * 7 (utc)]" {
		t.Error(got)
	}
	if again, _ := lock.Missing(need, append(have, missing...)); len(again) > 0 {
		t.Errorf("after a sync: %v", again)
	}
}
