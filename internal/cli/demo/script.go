package demo

import (
	"time"
)

// scene is one command of the story.
type scene struct {
	before  string        // what is told before it
	later   time.Duration // how long it is since the last scene
	trouble string        // the fault that GitLab has meanwhile, in the words of sandbox --fault
	gone    bool          // after the fault nothing answers any more
	command string        // as its user types it
	user    string        // who types it; empty: maria
	job     int           // the CI job that types it; 0: a person
	code    int           // the exit code with which the story wants it to end
	after   string        // what is told when it has; %d is that code
}

const opening = "Friday, 2018-08-24: the last day of a production team's two-week timebox. " +
	"Its GitLab lives in this process. Every command below is really run against it."

const closing = `That was a timebox, an outage and a shift change. What next?
  go test ./...    in a clone: the same and worse, some thousand times
  prodctl sandbox  this GitLab for yourself, to be used from another terminal
  prodctl init     your own GitLab: writes a commented .prodctl.yaml`

// story is the chapters with their scenes. Every scene builds on the state that the last one left.
func story() [][]scene { return [][]scene{timebox(), outage(), shiftChange()} }

func timebox() []scene {
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
			gone:    true,
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

// outage is the same evening: an incident from its beginning to its end, and a pipeline that waits for that.
func outage() []scene {
	return []scene{
		{
			before: "That evening the registry fails. GitLab is limping as well: it makes the incident, and answers 502 Bad Gateway. " +
				"Was it made? A second one would be as bad as none.",
			later:   70 * time.Minute,
			trouble: "POST /projects/*/issues nth=1 error-after=502",
			command: `prodctl incident open "Registry returns 500s" -s S2 --service registry --started 17:02`,
		},
		{
			before:  "Was that all right? The same words on the same day are the same incident.",
			later:   time.Minute,
			command: `prodctl incident open "Registry returns 500s" -s S2 --service registry --started 17:02`,
		},
		{
			before:  "A pipeline is about to deploy, and asks first.",
			later:   3 * time.Minute,
			command: "prodctl change gate --criticality C3 --service registry",
			code:    5,
			after:   "Exit code %d: the job fails, and says why. With --wait 30m it would wait.",
		},
		{
			before:  "The registry answers again. That was three minutes ago, and can be said so.",
			later:   10 * time.Minute,
			command: `prodctl incident mitigate 17 --at 17:21 -m "Failed over to the second node"`,
		},
		{
			before:  "Users are served; the cause is still there. Forty minutes later it is gone.",
			later:   40 * time.Minute,
			command: `prodctl incident resolve 17 -m "Disk replaced, both nodes serve" --cause "the disk was full"`,
		},
		{
			before:  "What happened, for the report. All of it stands in GitLab, in the issue and its comments.",
			command: "prodctl incident timeline 17 -o md",
		},
		{
			before:  "It must not come again. A corrective action is due by severity, and linked with the incident.",
			command: `prodctl incident action 17 "Alert before the disk is full" --owner ines`,
		},
		{
			before:  "What else kept the gate closed goes on as well: the other incident, and the change in progress.",
			later:   6 * time.Minute,
			command: `prodctl incident mitigate 8 -m "Uploads go to the second region"`,
		},
		{
			before:  "A change in progress is ended by saying how.",
			later:   4 * time.Minute,
			command: `prodctl change finish 16 -m "All disks are in, no lag"`,
		},
		{
			before:  "Now the pipeline may go on.",
			command: "prodctl change gate --criticality C3 --service registry",
		},
		{
			before:  "It tells the production queue what it did. All else comes from the variables of the job.",
			later:   12 * time.Minute,
			job:     8101,
			command: "prodctl change record --type deployment --outcome failure",
		},
		{
			before:  "The job is retried and succeeds. That is the same change, not a second one.",
			later:   5 * time.Minute,
			job:     8102,
			command: "prodctl change record --type deployment --outcome success",
		},
		{
			before:  "What is on record.",
			command: "prodctl change show 18",
		},
	}
}

// shiftChange is the end of that night in America and the morning in Europe: what is handed over, and who has it then.
func shiftChange() []scene {
	return []scene{
		{
			before:  "The night in America ends in 40 minutes. Who comes?",
			later:   8*time.Hour + 49*time.Minute,
			command: "prodctl oncall next",
		},
		{
			before: "One thing is half done and goes on in Europe. Its words come first and the label after them, " +
				"so that no label is ever without words.",
			later: 2 * time.Minute, user: "liam",
			command: `prodctl handoff mark 79 --left-off "Alerts for the queue are written" --next "Try them on staging, then switch them on"`,
		},
		{
			before: "What does whoever has just woken up need to know?",
			later:  time.Minute, user: "liam",
			command: "prodctl handoff",
		},
		{
			before: "That goes into the on-call log, one comment a shift. The line is bad again: GitLab writes the comment, and its answer is lost.",
			later:  time.Minute, user: "liam",
			trouble: "POST /projects/*/issues/*/notes nth=1 drop-after",
			command: "prodctl handoff --post",
		},
		{
			before: "In Europe Aisha comes. What was marked is hers now: of two who take at once, one has it.",
			later:  47 * time.Minute, user: "aisha",
			command: `prodctl handoff take 79 -m "On staging now"`,
		},
		{
			before: "Has everything that burned a word of the night? A nagging job asks for the exit code.",
			later:  time.Minute, user: "aisha",
			command: "prodctl handoff check --shift last --exit-code",
			code:    8,
			after:   "Exit code %d: the job is red until somebody says something.",
		},
		{
			before: "And on Monday, the week for the call. Nobody has to write it.",
			later:  52 * time.Hour, user: "aisha",
			command: "prodctl report weekly --week last --view call -o md",
		},
	}
}
