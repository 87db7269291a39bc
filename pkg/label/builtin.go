package label

// Names of built-in labels that rules elsewhere use. A team may rename them: see [Spelling].
const (
	DataLoss       = "(perceived) data loss"
	Critical       = "critical"
	UnblocksOthers = "unblocks others"
	Outage         = "outage"
	Goal           = "goal"
	Blocked        = "blocked"
	Oncall         = "oncall"
	Toil           = "toil"
	AccessRequest  = "access request"
	Unscheduled    = "unscheduled"
	Incident       = "incident"
	ChangeRequest  = "change"
	Delta          = "delta"
	Hotspot        = "hotspot"
	Handoff        = "Ready_to_Handoff"
	Meta           = "meta"
	CarriedOver    = "carried-over"
	Corrective     = "corrective action"
	OncallReport   = "oncall report"
	ReviewDue      = "review due"
)

// Prioritized returns the names of the built-in labels with a priority, the highest first
// (handbook, prioritized labels). The first one has priority 0.
func Prioritized() []string {
	return []string{DataLoss, Critical, "SL1", "SL2", UnblocksOthers, Outage, Goal, Blocked, Oncall}
}

// Security returns the names of the security team's scale, the most pressing first.
func Security() []string { return []string{"SL1", "SL2"} }

// Gathering returns the names of the built-in labels that gather data about the team's work (handbook, "Labeling").
func Gathering() []string {
	return []string{Toil, Unscheduled, UnblocksOthers, "access request", "requires production access"}
}

// Builtin returns the handbook's set: the prioritized labels, labels for statistics, the kinds of events, the scales, the columns of
// the board and the states of incidents and changes.
//
// A family shares a hue and gets paler with lower urgency: reds for damage, oranges for severities and priorities, violets for changes,
// blues for the board, greens for finished work. Every color is used once, and GitLab's text color on it has a contrast of at least
// 4.5 to 1 (WCAG AA); a test checks this. The color only repeats what the name says. Old names are other spellings of the same name.
func Builtin() Set {
	set := Set{
		{Name: DataLoss, Color: "#8b0000",
			Description: "Somebody believes that data was lost: worked on without a break and always handed over at shift change"},
		{Name: Critical, Color: "#b3001b", Description: "Ahead of everything but data loss"},
		{Name: "SL1", Color: "#7a1f5c", Description: "Security scale, first: the security team's most pressing requests"},
		{Name: "SL2", Color: "#9c3d7f", Description: "Security scale, second"},
		{Name: UnblocksOthers, Color: "#0b6e6e", Description: "Another team waits for this to deliver its own work",
			RenamedFrom: []string{"unblocks-others"}},
		{Name: Outage, Color: "#c4161c", Description: "Production is down or degraded; unscheduled by nature, a review is due"},
		{Name: Goal, Color: "#1f6b2e", Description: "Committed to in this timebox; with meta, a direction for the quarter"},
		{Name: Blocked, Color: "#5c5c5c", Description: "Waits until something else is done"},
		{Name: Oncall, Color: "#8a5a00", Description: "Worked on by whoever is on call; handed over to the next shift",
			RenamedFrom: []string{"on-call", "on call"}},

		{Name: Toil, Color: "#a0522d", Description: "Repetitive manual work that ought to be automated"},
		{Name: Unscheduled, Color: "#6b4226", Description: "Added after the timebox started"},
		{Name: AccessRequest, Color: "#35608f", Description: "Somebody asks for access to a part of the infrastructure",
			RenamedFrom: []string{"access-request"}},
		{Name: "requires production access", Color: "#24476b", Description: "Somebody with access had to open a production console for it"},

		{Name: Incident, Color: "#a8324a", Description: "An event that harms users of production"},
		{Name: ChangeRequest, Color: "#5b3fa8", Description: "A planned change of production, through a window and approvals"},
		{Name: Delta, Color: "#4a5568", Description: "A temporary deviation from the standard configuration, to be merged back"},
		{Name: Hotspot, Color: "#ffb366", Description: "A threat that may become an incident and cannot be fixed right away"},

		{Name: Handoff, Color: "#00695c",
			Description: "Can be continued in another time zone: a note says where it was left off and what comes next",
			RenamedFrom: []string{"Ready to Handoff"}},
		{Name: Meta, Color: "#3b3b6d", Description: "Larger than a timebox: sliced into linked issues"},

		{Name: "AP1", Color: "#b84600",
			Description: "Availability and performance priority, first: outage likely within a month, or a large gain"},
		{Name: "AP2", Color: "#ffb84d", Description: "Availability and performance priority, second"},
		{Name: "AP3", Color: "#f7dc9b", Description: "Availability and performance priority, third"},

		{Name: "S1", Color: "#d10000", Description: "Severity 1: outage or data loss, no workaround, most users"},
		{Name: "S2", Color: "#ff9f80", Description: "Severity 2: many users or several paying customers, workaround too complex"},
		{Name: "S3", Color: "#ffc4b0", Description: "Severity 3: some users, an acceptable workaround"},
		{Name: "S4", Color: "#ffe4db", Description: "Severity 4: cosmetic"},

		{Name: "C1", Color: "#4b0082", Description: "Criticality 1: downtime or high risk; two approvals, one of them a manager's"},
		{Name: "C2", Color: "#6a3fb5", Description: "Criticality 2: risk without downtime; approval of a manager or peer lead"},
		{Name: "C3", Color: "#cbb7f0", Description: "Criticality 3: very low risk, some manual work; approval of a peer"},
		{Name: "C4", Color: "#e6dcf9", Description: "Criticality 4: routine or automated; no approval"},

		{Name: Corrective, Color: "#7d3c98", Description: "Agreed in an incident's review so that it does not happen again",
			RenamedFrom: []string{"corrective-action"}},
		{Name: OncallReport, Color: "#7a6a00", Description: "The on-call log of a week", RenamedFrom: []string{"on-call report"}},
		{Name: "database", Color: "#1b4f72", Description: "Work on databases, merged from the database tracker"},
		{Name: CarriedOver, Color: "#795548", Description: "Not finished in an earlier timebox"},

		{Name: "Planning", Color: "#c5dcf5", Description: "Board: discussed, not yet ready to be worked on"},
		{Name: "Ready", Color: "#9cc4ee", Description: "Board: described, with a weight, and small enough to pick up"},
		{Name: "Waiting", Color: "#d9d9d9", Description: "Board: started, waiting for somebody outside the team"},
		{Name: "In Progress", Color: "#1f5fa8", Description: "Board: being worked on", RenamedFrom: []string{"In-Progress"}},

		{Name: "Incident::Active", Color: "#990f02", Description: "Users are still affected"},
		{Name: "Incident::Mitigated", Color: "#ffd166", Description: "Users are no longer affected; the cause is still there"},
		{Name: "Incident::Resolved", Color: "#2e7d32", Description: "The cause is gone"},
		{Name: "Incident::Reviewed", Color: "#1b5e20", Description: "The review is held and its actions are written down"},

		{Name: ReviewDue, Color: "#a04000", Description: "A closed incident whose review has not been held yet"},

		{Name: "change::scheduled", Color: "#d6c9f5", Description: "Planned for a window"},
		{Name: "change::approved", Color: "#b39ddb", Description: "Has all required approvals"},
		{Name: "change::in-progress", Color: "#512da8", Description: "Being carried out"},
		{Name: "change::complete", Color: "#33691e", Description: "Carried out and checked"},
		{Name: "change::aborted", Color: "#424242", Description: "Stopped or rolled back; another attempt is a new issue"},
	}
	for priority, name := range Prioritized() {
		for i := range set {
			if set[i].Name == name {
				set[i].Priority = &priority
			}
		}
	}
	return set
}
