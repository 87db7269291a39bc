package manifest

import (
	"fmt"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/milestone"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// Choices are what a new file has to say because there is no default for it.
type Choices struct {
	Host     string // base URL
	Trackers []Tracker
	Timezone string            // empty: UTC
	Group    string            // keeps the milestones; empty: the infrastructure tracker does
	Cadence  milestone.Cadence // zero: the handbook's
}

// Commented is a new file: the choices and the defaults, each with what it is for. Lines that begin with # and no blank are
// examples; every one is valid when the # is taken away.
func (c Choices) Commented() []byte {
	d := Defaults()
	zone, scope, group := c.Timezone, d.Milestones.Scope, "#group: acme"
	if zone == "" {
		zone = d.Timezone.String()
	}
	if c.Group != "" {
		scope, group = target.Group, "group: "+plain(c.Group)
	}
	m, due := d.Milestones, d.Incidents.ActionDue
	if c.Cadence != (milestone.Cadence{}) {
		m.Cadence = c.Cadence
	}
	return fmt.Appendf(nil, commented,
		plain(c.Host), c.trackers(), plain(zone),
		scope, group,
		m.Cadence.Anchor, m.Cadence.Length, m.Cadence.Every,
		plain(m.Names.Current), plain(m.Names.Next), plain(string(m.Names.Dated)), plain(string(m.Names.Archive)),
		m.CarryOver, plain(m.CarriedLabel),
		d.Labels.Builtin,
		plain(d.Board.Name), d.Board.lines(),
		plain(d.Incidents.ServiceLabel), d.Incidents.SameTitle, FormatDuration(d.Incidents.ReviewAfter),
		FormatDays(due.S1), FormatDays(due.S2), FormatDays(due.S3), FormatDays(due.S4),
		d.Changes.LongLock,
		d.Handoff.Log, d.Handoff.Project, d.Handoff.Confidential, plain(d.Budget.SLO), FormatDays(int(d.Budget.Window/(24*time.Hour))),
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

func (b Board) lines() string {
	var out strings.Builder
	for _, c := range b.Columns {
		fmt.Fprintf(&out, "    - {name: %s, label: %s, limit: %d}\n", plain(c.Name), plain(c.Label), c.Limit)
	}
	return out.String()
}

// plain is a text as YAML, in quotes where it needs them. It stays on one line.
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

const commented = `# This team's workflow on GitLab, for prodctl.
# Every key is explained by: prodctl help config. Check the file with: prodctl config validate
# Lines that begin with # and no blank are examples or defaults: take the # away to use them.
version: 1

# The GitLab to work with. --host, PRODCTL_HOST, GITLAB_HOST and CI_SERVER_URL go before it.
# Tokens do not belong here: prodctl auth login, or PRODCTL_TOKEN, or GITLAB_TOKEN.
host: %s

# Where the issues are: the team's own work (infrastructure), and events in production (production).
# More trackers may be named, such as database.
trackers:
%s
# The team's time zone. It decides which day is today; due dates themselves have no zone.
timezone: %s

milestones:
  # project: they live in the infrastructure tracker. group: in a group above both trackers.
  scope: %s
  %s
  # Any Monday on which a timebox begins, its days with the first and the last, and days from begin to begin.
  anchor: %s
  length: %d
  every: %d
  # The two that are always open, and the name that stands in their descriptions.
  # In names: {month} {n} {year} {date} are of the last day, {start} is the first day.
  current: %s
  next: %s
  dated_name: %s
  # What a finished one is called; the word dated means the dated name.
  archive_title: %s
  # Where its open issues go: current, next, keep (they stay), block (the roll is refused while there are any).
  carry_over: %s
  carried_label: %s

labels:
  # Begin with the handbook's set: prodctl label list shows it.
  builtin: %t
  # This team's words for built-in labels.
  #names: {oncall: on-call}
  # More labels, or changes of built-in ones. renamed_from: old names, whose issues the label keeps; priority: 0 is the highest.
  #declare:
  #- {name: "weight::3", color: "#aabbcc", description: "Three days or so", priority: 3, renamed_from: [medium], scope: project}

board:
  name: %s
  # limit: how many issues a column should hold, 0 for any number. Completed, the closed state, follows by itself.
  columns:
%s
# The production queue. What stands here is the default, or an example where there is none.
#incidents:
  # How the label of a service is made, and all services there are: then others are refused.
  #service_label: %s
  #services: [web, api, registry]
  # Opened twice on one day with one title: adopt goes on with the first, new opens another.
  #same_title: %s
  # An S1 or S2 that lasted longer wants a review. Days to carry out a corrective action, by severity.
  #review_after: %s
  #action_due: {S1: %s, S2: %s, S3: %s, S4: %s}
  # Markdown files beside this one; prodctl help config tells what may stand in braces.
  #template: templates/incident.md
  #review_template: templates/review.md

#changes:
  #template: templates/change.md
  # Who counts as what: people by name, by group, or by their role in the production project.
  #approvers:
    #manager: {users: [mara], groups: [acme/managers], access: maintainer}
    #lead: {access: maintainer}
    #peer: {access: developer}
  # What each criticality needs; the author and the executor never count.
  #approvals:
    #C1: {count: 2, of: [manager, lead, peer], include: [manager]}
    #C2: {count: 1, of: [manager, lead]}
    #C3: {count: 1, of: [manager, lead, peer]}
    #C4: {count: 0}
  #long_lock_days: %d

# When changes wait: soft locks stop C1 and C2, hard ones all. Times are of the lock's zone, UTC unless it says another.
#locks:
  #- {name: weekend, kind: soft, weekly: {from: "sat 01:00", to: "sun 21:00"}, reason: Nobody is there}
  #- {name: holidays, kind: hard, from: 2018-12-21 17:00, to: 2019-01-02 06:00, zone: Europe/Berlin, long: false, exempt: [status-page]}

# Who approves changes of authentication: a member of an approving team, or staff of another team than the author's.
#approvals:
  #repositories:
    #- {project: acme/oauth2-proxy-cookbook, paths: ["**"]}
  #teams:
    #sre: {groups: [acme/sre]}
    #security: {users: [ada]}
  #approving: [sre, security]
  #staff: {users: [mara], groups: [acme/staff]}

# Who is on call. Regions share the day: each ends where the next begins. Hours are of the region's zone, UTC unless it says another.
#oncall:
  #regions:
    #- {name: EMEA, from: "04:00", to: "16:00", zone: UTC, rotation: {members: [ana, bo], period: 1w, start: 2018-08-06, handover: "04:00"}}
    #- {name: AMER, from: "16:00", to: "04:00", rotation: {members: [cleo, dan], period: 1w, start: 2018-08-06}}
  #people: [{user: ana, name: Ana Ott}]
  # Holidays are overrides. A day begins with the shift.
  #overrides:
    #- {region: EMEA, person: bo, from: 2018-12-24, to: 2018-12-27, instead_of: ana, reason: holidays}
  #swaps:
    #- {people: [cleo, dan], from: 2018-09-03, to: 2018-09-10, reason: a wedding}

# The on-call log: an issue a week (the default: log: %s) or a shift, or one issue; which tracker has it, and whether it is confidential.
#handoff: {log: issue, issue: "production#5", project: %s, confidential: %t}

# How much of the time production is up, in percent, and over how many days that is reckoned.
#budget: {slo: %s, window: %s}

# Settings of the tool itself, with their defaults. Each can be said by PRODCTL_ and its name, such as PRODCTL_TIMEOUT.
#output: %s
#color: %s
#timeout: %s
#parallel: %d
#allow_http: %t
#ca_file: certificates.pem
#token_file: ~/.config/prodctl/token
`
