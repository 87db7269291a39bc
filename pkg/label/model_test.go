package label_test

import (
	"slices"
	"strconv"

	"pgregory.net/rapid"

	"gitlab.com/prodctl/prodctl/pkg/label"
)

// hostile are names that break naive programs: path separators, scopes, queries, numbers that look like ids.
var hostile = []string{
	"(perceived) data loss", "a::b::c", "a/b", "100%", "%2F", "🔥 fire", "what?&x=1", "2024", "3-high", "../..",
	"=1+1", "@all", "/close", "tab le", "ümläut", "|", "~label", `"quoted"`, "a+b", "#12",
}

// names draws label names: hostile ones, plain ones, and few enough to collide.
func names() *rapid.Generator[string] {
	return rapid.OneOf(rapid.SampledFrom(hostile), rapid.StringMatching(`[a-c]{1,2}( x)?`))
}

func colors() *rapid.Generator[string] { return rapid.StringMatching(`#[0-9a-f]{6}`) }

func priorities() *rapid.Generator[*int] {
	return rapid.Map(rapid.IntRange(-1, 9), func(n int) *int {
		if n < 0 {
			return nil
		}
		return &n
	})
}

// sets draws valid sets.
func sets() *rapid.Generator[label.Set] {
	return rapid.Custom(func(t *rapid.T) label.Set {
		all := rapid.SliceOfNDistinct(names(), 0, 12, rapid.ID[string]).Draw(t, "declared")
		var set label.Set
		for len(all) > 0 {
			old := min(rapid.IntRange(0, 2).Draw(t, "old"), len(all)-1)
			set = append(set, label.Declared{
				Name:        all[0],
				RenamedFrom: slices.Clone(all[1 : 1+old]),
				Color:       rapid.OneOf(colors(), rapid.Just("")).Draw(t, "color"),
				Description: rapid.SampledFrom([]string{"", "one", "two"}).Draw(t, "description"),
				Priority:    priorities().Draw(t, "priority"),
				Scope:       rapid.SampledFrom([]label.Scope{"", "", "", label.InProject, label.InGroup}).Draw(t, "scope"),
			})
			all = all[1+old:]
		}
		return set
	})
}

// places draws the labels of a project or group as GitLab could return them: no title twice with one owner,
// but the same title may exist in the project and in a parent group, if it was created there later.
func places() *rapid.Generator[[]label.Label] {
	return rapid.Custom(func(t *rapid.T) []label.Label {
		var out []label.Label
		type spot struct {
			name  string
			above bool
		}
		spots := rapid.Custom(func(t *rapid.T) spot { return spot{names().Draw(t, "name"), rapid.Bool().Draw(t, "above")} })
		for i, at := range rapid.SliceOfNDistinct(spots, 0, 12, rapid.ID[spot]).Draw(t, "there") {
			out = append(out, label.Label{
				ID: int64(i + 1), Name: at.name, FromGroup: at.above,
				Color:       colors().Draw(t, "color"),
				Description: rapid.SampledFrom([]string{"", "one", "two"}).Draw(t, "description"),
				Priority:    priorities().Draw(t, "priority"),
				Open:        rapid.IntRange(0, 1).Draw(t, "open"),
				Closed:      rapid.IntRange(0, 1).Draw(t, "closed"),
				Requests:    rapid.IntRange(0, 1).Draw(t, "requests"),
			})
		}
		return out
	})
}

func options() *rapid.Generator[label.Options] {
	return rapid.Custom(func(t *rapid.T) label.Options {
		listed := map[string]bool{}
		for _, name := range rapid.SliceOf(names()).Draw(t, "listed") {
			listed[name] = true
		}
		return label.Options{
			Group:   rapid.Bool().Draw(t, "group"),
			Prune:   rapid.Bool().Draw(t, "prune"),
			Force:   rapid.Bool().Draw(t, "force"),
			OnBoard: listed,
		}
	})
}

// carryOut applies the differences to a place in the given order, as GitLab would;
// it panics where GitLab would refuse.
func carryOut(place []label.Label, pending []label.Difference, group bool) []label.Label {
	place = slices.Clone(place)
	at := func(name string) int {
		return slices.IndexFunc(place, func(l label.Label) bool { return l.Name == name })
	}
	with := func(id int64) int {
		return slices.IndexFunc(place, func(l label.Label) bool { return l.ID == id })
	}
	next := int64(1000)
	for _, d := range pending {
		switch {
		case d.State == label.Missing:
			if at(d.Declared.Name) >= 0 {
				panic("409 Label already exists: " + strconv.Quote(d.Declared.Name))
			}
			made := d.Declared.Label(!group)
			made.ID, next = next, next+1
			place = append(place, made)
		case d.Prune:
			i := with(d.Actual.ID)
			place = slices.Delete(place, i, i+1)
		default:
			i := with(d.Actual.ID)
			if d.Change.Name != nil && at(*d.Change.Name) >= 0 {
				panic("400 has already been taken: " + strconv.Quote(*d.Change.Name))
			}
			place[i] = place[i].Apply(d.Change)
		}
	}
	return place
}
