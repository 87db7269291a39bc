package workflow

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/idempotency"
	"gitlab.com/prodctl/prodctl/internal/plan"
	"gitlab.com/prodctl/prodctl/pkg/issue"
	"gitlab.com/prodctl/prodctl/pkg/target"
)

// IDWords is `doctor --fix`: it adds the word by which a search finds an idempotency key to the issues of a project that have a key without
// it. Releases before the word wrote the key alone.
type IDWords struct {
	Verified
	Read interface {
		Issues(ctx context.Context, in target.Target, q issue.Query) iter.Seq2[issue.Issue, error]
	}
	Inputs IDWordsInputs
	Limit  int // how many issues with a key are read, oldest first; 0: all
	plan.Origin
}

// IDWordsInputs are the inputs of `doctor --fix`. A plan file keeps them.
type IDWordsInputs struct{ Project string }

// keyWord is a word of every key's hidden line.
const keyWord = "prodctl"

// Plan reads the issues with a key by one search, and plans one step for each that lacks its word. The closed issue that stays after a move
// is left alone.
func (w IDWords) Plan(ctx context.Context) (plan.Plan, error) {
	p := NewPlan(w.Origin, "doctor --fix", w.Inputs, nil)
	read := 0
	for i, err := range w.Read.Issues(ctx, target.ProjectAt(w.Inputs.Project), issue.Query{Word: keyWord}) {
		if err != nil {
			return plan.Plan{}, err
		}
		if read++; w.Limit > 0 && read > w.Limit {
			break
		}
		if _, lacks := idempotency.AddWord(i.Description); !lacks || i.MovedToID != 0 {
			continue
		}
		p.Observed = append(p.Observed, Fingerprint(IssueName(i.Ref), i.Description))
		p.Steps = append(p.Steps, plan.ReconcileIssue{Base: plan.Base{ID: "id " + i.Ref.String()}, On: plan.IssueRef{Ref: i.Ref},
			Title: ShownTitle(i), Kind: IDKind, Reconciler: idWord{}})
	}
	p.Observed = SortObserved(p.Observed)
	return p, nil
}

// IDKind is the kind of the steps that write the hidden lines of a key.
const IDKind = "id"

// KeyWriter is the reconciler that appends a key to a description without one, and changes nothing else.
type KeyWriter struct{ Kind, Name string }

// Reconcile appends the hidden lines of the key, unless the description has a key.
func (w KeyWriter) Reconcile(i issue.Issue, _ []issue.Note) (issue.Change, error) {
	key, err := idempotency.NewKey(w.Kind, w.Name)
	if _, keyed := idempotency.Read(i.Description); keyed || err != nil {
		return issue.Change{}, err
	}
	text := idempotency.Stamp(i.Description, key)
	return issue.Change{Description: &text}, nil
}

// idWord is the reconciler that appends the word to a description as it is then, and changes nothing else.
type idWord struct{}

// Reconcile appends the hidden line with the word if the description has a key without it.
func (idWord) Reconcile(i issue.Issue, _ []issue.Note) (issue.Change, error) {
	if text, lacks := idempotency.AddWord(i.Description); lacks {
		return issue.Change{Description: &text}, nil
	}
	return issue.Change{}, nil
}

// shownIssues is how many issues a check names.
const shownIssues = 5

// Lacking says how many issues a plan of `doctor --fix` is about, and names the first ones.
func Lacking(p plan.Plan) string {
	var names []string
	for _, step := range p.Steps {
		names = append(names, step.(plan.ReconcileIssue).On.Ref.String())
	}
	text := Count(len(names), "issue lacks", "issues lack") + " the hidden word by which a retry finds a key: "
	if more := len(names) - shownIssues; more > 0 {
		return text + strings.Join(names[:shownIssues], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return text + strings.Join(names, ", ")
}
