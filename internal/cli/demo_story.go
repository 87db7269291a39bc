package cli

// scene is one command of the story.
type scene struct {
	before  string // what is told before it
	trouble string // the fault that GitLab has meanwhile, in the words of sandbox --fault; then nothing answers any more
	command string // as its user types it
	code    int    // the exit code with which the story wants it to end
	after   string // what is told when it has; %d is that code
}

const opening = "Friday, 2018-08-24: the last day of a production team's two-week timebox. " +
	"Its GitLab lives in this process. Every command below is really run against it."

const closing = `That was a timebox. What next?
  go test ./...    in a clone: the same and worse, some thousand times
  prodctl sandbox  this GitLab for yourself, to be used from another terminal
  prodctl init     your own GitLab: writes a commented .prodctl.yaml`

// story is the order of scenes. Every one builds on the state that the last one left.
func story() []scene {
	return []scene{
		{
			before:  "The team declares its labels. How do those in GitLab differ?",
			command: "prodctl label plan",
		},
		{
			before:  "Mend that. A renamed label stays on its issues, and nothing is deleted unless asked for.",
			command: "prodctl label apply --yes",
		},
		{
			before:  "The board of the timebox that ends today.",
			command: "prodctl board show --milestone current",
		},
		{
			before:  "What would rolling the milestones do? This only looks.",
			command: "prodctl milestone roll --dry-run",
		},
		{
			before: "Now for real, on a bad day: GitLab goes away here. It still creates the new Next Milestone, " +
				"but that answer is lost, and then there is none any more. (The waits are cut short here.)",
			trouble: "POST /projects/*/milestones drop-after",
			command: "prodctl milestone roll --yes",
			code:    3,
			after:   "Exit code %d: stopped midway. What was done stands, and the same words go on.",
		},
		{
			before:  "GitLab is back. The same command finds what is there and does the rest.",
			command: "prodctl milestone roll --yes",
		},
		{
			before:  "One Current Milestone, one Next Milestone, although nobody knew whether the second was made.",
			command: "prodctl milestone list",
		},
		{
			before:  "The same once more, as a daily schedule does.",
			command: "prodctl milestone roll --yes",
		},
		{
			before:  "What does this team finish in a timebox?",
			command: "prodctl milestone velocity",
		},
	}
}
