package cli_test

import "strings"

// reportScenarios are `report weekly --post` where no issue of the log is there, where the report that stands there is another one, where a person has written around
// it, and with the issue of the week before to be closed.
func reportScenarios() []scenario {
	mara := func(args ...string) typed { return typed{"mara", append(args, "-q")} }
	opened := mara("incident", "open", "Registry returns 500s", "-s", "S2", "--service", "registry", "--started", "40m")
	resolved := mara("incident", "resolve", "1", "-m", "Disk replaced")
	posted := mara("report", "weekly", "--post")
	before := mara("report", "weekly", "--week", "last", "--post")
	var list []scenario
	add := func(name string, args []string, story ...typed) {
		list = append(list, scenario{name: name, args: append(args, "-q"), story: story})
	}
	add("report weekly", []string{"report", "weekly", "--post"}, opened)
	add("report weekly with a difference", []string{"report", "weekly", "--post"}, opened, posted, resolved)
	add("report weekly and close", []string{"report", "weekly", "--post", "--close"}, opened, before)
	return list
}

// reportLists is how many lists a report reads beside each other, before anything is written.
const reportLists = 16

// leftOut reports whether a case is not tried, in which trouble meets one of so many runs at once. A report makes many requests, most of which only read: every
// request and every trouble come up, but not each with each. The scenarios differ, and so do the cases that they leave out.
func (s scenario) leftOut(runs, nth, kind int) bool {
	step := 2 * runs * runs // of a run alone every other case, of two at once one in eight
	if nth <= runs*reportLists {
		step = 31
	}
	return strings.HasPrefix(s.name, "report ") && (nth*3+kind+len(s.name))%step != 0
}
