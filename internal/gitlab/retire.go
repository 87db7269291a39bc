package gitlab

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/pkg/account"
	"gitlab.com/prodctl/prodctl/pkg/eventlog"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/safetext"
	"gitlab.com/prodctl/prodctl/pkg/stable"
)

// The kinds of the keys of comments: the one that says which issue stays, and those that were carried over.
const (
	duplicateKind = "duplicate"
	carriedKind   = "carried-over"
)

// maxCarried is how many comments are carried over at most. People have long been working on an issue with more.
const maxCarried = 50

// createdTogether is how long after its creation a label of an issue's author may have been set with it.
const createdTogether = 5 * time.Second

// retirement takes a duplicate issue out of sight. What others did with it is carried over to the one that stays first; then a comment
// says which one that is; then it is closed. Each step finds what an earlier run did, so it may be killed at any point.
type retirement struct {
	client    *Client
	draft     issue.Draft // what this run created; empty: unknown
	label     string      // every issue of the kind has it
	from, to  issue.Issue // the duplicate, and the one that stays
	notes     []issue.Note
	links     []issue.Ref
	labels    issue.Change // what others changed
	comments  int          // that were carried over
	newEvents bool         // and not applied yet
	words     []string     // what else was carried over
}

// kept is the error for a duplicate that stays.
func kept(what, original, reason string) error {
	hint := fmt.Sprintf("Compare both, copy what is needed to %s, and remove %s", original, what)
	return fault.NewDuplicate(hint, "%s is a duplicate of %s, but %s, so both stay", what, original, reason)
}

func (x *retirement) run(ctx context.Context) error {
	obstacle, err := x.compare(ctx)
	if err == nil && obstacle == "" {
		obstacle, err = refusal(x.carryOver(ctx))
	}
	switch {
	case err != nil:
		return err
	case obstacle != "":
		return kept(x.from.Ref.String(), x.to.Ref.String(), obstacle)
	}
	if err := x.comment(ctx); err != nil {
		return err
	}
	change := issue.Change{State: new(issue.Closed), RemoveLabels: x.from.Labels}
	if _, err := x.client.UpdateIssue(ctx, x.from.Ref, change); err != nil {
		return err
	}
	return x.catchUp(ctx)
}

// refusal turns an error that means that the token may not carry something over into an obstacle.
func refusal(err error) (string, error) {
	if fault.KindOf(err) == fault.Auth || errors.Is(err, fault.Dropped) || errors.Is(err, fault.NotOffered) {
		return "what others did with it could not be carried over: " + err.Error(), nil
	}
	return "", err
}

// compare reads what others did with the duplicate, and returns why it cannot be carried over; empty if it can.
func (x *retirement) compare(ctx context.Context) (obstacle string, err error) {
	if x.notes, err = x.client.TrustedNotes(ctx, x.from.Ref); err != nil {
		return "", err
	}
	if obstacle := x.obstacle(); obstacle != "" {
		return obstacle, nil
	}
	links, err := x.client.IssueLinks(ctx, x.from.Ref)
	if err != nil && !errors.Is(err, fault.NotOffered) {
		return "", err
	}
	for _, l := range links {
		if l.Issue.Ref != x.to.Ref {
			x.links = append(x.links, l.Issue.Ref)
		}
	}
	if err := x.compareLabels(ctx); err != nil {
		return "", err
	}
	if x.from.Confidential && !x.to.Confidential && len(x.labels.AddLabels) > 0 {
		return "it is confidential and has other labels", nil
	}
	return "", nil
}

// obstacle is what cannot be carried over, as far as the issue and its comments show it.
func (x *retirement) obstacle() string {
	for _, n := range x.notes {
		switch {
		case isTitleEdit(n) && x.from.Title != x.to.Title:
			return account.Name(n.Author) + " changed its title"
		case isDescriptionEdit(n) && !isReconciling(x.notes, n, sameWorkWindow) && !x.isWritten(x.from.Description):
			return account.Name(n.Author) + " edited its description"
		}
	}
	for _, n := range x.carried() {
		e, ok := eventlog.Read(n)
		if ok && n.Trusted && x.client.reconcilers[e.Kind] == nil && e.Kind != linkEvents {
			return fmt.Sprintf("%s recorded an event of another kind in it (%s)", account.Name(n.Author), e.Kind)
		}
	}
	switch n := len(x.carried()); {
	case n > maxCarried:
		return fmt.Sprintf("it has %d comments", n)
	case n > 0 && x.from.Confidential && !x.to.Confidential:
		return "it is confidential and has comments"
	}
	return ""
}

// linkEvents is the kind of events that may be carried over to any issue: references to other issues.
const linkEvents = "link"

// isWritten reports whether a description is the one of the issue that stays, or the one that this run wrote.
func (x *retirement) isWritten(text string) bool {
	own := x.draft.Description
	return safetext.Same(text, x.to.Description) || own != "" && safetext.Same(idempotency.Unstamped(text), own)
}

// carried are the comments to carry over: all but GitLab's own and the one about the duplicate.
func (x *retirement) carried() []issue.Note {
	return slices.DeleteFunc(slices.Clone(x.notes), func(n issue.Note) bool { return n.System || hasKind(n, duplicateKind) })
}

func hasKind(n issue.Note, kind string) bool {
	key, ok := idempotency.Read(n.Body)
	return ok && key.Kind() == kind
}

// isTitleEdit recognizes GitLab's system notes for a changed title, which are HTML since 18.
func isTitleEdit(n issue.Note) bool {
	return n.System && strings.Contains(n.Body, "changed title from")
}

// compareLabels finds the labels and assignees that others set or removed. Which ones prodctl set itself is not known from the issue that
// stays: a simultaneous run may have created it with another severity.
func (x *retirement) compareLabels(ctx context.Context) error {
	if len(x.to.AssigneeIDs) == 0 {
		x.labels.AssigneeIDs = x.from.AssigneeIDs
	}
	removed := x.label != "" && !x.from.Has(x.label) // by somebody who saw that it is not one more of its kind
	if removed || same(x.from.Labels, x.to.Labels) || same(x.from.Labels, x.draft.Labels) {
		return nil
	}
	events, err := x.client.LabelEvents(ctx, x.from.Ref)
	if err != nil {
		return err
	}
	last := map[string]string{}
	for _, e := range events {
		if e.Name != "" && !x.setAtCreation(e) {
			last[e.Name] = e.Action
		}
	}
	for name, action := range last {
		switch {
		case action == "add" && x.from.Has(name) && !x.to.Has(name):
			x.labels.AddLabels = append(x.labels.AddLabels, name)
		case action == "remove" && !x.from.Has(name) && x.to.Has(name):
			x.labels.RemoveLabels = append(x.labels.RemoveLabels, name)
		}
	}
	stable.Sort(x.labels.AddLabels, strings.Compare)
	stable.Sort(x.labels.RemoveLabels, strings.Compare)
	return nil
}

func same(a, b []string) bool {
	return slices.Equal(stable.Sorted(a, strings.Compare), stable.Sorted(b, strings.Compare))
}

func (x *retirement) setAtCreation(e issue.Event) bool {
	return e.Action == "add" && e.User == x.from.Author && e.At.Sub(x.from.CreatedAt) <= createdTogether
}

// carryOver carries over comments, links, labels and assignees. It is safe to repeat.
func (x *retirement) carryOver(ctx context.Context) error {
	if err := x.carryComments(ctx); err != nil {
		return err
	}
	for _, to := range x.links {
		existed, err := x.client.CreateLink(ctx, x.to.Ref, to)
		if err != nil {
			return err
		}
		if !existed {
			x.words = append(x.words, "the link to "+to.String())
		}
	}
	x.labels.AddLabels = slices.DeleteFunc(x.labels.AddLabels, x.to.Has)
	x.labels.RemoveLabels = slices.DeleteFunc(x.labels.RemoveLabels, func(name string) bool { return !x.to.Has(name) })
	if x.labels.Empty() {
		return nil
	}
	if _, err := x.client.UpdateIssue(ctx, x.to.Ref, x.labels); err != nil {
		return err
	}
	for _, name := range x.labels.AddLabels {
		x.words = append(x.words, x.labelWords("the label", name))
	}
	for _, name := range x.labels.RemoveLabels {
		x.words = append(x.words, x.labelWords("the removal of the label", name))
	}
	if len(x.labels.AssigneeIDs) > 0 {
		x.words = append(x.words, "its assignee")
	}
	return nil
}

// labelWords names a label in the summary. One of a confidential issue may reveal what it is about.
func (x *retirement) labelWords(what, name string) string {
	if x.from.Confidential {
		return strings.Replace(what, "the label", "a label", 1)
	}
	return fmt.Sprintf("%s %q", what, name)
}

// carryComments copies the comments. Events of people who may change the issue stay events; anything else is quoted.
func (x *retirement) carryComments(ctx context.Context) error {
	for _, n := range x.carried() {
		body, kind := x.copyOf(n)
		key := issue.IdempotencyKey{Kind: carriedKind, Name: strconv.FormatInt(n.ID, 10), Since: n.CreatedAt}
		_, existed, err := x.client.CreateNote(ctx, x.to.Ref, issue.NoteDraft{Body: body, Internal: n.Internal}, key)
		if err != nil {
			return err
		}
		if !existed {
			x.comments++
		}
		if r := x.client.reconcilers[kind]; r != nil {
			x.newEvents = true
		}
	}
	if !x.newEvents {
		return nil
	}
	x.newEvents = false
	for _, kind := range stable.Sorted(keysOf(x.client.reconcilers), strings.Compare) {
		reconciled, _, err := x.client.ReconcileIssue(ctx, x.to.Ref, x.client.reconcilers[kind])
		if err != nil {
			return err
		}
		x.to = reconciled
	}
	return nil
}

func keysOf[V any](m map[string]V) (keys []string) {
	for k := range m {
		keys = append(keys, k)
	}
	return keys
}

// copyOf is the text of a copied comment, and the kind of its event; empty for none.
func (x *retirement) copyOf(n issue.Note) (body, kind string) {
	at := n.CreatedAt.UTC().Format("2006-01-02 15:04")
	origin := fmt.Sprintf("carried over from %s, where %s wrote it at %s UTC", x.from.Ref, n.Author, at)
	e, ok := eventlog.Read(n)
	if !ok || !n.Trusted {
		return "**Comment** (" + origin + ")\n\n" + safetext.Quote(safetext.Passage(idempotency.Unstamped(n.Body))), ""
	}
	e = e.Opened() // the copy is internal too
	heading, _, _ := strings.Cut(strings.TrimSpace(n.Body), "\n")
	heading = strings.TrimSpace(strings.Trim(strings.TrimSpace(heading), "*"))
	e.Text = eventlog.Sanitize(e.Text)
	return eventlog.Body(e, safetext.Title(heading)+" ("+origin+")"), e.Kind
}

// comment says on the duplicate which issue stays, once.
func (x *retirement) comment(ctx context.Context) error {
	if slices.ContainsFunc(x.notes, func(n issue.Note) bool { return hasKind(n, duplicateKind) }) {
		return nil
	}
	body := "Duplicate of " + x.to.Ref.String() + ", created by a simultaneous run of prodctl."
	if words := x.summary(); words != "" {
		body += " Carried over: " + words + "."
	}
	_, _, err := x.client.CreateNote(ctx, x.from.Ref, issue.NoteDraft{Body: body},
		issue.IdempotencyKey{Kind: duplicateKind, Name: strconv.FormatInt(x.from.ID, 10), Since: x.from.CreatedAt, Searched: true})
	return err
}

// summary lists what was carried over.
func (x *retirement) summary() string {
	all := x.words
	switch {
	case x.comments == 1:
		all = append([]string{"1 comment"}, all...)
	case x.comments > 1:
		all = append([]string{strconv.Itoa(x.comments) + " comments"}, all...)
	}
	return strings.Join(all, ", ")
}

// catchUp carries over what was written while the duplicate was closed.
func (x *retirement) catchUp(ctx context.Context) error {
	before := x.notes
	notes, err := x.client.TrustedNotes(ctx, x.from.Ref)
	if err != nil {
		return err
	}
	x.notes = slices.DeleteFunc(notes, func(n issue.Note) bool {
		return slices.ContainsFunc(before, func(b issue.Note) bool { return b.ID == n.ID })
	})
	if obstacle := x.obstacle(); obstacle != "" {
		return kept(x.from.Ref.String(), x.to.Ref.String(), obstacle)
	}
	obstacle, err := refusal(x.carryComments(ctx))
	if obstacle != "" {
		return kept(x.from.Ref.String(), x.to.Ref.String(), obstacle)
	}
	return err
}
