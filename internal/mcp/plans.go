package mcp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// inFile are members of a plan that only the file needs.
var inFile = []string{"args", "inputs", "observed"}

// plan runs a command that writes, saves its plan and applies nothing. The file is named after its content, so that two plans never share
// a name.
func (r *runner) plan(ctx context.Context, t tool, c cmd, args []string) (text string, failed bool) {
	file, err := r.reserve()
	if err != nil {
		return "The plan was not saved: " + clean(fault.Plain(err).Error(), textLimit), true
	}
	defer func() { _ = os.Remove(file) }() // after a rename there is nothing left to remove
	got := r.run(ctx, c, args, "--plan-file="+file, "--quiet")
	if got.code != 0 {
		return got.failure(), true
	}
	data, err := os.ReadFile(file)
	var saved struct{ Steps []json.RawMessage }
	if err == nil {
		err = json.Unmarshal(data, &saved)
	}
	if err == nil && len(saved.Steps) == 0 {
		return "Nothing to do: no plan was saved. " + got.marked(t.narrow, inFile...), false
	}
	sum := sha256.Sum256(data)
	digest := hex.EncodeToString(sum[:])
	kept := filepath.Join(r.options.Plans, strings.TrimPrefix(t.name, "plan_")+"-"+c.name+"-"+digest[:12]+".json")
	if err == nil {
		err = os.Rename(file, kept)
	}
	if err != nil {
		return "The plan was not saved: " + clean(fault.Plain(err).Error(), textLimit), true
	}
	apply := r.apply(kept, digest)
	return "Plan saved; nothing was changed in GitLab. A person shows all of it, then applies it:\n  " +
		apply + " --dry-run\n  " + apply + "\n" + got.marked(t.narrow, inFile...), false
}

// reserve returns the name of a new file in the folder for plans, which only its owner can read.
func (r *runner) reserve() (string, error) {
	if r.options.Plans == "" {
		return "", errors.New("no folder for it was found; start the server with --plans FOLDER")
	}
	if err := os.MkdirAll(r.options.Plans, 0o700); err != nil {
		return "", err
	}
	f, err := os.CreateTemp(r.options.Plans, ".prodctl-plan-*")
	if err != nil {
		return "", err
	}
	return f.Name(), f.Close()
}

// apply is the command that applies a plan, with the flags that the server has.
func (r *runner) apply(file, digest string) string {
	words := append([]string{"prodctl", "apply", file, "--digest", digest}, r.options.global()...)
	for i, word := range words {
		words[i] = fault.Quote(word)
	}
	return strings.Join(words, " ")
}
