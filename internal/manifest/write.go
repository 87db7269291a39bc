package manifest

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Choices are the values of a new file that have no default.
type Choices struct {
	Host     string // base URL
	Trackers []Tracker
	Timezone string            // empty: UTC
	Group    string            // with the milestones; empty: the infrastructure tracker has them
	Cadence  milestone.Cadence // zero: the handbook's
}

// Commented returns a new file with the choices and the defaults, each with a comment. Lines that start with # and no space are
// examples; each of them is valid without the #.
func (c Choices) Commented() []byte {
	d := Defaults()
	zone, scope, group := c.Timezone, d.Milestones.Scope, "#group: acme"
	if zone == "" {
		zone = d.Timezone.String()
	}
	if c.Group != "" {
		scope, group = target.Group, "group: "+plain(c.Group)
	}
	m, due, every := d.Milestones, d.Incidents.ActionDue, d.Incidents.UpdateEvery
	if c.Cadence != (milestone.Cadence{}) {
		m.Cadence = c.Cadence
	}
	return fmt.Appendf(nil, commented,
		plain(c.Host), c.trackers(), c.trackerIDs(), plain(zone), d.Times,
		scope, group,
		m.Cadence.Anchor, m.Cadence.Length, m.Cadence.Every,
		plain(m.Names.Current), plain(m.Names.Next), plain(string(m.Names.Dated)), plain(string(m.Names.Archive)),
		m.CarryOver, plain(m.CarriedLabel),
		d.Labels.Builtin,
		plain(d.Board.Name), d.Board.lines(), plain(d.Board.Start), plain(d.Board.Waiting),
		plain(d.Incidents.ServiceLabel), d.Incidents.Type, d.Incidents.SameTitle, FormatDuration(d.Incidents.ReviewAfter),
		FormatDays(due.S1), FormatDays(due.S2), FormatDays(due.S3), FormatDays(due.S4),
		FormatDuration(every.S1), FormatDuration(every.S2), FormatDuration(every.S3), FormatDuration(every.S4),
		FormatDuration(d.Incidents.SilentAfter), d.Incidents.CloseOnResolved,
		d.Changes.LongLock,
		d.Handoff.Log, d.Handoff.Project, d.Handoff.Confidential, plain(d.Budget.SLO), d.Budget.Window, d.Budget.Unknown,
		d.Planning.Share, d.Planning.Grace, d.Planning.QuarterStart,
		d.Rad.Rule, plain(d.Rad.Label), formatWindow(d.Rad.Within),
		d.Readiness.SpeedIndexBelow, strings.Join(d.Readiness.Environments, ", "), d.Readiness.DeploysPerWeek,
		formatWindow(d.Readiness.LeadTime), d.Readiness.FailurePercent,
		formatWindow(d.Lint.Stale),
		d.Output, d.Color, FormatDuration(d.Timeout), d.Parallel, d.AllowHTTP)
}

func (c Choices) trackers() string {
	var b strings.Builder
	for _, t := range c.Trackers {
		fmt.Fprintf(&b, "  %s: %s\n", plain(t.Name), plain(t.Project.Path))
	}
	if b.Len() == 0 {
		return "  {}\n"
	}
	return b.String()
}

// trackerIDs are the ids that are known, or else an example.
func (c Choices) trackerIDs() string {
	var b strings.Builder
	for _, t := range c.Trackers {
		if t.ID != 0 {
			fmt.Fprintf(&b, "  %s: %d\n", plain(t.Name), t.ID)
		}
	}
	if b.Len() > 0 {
		return "tracker_ids:\n" + b.String()
	}
	return "#tracker_ids: {infrastructure: 42}\n"
}

func (b Board) lines() string {
	var out strings.Builder
	for _, c := range b.Columns {
		fmt.Fprintf(&out, "    - {name: %s, label: %s, limit: %d}\n", plain(c.Name), plain(c.Label), c.Limit)
	}
	return out.String()
}

// plain encodes a text as YAML on one line, in quotes if it needs them.
func plain(s string) string {
	if strings.ContainsAny(s, "\n{}[],") { // block style or the inside of braces
		return fmt.Sprintf("%q", s)
	}
	out, err := yaml.Marshal(s)
	if err != nil {
		panic("manifest: YAML cannot hold a string: " + err.Error())
	}
	return strings.TrimSuffix(string(out), "\n")
}

const commented = `# Configuration of prodctl, which runs this team's workflow on GitLab.
# Keys: docs/configuration.md. Check this file with: prodctl config validate
# Lines that start with # and no space are examples or defaults. Remove the # to use them.
version: 1

# The GitLab host. --host and PRODCTL_HOST take precedence over it, and it over GITLAB_HOST and CI_SERVER_URL.
# Do not put tokens here. Use prodctl auth login, or PRODCTL_TOKEN, or GITLAB_TOKEN.
host: %s

# Other addresses of the same GitLab, as people paste them in URLs. No request is sent there.
#web_hosts: [gitlab.corp]

# The projects with the issues: infrastructure is the team's own work, production has the incidents and changes.
# Others can be added, such as database.
trackers:
%s# The ids of these projects. Without them, commands that create something send one request more.
%s
# The team's time zone. It decides which day is today; due dates have no zone.
timezone: %s
# How a time without an offset on the command line is read: utc, or team for the zone above.
#times: %s

milestones:
  # project: milestones of the infrastructure tracker. group: milestones of a group that contains both trackers.
  scope: %s
  %s
  # Any Monday on which a timebox starts; days of a timebox, including the first and the last; days from one start to the next.
  anchor: %s
  length: %d
  every: %d
  # The titles of the two open milestones, and the name in their descriptions.
  # Placeholders: {month} {n} {year} {date} describe the last day, {start} is the first day.
  current: %s
  next: %s
  dated_name: %s
  # Title of a finished milestone; "dated" means dated_name.
  archive_title: %s
  # Its open issues move to current or next, or stay (keep), or the roll is refused while there are any (block).
  carry_over: %s
  carried_label: %s

labels:
  # Start with the handbook's labels: prodctl label list shows them.
  builtin: %t
  # Your names for built-in labels.
  #names: {oncall: on-call}
  # More labels, or changes to built-in ones. A label named in renamed_from is renamed and keeps its issues. Priority 0 is the highest.
  #declare:
  #- {name: "weight::3", color: "#aabbcc", description: "Three days or so", priority: 3, renamed_from: [medium], scope: project}

board:
  name: %s
  # limit: number of issues that the column should hold, 0 for any. Completed, the closed state, is always the last column.
  columns:
%s  # The columns in which work starts and waits, for cycle times.
  #start: %s
  #waiting: %s

# The production queue, with its defaults, or examples for keys without a default.
#incidents:
  # The label of a service, and the list of services: if it is set, other names are refused.
  #service_label: %s
  #services: [web, api, registry]
  # GitLab's type of a new incident: auto is incident where the token may set it; issue is an ordinary one.
  #type: %s
  # For a second incident with the same title on the same day: adopt continues with the first, new opens another.
  #same_title: %s
  # An S1 or S2 that lasted longer requires a review. Corrective actions are due after these days, by severity.
  #review_after: %s
  #action_due: {S1: %s, S2: %s, S3: %s, S4: %s}
  # incident check: how often an active incident needs an update (0s: never), and after which silence it is a finding.
  #update_every: {S1: %s, S2: %s, S3: %s, S4: %s}
  #silent_after: %s
  # Markdown files in this folder; docs/configuration.md lists the variables in braces.
  #template: templates/incident.md
  #review_template: templates/review.md
  # The projects whose deployments incident changes lists: services, and one environment (default: all).
  #deployments:
    #- {project: acme/registry, environment: production, services: [registry]}
  # incident open --from: resolve an incident that no person touched when all its alerts are.
  #close_on_resolved: %t

# What the alerts of incident open --from say: the title (the first source that has a value), severities and services by a label.
#alerts:
  #title: [annotations.summary, labels.alertname]
  #severity: {label: severity, map: {critical: S1, warning: S3}}
  #services: {label: service, map: {container-registry: registry}}

#changes:
  #template: templates/change.md
  # The approvers by function: users, members of groups, or anybody with this role in the production project.
  #approvers:
    #manager: {users: [mara], groups: [acme/managers], access: maintainer}
    #lead: {access: maintainer}
    #peer: {access: developer}
  # The approvals that each criticality requires; the author and the executor never count.
  #approvals:
    #C1: {count: 2, of: [manager, lead, peer], include: [manager]}
    #C2: {count: 1, of: [manager, lead]}
    #C3: {count: 1, of: [manager, lead, peer]}
    #C4: {count: 0}
  #long_lock_days: %d

# Periods in which changes must wait: soft locks stop C1 and C2, hard locks stop all. Times are in the lock's zone, by default UTC.
#locks:
  #- {name: weekend, kind: soft, weekly: {from: "sat 01:00", to: "sun 21:00"}, reason: Nobody is there}
  #- {name: holidays, kind: hard, from: 2018-12-21 17:00, to: 2019-01-02 06:00, zone: Europe/Berlin, long: false, exempt: [status-page]}

# Approval of changes to authentication: by a member of an approving team, or by staff from another team than the author's.
#approvals:
  #repositories:
    #- {project: acme/oauth2-proxy-cookbook, paths: ["**"]}
  #teams:
    #sre: {groups: [acme/sre]}
    #security: {users: [ada]}
  #approving: [sre, security]
  #staff: {users: [mara], groups: [acme/staff]}

# Who is on call. Regions share the day: each ends when the next starts. Hours are in the region's zone, by default UTC.
#oncall:
  #regions:
    #- {name: EMEA, from: "04:00", to: "16:00", zone: UTC, rotation: {members: [ana, bo], period: 1w, start: 2018-08-06, handover: "04:00"}}
    #- {name: AMER, from: "16:00", to: "04:00", rotation: {members: [cleo, dan], period: 1w, start: 2018-08-06}}
  #people: [{user: ana, name: Ana Ott, zone: Europe/Berlin, hours: "09:00-17:00", calendar: [ana@example.com]}]
  # A calendar says who is on call, and the file where it has nobody: a file, or a secret address in PRODCTL_ONCALL_ICS.
  #source: ics
  #ics_file: oncall.ics
  # Use overrides for holidays. A day starts with the region's shift.
  #overrides:
    #- {region: EMEA, person: bo, from: 2018-12-24, to: 2018-12-27, instead_of: ana, reason: holidays}
  #swaps:
    #- {people: [cleo, dan], from: 2018-09-03, to: 2018-09-10, reason: a wedding}

# The on-call log: an issue per week (the default, log: %s), per shift, or always the same; its tracker; whether it is confidential.
#handoff: {log: issue, issue: "production#5", project: %s, confidential: %t}

# The availability objective in percent, its window (28d, month or quarter), services with their own objective and team, and whether
# incidents of unknown duration close change gate --budget (list or block).
#budget:
  #slo: %s
  #window: %s
  #services:
    #registry: {team: storage, slo: 99.9}
  #unknown: %s

# More labels for report labels, and the most toil that the team accepts, in percent of its issues.
#report: {labels: [security], toil_aim: 30}

# Planning: the percent of the likely output that is for scheduled work; who works when; the working days of a timebox in which
# an issue may still come in as scheduled; the label of the theme; a month in which a quarter begins.
#planning:
  #share: %d
  #people: [ana, bo]
  #absences: [{person: ana, from: 2018-08-20, to: 2018-08-24}]
  #holidays: [2018-12-25]
  #grace: %d
  #theme: backups
  #quarter_start: %d

# Requests of work: the managers who are mentioned in them. Of several, each has a week in turn.
#requests: {managers: [olga, petra]}

# Labels of a tracker that is merged into another one, by their old name. An empty name leaves a label behind.
#queue: {labels: {db on-call: oncall, wip: ""}}

# Restore drills (R.A.D.): the rule for their days, who takes turns (by default the people above), what is restored, the label of
# their issues, and in how many days every target has to be tested.
#rad:
  #rule: %s
  #people: [ana, bo, cleo]
  #targets:
    #- {name: db, kind: database, size: 412GiB, verify: Count the rows of the largest tables}
    #- {name: uploads, kind: filesystem}
  #label: %s
  #template: templates/drill.md
  #within: %s

# Production readiness: a Prometheus query for the speed index, and its limit, both in seconds; the labels of the security team's
# requests and of all others; the environments whose deployments count, and the aims for them.
#readiness:
  #prometheus: https://prometheus.example.com
  #speed_index_query: avg(speed_index_seconds)
  #speed_index_below: %s
  #security_labels: [SL1, SL2]
  #request_labels: [unblocks others, access request]
  #environments: [%s]
  #deploys_per_week: %s
  #lead_time: %s
  #failure_percent: %s

# The rules of prodctl lint: those that are off, findings to leave out until a day, and when work in progress is stale.
#lint:
  #off: [label-drift]
  #ignore:
    #- {rule: stale, issue: "infrastructure#12", until: 2018-09-30}
  #stale: %s

# Hooks: a command or a webhook that runs after incident open, mitigate and resolve, handoff --post and milestone roll. The address of
# a webhook is often a secret, so a variable can hold it.
#hooks:
  #- {on: [incident.open, incident.resolve], url_env: PRODCTL_HOOK_SLACK, format: slack}
  #- {on: [incident.mitigate], url: "https://ntfy.example.com/team", format: ntfy, confidential: true}
  #- {on: [handoff.post, milestone.roll], command: [notify-team, --quiet]}

# Settings of prodctl itself, with their defaults. Environment variables override them: PRODCTL_TIMEOUT for timeout, and so on.
#output: %s
#color: %s
#timeout: %s
#parallel: %d
#allow_http: %t
#ca_file: certificates.pem
#token_file: ~/.config/prodctl/token
`
