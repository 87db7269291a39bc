package sandbox

import (
	"strconv"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/fault"
)

// firstVersion is the first version that the sandbox can claim, and the one whose answers it gives.
const firstVersion = "18.9"

// claimedVersion returns the version as GitLab shows it, such as 18.10.0-ee, for one such as 18.10 or 18.10.3.
func claimedVersion(value string, e fakegitlab.Edition) (string, error) {
	const hint = "For fine-grained tokens: prodctl sandbox --gitlab-version 18.10"
	parts, ok := numbers(value)
	if !ok {
		return "", fault.New(fault.Usage, hint, "invalid version %q for --gitlab-version (use a version such as 18.10)", value)
	}
	if parts[0] < 18 || parts[0] == 18 && parts[1] < 9 {
		return "", fault.New(fault.Usage, hint, "--gitlab-version %s is not simulated: the first version is %s", value, firstVersion)
	}
	if len(parts) == 2 {
		value += ".0"
	}
	if e.Enterprise() {
		value += "-ee"
	}
	return value, nil
}

// numbers splits a version into two or three numbers.
func numbers(version string) (all []int, ok bool) {
	const most = 3 // digits of a number
	for part := range strings.SplitSeq(version, ".") {
		n, err := strconv.ParseUint(part, 10, 16)
		if err != nil || len(part) > most || strconv.FormatUint(n, 10) != part {
			return nil, false
		}
		all = append(all, int(n))
	}
	return all, len(all) == 2 || len(all) == 3
}
