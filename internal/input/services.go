package input

import (
	"context"
	"fmt"
	"slices"

	"gitlab.com/prodctl/prodctl/pkg/label"
	"gitlab.com/prodctl/prodctl/pkg/suggest"
)

// Services are names of services whose labels GitLab accepts. If the configuration lists any, others are refused.
type Services = List[Service, *Service]

// Service is the name of one service.
type Service string

// Set takes the name.
func (s *Service) Set(raw string) error { *s = Service(raw); return nil }

// String is the name.
func (s *Service) String() string { return string(*s) }

// Type is service.
func (s *Service) Type() string { return "service" }

// Resolve refuses a service that is not in the configuration. If that lists none, it refuses a name that cannot be in a label: GitLab
// answers it with 500 Internal Server Error.
func (s *Service) Resolve(c Context) error {
	known := c.Config.Incidents.Services
	if slices.Contains(known, string(*s)) {
		return nil
	}
	if len(known) == 0 {
		name := c.Config.Incidents.LabelOf(string(*s))
		if problem := label.CheckName(name); name != "" && problem != "" {
			return invalid(fmt.Errorf("the label of service %.40q %s", *s, problem))
		}
		return nil
	}
	text := fmt.Sprintf("unknown service %q (use %s)", *s, choices(known))
	if near := suggest.Nearest(string(*s), known); near != "" {
		text += "; did you mean " + near + "?"
	}
	return invalid(fmt.Errorf("%s", text), known...)
}

// Candidates are the services of the configuration.
func (s *Service) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	return fixed(from.Config.Incidents.Services), nil
}

// Strings are the items of a list of strings, nil for none.
func Strings[T ~string](list []T) []string {
	var out []string
	for _, item := range list {
		out = append(out, string(item))
	}
	return out
}

// ServiceNames are names of services that need not be in the configuration.
type ServiceNames = List[ServiceName, *ServiceName]

// ServiceName is the name of a service in a record or a query. Unlike a [Service] it is never refused: what a pipeline did is recorded even
// before anybody has added its service to the configuration.
type ServiceName string

// Set takes the name.
func (s *ServiceName) Set(raw string) error { *s = ServiceName(raw); return nil }

// String is the name.
func (s *ServiceName) String() string { return string(*s) }

// Type is service.
func (s *ServiceName) Type() string { return "service" }

// Candidates are the services of the configuration.
func (s *ServiceName) Candidates(_ context.Context, from Source, _ string) ([]Candidate, error) {
	return fixed(from.Config.Incidents.Services), nil
}
