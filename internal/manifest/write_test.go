package manifest_test

import (
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/testkit"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

func choices() manifest.Choices {
	return manifest.Choices{
		Host: "https://gitlab.example.com",
		Trackers: []manifest.Tracker{
			{Name: "infrastructure", Project: target.ProjectAt("acme/infrastructure")},
			{Name: "production", Project: target.ProjectAt("acme/production")},
		},
	}
}

// The new file has the choices and the defaults, and the schema accepts it.
func TestCommentedIsTheDefaults(t *testing.T) {
	t.Parallel()
	data := choices().Commented()
	testkit.Golden(t, "manifest/init.yaml", string(data))
	got, err := manifest.Parse("init.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	want := manifest.Defaults()
	want.Host, want.Trackers = choices().Host, choices().Trackers
	if diff := cmp.Diff(want, got, likeFiles()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if err := compiled(t).Validate(asJSON(t, data)); err != nil {
		t.Error(err)
	}
}

// Without the # before its examples, the new file is valid and has every key.
func TestCommentedExamplesAreValid(t *testing.T) {
	t.Parallel()
	text := regexp.MustCompile(`(?m)^( *)#([^ ])`).ReplaceAllString(string(choices().Commented()), "$1$2")
	file, err := manifest.Parse("init.yaml", []byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	for _, key := range manifest.Known() {
		if !hasKey(file, key) {
			t.Errorf("the new file has no example of %s", key)
		}
	}
}

func TestCommentedKeepsChoices(t *testing.T) {
	t.Parallel()
	c := choices()
	c.Host, c.Timezone, c.Group = "http://[::1]:8929/gitlab", "Pacific/Apia", "acme"
	c.Trackers = append(c.Trackers, manifest.Tracker{Name: "2", Project: target.ProjectAt("acme/ünï")})
	got, err := manifest.Parse("x", c.Commented())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(c.Trackers, got.Trackers); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	if got.Host != c.Host || got.Timezone.String() != c.Timezone || got.Milestones.Group != "acme" || got.Milestones.Scope != target.Group {
		t.Errorf("got %+v", got)
	}
	if got, err := manifest.Parse("x", manifest.Choices{Host: c.Host}.Commented()); err != nil || len(got.Trackers) != 0 {
		t.Errorf("without trackers: %v", err)
	}
}
