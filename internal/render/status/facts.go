package status

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// facts makes the facts of a document, with as many details as there is room for.
type facts struct {
	doc                          jsonv1.Status
	clock                        words.Clock
	width                        int // 0: unlimited
	incidents, comments, changes int // details of each kind
	wrapped                      int // 1: the first line of a part may become two
}

// list returns the facts in the order of the screen.
func (a facts) list() (list []fact) {
	list = append(list, a.oncall())
	list = append(list, a.ongoing()...)
	list = append(list, a.underWay()...)
	list = append(list, a.locks(), a.gate(), a.handoffs(), a.timebox())
	if t := a.doc.Timebox; t.RollDue {
		list = append(list, roll(t))
	}
	return append(list, a.budget())
}

// part is the first fact of a part. If the part could not be read, that is all there is.
func part(name string, p jsonv1.StatusPart) (f fact, known bool) {
	f = fact{part: name, first: true, command: p.Command, atLeast: p.AtLeast, unknown: p.Unknown, hint: p.AtLeast}
	if p.Unknown != "" {
		f.state = layout.As(layout.Warn, words.Unknown+": "+p.Unknown)
	}
	return f, p.Unknown == ""
}

// atLeast is a number of which there may be more.
func atLeast(p jsonv1.StatusPart) string {
	if p.AtLeast {
		return "at least "
	}
	return ""
}

func (a facts) oncall() fact {
	d := a.doc.Oncall
	f, known := part("On call", d.StatusPart)
	if d.Now == nil {
		return f
	}
	f.at = d.Now.To
	f.state = layout.As(layout.Strong, person(d.Now))
	if !known {
		f.state.Style = layout.Warn
	}
	f.text = "(" + d.Now.Region + ") until " + a.clock.Brief(d.Now.To)
	if d.Next != nil && d.Next.Person != nil {
		f.text += ", then " + person(d.Next) + " (" + d.Next.Region + ")"
	}
	if !known {
		f.text += ": " + d.Unknown
	}
	return f
}

func person(d *jsonv1.Duty) string {
	if d.Person == nil {
		return words.Unknown
	}
	return words.Mentions([]string{d.Person.User})
}

func (a facts) ongoing() []fact {
	d := a.doc.Incidents
	f, known := part("Incidents", d.StatusPart)
	if !known {
		return []fact{f}
	}
	var counts []string
	for _, n := range []struct {
		count int
		word  string
	}{{d.Active, "active"}, {d.Mitigated, "mitigated"}, {d.Unclear, "without a state"}} {
		if n.count > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n.count, n.word))
		}
	}
	f.state = layout.As(layout.Good, "none")
	if len(counts) > 0 {
		f.state = layout.As(layout.Warn, atLeast(d.StatusPart)+strings.Join(counts, ", "))
	}
	if d.Active > 0 {
		f.state.Style = layout.Bad
	}
	shown := min(a.incidents, len(d.Worst))
	f.hint = f.hint || shown < d.Active+d.Mitigated+d.Unclear
	list := []fact{f}
	for n, i := range d.Worst[:shown] {
		list = append(list, a.incident(i))
		if i.LastComment != nil && n < a.comments {
			list = append(list, a.comment(i))
		}
	}
	return list
}

func (a facts) incident(i jsonv1.Incident) fact {
	f := fact{part: "Incidents", ref: i.Ref, text: i.Title, at: i.StartedAt, state: words.Severity(i.Severity),
		confidential: i.Confidential, withheld: i.Withheld}
	switch {
	case i.Severity == "" && i.State == jsonv1.IncidentUnknown:
		f.state.Text = "severity and state unknown"
	case i.Severity == "":
		f.state.Text = string(i.State) + ", severity unknown"
	default:
		f.state.Text += " " + strings.Replace(string(i.State), words.Unknown, "state unknown", 1)
	}
	age := ""
	if i.AgeMinutes != nil {
		age = " " + words.Lasting(*i.AgeMinutes)
	}
	f.brief = strings.TrimSpace(a.short(i.Ref) + age + " " + secret(i.Title, i.Confidential || i.Withheld))
	return f
}

// secret is a title with its mark if it is confidential.
func secret(title string, confidential bool) string {
	if confidential {
		return strings.TrimSpace(words.HiddenTitle + " " + title)
	}
	return title
}

// short is a reference, on a narrow terminal without its project.
func (a facts) short(ref string) string {
	const room = 60
	if n := strings.LastIndexByte(ref, '#'); n >= 0 && a.width > 0 && a.width < room {
		return ref[n:]
	}
	return ref
}

// comment is what a person wrote last.
func (a facts) comment(i jsonv1.Incident) fact {
	c := i.LastComment
	text := cmp.Or(c.Text, "(no message)")
	if c.Internal && c.Text == "" {
		text = "(internal comment)"
	}
	by := words.Mentions([]string{c.By})
	return fact{part: "Incidents", ref: i.Ref, state: layout.T("last comment"), below: true, text: by + ": " + text, at: c.At,
		brief: by + a.ago(c.At) + ": " + text, confidential: i.Confidential, withheld: i.Withheld}
}

// ago is how long ago an instant is.
func (a facts) ago(at string) string {
	t, err := time.Parse(time.RFC3339, at)
	now, nerr := time.Parse(time.RFC3339, a.doc.At)
	if err != nil || nerr != nil || t.After(now) {
		return ""
	}
	return " " + words.Lasting(int(now.Sub(t).Minutes())) + " ago"
}

func (a facts) underWay() []fact {
	d := a.doc.Changes
	f, known := part("Changes", d.StatusPart)
	if !known {
		return []fact{f}
	}
	f.state = layout.T("none in progress")
	if d.InProgress > 0 {
		f.state = layout.As(layout.Strong, fmt.Sprintf("%d in progress", d.InProgress))
	}
	if d.Planned > 0 {
		f.text = fmt.Sprintf("and %s%d planned", atLeast(d.StatusPart), d.Planned)
	}
	shown := min(a.changes, len(d.First))
	f.hint = f.hint || shown < d.InProgress+d.Planned
	list := []fact{f}
	for _, c := range d.First[:shown] {
		list = append(list, a.change(c))
	}
	return list
}

func (a facts) change(c jsonv1.Change) fact {
	f := fact{part: "Changes", ref: c.Ref, text: c.Title, at: c.Start, state: words.Criticality(c.Criticality),
		confidential: c.Confidential, withheld: c.Withheld}
	f.state.Text += " " + string(c.State)
	var when string
	switch {
	case c.State == jsonv1.ChangeInProgress && c.WindowEnd != "":
		when = " until " + a.clock.Brief(c.WindowEnd)
	case c.Start != "":
		when = " from " + a.clock.Brief(c.Start)
	}
	f.brief = strings.TrimSpace(a.short(c.Ref) + when + " " + secret(c.Title, c.Confidential || c.Withheld))
	return f
}

func (a facts) locks() fact {
	d := a.doc.Locks
	f, _ := part("Locks", d.StatusPart)
	var active []string
	for _, l := range d.Active {
		text := l.Name + " (" + l.Kind + ")"
		if len(l.Next) > 0 {
			text += " until " + a.clock.Brief(l.Next[0].To)
		}
		active = append(active, text)
	}
	f.state = layout.T("none")
	if len(active) > 0 {
		f.state, f.at = layout.As(layout.Warn, strings.Join(active, ", ")), d.Active[0].Next[0].To
	}
	if d.Next != nil && len(d.Next.Next) > 0 {
		f.text = "next " + d.Next.Name + " (" + d.Next.Kind + ") from " + a.clock.Brief(d.Next.Next[0].From)
		f.brief = "; " + f.text
	}
	return f
}

func (a facts) gate() fact {
	d := a.doc.Gate
	f, known := part("Gate", d.StatusPart)
	f.hint = d.State == "unknown"
	if !known {
		return f
	}
	f.state = layout.As(layout.Good, d.State)
	f.text = "for a C3 change of all services"
	if d.State == "closed" {
		f.state, f.text = layout.As(layout.Bad, d.State), "for C3"
	}
	if len(d.Reasons) == 0 {
		return f
	}
	r := d.Reasons[0]
	f.ref, f.at, f.confidential = r.Ref, r.Until, r.Confidential
	f.brief = f.text + ": " + strings.TrimSpace(r.Text+" "+a.short(r.Ref))
	f.text = r.Text
	if n := len(d.Reasons) - 1; n > 0 {
		f.brief, f.hint = f.brief+fmt.Sprintf(", %d more", n), true
	}
	return f
}

func (a facts) handoffs() fact {
	d := a.doc.Handoffs
	f, known := part("Hand-offs", d.StatusPart)
	if !known {
		return f
	}
	f.state = layout.T("none waiting")
	if d.Waiting == 0 {
		return f
	}
	f.state = layout.As(layout.Warn, fmt.Sprintf("%s%d waiting", atLeast(d.StatusPart), d.Waiting))
	f.hint = true
	if o := d.Oldest; o != nil {
		f.ref, f.text, f.confidential, f.withheld = o.Ref, o.Title, o.Confidential, o.Withheld
		f.brief = "(oldest " + a.short(o.Ref) + ")"
	}
	return f
}

func (a facts) timebox() fact {
	d := a.doc.Timebox
	f, known := part("Timebox", d.StatusPart)
	if !known {
		return f
	}
	if d.Title == "" {
		f.state, f.command, f.hint = layout.As(layout.Warn, "no Current Milestone"), "prodctl milestone ensure", true
		return f
	}
	f.at = d.Due
	switch {
	case d.Days == 0:
		f.state = layout.As(layout.Warn, "no dates")
	case d.Day == 0:
		f.state = layout.T("starts " + d.Start)
	default:
		f.state = layout.T(fmt.Sprintf("day %d of %d", d.Day, d.Days))
	}
	f.text = fmt.Sprintf("%d of %s%d done", d.Done, atLeast(d.StatusPart), d.Total)
	if d.AtPace != nil {
		f.text += fmt.Sprintf(", %d at this pace", *d.AtPace)
	}
	f.brief = ", " + f.text
	return f
}

func roll(d jsonv1.StatusTimebox) fact {
	f := fact{part: "Roll", first: true, command: "prodctl milestone roll", hint: true, at: d.Due,
		state: layout.As(layout.Warn, "due today")}
	if n := *d.OverdueDays; n > 0 {
		f.state = layout.As(layout.Bad, words.Count(n, "day")+" overdue")
	}
	return f
}

func (a facts) budget() fact {
	d := a.doc.Budget
	f, known := part("Budget", d.StatusPart)
	if !known || len(d.Accounts) == 0 {
		return f
	}
	all := d.Accounts[0]
	f.state = spent(all)
	f.text = all.Remaining + " of " + all.Allowed + " min left since " + d.FirstDay
	if all.IsSpent {
		f.text = all.Spent + " min of " + all.Allowed + " since " + d.FirstDay
	}
	if d.Missing > 0 {
		f.text += ", not counting " + words.Count(d.Missing, "incident") + " of unknown duration"
	}
	if len(d.Accounts) > 1 {
		worst := d.Accounts[1]
		f.text += "; " + worst.Name + " " + spent(worst).Text
	}
	f.brief = ", " + f.text
	return f
}

// spent is how much of a budget is spent.
func spent(a jsonv1.StatusAccount) layout.Span {
	switch {
	case a.IsSpent:
		return layout.As(layout.Bad, cmp.Or(percent(a.Percent), "all")+" spent")
	case a.Percent == "":
		return layout.T("nothing spent")
	}
	return layout.T(percent(a.Percent) + " spent")
}

func percent(exact string) string {
	if exact == "" {
		return ""
	}
	return words.Percent(exact)
}
