package html

import (
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// titleBits shows a title, or that it is withheld.
func titleBits(title string, confidential, withheld bool) []bit {
	var list []bit
	if confidential || withheld {
		list = append(list, badge(levelWarn, strings.Trim(words.HiddenTitle, "()")))
	}
	if title != "" && !withheld {
		list = append(list, quote(title))
	}
	return list
}

// issueBits shows a reference with its title.
func issueBits(ref, to, title string, confidential, withheld bool) []bit {
	return append(bits(link(ref, to)), titleBits(title, confidential, withheld)...)
}

// severityBadge shows a severity. A missing one is a gap to fix.
func severityBadge(severity string) bit {
	if severity == "" {
		return badge(levelWarn, "severity unknown")
	}
	return badge(severityLevel(severity), severity)
}

func severityLevel(s string) level {
	switch s {
	case "S1", "S2":
		return levelBad
	case "S3", "":
		return levelWarn
	}
	return levelPlain
}

func criticalityLevel(s string) level {
	if s == "C1" || s == "C2" {
		return levelWarn
	}
	return levelPlain
}

// stateLevel returns the level of a state of an incident or a change. No name means different things for the two.
func stateLevel(s string) level {
	switch s {
	case string(jsonv1.IncidentActive):
		return levelBad
	case string(jsonv1.IncidentMitigated), string(jsonv1.IncidentUnknown), string(jsonv1.ChangeInProgress), string(jsonv1.ChangeAborted):
		return levelWarn
	case string(jsonv1.IncidentResolved), string(jsonv1.IncidentReviewed), string(jsonv1.ChangeComplete):
		return levelGood
	}
	return levelPlain
}

// spanBit converts a span of a terminal page: good and bad spans become badges.
func spanBit(s layout.Span) bit {
	switch s.Style {
	case layout.Good:
		return badge(levelGood, s.Text)
	case layout.Warn:
		return badge(levelWarn, s.Text)
	case layout.Bad:
		return badge(levelBad, s.Text)
	case layout.Faint:
		return soft(s.Text)
	}
	return quote(s.Text)
}

func joinedBits(list []string) []bit {
	if len(list) == 0 {
		return nil
	}
	return bits(quote(strings.Join(list, ", ")))
}

func mentionBits(users []string) []bit {
	if len(users) == 0 {
		return nil
	}
	return bits(quote(words.Mentions(users)))
}
