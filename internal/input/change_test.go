package input

import (
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/config"
)

func TestMinutes(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]Minutes{
		"45m": {45 * time.Minute, true}, "45": {45 * time.Minute, true}, "1h30m": {90 * time.Minute, true}, "45 min": {45 * time.Minute, true},
		"2h": {2 * time.Hour, true}, "0": {0, true}, "": {}, " ": {},
	} {
		var got Minutes
		if err := got.Set(raw); err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", raw, got, err, want)
		}
	}
	for _, raw := range []string{"soon", "1d", "-5m", "1.5h", "30s"} {
		var got Minutes
		if err := got.Set(raw); err == nil || got != (Minutes{}) {
			t.Errorf("%q is %v", raw, got)
		}
	}
}

// A service that nobody has configured is fine in a record and in a query.
func TestServiceNames(t *testing.T) {
	t.Parallel()
	var cfg config.Config
	cfg.Incidents.Services = []string{"registry", "web"}
	var names ServiceNames
	err := names.Set("registry, billing")
	if err != nil || names.Resolve(Context{Config: cfg}) != nil || names.String() != "registry,billing" {
		t.Errorf("%q, %v", names.String(), err)
	}
	list, err := names.Candidates(t.Context(), Source{Config: cfg}, "registry,")
	if err != nil || len(list) != 1 || list[0].Word != "registry,web" {
		t.Errorf("%v, %v", list, err)
	}
}
