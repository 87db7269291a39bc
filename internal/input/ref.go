package input

import (
	"gitlab.com/prodctl/prodctl/internal/config"
	"gitlab.com/prodctl/prodctl/internal/manifest"
	"gitlab.com/prodctl/prodctl/pkg/issue"
)

// InfrastructureRef reads the words for an issue; a bare number is one of the infrastructure tracker.
func InfrastructureRef(cfg config.Config, typed string) (issue.Ref, error) {
	return cfg.IssueRef(manifest.Infrastructure, typed, "prodctl board move 42 ready")
}

// HandoffRef reads the words for an issue that is handed on; a bare number is one of the team's own work, or of the only tracker that a team has.
func HandoffRef(cfg config.Config, typed, example string) (issue.Ref, error) {
	home := manifest.Infrastructure
	if len(cfg.Trackers) == 1 {
		home = cfg.Trackers[0].Name
	}
	return cfg.IssueRef(home, typed, example)
}

// QueueRef reads the words for an issue of the production queue; a bare number is one of its own.
func QueueRef(cfg config.Config, typed, example string) (issue.Ref, error) {
	return cfg.IssueRef(manifest.Production, typed, example)
}

// LinkedRefs reads the words for issues that belong to one of the queue; a bare number is one of the infrastructure tracker.
func LinkedRefs(cfg config.Config, typed []string) ([]string, error) {
	var refs []string
	for _, t := range typed {
		ref, err := cfg.IssueRef(manifest.Infrastructure, t, "write --link infrastructure#12")
		if err != nil {
			return nil, err
		}
		refs = append(refs, ref.String())
	}
	return refs, nil
}
