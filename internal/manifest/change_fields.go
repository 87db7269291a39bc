package manifest

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/change"
)

// requestFields are the keys of a plan of a change.
func requestFields(q *change.Request) []field {
	return []field{
		{key: "title", read: text(someLine, func(s string) { q.Title = s })},
		{key: "why", read: block(func(s string) { q.Why = s })},
		{key: "start", read: parsed("a time such as 2018-08-30 10:00", inUTC, func(t time.Time) { q.Start = t })},
		{key: "duration", read: length(func(d time.Duration) { q.Duration = d })},
		{key: "criticality", read: parsed("a word such as C2", change.ParseCriticality, func(c change.Criticality) { q.Criticality = c })},
		{key: "services", read: texts(service, &q.Services)},
		{key: "environment", read: text(oneWord("an environment"), func(s string) { q.Environment = s })},
		{key: "executor", read: text(username, func(s string) { q.Executor = s })},
		nested("impact", impactFields(&q.Impact)),
		{key: "preparation", read: steps(&q.Preparation), below: stepFields(new(change.Step)), items: itemsOfList},
		{key: "steps", read: steps(&q.Steps), below: stepFields(new(change.Step)), items: itemsOfList},
		{key: "check_before", read: points(&q.CheckBefore)},
		{key: "check_after", read: points(&q.CheckAfter)},
		nested("rollback", rollbackFields(&q.Rollback)),
		{key: "monitoring", read: block(func(s string) { q.Monitoring = s })},
		{key: "communication", read: block(func(s string) { q.Communication = s })},
	}
}

func impactFields(i *change.Impact) []field {
	return []field{
		{key: "type", read: parsed("a word such as internal", change.ParseImpact, func(t change.ImpactType) { i.Type = t })},
		{key: "text", read: block(func(s string) { i.Text = s })},
		{key: "downtime", read: length(func(d time.Duration) { i.Downtime = d })},
	}
}

func rollbackFields(b *change.Rollback) []field {
	return []field{
		{key: "steps", read: steps(&b.Steps), below: stepFields(new(change.Step)), items: itemsOfList},
		{key: "text", read: block(func(s string) { b.Text = s })},
		{key: "minutes", read: minutes(&b.Minutes)},
	}
}

func stepFields(s *change.Step) []field {
	return []field{
		{key: "do", read: block(func(text string) { s.Do = text })},
		{key: "minutes", read: minutes(&s.Minutes)},
	}
}

// steps takes a list of steps, each a mapping or only what is done; or one text, which is one step.
func steps(take *[]change.Step) reading {
	one := func(r *reader, at string, n *yaml.Node) {
		var s change.Step
		if n.Kind == yaml.MappingNode {
			mapping(stepFields(&s)...)(r, at, n)
		} else {
			lines(func(text string) { s.Do = text })(r, at, n)
		}
		*take = append(*take, s)
	}
	return func(r *reader, at string, n *yaml.Node) {
		if n.Kind == yaml.ScalarNode {
			one(r, at, n)
			return
		}
		list(one)(r, at, n)
	}
}

// points takes a list of texts, or one text.
func points(take *[]string) reading {
	one := lines(func(s string) { *take = append(*take, s) })
	return func(r *reader, at string, n *yaml.Node) {
		if n.Kind == yaml.SequenceNode {
			list(one)(r, at, n)
			return
		}
		one(r, at, n)
	}
}

// block takes text of any number of lines, or a list of points, which becomes a list in Markdown.
func block(take func(string)) reading {
	return func(r *reader, at string, n *yaml.Node) {
		if n.Kind != yaml.SequenceNode {
			lines(take)(r, at, n)
			return
		}
		var all []string
		points(&all)(r, at, n)
		for i, s := range all {
			all[i] = "- " + strings.ReplaceAll(s, "\n", "\n  ")
		}
		take(strings.Join(all, "\n"))
	}
}

// lines takes text of any number of lines that says something.
func lines(take func(string)) reading {
	return func(r *reader, at string, n *yaml.Node) {
		prose(func(s string) {
			s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
			switch {
			case s == "":
				r.fault(n, "%s is blank: write something, or take it out", name(at))
			case strings.ContainsFunc(s, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }):
				r.fault(n, "%s holds a control character", name(at))
			default:
				take(s)
			}
		})(r, at, n)
	}
}

func someLine(s string) (string, error) {
	if s = strings.TrimSpace(s); s == "" {
		return "", fmt.Errorf("it is blank: write something, or take it out")
	}
	return s, nil
}

// length takes a length of time in whole minutes, as a number of them or as 1h30m.
func length(take func(time.Duration)) reading {
	const year = 365 * 24 * time.Hour
	return func(r *reader, at string, n *yaml.Node) {
		if n.ShortTag() == "!!int" {
			number(0, int(year/time.Minute), func(m int) { take(time.Duration(m) * time.Minute) })(r, at, n)
			return
		}
		parsed("minutes, or a length of time such as 45m", change.ParseMinutes, take)(r, at, n)
	}
}

func minutes(take *int) reading {
	return length(func(d time.Duration) { *take = int(d / time.Minute) })
}

func inUTC(s string) (time.Time, error) { return ParseMoment(s, time.UTC) }
