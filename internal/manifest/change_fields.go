package manifest

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/change"
)

// requestFields are the keys of a plan of a change, which is not given back as a file.
func requestFields(q *change.Request) []field {
	return []field{
		key("title", text(someLine), &q.Title),
		key("reason", block(), &q.Reason),
		key("start", parsed("a time such as 2018-08-30 10:00", inUTC, time.Time.String), &q.Start),
		key("duration", length(), &q.Duration),
		key("criticality", parsed("a word such as C2", change.ParseCriticality, asText), &q.Criticality),
		key("services", texts(service), &q.Services),
		key("environment", text(oneWord("an environment")), &q.Environment),
		key("executor", text(username), &q.Executor),
		nested("impact", []field{
			key("type", parsed("a word such as internal", change.ParseImpact, asText), &q.Impact.Type),
			key("text", block(), &q.Impact.Text),
			key("downtime", length(), &q.Impact.Downtime),
		}),
		key("preparation", steps(), &q.Preparation),
		key("steps", steps(), &q.Steps),
		key("check_before", points(), &q.CheckBefore),
		key("check_after", points(), &q.CheckAfter),
		nested("rollback", []field{
			key("steps", steps(), &q.Rollback.Steps),
			key("text", block(), &q.Rollback.Text),
			key("minutes", minutes(), &q.Rollback.Minutes),
		}),
		key("monitoring", block(), &q.Monitoring),
		key("communication", block(), &q.Communication),
	}
}

func stepFields(s *change.Step) []field {
	return []field{key("do", block(), &s.Do), key("minutes", minutes(), &s.Minutes)}
}

// steps is a list of steps, each a mapping or only what is done; or one text, which is one step.
func steps() codec[[]change.Step] {
	one := mapping(stepFields)
	whole := one.read
	one.read = func(r *reader, at string, n *yaml.Node) (s change.Step, _ bool) {
		if n.Kind == yaml.MappingNode {
			return whole(r, at, n)
		}
		s.Do, _ = lines(r, at, n)
		return s, true
	}
	return oneOrList(one, yaml.ScalarNode)
}

// points is a list of texts, or one text.
func points() codec[[]string] {
	return oneOrList(codec[string]{read: lines}, yaml.ScalarNode, yaml.MappingNode)
}

// oneOrList is a list, or a single item that is a node of one of the kinds.
func oneOrList[T any](item codec[T], single ...yaml.Kind) codec[[]T] {
	c := list(item)
	many := c.read
	c.read = func(r *reader, at string, n *yaml.Node) (all []T, _ bool) {
		if !slices.Contains(single, n.Kind) {
			return many(r, at, n)
		}
		item.into(func(v T) { all = append(all, v) })(r, at, n)
		return all, true
	}
	return c
}

// block is text of any number of lines, or a list of points, which becomes a list in Markdown.
func block() codec[string] {
	return codec[string]{read: func(r *reader, at string, n *yaml.Node) (string, bool) {
		if n.Kind != yaml.SequenceNode {
			return lines(r, at, n)
		}
		all, _ := points().read(r, at, n)
		for i, s := range all {
			all[i] = "- " + strings.ReplaceAll(s, "\n", "\n  ")
		}
		return strings.Join(all, "\n"), true
	}}
}

// lines takes text of any number of lines that says something.
func lines(r *reader, at string, n *yaml.Node) (string, bool) {
	s, ok := prose(r, at, n)
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	switch {
	case !ok:
		return "", false
	case s == "":
		r.fault(n, "%s is blank: write something, or take it out", name(at))
	case strings.ContainsFunc(s, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }):
		r.fault(n, "%s holds a control character", name(at))
	default:
		return s, true
	}
	return "", false
}

func someLine(s string) (string, error) {
	if s = strings.TrimSpace(s); s == "" {
		return "", fmt.Errorf("it is blank: write something, or take it out")
	}
	return s, nil
}

// length is a length of time in whole minutes, as a number of them or as 1h30m.
func length() codec[time.Duration] {
	const year = 365 * 24 * time.Hour
	return codec[time.Duration]{read: func(r *reader, at string, n *yaml.Node) (time.Duration, bool) {
		if n.ShortTag() == "!!int" {
			m, ok := number(0, int(year/time.Minute)).read(r, at, n)
			return time.Duration(m) * time.Minute, ok
		}
		return parsed("minutes, or a length of time such as 45m", change.ParseMinutes, time.Duration.String).read(r, at, n)
	}}
}

// minutes is a length as a number of them.
func minutes() codec[int] {
	return codec[int]{read: func(r *reader, at string, n *yaml.Node) (int, bool) {
		d, ok := length().read(r, at, n)
		return int(d / time.Minute), ok
	}}
}

func inUTC(s string) (time.Time, error) { return ParseMoment(s, time.UTC) }
