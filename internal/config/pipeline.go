package config

import (
	"cmp"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// Pipeline is the GitLab CI pipeline in which a command runs, by the variables of its job.
type Pipeline struct {
	Project  string // id of the project whose default branch has the rules; empty: unknown
	Path     string // full path of the project with the checkout
	Checkout string // absolute path
	Branch   string // of the pipeline; empty for a tag or a merge request
	Commit   string
	Official bool // the ref is the protected default branch, so nobody else has changed the files in the checkout
}

// PipelineOf returns the pipeline of the job; ok is false outside of GitLab CI. In merge request pipelines the rules are those of the
// target project. A child pipeline is not official, even on the default branch: a job of any ref may have written its configuration.
func PipelineOf(getenv func(string) string, dir string) (p Pipeline, ok bool) {
	if getenv("GITLAB_CI") == "" && getenv("CI_PIPELINE_ID") == "" {
		return Pipeline{}, false
	}
	p = Pipeline{
		Project: cmp.Or(getenv("CI_MERGE_REQUEST_PROJECT_ID"), getenv("CI_PROJECT_ID")), Path: getenv("CI_PROJECT_PATH"),
		Checkout: dir, Branch: getenv("CI_COMMIT_BRANCH"), Commit: getenv("CI_COMMIT_SHA"),
	}
	if checkout := getenv("CI_PROJECT_DIR"); filepath.IsAbs(checkout) {
		p.Checkout = filepath.Clean(checkout)
	}
	source := getenv("CI_PIPELINE_SOURCE")
	other := getenv("CI_COMMIT_TAG") != "" || getenv("CI_MERGE_REQUEST_IID") != "" || getenv("CI_MERGE_REQUEST_PROJECT_ID") != "" ||
		slices.Contains([]string{"merge_request_event", "external_pull_request_event", "parent_pipeline"}, source)
	p.Official = !other && p.Branch != "" && p.Branch == getenv("CI_DEFAULT_BRANCH") && getenv("CI_COMMIT_REF_PROTECTED") == "true"
	return p, true
}

// Relative returns the path of a file relative to the checkout, with slashes; ok is false if it is outside.
func (p Pipeline) Relative(path string) (relative string, ok bool) {
	rel, err := filepath.Rel(p.Checkout, path)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

func (p Pipeline) contains(path string) bool {
	_, inside := p.Relative(path)
	return inside
}

// Holds reports whether a file is in the checkout, itself or as the target of a link.
func (p Pipeline) Holds(path string) bool {
	if p.contains(path) {
		return true
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false
	}
	checkout, err := filepath.EvalSymlinks(p.Checkout)
	if err != nil {
		return false
	}
	p.Checkout = checkout
	return p.contains(real)
}

// Provenance is where the rules of a gate come from.
type Provenance struct {
	File    string // path, in the repository if there is a commit
	Project string // full path
	Branch  string
	Commit  string
}

// Provenance returns where the rules came from; zero outside of a pipeline.
func (c Config) Provenance() Provenance { return c.rules }

// Checked returns the configuration with its origin: the commit of the pipeline if the file is in the checkout, or only the file.
func (c Config) Checked(p Pipeline) Config {
	rel, inside := p.Relative(c.File)
	switch {
	case c.File == "":
	case inside:
		c.rules = Provenance{rel, p.Path, p.Branch, p.Commit}
	default:
		c.rules = Provenance{File: c.File}
	}
	return c
}

// Bare returns the configuration without any file: flags and environment, whatever the files of the checkout say.
func (s Sources) Bare(p Pipeline) (Config, error) {
	s = s.complete()
	s.ReadFile = func(path string) ([]byte, error) {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	flag, getenv := s.Flag, s.Getenv
	s.Flag = func(name string) (string, bool) {
		if name == "config" {
			return "", false
		}
		return flag(name)
	}
	s.Getenv = func(name string) string {
		if name == "PRODCTL_CONFIG" {
			return ""
		}
		return getenv(name)
	}
	cfg, err := Load(s)
	if err == nil && cfg.CAFile != "" && p.Holds(cfg.CAFile) {
		err = fault.New(fault.Usage, "Put it into a file variable of the project, and its path into PRODCTL_CA_FILE",
			"%s: %s is in the checkout, which this pipeline may have changed", cfg.Source("ca_file").input(), cfg.CAFile)
	}
	return cfg, err
}

// LoadAt is [Load] with the files of the checkout as they are at a commit, which read returns; a missing one is fs.ErrNotExist. bare has
// what no file may decide: the host, and how to reach it. Files outside of the checkout count only if they are named, or the user's own.
func (s Sources) LoadAt(p Pipeline, at Provenance, bare Config, read func(path string) ([]byte, error)) (Config, error) {
	s = s.complete()
	s.TrustedCopy = nil // that branch is trusted, and a copy may be older
	local := s.ReadFile
	s.ReadFile = func(path string) ([]byte, error) {
		if rel, inside := p.Relative(path); inside {
			return read(rel)
		}
		if p.Holds(path) || filepath.Base(path) == FileName && s.namedFile() != filepath.Clean(path) {
			return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
		}
		return local(path)
	}
	cfg, err := Load(s)
	if rel, inside := p.Relative(cfg.File); inside && cfg.File != "" {
		at.File = rel
		cfg.rules, cfg.Found, cfg.Trust = at, false, OwnFile
	}
	cfg.Host, cfg.AllowHTTP, cfg.CAFile, cfg.TokenFile = bare.Host, bare.AllowHTTP, bare.CAFile, bare.TokenFile
	return cfg, err
}

// namedFile returns the file that --config or PRODCTL_CONFIG names; empty: none.
func (s Sources) namedFile() string {
	name, set := s.Flag("config")
	if !set || name == "" {
		name = s.Getenv("PRODCTL_CONFIG")
	}
	rest, home := cutHome(name)
	switch {
	case name == "":
		return ""
	case home:
		return filepath.Join(homeDir(s.Getenv), rest)
	case filepath.IsAbs(name):
		return filepath.Clean(name)
	}
	return filepath.Join(s.Dir, name)
}

// Outside reports whether --config or PRODCTL_CONFIG names a file outside of the checkout, which counts as it is.
func (s Sources) Outside(p Pipeline) bool {
	named := s.complete().namedFile()
	return named != "" && !p.Holds(named)
}
