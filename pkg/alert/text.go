package alert

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// Limits of a comment. A notification may have a thousand alerts, each with any text.
const (
	namedAlerts  = 3   // in the first line
	listedAlerts = 10  // below it
	nameLimit    = 120 // characters of a name
	textLimit    = 300 // characters of a summary
)

// The labels and annotations that Prometheus gives alerts by convention.
const (
	nameLabel         = "alertname"
	summaryAnnotation = "summary"
)

// Text is the message of an event about alerts, escaped: a line with the names of some, which a timeline shows, then a list.
func (g Group) Text(alerts []Alert) string {
	var firing, resolved []Alert
	for _, a := range alerts {
		if a.Resolved {
			resolved = append(resolved, a)
		} else {
			firing = append(firing, a)
		}
	}
	var parts []string
	for _, kind := range []struct {
		word   string
		alerts []Alert
	}{{"firing", firing}, {"resolved", resolved}} {
		if len(kind.alerts) > 0 {
			parts = append(parts, kind.word+" "+g.names(kind.alerts))
		}
	}
	var list []string
	for n, a := range slices.Concat(firing, resolved) {
		if n == listedAlerts {
			list = append(list, fmt.Sprintf("- and %d more", len(alerts)-n))
			break
		}
		list = append(list, "- "+g.item(a))
	}
	if g.LeftOut > 0 {
		list = append(list, "", fmt.Sprintf("The notification left out %d more.", g.LeftOut))
	}
	return strings.Join(parts, "; ") + "\n\n" + strings.Join(list, "\n")
}

// names are the first names of alerts, and how many more there are.
func (g Group) names(alerts []Alert) string {
	var names []string
	for n, a := range alerts {
		if n == namedAlerts {
			return strings.Join(names, ", ") + fmt.Sprintf(" and %d more", len(alerts)-n)
		}
		names = append(names, g.name(a))
	}
	return strings.Join(names, ", ")
}

// name is an alert by its name, and by its labels that not all of the group have.
func (g Group) name(a Alert) string {
	var own []string
	for key, value := range a.Labels {
		if common, ok := g.Labels[key]; key != nameLabel && !(ok && common == value) {
			own = append(own, key+"="+value)
		}
	}
	stable.Sort(own, strings.Compare)
	name := a.Labels[nameLabel]
	if name == "" {
		name = "alert"
	}
	if len(own) > 0 {
		name += " (" + strings.Join(own, ", ") + ")"
	}
	return shown(name, nameLimit)
}

// item is an alert in a list.
func (g Group) item(a Alert) string {
	line := "firing since "
	if a.Resolved {
		line = "resolved at "
	}
	line += a.At().UTC().Format("2006-01-02 15:04 UTC") + ": " + g.name(a)
	if summary := shown(a.Annotations[summaryAnnotation], textLimit); summary != "" {
		line += ": " + summary
	}
	if source := webURL(a.Source); source != "" {
		line += " [source](" + source + ")"
	}
	return line
}

// shown is a text as one line of Markdown that shows it exactly, cut.
func shown(s string, limit int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > limit {
		s = string([]rune(s)[:limit-1]) + "…"
	}
	return markdown().Replace(safetext.Cell(unsecret(s)))
}

// markdown writes the entities of a cell with a backslash instead. The text goes through [safetext.Passage] later, which shows an entity
// as it is written. Nothing looks like the beginning of a comment.
var markdown = sync.OnceValue(func() *strings.Replacer {
	return strings.NewReplacer("&amp;", `\&`, "&lt;!", `\<\!`, "&lt;", `\<`, "&gt;", `\>`, "&#124;", `\|`)
})

// unsecret removes the user and password from the web addresses in a text.
func unsecret(s string) string {
	words := strings.Split(s, " ")
	for n, word := range words {
		scheme, rest, ok := strings.Cut(word, "://")
		if !ok {
			continue
		}
		authority, path, slash := strings.Cut(rest, "/")
		if at := strings.LastIndexByte(authority, '@'); at >= 0 {
			words[n] = scheme + "://" + authority[at+1:]
			if slash {
				words[n] += "/" + path
			}
		}
	}
	return strings.Join(words, " ")
}

// webURL returns a web address without a user and a password, which is safe in Markdown without escaping; empty for anything else.
func webURL(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	u.User = nil
	s = strings.NewReplacer("(", "%28", ")", "%29", "'", "%27", "@", "%40", "*", "%2A", "_", "%5F").Replace(u.String())
	if strings.ContainsAny(s, "<>[]|`\"\\ ") || len(s) > 2000 {
		return ""
	}
	return s
}

// Plain is the summary that all alerts have, on one line and not escaped, for readers that do not read Markdown.
func (g Group) Plain() string {
	s := unsecret(strings.Join(strings.Fields(g.Annotations[summaryAnnotation]), " "))
	if runes := []rune(s); len(runes) > 4*textLimit {
		s = string(runes[:4*textLimit-1]) + "…"
	}
	return s
}

// Summary is the first part of a new incident's description, escaped: the annotations that all alerts have.
func (g Group) Summary() string {
	var lines []string
	for _, key := range []string{summaryAnnotation, "description"} {
		if text := g.Annotations[key]; text != "" {
			lines = append(lines, shown(text, 4*textLimit))
		}
	}
	if link := webURL(g.Annotations["runbook_url"]); link != "" {
		lines = append(lines, "[Runbook]("+link+")")
	}
	return safetext.Passage(strings.Join(lines, "\n\n"))
}
