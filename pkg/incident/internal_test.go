package incident_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/incident"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

const canary = "canary"

// internal returns the comments with their words taken for canaries: only the team may read them.
func internal(notes ...issue.Note) []issue.Note {
	for n := range notes {
		notes[n].Internal = true
	}
	return notes
}

// An internal comment counts as an event, and its words are never copied to the description and the labels.
func TestInternalCommentsAreNotCopied(t *testing.T) {
	t.Parallel()
	fields := []string{incident.KeySeverity, "S1", incident.KeyCause, canary, incident.KeyServices, canary, incident.KeyRelated, "acme/canary#1",
		incident.KeyDataLoss, "true", incident.KeyImpact, "1"}
	for name, confidential := range map[string]bool{"public": false, "confidential": true} {
		i := opened()
		i.Confidential = confidential
		notes := internal(eventNote(1, incident.Update, "10:20", canary, fields...), eventNote(2, incident.Mitigate, "10:28", canary+"\n\n"+canary))
		got := reconcile(t, i, notes...)
		all := got.Description + strings.Join(got.Labels, " ")
		if strings.Contains(all, canary) || got.Has("DataLoss") {
			t.Errorf("%s: copied to\n%s\n%q", name, got.Description, got.Labels)
		}
		for _, want := range []string{"- 10:20 internal event <!-- 1:", "- 10:28 internal event <!-- 2:", "mitigated_at: 2018-08-24T10:28:00Z", "severity: S1"} {
			if !strings.Contains(got.Description, want) {
				t.Errorf("%s: no %q in\n%s", name, want, got.Description)
			}
		}
		if !got.Has(labels.Mitigated) || !got.Has(labels.S1) {
			t.Errorf("%s: labels %q", name, got.Labels)
		}
	}
}

// Lines that an earlier version copied from an internal comment lose its words with the next event, unless a person edited them.
func TestCopiedWordsAreRemoved(t *testing.T) {
	t.Parallel()
	note := eventNote(1, incident.Mitigate, "10:28", canary)
	i := reconcile(t, opened(), note)
	if !strings.Contains(i.Description, canary) {
		t.Fatal("nothing was copied")
	}
	if got := reconcile(t, i, internal(note)...); strings.Contains(got.Description, canary) || !strings.Contains(got.Description, "10:28 internal event") {
		t.Errorf("the line is still in\n%s", got.Description)
	}
}

// The timeline has the words of internal comments apart from its text.
func TestTimelineOfInternalComments(t *testing.T) {
	t.Parallel()
	untrusted := eventNote(3, incident.Update, "10:40", canary)
	untrusted.Trusted = false
	notes := internal(eventNote(1, incident.Mitigate, "10:28", canary, incident.KeyCause, canary),
		issue.Note{ID: 2, Body: canary + " by hand", Author: "ines", CreatedAt: at("10:30")}, untrusted)
	lines := incident.Timeline(incident.Of(opened(), labels), labels, eventlog.Events(notes, incident.Kind), notes, nil, nil)
	var words []string
	for _, l := range lines {
		if strings.Contains(l.Text, canary) {
			t.Errorf("the line %+v has words of an internal comment", l)
		}
		if l.Words != "" {
			words = append(words, l.Words)
			if l.Text != eventlog.InternalText {
				t.Errorf("the line %+v is not %q", l, eventlog.InternalText)
			}
		}
	}
	if got, want := strings.Join(words, "|"), "mitigated, cause: canary: canary|canary by hand|canary"; got != want {
		t.Errorf("words %q, want %q", got, want)
	}
	if post := incident.Markdown(lines); strings.Contains(post, canary) || strings.Count(post, "internal event") != 3 {
		t.Errorf("as Markdown\n%s", post)
	}
}

// A confidential incident gets no label of a service that it does not carry: GitLab would create it for everybody to read. The record has
// the service, and labels that the issue carries are removed as usual.
func TestConfidentialIncidentsGetNoServiceLabels(t *testing.T) {
	t.Parallel()
	i := opened()
	i.Confidential = true
	got := reconcile(t, i, eventNote(1, incident.Update, "10:20", "more", incident.KeyServices, canary+", registry"))
	if got.Has("service:"+canary) || !got.Has("service:registry") || !strings.Contains(got.Description, canary) {
		t.Errorf("labels %q\n%s", got.Labels, got.Description)
	}
	got = reconcile(t, got, eventNote(1, incident.Update, "10:20", "more", incident.KeyServices, canary+", registry"), eventNote(2, incident.Update, "10:30", "less", incident.KeyServices, canary))
	if got.Has("service:"+canary) || got.Has("service:registry") {
		t.Errorf("labels %q", got.Labels)
	}
	if list := strings.Join(labels.OpeningConfidential(incident.S1, true), ","); strings.Contains(list, "service") || !strings.Contains(list, "S1") {
		t.Errorf("opened with %q", list)
	}
}
