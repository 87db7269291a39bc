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
		textKey("title", someLine, &q.Title),
		blockKey("why", &q.Why),
		{key: "start", read: parsed("a time such as 2018-08-30 10:00", inUTC, func(t time.Time) { q.Start = t })},
		lengthKey("duration", &q.Duration),
		{key: "criticality", read: parsed("a word such as C2", change.ParseCriticality, func(c change.Criticality) { q.Criticality = c })},
		textsKey("services", service, &q.Services),
		textKey("environment", oneWord("an environment"), &q.Environment),
		textKey("executor", username, &q.Executor),
		nested("impact", impactFields(&q.Impact)),
		stepsKey("preparation", &q.Preparation),
		stepsKey("steps", &q.Steps),
		{key: "check_before", read: points(&q.CheckBefore)},
		{key: "check_after", read: points(&q.CheckAfter)},
		nested("rollback", rollbackFields(&q.Rollback)),
		blockKey("monitoring", &q.Monitoring),
		blockKey("communication", &q.Communication),
	}
}

func impactFields(i *change.Impact) []field {
	return []field{
		{key: "type", read: parsed("a word such as internal", change.ParseImpact, func(t change.ImpactType) { i.Type = t })},
		blockKey("text", &i.Text),
		lengthKey("downtime", &i.Downtime),
	}
}

func rollbackFields(b *change.Rollback) []field {
	return []field{stepsKey("steps", &b.Steps), blockKey("text", &b.Text), minutesKey("minutes", &b.Minutes)}
}

func stepFields(s *change.Step) []field {
	return []field{blockKey("do", &s.Do), minutesKey("minutes", &s.Minutes)}
}

func stepsKey(key string, into *[]change.Step) field {
	return field{key: key, read: steps(into), below: stepFields(new(change.Step)), items: itemsOfList}
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

func lengthKey(key string, into *time.Duration) field {
	return field{key: key, read: length(func(d time.Duration) { *into = d })}
}

func minutesKey(key string, into *int) field {
	return field{key: key, read: length(func(d time.Duration) { *into = int(d / time.Minute) })}
}

func inUTC(s string) (time.Time, error) { return ParseMoment(s, time.UTC) }
