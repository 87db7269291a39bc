package cli_test

// reportScenarios run `report weekly --post` without a log issue, with another report in the log issue, and with the log issue of the week before to close.
func reportScenarios() []scenario {
	mara := func(args ...string) invocation { return invocation{"mara", append(args, "-q")} }
	opened := mara("incident", "open", "Registry returns 500s", "-s", "S2", "--service", "registry", "--started", "40m")
	resolved := mara("incident", "resolve", "1", "-m", "Disk replaced")
	posted := mara("report", "weekly", "--post")
	before := mara("report", "weekly", "--week", "last", "--post")
	var list []scenario
	add := func(name string, args []string, story ...invocation) {
		list = append(list, scenario{name: name, args: append(args, "-q"), story: story, reads: true})
	}
	add("report weekly", []string{"report", "weekly", "--post"}, opened)
	add("report weekly with a difference", []string{"report", "weekly", "--post"}, opened, posted, resolved)
	add("report weekly and close", []string{"report", "weekly", "--post", "--close"}, opened, before)
	return list
}
