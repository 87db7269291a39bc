package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// Where the notes of the next release are, and the file that their text is moved to.
const (
	notesFolder   = "docs/changes/unreleased"
	changelogFile = "CHANGELOG.md"
)

// pending marks the heading of a release that has no date yet.
const pending = "not released yet"

// subjects are the subjects of notes, in the order in which a release lists them. A note without one is in the last.
func subjects() []string {
	return []string{"Setting up", "Incidents", "Changes and gates", "On call and hand-offs", "Reports and budgets", "Milestones and planning",
		"Issues, labels and the board", "Plans and safety", "At a terminal", "Agents and hooks", "Other"}
}

// kinds are the kinds of notes and their headings in a release, in its order.
func kinds() [][2]string {
	return [][2]string{{"Change", "Changed, read before you upgrade"}, {"Feature", "New"}, {"Fix", "Fixed"}}
}

// note is a file about one change.
type note struct{ kind, subject, title, text string }

// readNotes reads all notes, sorted by subject and then by file.
func readNotes(root fs.FS) ([]note, error) {
	names, err := fs.Glob(root, notesFolder+"/*.md")
	if err != nil {
		return nil, err
	}
	bySubject := make([][]note, len(subjects()))
	var wrong []error
	for _, name := range names {
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return nil, err
		}
		n, err := parseNote(string(data))
		if err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", name, err))
			continue
		}
		at := slices.Index(subjects(), n.subject)
		bySubject[at] = append(bySubject[at], n)
	}
	return slices.Concat(bySubject...), errors.Join(wrong...)
}

// parseNote reads a note: "Feature (Incidents): a sentence", an empty line, and the text.
func parseNote(text string) (note, error) {
	head, body, _ := strings.Cut(text, "\n")
	m := regexp.MustCompile(`^(Change|Feature|Fix)(?: \(([^)]*)\))?: (.*[^. ])$`).FindStringSubmatch(head)
	if m == nil {
		return note{}, errors.New(`the first line is not "Feature: ...", "Fix: ..." or "Change: ..." without a full stop`)
	}
	last := subjects()[len(subjects())-1]
	n := note{m[1], cmp.Or(m[2], last), m[3], strings.TrimSpace(body)}
	if !slices.Contains(subjects(), n.subject) {
		return n, fmt.Errorf("unknown subject %q (use %s)", n.subject, strings.Join(subjects(), ", "))
	}
	if !strings.HasPrefix(body, "\n") || n.text == "" {
		return n, errors.New("an empty line and a text are missing")
	}
	return n, nil
}

// releaseSection is the text of a release. Of the first one it has what the program does: nobody had what was changed or fixed before.
func releaseSection(notes []note, version, date string, first bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "## %s (%s)\n", version, cmp.Or(date, pending))
	if first {
		b.WriteString("\nThe first release. What it does, by subject:\n")
		for _, s := range subjects() {
			list(&b, "### "+s, notes, func(n note) (string, bool) { return n.headline(), n.kind == "Feature" && n.subject == s })
		}
		return b.String()
	}
	for _, k := range kinds() {
		list(&b, "### "+k[1], notes, func(n note) (string, bool) { return n.entry(), n.kind == k[0] })
	}
	return b.String()
}

// list writes a heading and the notes below it; nothing if there are none.
func list(b *strings.Builder, heading string, notes []note, entry func(note) (string, bool)) {
	for _, n := range notes {
		text, ok := entry(n)
		if !ok {
			continue
		}
		if heading != "" {
			b.WriteString("\n" + heading + "\n\n")
			heading = ""
		}
		b.WriteString("- " + text + "\n")
	}
}

// headline is the title as a sentence without a full stop.
func (n note) headline() string {
	first, size := utf8.DecodeRuneInString(n.title)
	return string(unicode.ToUpper(first)) + n.title[size:]
}

// entry is the note as an item of a list. Links lead from the folder of the notes to where they are seen from the top.
func (n note) entry() string {
	text := regexp.MustCompile(`\]\(([^):\s]+)\)`).ReplaceAllStringFunc(n.text, func(link string) string {
		return "](" + path.Join(notesFolder, link[2:len(link)-1]) + ")"
	})
	text = "**" + n.headline() + ".** " + text
	return regexp.MustCompile(`\n([^\n])`).ReplaceAllString(text, "\n  $1")
}

// released matches the heading of a release, with its version and its date.
var released = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?m)^## (\S+) \((.*)\)$`) })

// withRelease returns the changelog with the section of a version on top. It replaces a section of that version that has no date.
func withRelease(changelog string, notes []note, version, date string) (string, error) {
	if !regexp.MustCompile(`^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`).MatchString(version) {
		return "", fmt.Errorf("invalid version %q (use 1.2.3)", version)
	}
	if _, err := time.Parse(time.DateOnly, date); date != "" && err != nil {
		return "", fmt.Errorf("invalid date %q (use 2018-08-24)", date)
	}
	if len(notes) == 0 {
		return "", fmt.Errorf("no notes in %s", notesFolder)
	}
	head, older := changelog, ""
	if all := released().FindAllStringSubmatchIndex(changelog, -1); len(all) > 0 {
		head, older = changelog[:all[0][0]], changelog[all[0][0]:]
		if changelog[all[0][4]:all[0][5]] == pending {
			older = ""
			if len(all) > 1 {
				older = changelog[all[1][0]:]
			}
		}
	}
	if strings.Contains("\n"+older, "\n## "+version+" (") {
		return "", fmt.Errorf("version %s was released already", version)
	}
	text := strings.TrimRight(head, "\n") + "\n\n" + releaseSection(notes, version, date, older == "")
	if older != "" {
		text += "\n" + older
	}
	return text, nil
}

// pendingVersion is the version that a changelog has without a date; empty: none.
func pendingVersion(changelog string) string {
	if m := released().FindStringSubmatch(changelog); m != nil && m[2] == pending {
		return m[1]
	}
	return ""
}

// changelogOf returns the changelog below dir as it is, and as its notes make it. Without a version it is for the one without a date.
func changelogOf(dir, version, date string) (have, want string, err error) {
	root := os.DirFS(dir)
	data, err := fs.ReadFile(root, changelogFile)
	if err != nil {
		return "", "", err
	}
	have = string(data)
	if version = cmp.Or(version, pendingVersion(have)); version == "" {
		return have, have, nil
	}
	notes, err := readNotes(root)
	if err != nil {
		return "", "", err
	}
	want, err = withRelease(have, notes, version, date)
	return have, want, err
}

// writeChangelog updates the changelog below dir. With a date it is a release, so the notes are removed.
func writeChangelog(dir, version, date string) error {
	_, text, err := changelogOf(dir, version, date)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, changelogFile), []byte(text), 0o644); err != nil || date == "" {
		return err
	}
	return os.RemoveAll(filepath.Join(dir, filepath.FromSlash(notesFolder)))
}

// changelogDrift returns an error if the section of the next release is out of date.
func changelogDrift(dir string) error {
	have, want, err := changelogOf(dir, "", "")
	if err == nil && have != want {
		err = fmt.Errorf("%s is out of date (to fix: go run ./cmd/gendocs)", changelogFile)
	}
	return err
}
