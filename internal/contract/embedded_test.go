package contract

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/internal/testkit/recording"
)

// recorded is when the recordings began: dates in them are due, overdue or upcoming as seen from this day.
var recorded = time.Date(2026, 11, 28, 22, 36, 0, 0, time.UTC)

const folder = "../../testdata/gitlab/"

// newEmbedded is an embedded GitLab with the world of the recordings, and a replayer for it.
func newEmbedded(t *testing.T, edition fakegitlab.Edition) *Replayer {
	t.Helper()
	const base = "http://gitlab.example.test"
	s := fakegitlab.New(fakegitlab.Options{Edition: edition, ClockFrom: recorded, URL: base, NoRequestLog: true})
	data, err := os.ReadFile(folder + "seed.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var world fakegitlab.Seed
	if err := manifest.Decode("seed.yaml", data, &world); err != nil {
		t.Fatal(err)
	}
	if err := s.Apply(world); err != nil {
		t.Fatal(err)
	}
	tokens := map[string]string{}
	for _, a := range s.Accounts() {
		tokens[a.Username] = a.Token
	}
	return &Replayer{Base: base, Tokens: tokens, Client: &http.Client{Transport: fakegitlab.Transport(s)}}
}

// TestEmbeddedEqualsRecording sends each recording to the embedded GitLab of the same edition, whole and in order.
func TestEmbeddedEqualsRecording(t *testing.T) {
	t.Parallel()
	for edition, name := range map[fakegitlab.Edition]string{fakegitlab.Community: "tour-18.9-ce", fakegitlab.Free: "tour-18.9-ee-free"} {
		t.Run(string(edition), func(t *testing.T) {
			t.Parallel()
			compareAll(t, newEmbedded(t, edition), name, knownDifferences(t, string(edition)))
		})
	}
}

// compareAll sends a whole recording. Exactly the steps in known may differ.
func compareAll(t *testing.T, r *Replayer, name string, known []string) {
	t.Helper()
	steps, err := recording.Load(folder + name + ".jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		a, err := r.Do(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		found := Compare(s, a)
		switch i := slices.Index(known, s.Name); {
		case i >= 0 && len(found) == 0:
			t.Errorf("%q is equal now: remove it from the list", s.Name)
		case i < 0 && len(found) > 0:
			report(t, s, found)
		}
	}
}

// report prints the first differences of a step.
func report(t *testing.T, s recording.Step, found []Difference) {
	t.Helper()
	const most = 12
	var b strings.Builder
	for _, d := range found[:min(len(found), most)] {
		fmt.Fprintf(&b, "\n  %s", d)
	}
	if len(found) > most {
		fmt.Fprintf(&b, "\n  and %d more", len(found)-most)
	}
	t.Errorf("%q: %s %s%s", s.Name, s.Method, s.Path, b.String())
}

// knownDifferences are the names of the steps in which the edition still differs from its recording.
func knownDifferences(t *testing.T, edition string) []string {
	t.Helper()
	file, err := os.Open(filepath.Join(folder, "differs-"+edition+".txt"))
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var all []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		all = append(all, lines.Text())
	}
	return all
}
