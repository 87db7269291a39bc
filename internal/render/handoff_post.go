package render

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/render/handoff"
	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// postRoom is the maximum length of a comment in characters: GitLab accepts a million, and the hidden key needs some.
const postRoom = 990_000

// Posted is who reads what is posted to an issue: with reveal, people who may read confidential issues. Some of them cannot read internal
// comments, so the words of these are never posted.
func Posted(reveal bool) jsonv1.Audience {
	if reveal {
		return jsonv1.Closed
	}
	return jsonv1.Anybody
}

// HandoffPost returns the comment to post: a line that mentions people, the sentence about the comment that it replaces, if any, then the
// report, which mentions nobody. If the report is too long for a comment, the sections are shortened.
func HandoffPost(doc jsonv1.Handoff, mention, replaces string, reveal bool) (string, error) {
	if replaces != "" {
		mention += layout.MarkdownCell(replaces) + "\n\n"
	}
	doc = jsonv1.For(doc, Posted(reveal))
	for _, most := range []int{handoff.Limit, 5, 1} {
		if text := strings.TrimSpace(mention + handoffPost(doc, most)); utf8.RuneCountInString(text) <= postRoom {
			return text, nil
		}
	}
	return "", fault.New(fault.Failed, "To write it to a file: prodctl handoff -o md > report.md", "the report is too long for a comment")
}

// handoffPost returns the report for a comment in the on-call log. Times are in UTC with their dates, since the log is read for years.
// References are not escaped, so that GitLab links them; nobody is mentioned.
func handoffPost(doc jsonv1.Handoff, most int) string {
	var out strings.Builder
	put := func(parts ...string) { out.WriteString(strings.Join(parts, "") + "\n") }
	head := "### Hand-off " + layout.MarkdownCell(doc.Shift.Region) + " to " + layout.MarkdownCell(doc.Next.Region) + ", " +
		layout.MarkdownCell(words.Moment(doc.Shift.To))
	if most > 0 && handoff.Quiet(doc) {
		put(head, ": quiet\n")
		put(layout.MarkdownCell(quietLine(doc) + ". As of " + words.Moment(doc.At)))
		putNotes(put, slices.Concat([]string(doc.Unknown), []string(doc.Notes)))
		return out.String()
	}
	put(head)
	put()
	put("- Outgoing: ", layout.MarkdownCell(peopleOnCall(doc.Shift.People)+", "+words.WindowUTC(doc.Shift.From, doc.Shift.To)))
	put("- Incoming: ", layout.MarkdownCell(peopleOnCall(doc.Next.People)+", "+words.WindowUTC(doc.Next.From, doc.Next.To)))
	as := "As of " + words.Moment(doc.At)
	if doc.Historical {
		as += ", rebuilt from GitLab's history"
	}
	put("- ", layout.MarkdownCell(layout.PlainText(handoff.First(doc))))
	put("- ", layout.MarkdownCell(as), ": **", layout.MarkdownCell(handoffSummary(doc)), "**")
	if doc.Log != nil {
		put("- On-call log: ", layout.MarkdownCell(doc.Log.Ref))
	}
	var part jsonv1.Urgency
	for _, s := range doc.Sections {
		if s.Urgency != part {
			if part == jsonv1.AtRisk {
				out.WriteString(mdLocks(doc.Locks))
			}
			part = s.Urgency
			word := urgencyHead(part).Text
			put("\n#### ", word[:1]+strings.ToLower(word[1:]))
		}
		out.WriteString(mdHandoffSection(s, most, handoff.ToSeeAll(doc)))
	}
	if doc.Budget != nil {
		put("\n**Error budget**\n\n- ", layout.MarkdownCell(budgetLeft(*doc.Budget)))
		for _, s := range budgetFacts(*doc.Budget) {
			put("- ", layout.MarkdownCell(s))
		}
	}
	if len(doc.Unknown) > 0 {
		put("\n#### Unknown\n")
		for _, s := range doc.Unknown {
			put("- ", layout.MarkdownCell(s))
		}
	}
	putNotes(put, doc.Notes)
	return out.String()
}

// putNotes writes notes as a list.
func putNotes(put func(...string), notes []string) {
	for n, s := range layout.Notes(notes) {
		if n == 0 {
			put()
		}
		put("- ", layout.MarkdownCell(s))
	}
}

// mdHandoffSection returns one section as a list, or "none".
func mdHandoffSection(s jsonv1.HandoffSection, most int, all string) string {
	if len(s.Entries) == 0 {
		return "\n**" + layout.MarkdownCell(s.Title) + "**: none\n"
	}
	var out strings.Builder
	out.WriteString("\n**" + layout.MarkdownCell(s.Title) + "**\n\n")
	shown, more := handoff.Cut(s.Entries, most)
	for _, e := range shown {
		if e.Withheld { // reference only
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
	if more > 0 {
		out.WriteString("- " + layout.MarkdownCell(words.More(more, all)) + "\n")
	}
	return out.String()
}

// mdHandoffState returns severity, state and priority of an entry.
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
	value := func(s string) []span { return []span{t(s)} }
	since := ""
	if e.Since != "" && e.ResolvedAt == "" {
		since = words.Moment(e.Since)
		if e.AgeMinutes != nil {
			since += " (" + words.Lasting(*e.AgeMinutes) + ")"
		}
	}
	window, marked, update := "", "", ""
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
		update = u.Text
		if u.Internal && update == "" {
			update = "an internal comment"
		}
		update = strings.TrimSpace(words.Moment(u.At)+" "+by(u.By)) + ": " + update
	}
	return []layout.Fact{
		fact("Problems", value(strings.Join(e.Missing, "; "))...), fact("Next", value(e.NextStep)...),
		fact("Contingency", value(e.Contingency)...), fact("Left off", value(marked)...),
		fact("Taken by", value(by(e.TakenBy))...),
		fact("Last update", value(update)...), fact("Since", value(since)...), fact("Window", value(window)...),
		fact("Resolved", value(words.Moment(e.ResolvedAt))...),
		fact("Services", value(strings.Join(e.Services, ", "))...), fact("Assignees", value(words.Mentions(e.Assignees))...),
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

// mdMaxQuote is the maximum length of a quoted text, in characters.
const mdMaxQuote = 1000

func mdTruncate(s string) string {
	if r := []rune(s); len(r) > mdMaxQuote {
		return strings.TrimSpace(string(r[:mdMaxQuote-1])) + "…"
	}
	return s
}
