package render

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// postRoom is how many characters a comment may have: GitLab takes a million, and the hidden key needs some.
const postRoom = 990_000

// HandoffPost is the report as it is posted: a line that notifies people, and the report, in which nobody else is mentioned. Of a report
// that no comment can hold the ends of its sections are left out.
func HandoffPost(doc jsonv1.Handoff, mention string, reveal bool) (string, error) {
	if !reveal {
		doc = doc.Withhold()
	}
	for _, most := range []int{0, 1000, 300, 100, 30, 1} {
		if text := strings.TrimSpace(mention + handoffPost(shortened(doc, most))); utf8.RuneCountInString(text) <= postRoom {
			return text, nil
		}
	}
	return "", fault.New(fault.Failed, "prodctl handoff -o md > report.md", "the report is too long for a comment")
}

// shortened is the report with so many entries a section at most; 0: with all.
func shortened(doc jsonv1.Handoff, most int) jsonv1.Handoff {
	if most == 0 {
		return doc
	}
	sections := slices.Clone(doc.Sections)
	for n, s := range sections {
		if len(s.Entries) > most {
			sections[n].Entries = s.Entries[:most]
			doc.Notes = append(doc.Notes[:len(doc.Notes):len(doc.Notes)], s.Title+": there are more than this comment can hold; prodctl handoff shows all")
		}
	}
	doc.Sections = sections
	return doc
}

// handoffPost is the report for a comment on the on-call log. Instants are in UTC and have their dates, since it is read for years.
// References stand as they are, so that GitLab links them, and nobody is pinged.
func handoffPost(doc jsonv1.Handoff) string {
	var out strings.Builder
	put := func(parts ...string) { out.WriteString(strings.Join(parts, "") + "\n") }
	put("### Hand-off ", mdCell(doc.Shift.Region), " to ", mdCell(doc.Next.Region), ", ", mdCell(moment(doc.Shift.To)))
	put()
	put("- Goes: ", mdCell(staffed(doc.Shift.People)+", "+utcWindow(doc.Shift.From, doc.Shift.To)))
	put("- Comes: ", mdCell(staffed(doc.Next.People)+", "+utcWindow(doc.Next.From, doc.Next.To)))
	as := "As of " + moment(doc.At)
	if doc.Past {
		as += ", rebuilt from what GitLab still knows of that moment"
	}
	put("- ", mdCell(as), ": **", mdCell(handoffSum(doc)), "**")
	if doc.Log != nil {
		put("- On-call log: ", mdCell(doc.Log.Ref))
	}
	var part jsonv1.Urgency
	for _, s := range doc.Sections {
		if s.Urgency != part {
			if part == jsonv1.MayBurn {
				out.WriteString(mdLocks(doc.Locks))
			}
			part = s.Urgency
			word := urgencyHead(part).text
			put("\n#### ", word[:1]+strings.ToLower(word[1:]))
		}
		out.WriteString(mdHandoffSection(s))
	}
	if doc.Budget != nil {
		put("\n**Error budget**\n\n- ", mdCell(budgetLeft(*doc.Budget)))
		for _, s := range budgetFacts(*doc.Budget) {
			put("- ", mdCell(s))
		}
	}
	if len(doc.Unknown) > 0 {
		put("\n#### Not known\n")
		for _, s := range doc.Unknown {
			put("- ", mdCell(s))
		}
	}
	for n, s := range notes(doc.Notes) {
		if n == 0 {
			put()
		}
		put("- ", mdCell(s))
	}
	return out.String()
}

// mdHandoffSection is one section as a list; it says so when there is nothing.
func mdHandoffSection(s jsonv1.HandoffSection) string {
	if len(s.Entries) == 0 {
		return "\n**" + mdCell(s.Title) + "**: none\n"
	}
	var out strings.Builder
	out.WriteString("\n**" + mdCell(s.Title) + "**\n\n")
	for _, e := range s.Entries {
		if e.Withheld { // by its reference alone
			out.WriteString("- " + mdCell(e.Ref+" "+hiddenTitle) + "\n")
			continue
		}
		out.WriteString("- " + mdCell(e.Ref) + mdHandoffState(e) + mdCell(titleBehind(e)) + "\n")
		for _, f := range mdHandoffFacts(e) {
			if value := words(f.value); value != "" {
				out.WriteString("  - " + f.name + ": " + mdCell(mdShort(value)) + "\n")
			}
		}
	}
	return out.String()
}

// mdHandoffState is how bad an entry is.
func mdHandoffState(e jsonv1.HandoffEntry) string {
	var list []string
	add := func(s string) {
		if s != "" {
			list = append(list, mdCell(s))
		}
	}
	add(e.Severity)
	if e.Kind == "incident" && e.Severity == "" {
		add("severity unknown")
	}
	add(e.Criticality)
	if e.State == unknown {
		add("state unknown")
	} else {
		add(e.State)
	}
	if e.Kind == "outage" {
		add("outage")
	}
	if e.DataLoss {
		add("data loss")
	} else if e.Kind == "issue" {
		add(e.Priority)
	}
	if len(list) == 0 {
		return ""
	}
	return " **" + strings.Join(list, ", ") + "**"
}

func titleBehind(e jsonv1.HandoffEntry) string {
	title := ""
	if e.Confidential {
		title = " " + hiddenTitle
	}
	if e.Title != "" {
		title += ": " + e.Title
	}
	return title
}

func mdHandoffFacts(e jsonv1.HandoffEntry) []fact {
	say := func(s string) []span { return []span{t(s)} }
	since := ""
	if e.Since != "" && e.ResolvedAt == "" {
		since = moment(e.Since)
		if e.AgeMinutes != nil {
			since += " (" + lasting(*e.AgeMinutes) + ")"
		}
	}
	window, marked, said := "", "", ""
	if e.Start != "" {
		window = utcWindow(e.Start, e.End)
	}
	if e.LeftOff != "" {
		marked = e.LeftOff
		if e.MarkedBy != "" {
			marked += " (" + by(e.MarkedBy) + ", " + moment(e.MarkedAt) + ")"
		}
	}
	if u := e.LastUpdate; u != nil {
		said = u.Text
		if u.Internal && said == "" {
			said = "an internal comment"
		}
		said = strings.TrimSpace(moment(u.At)+" "+by(u.By)) + ": " + said
	}
	return []fact{
		{"Missing", say(strings.Join(e.Missing, "; "))}, {"Next", say(e.NextStep)}, {"Left off", say(marked)}, {"Taken by", say(by(e.TakenBy))},
		{"Said last", say(said)}, {"Since", say(since)}, {"Window", say(window)}, {"Resolved", say(moment(e.ResolvedAt))},
		{"Services", say(strings.Join(e.Services, ", "))}, {"With", say(mentions(e.Assignees))},
	}
}

func mdLocks(list []jsonv1.Lock) string {
	if len(list) == 0 {
		return "\n**Locks**: none\n"
	}
	var out strings.Builder
	out.WriteString("\n**Locks**\n\n")
	for _, l := range list {
		when := ""
		if len(l.Next) > 0 {
			when = ", " + utcWindow(l.Next[0].From, l.Next[0].To)
		}
		out.WriteString("- " + mdCell(l.Name+" ("+l.Kind+")"+when+reasoned(l.Reason)) + "\n")
	}
	return out.String()
}

// mdMost is how many characters of somebody's words a comment quotes.
const mdMost = 1000

func mdShort(s string) string {
	if r := []rune(s); len(r) > mdMost {
		return strings.TrimSpace(string(r[:mdMost-1])) + "…"
	}
	return s
}
