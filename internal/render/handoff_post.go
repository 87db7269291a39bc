package render

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
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
			doc.Notes = append(doc.Notes[:len(doc.Notes):len(doc.Notes)],
				s.Title+": there are more than this comment can hold; prodctl handoff shows all")
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
	put("### Hand-off ", layout.MarkdownCell(doc.Shift.Region), " to ", layout.MarkdownCell(doc.Next.Region), ", ",
		layout.MarkdownCell(words.Moment(doc.Shift.To)))
	put()
	put("- Goes: ", layout.MarkdownCell(peopleOnCall(doc.Shift.People)+", "+words.WindowUTC(doc.Shift.From, doc.Shift.To)))
	put("- Comes: ", layout.MarkdownCell(peopleOnCall(doc.Next.People)+", "+words.WindowUTC(doc.Next.From, doc.Next.To)))
	as := "As of " + words.Moment(doc.At)
	if doc.Historical {
		as += ", rebuilt from what GitLab still knows of that moment"
	}
	put("- ", layout.MarkdownCell(as), ": **", layout.MarkdownCell(handoffSummary(doc)), "**")
	if doc.Log != nil {
		put("- On-call log: ", layout.MarkdownCell(doc.Log.Ref))
	}
	var part jsonv1.Urgency
	for _, s := range doc.Sections {
		if s.Urgency != part {
			if part == jsonv1.MayBurn {
				out.WriteString(mdLocks(doc.Locks))
			}
			part = s.Urgency
			word := urgencyHead(part).Text
			put("\n#### ", word[:1]+strings.ToLower(word[1:]))
		}
		out.WriteString(mdHandoffSection(s))
	}
	if doc.Budget != nil {
		put("\n**Error budget**\n\n- ", layout.MarkdownCell(budgetLeft(*doc.Budget)))
		for _, s := range budgetFacts(*doc.Budget) {
			put("- ", layout.MarkdownCell(s))
		}
	}
	if len(doc.Unknown) > 0 {
		put("\n#### Not known\n")
		for _, s := range doc.Unknown {
			put("- ", layout.MarkdownCell(s))
		}
	}
	for n, s := range layout.Notes(doc.Notes) {
		if n == 0 {
			put()
		}
		put("- ", layout.MarkdownCell(s))
	}
	return out.String()
}

// mdHandoffSection is one section as a list; it says so when there is nothing.
func mdHandoffSection(s jsonv1.HandoffSection) string {
	if len(s.Entries) == 0 {
		return "\n**" + layout.MarkdownCell(s.Title) + "**: none\n"
	}
	var out strings.Builder
	out.WriteString("\n**" + layout.MarkdownCell(s.Title) + "**\n\n")
	for _, e := range s.Entries {
		if e.Withheld { // by its reference alone
			out.WriteString("- " + layout.MarkdownCell(e.Ref+" "+words.HiddenTitle) + "\n")
			continue
		}
		out.WriteString("- " + layout.MarkdownCell(e.Ref) + mdHandoffState(e) + layout.MarkdownCell(mdTitle(e)) + "\n")
		for _, f := range mdHandoffFacts(e) {
			if value := layout.PlainText(f.Value); value != "" {
				out.WriteString("  - " + f.Name + ": " + layout.MarkdownCell(mdTruncate(value)) + "\n")
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
			list = append(list, layout.MarkdownCell(s))
		}
	}
	add(e.Severity)
	if e.Kind == "incident" && e.Severity == "" {
		add("severity unknown")
	}
	add(e.Criticality)
	if e.State == words.Unknown {
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

func mdTitle(e jsonv1.HandoffEntry) string {
	title := ""
	if e.Confidential {
		title = " " + words.HiddenTitle
	}
	if e.Title != "" {
		title += ": " + e.Title
	}
	return title
}

func mdHandoffFacts(e jsonv1.HandoffEntry) []layout.Fact {
	say := func(s string) []span { return []span{t(s)} }
	since := ""
	if e.Since != "" && e.ResolvedAt == "" {
		since = words.Moment(e.Since)
		if e.AgeMinutes != nil {
			since += " (" + words.Lasting(*e.AgeMinutes) + ")"
		}
	}
	window, marked, said := "", "", ""
	if e.Start != "" {
		window = words.WindowUTC(e.Start, e.End)
	}
	if e.LeftOff != "" {
		marked = e.LeftOff
		if e.MarkedBy != "" {
			marked += " (" + by(e.MarkedBy) + ", " + words.Moment(e.MarkedAt) + ")"
		}
	}
	if u := e.LastUpdate; u != nil {
		said = u.Text
		if u.Internal && said == "" {
			said = "an internal comment"
		}
		said = strings.TrimSpace(words.Moment(u.At)+" "+by(u.By)) + ": " + said
	}
	return []layout.Fact{
		fact("Missing", say(strings.Join(e.Missing, "; "))...), fact("Next", say(e.NextStep)...), fact("Left off", say(marked)...),
		fact("Taken by", say(by(e.TakenBy))...),
		fact("Said last", say(said)...), fact("Since", say(since)...), fact("Window", say(window)...),
		fact("Resolved", say(words.Moment(e.ResolvedAt))...),
		fact("Services", say(strings.Join(e.Services, ", "))...), fact("With", say(words.Mentions(e.Assignees))...),
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
			when = ", " + words.WindowUTC(l.Next[0].From, l.Next[0].To)
		}
		out.WriteString("- " + layout.MarkdownCell(l.Name+" ("+l.Kind+")"+when+reasoned(l.Reason)) + "\n")
	}
	return out.String()
}

// mdMost is how many characters of somebody's words a comment quotes.
const mdMaxQuote = 1000

func mdTruncate(s string) string {
	if r := []rune(s); len(r) > mdMaxQuote {
		return strings.TrimSpace(string(r[:mdMaxQuote-1])) + "…"
	}
	return s
}
