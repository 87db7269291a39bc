package input

import "context"

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
