package html

import (
	"strings"

	"gitlab.com/prodctl/prodctl/internal/render/layout"
	"gitlab.com/prodctl/prodctl/internal/render/words"
	"gitlab.com/prodctl/prodctl/pkg/jsonv1"
)

// entitled is a title, or that it is not told.
func entitled(title string, confidential, withheld bool) []bit {
	var list []bit
	if confidential || withheld {
		list = append(list, badge(levelWarn, strings.Trim(words.HiddenTitle, "()")))
	}
	if title != "" && !withheld {
		list = append(list, quote(title))
	}
	return list
}

// issueBits are a reference with its title.
func issueBits(ref, to, title string, confidential, withheld bool) []bit {
	return append(bits(link(ref, to)), entitled(title, confidential, withheld)...)
}

// severityBadge is how bad an incident is. That nobody has said it is a gap.
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

// stateLevel is for the states of incidents and of changes, whose names have no meaning in common.
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

// spanBit is a piece of another view: what is good or bad there becomes a badge.
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

func listing(list []string) []bit {
	if len(list) == 0 {
		return nil
	}
	return bits(quote(strings.Join(list, ", ")))
}

func naming(users []string) []bit {
	if len(users) == 0 {
		return nil
	}
	return bits(quote(words.Mentions(users)))
}
