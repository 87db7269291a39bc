package demo

import (
	"time"
)

// scene is one command of the story.
type scene struct {
	before  string        // narration before the command
	later   time.Duration // time since the last scene
	fault   string        // fault of GitLab during the command, in the syntax of sandbox --fault
	down    bool          // after the fault GitLab no longer answers
	command string        // as the user types it
	user    string        // who runs it; empty: maria
	job     int           // the CI job that runs it; 0: a person
	code    int           // expected exit code
	after   string        // narration after the command; %d is that code
}

const opening = "Friday, 2018-08-24: the last day of a two-week milestone. " +
	"The commands below are real; only GitLab is simulated, in memory."

const closing = `That was a planning session, a milestone, an outage and a shift change. What next?
  prodctl sandbox  use this simulated GitLab yourself, from another terminal
  prodctl init     set prodctl up for your own GitLab
  go test ./...    in a clone: the same failures, thousands of times`

// story returns the chapters with their scenes. Every scene starts with the state that the one before left.
func story() [][]scene { return [][]scene{planning(), timebox(), outage(), shiftChange()} }

// planning is the planning session of the next milestone: where work gets stuck, how much fits, what is ready, and filling the room.
func planning() []scene {
	return []scene{
		{
			before:  "First the team plans the next two weeks. Where does its work get stuck?",
			command: "prodctl report flow --last 28d",
		},
		{
			before: "How much fits? A simulation over the last six milestones answers. 60 % of the likely output is for planned work; " +
				"the rest is for what nobody can plan.",
			command: "prodctl milestone plan",
		},
		{
			before:  "Can somebody start with these two?",
			command: "prodctl issue ready 80 85",
		},
		{
			before:  "Fill the room from the column Ready, the most urgent first.",
			command: "prodctl milestone plan --fill --yes",
		},
	}
}

// timebox is the end of the milestone: labels, the board, a roll that is cut off in the middle, and what the team finished.
func timebox() []scene {
	return []scene{
		{
			before:  "The team declares its labels. What is different in GitLab?",
			command: "prodctl label plan",
		},
		{
			before:  "Fix that. A renamed label keeps its issues, and nothing is deleted unless you ask for it.",
			command: "prodctl label apply --yes",
		},
		{
			before:  "The board of the milestone that ends today.",
			command: "prodctl board show --milestone current",
		},
		{
			before:  "What would rolling the milestones do? A dry run changes nothing.",
			command: "prodctl milestone roll --dry-run",
		},
		{
			before: "Now for real, on a bad day: GitLab goes down in the middle. It still creates the new Next Milestone, " +
				"but the answer is lost, and then nothing answers. (The waits are shortened here.)",
			fault:   "POST /projects/*/milestones drop-after",
			down:    true,
			command: "prodctl milestone roll --yes",
			code:    3,
			after:   "Exit code %d: stopped in the middle. What is done stays done, and the same command finishes it.",
		},
		{
			before:  "GitLab is back. The same command finds what is done and does the rest.",
			command: "prodctl milestone roll --yes",
		},
		{
			before:  "One Current Milestone, one Next Milestone: no duplicate, although the answer was lost.",
			command: "prodctl milestone list",
		},
		{
			before:  "Run it once more, as a daily schedule does.",
			command: "prodctl milestone roll --yes",
		},
		{
			before:  "How much does this team finish in a milestone?",
			command: "prodctl milestone velocity",
		},
	}
}

// outage is the same evening: an incident from start to end, and a pipeline that waits for it.
func outage() []scene {
	return []scene{
		{
			before: "That evening the registry fails. GitLab is in trouble too: it creates the incident, but answers 502 Bad Gateway. " +
				"Is there an incident now, or not? prodctl looks before it tries again.",
			later:   70 * time.Minute,
			fault:   "POST /projects/*/issues nth=1 error-after=502",
			command: `prodctl incident open "Registry returns 500s" -s S2 --service registry --started 17:02`,
		},
		{
			before:  "Not sure that it worked? Run it again. The same title on the same day is the same incident.",
			later:   time.Minute,
			command: `prodctl incident open "Registry returns 500s" -s S2 --service registry --started 17:02`,
		},
		{
			before:  "A pipeline is about to deploy. It asks first.",
			later:   3 * time.Minute,
			command: "prodctl change gate --criticality C3 --service registry",
			code:    5,
			after:   "Exit code %d: the job fails and shows the reasons. With --wait 30m it would wait.",
		},
		{
			before:  "The registry came back three minutes ago. --at records the right time.",
			later:   10 * time.Minute,
			command: `prodctl incident mitigate 17 --at 17:21 -m "Failed over to the second node"`,
		},
		{
			before:  "Users are fine, but the cause is not fixed. Forty minutes later it is.",
			later:   40 * time.Minute,
			command: `prodctl incident resolve 17 -m "Disk replaced, both nodes serve" --cause "the disk was full"`,
		},
		{
			before:  "The timeline, for the report. All of it is in GitLab, in the issue and its comments.",
			command: "prodctl incident timeline 17 -o md",
		},
		{
			before:  "It must not happen again. A corrective action is linked to the incident, and its severity sets the due date.",
			command: `prodctl incident action 17 "Alert before the disk is full" --owner ines`,
		},
		{
			before:  "Who watches that it is done? A job of every night lists the actions, and reminds the owners of what is overdue.",
			command: "prodctl incident actions 17",
		},
		{
			before:  "Two more things keep the gate closed: another incident, and a change in progress. First the incident.",
			later:   6 * time.Minute,
			command: `prodctl incident mitigate 8 -m "Uploads go to the second region"`,
		},
		{
			before:  "Then the change.",
			later:   4 * time.Minute,
			command: `prodctl change finish 16 -m "All disks are in, no lag"`,
		},
		{
			before:  "Now the pipeline can deploy.",
			command: "prodctl change gate --criticality C3 --service registry",
		},
		{
			before:  "The deployment fails. The job records it in the production queue; the details come from its CI variables.",
			later:   12 * time.Minute,
			job:     8101,
			command: "prodctl change record --type deployment --outcome failure",
		},
		{
			before:  "The job is retried and succeeds. That is another attempt at the same change, not a second change.",
			later:   5 * time.Minute,
			job:     8102,
			command: "prodctl change record --type deployment --outcome success",
		},
		{
			before:  "Here is the record.",
			command: "prodctl change show 18",
		},
	}
}

// shiftChange is the end of the American shift and the morning in Europe: what is handed over, and who takes it.
func shiftChange() []scene {
	return []scene{
		{
			before:  "The American shift ends in 40 minutes. Who is next?",
			later:   8*time.Hour + 49*time.Minute,
			command: "prodctl oncall next",
		},
		{
			before: "One task is half done and continues in Europe. Mark it, with a note. " +
				"The note is written before the label, so no label is ever without one.",
			later: 2 * time.Minute, user: "liam",
			command: `prodctl handoff mark 79 --left-off "Alerts for the queue are written" --next "Try them on staging, then switch them on"`,
		},
		{
			before: "Aisha has just woken up. What does she need to know?",
			later:  time.Minute, user: "liam",
			command: "prodctl handoff",
		},
		{
			before: "Post it to the on-call log, one comment per shift. " +
				"GitLab drops the connection again: the comment is added, but the answer is lost.",
			later: time.Minute, user: "liam",
			fault:   "POST /projects/*/issues/*/notes nth=1 drop-after",
			command: "prodctl handoff --post",
		},
		{
			before: "In Europe, Aisha takes the marked task. If two people take it at the same time, one gets it.",
			later:  47 * time.Minute, user: "aisha",
			command: `prodctl handoff take 79 -m "On staging now"`,
		},
		{
			before: "Did every burning issue get an update last night? A scheduled job can check that.",
			later:  time.Minute, user: "aisha",
			command: "prodctl handoff check --shift last --exit-code",
			code:    8,
			after:   "Exit code %d: the job is red until somebody adds an update.",
		},
		{
			before:  "How much of August's error budget the registry has left, with the evidence of every minute.",
			command: "prodctl budget --service registry --window month --slo 99.5 --explain",
		},
		{
			before: "On Monday, the week for the call. Nobody has to write it.",
			later:  52 * time.Hour, user: "aisha",
			command: "prodctl report weekly --week last --view call -o md",
		},
	}
}
