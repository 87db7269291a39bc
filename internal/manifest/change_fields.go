package manifest

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/calendar"
	"gitlab.com/prodctl/prodctl/pkg/change"
	"gitlab.com/prodctl/prodctl/pkg/record"
)

// requestFields returns the keys of the plan of a change. It is only read, never written. Times without an offset are in the zone.
func requestFields(q *change.Request, zone *time.Location) []field {
	return []field{
		key("title", text(someLine), &q.Title),
		key("reason", block(), &q.Reason),
		key("start", parsed("a time such as 2018-08-30 10:00", plannedIn(zone), time.Time.String), &q.Start),
		key("duration", length(), &q.Duration),
		key("criticality", parsed("a word such as C2", change.ParseCriticality, asText), &q.Criticality),
		key("services", texts(service), &q.Services),
		key("environment", text(oneWord("an environment")), &q.Environment),
		key("executor", text(username), &q.Executor),
		nested("impact", func() []field {
			return []field{
				key("type", parsed("a word such as internal", change.ParseImpact, asText), &q.Impact.Type),
				key("text", block(), &q.Impact.Text),
				{key: "downtime", read: downtime(&q.Impact)},
			}
		}),
		key("preparation", steps(), &q.Preparation),
		key("steps", steps(), &q.Steps),
		key("check_before", points(), &q.CheckBefore),
		key("check_after", points(), &q.CheckAfter),
		nested("rollback", func() []field {
			return []field{
				key("steps", steps(), &q.Rollback.Steps),
				key("text", block(), &q.Rollback.Text),
				key("minutes", minutes(), &q.Rollback.Minutes),
			}
		}),
		key("monitoring", block(), &q.Monitoring),
		key("communication", block(), &q.Communication),
	}
}

func stepFields(s *change.Step) []field {
	return []field{key("do", block(), &s.Do), key("minutes", minutes(), &s.Minutes)}
}

// steps reads a list of steps, each a mapping or just a text; a single text is one step.
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

// points reads a list of texts, or one text.
func points() codec[[]string] {
	return oneOrList(codec[string]{read: lines}, yaml.ScalarNode, yaml.MappingNode)
}

// oneOrList reads a list, or a single item of one of the node kinds.
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

// block reads text of any number of lines, or a list, which becomes a Markdown list.
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

// lines reads text of any number of lines that is not blank.
func lines(r *reader, at string, n *yaml.Node) (string, bool) {
	s, ok := prose(r, at, n)
	s = strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n"))
	switch {
	case !ok:
		return "", false
	case s == "":
		r.fault(n, "%s is blank: add a text or remove the key", name(at))
	case strings.ContainsFunc(s, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }):
		r.fault(n, "%s contains a control character", name(at))
	default:
		return s, true
	}
	return "", false
}

func someLine(s string) (string, error) {
	if s = strings.TrimSpace(s); s == "" {
		return "", fmt.Errorf("the text is blank: add a text or remove the key")
	}
	return s, nil
}

// length reads a duration in whole minutes, as a number or as 1h30m.
func length() codec[time.Duration] {
	const year = 365 * 24 * time.Hour
	return codec[time.Duration]{read: func(r *reader, at string, n *yaml.Node) (time.Duration, bool) {
		if n.ShortTag() == "!!int" {
			m, ok := number(0, int(year/time.Minute)).read(r, at, n)
			return time.Duration(m) * time.Minute, ok
		}
		return parsed("a number of minutes or a duration such as 45m", change.ParseMinutes, time.Duration.String).read(r, at, n)
	}}
}

// downtime reads a duration, or the word approved.
func downtime(i *change.Impact) reading {
	return func(r *reader, at string, n *yaml.Node) {
		if i.Excluded = strings.EqualFold(n.Value, change.DowntimeApproved); !i.Excluded {
			length().into(func(d time.Duration) { i.Downtime = d })(r, at, n)
		}
	}
}

// minutes reads a duration as a number of minutes.
func minutes() codec[int] {
	return codec[int]{read: func(r *reader, at string, n *yaml.Node) (int, bool) {
		d, ok := length().read(r, at, n)
		return int(d / time.Minute), ok
	}}
}

// plannedIn reads a time as on the command line, but with its date: a file outlives the day on which it was written.
func plannedIn(zone *time.Location) func(string) (time.Time, error) {
	return func(s string) (time.Time, error) {
		t, err := record.ParseTimeIn(s, time.Time{}, zone)
		if err == nil && !strings.Contains(s, "-") || err == nil && t.Year() < 1970 {
			return t, fmt.Errorf("%s has no date (use 2018-08-30 %s)", s, s)
		}
		if _, dateErr := time.Parse(time.DateOnly, s); dateErr == nil {
			return t, fmt.Errorf("%s has no time of day (use %s 17:00)", s, s)
		}
		if _, ambiguous := err.(*calendar.ClockError); err != nil && !ambiguous {
			err = fmt.Errorf("invalid time %s (use 2018-12-21 17:00 or 2018-12-21T17:00:00Z)", quote(s))
		}
		return t, err
	}
}
