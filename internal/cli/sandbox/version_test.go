package sandbox

import (
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

func TestClaimedVersion(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		value   string
		edition fakegitlab.Edition
		want    string // the version, or the error
	}{
		{"18.9", fakegitlab.Free, "18.9.0-ee"},
		{"18.9", fakegitlab.Community, "18.9.0"},
		{"18.10.3", fakegitlab.Ultimate, "18.10.3-ee"},
		{"18.11.0", fakegitlab.Community, "18.11.0"},
		{"19.2", fakegitlab.Premium, "19.2.0-ee"},
		{"18.8", fakegitlab.Free, "--gitlab-version 18.8 is not simulated: the first version is 18.9"},
		{"17.11.4", fakegitlab.Free, "--gitlab-version 17.11.4 is not simulated: the first version is 18.9"},
		{"9.5", fakegitlab.Free, "--gitlab-version 9.5 is not simulated: the first version is 18.9"},
		{"18", fakegitlab.Free, `invalid version "18" for --gitlab-version (use a version such as 18.10)`},
		{"", fakegitlab.Free, `invalid version "" for --gitlab-version (use a version such as 18.10)`},
		{"18.10.0-ee", fakegitlab.Free, `invalid version "18.10.0-ee" for --gitlab-version (use a version such as 18.10)`},
		{"18.010", fakegitlab.Free, `invalid version "18.010" for --gitlab-version (use a version such as 18.10)`},
		{"18.-1", fakegitlab.Free, `invalid version "18.-1" for --gitlab-version (use a version such as 18.10)`},
		{"18.10.1.2", fakegitlab.Free, `invalid version "18.10.1.2" for --gitlab-version (use a version such as 18.10)`},
	} {
		got, err := claimedVersion(tt.value, tt.edition)
		if err != nil {
			got = err.Error()
			if fault.HintOf(err) == "" {
				t.Errorf("%q: no hint", tt.value)
			}
		}
		if got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.value, got, tt.want)
		}
	}
}
