package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab"
)

// Govern makes the configuration of a gate one that nobody can change in the pipeline that the gate holds back. In a pipeline of anything
// but the protected default branch, whose author may have changed the checkout, the file is read from that branch in GitLab. A file outside
// of the checkout that is named counts as it is. The error is of kind Unreachable if GitLab does not report a protected branch, and if the
// checkout is for another GitLab than the pipeline's: the token may be for that one, so nothing is sent.
func (e *App) Govern(ctx context.Context) error {
	src := e.sources()
	p, in := config.PipelineOf(e.Getenv, e.Dir)
	if !in {
		return nil
	}
	if p.Official || src.Outside(p) {
		cfg, err := e.Config()
		cfg = cfg.Checked(p)
		e.cfg, e.cfgErr = &cfg, err
		return nil
	}
	bare, err := src.Bare(p)
	if err == nil {
		err = bare.RequireHost()
	}
	if err != nil {
		return err
	}
	if claim, _ := config.Load(src); elsewhere(claim, bare) {
		return fault.New(fault.Unreachable,
			"Set PRODCTL_HOST to the GitLab that the token is for, and name a file outside of the checkout in PRODCTL_CONFIG",
			"the rules of the protected default branch are unknown: %s names %s, but this pipeline runs on %s, and the token may be for either",
			filepath.Base(claim.File), claim.HostInFile(), bare.Host)
	}
	client, err := e.Connect(bare, func(ctx context.Context) (string, error) { return e.Token(ctx, bare) })
	if err != nil {
		return err
	}
	return Within(ctx, bare.Timeout, func(ctx context.Context) error {
		at, err := protectedBranch(ctx, client, p)
		if err != nil {
			return unknownRules(err)
		}
		var unread error
		cfg, err := src.LoadAt(p, at, bare, func(path string) ([]byte, error) {
			data, err := fileAt(ctx, client, p.Project, path, at.Commit)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				unread = errors.Join(unread, err)
			}
			return data, err
		})
		if unread != nil {
			return unknownRules(unread)
		}
		if elsewhere(cfg, bare) {
			return unknownRules(fmt.Errorf("%s on branch %s names %s, this pipeline runs on %s",
				config.FileName, at.Branch, cfg.HostInFile(), bare.Host))
		}
		if err == nil && cfg.File == "" {
			err = fault.New(fault.Usage, "Add it to the branch, or name a file outside of the checkout in PRODCTL_CONFIG",
				"no %s on branch %s of %s", config.FileName, at.Branch, at.Project)
		}
		e.cfg, e.cfgErr, e.client = &cfg, err, client
		return nil
	})
}

// elsewhere reports whether the file is for another GitLab than the pipeline's, which nobody chose but the runner.
func elsewhere(cfg, bare config.Config) bool {
	named := cfg.HostInFile()
	return bare.Source("host").Name == "CI_SERVER_URL" && named != "" && named != bare.Host && !slices.Contains(cfg.WebHosts, bare.Host)
}

// protectedBranch returns the default branch of the project that has the rules.
func protectedBranch(ctx context.Context, client *gitlab.Client, p config.Pipeline) (config.Provenance, error) {
	if p.Project == "" {
		return config.Provenance{}, errors.New("CI_PROJECT_ID is not set")
	}
	project, err := client.Project(ctx, p.Project)
	if err != nil {
		return config.Provenance{}, err
	}
	if project.DefaultBranch == "" {
		return config.Provenance{}, fmt.Errorf("the default branch of %s is hidden from this token", project.Path)
	}
	branch, err := client.Branch(ctx, p.Project, project.DefaultBranch)
	if err != nil {
		return config.Provenance{}, err
	}
	if !branch.Protected {
		return config.Provenance{}, fmt.Errorf("branch %s of %s is not protected", branch.Name, project.Path)
	}
	return config.Provenance{Project: project.Path, Branch: branch.Name, Commit: branch.Commit}, nil
}

// fileAt returns a file of the repository at a commit; a missing one is fs.ErrNotExist.
func fileAt(ctx context.Context, client *gitlab.Client, project, path, commit string) ([]byte, error) {
	data, err := client.File(ctx, project, path, commit)
	if errors.Is(err, fault.NotFound) {
		return nil, &fs.PathError{Op: "read", Path: path, Err: fs.ErrNotExist}
	}
	return data, err
}

// unknownRules is the error for rules that could not be read. A wrong token and an interruption stay what they are.
func unknownRules(err error) error {
	kind := fault.Unreachable
	if e, ok := errors.AsType[*gitlab.Error](err); ok && e.Status == 401 || fault.KindOf(err) == fault.Interrupted {
		kind = fault.KindOf(err)
	}
	const hint = "Protect the default branch and let the token read it, or name a file outside of the checkout in PRODCTL_CONFIG"
	return fault.Wrap(kind, err, hint, "the rules of the protected default branch are unknown")
}
