package contract

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/testkit/recording"
)

// Difference is one place in which an answer differs from the recorded one.
type Difference struct {
	Kind          string // status, type, missing, extra, length, order, value or header
	Path          string // such as .labels[].color; the name of a header
	Recorded, Got string
}

// String describes the difference in one line.
func (d Difference) String() string {
	return fmt.Sprintf("%s %s: recorded %s, got %s", d.Kind, d.Path, d.Recorded, d.Got)
}

// Compare returns how an answer differs from the recorded one. Values that differ between any two servers are not compared
// (ids, times, hosts, hashes, e-mail addresses), and neither is what depends on Git, which the recorded server did not have.
func Compare(s recording.Step, a Answer) []Difference {
	if s.Status != a.Status {
		return []Difference{{"status", "", fmt.Sprintf("%d %s", s.Status, short(s.Body)), fmt.Sprintf("%d %s", a.Status, short(a.Body))}}
	}
	if ties[s.Name] {
		return nil
	}
	var found differences
	found.walk(normal(s.Body, ""), normal(a.Body, ""), "")
	for _, name := range headers {
		want, got := "", ""
		if v, ok := s.Header[name]; ok {
			want = normal(v, "").(string)
		}
		if v := a.Header.Get(name); v != "" {
			got = normal(v, "").(string)
		}
		if want != got {
			found = append(found, Difference{"header", name, short(want), short(got)})
		}
	}
	return slices.DeleteFunc(found, func(d Difference) bool { return noRepository.MatchString(d.Path) })
}

// ties are steps whose rows have the same time, so that their order is up to chance: only their status is compared.
var ties = map[string]bool{
	"project events": true, "dc list": true, "dc list guest": true, "discussions": true, "gq tags": true, "gq timeline list": true,
	"p2 notes of incident": true,
}

// headers are the headers compared.
var headers = []string{"content-type", "x-total", "x-total-pages", "x-page", "x-per-page", "x-next-page", "x-prev-page", "link"}

var (
	volatileKey = regexp.MustCompile(`(^|_)(id|ids)$|avatar_url$|^(runners_token|revision|version|externalUrl|commit_email|email|created_by|` +
		`confirmed_at|last_activity_at|last_activity_on|last_used_at|last_sign_in_at|current_sign_in_at|expires_at)$`)
	// noRepository matches what depends on Git.
	noRepository = regexp.MustCompile(`\.(empty_repo|readme_url|default_branch|forks_count|statistics)(\.|$)`)
	instant      = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$`)
)

// volatileText are parts of texts that differ between any two servers, and what replaces them.
var volatileText = []struct {
	part *regexp.Regexp
	with string
}{
	{regexp.MustCompile(`https?://[^/\s"<>)]+`), "<host>"},
	{regexp.MustCompile(`\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC`), "<time>"},
	{regexp.MustCompile(`/(projects|groups|milestones|users|notes|labels|boards|lists|award_emoji|discussions|links|freeze_periods)` +
		`/[0-9a-f]+([/?;>]|$)`), "/$1/<id>$2"},
	{regexp.MustCompile(`(gid://gitlab/\w+/)\d+`), "$1<id>"},
	{regexp.MustCompile(`([?&])(id|iid|noteable_id|eventable_id|board_id|user_id|milestone_id)=[^&>]+`), "$1$2=<id>"},
	{regexp.MustCompile(`([?&]cursor)=[^&>]+`), "$1=<id>"}, // a time and an id
	{regexp.MustCompile(`#note_\d+`), "#note_<id>"},
	{regexp.MustCompile(`(&lt;|<)?[0-9a-f]{40}`), "<hash>"},
}

// normal replaces the values that are not compared. Of times only the form is left.
func normal(v any, key string) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, inner := range v {
			out[k] = normal(inner, k)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, inner := range v {
			out[i] = normal(inner, key)
		}
		return out
	case nil, bool:
		return v
	}
	if key != "iid" && volatileKey.MatchString(key) {
		return "<volatile>"
	}
	text, ok := v.(string)
	if !ok {
		return v
	}
	if instant.MatchString(text) {
		if strings.Contains(text, ".") {
			return "<time.ms>"
		}
		return "<time>"
	}
	for _, p := range volatileText {
		text = p.part.ReplaceAllString(text, p.with)
		text = p.part.ReplaceAllString(text, p.with) // parts that share a slash
	}
	return text
}

// differences collects what walk finds.
type differences []Difference

func (found *differences) add(kind, path string, want, got any) {
	*found = append(*found, Difference{kind, path, short(want), short(got)})
}

func (found *differences) walk(want, got any, path string) {
	switch w := want.(type) {
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			found.add("type", path, want, got)
			return
		}
		found.fields(w, g, path)
	case []any:
		g, ok := got.([]any)
		if !ok {
			found.add("type", path, want, got)
			return
		}
		found.list(w, g, path)
	default:
		if reflect.TypeOf(want) != reflect.TypeOf(got) {
			found.add("type", path, want, got)
		} else if want != got {
			found.add("value", path, want, got)
		}
	}
}

func (found *differences) fields(want, got map[string]any, path string) {
	for _, k := range slices.Sorted(maps.Keys(want)) {
		if v, ok := got[k]; ok {
			found.walk(want[k], v, path+"."+k)
		} else {
			found.add("missing", path+"."+k, want[k], nil)
		}
	}
	for _, k := range slices.Sorted(maps.Keys(got)) {
		if _, ok := want[k]; !ok {
			found.add("extra", path+"."+k, nil, got[k])
		}
	}
}

func (found *differences) list(want, got []any, path string) {
	if len(want) != len(got) {
		counted := func(all []any) string { return fmt.Sprintf("%d: %s", len(all), names(all)) }
		*found = append(*found, Difference{"length", path, counted(want), counted(got)})
		return
	}
	w, g := names(want), names(got)
	sorted := func(all []any) []string {
		var out []string
		for _, v := range all {
			out = append(out, short(nameOf(v)))
		}
		slices.Sort(out)
		return out
	}
	if w != g && slices.Equal(sorted(want), sorted(got)) {
		*found = append(*found, Difference{"order", path, w, g})
		return
	}
	for i := range want {
		found.walk(want[i], got[i], path+"[]")
	}
}

// nameOf returns what people call an element of a list.
func nameOf(v any) any {
	fields, ok := v.(map[string]any)
	if !ok {
		return v
	}
	for _, k := range []string{"iid", "title", "name", "username", "body"} {
		if name, ok := fields[k]; ok {
			return name
		}
	}
	return nil
}

func names(all []any) string {
	list := make([]any, len(all))
	for i, v := range all {
		list[i] = nameOf(v)
	}
	return short(list)
}

// short returns the beginning of a value as JSON.
func short(v any) string {
	text, ok := v.(string)
	if !ok {
		b, err := json.Marshal(v)
		if err != nil {
			return err.Error()
		}
		text = string(b)
	}
	const most = 160
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
