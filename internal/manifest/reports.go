package manifest

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"gitlab.com/prodctl/prodctl/pkg/host"
)

// Report configures reports.
type Report struct {
	Labels  []string // measured by `report labels`, in addition to those of the handbook
	ToilAim string   // the most toil that the team accepts, in percent: an exact decimal; empty: no aim
}

func (r *Report) fields() []field {
	return []field{
		key("labels", texts(labelName), &r.Labels),
		key("toil_aim", codec[string]{read: parsePercent, encode: anything[string]}, &r.ToilAim),
	}
}

// Readiness configures `report readiness`: where the evidence is, and the aims that other parts of the file do not have.
type Readiness struct {
	Prometheus      string // base URL; empty: none
	SpeedIndexQuery string // PromQL, in seconds
	SpeedIndexBelow string // seconds, an exact decimal

	SecurityLabels []string // of requests of the security team; empty: SL1 and SL2
	RequestLabels  []string // of requests of everybody else; empty: unblocks others and access request

	Environments   []string // whose deployments count
	DeploysPerWeek string   // an exact decimal
	LeadTime       time.Duration
	FailurePercent string // an exact decimal
}

// defaultReadiness returns the handbook's speed index, and for deploys the lower end of what the State of DevOps reports call high
// performance, since the handbook has no numbers for them.
func defaultReadiness() Readiness {
	return Readiness{SpeedIndexBelow: "2", Environments: []string{"production"}, DeploysPerWeek: "1", LeadTime: 7 * 24 * time.Hour,
		FailurePercent: "15"}
}

func (d *Readiness) fields() []field {
	return []field{
		key("prometheus", text(host.Parse), &d.Prometheus),
		key("speed_index_query", text(nonEmpty), &d.SpeedIndexQuery),
		key("speed_index_below", decimal("a number of seconds such as 2"), &d.SpeedIndexBelow),
		key("security_labels", texts(labelName), &d.SecurityLabels),
		key("request_labels", texts(labelName), &d.RequestLabels),
		key("environments", texts(nonEmpty), &d.Environments),
		key("deploys_per_week", decimal("a number such as 1 or 2.5"), &d.DeploysPerWeek),
		key("lead_time", parsed("a number of days such as 7d", parseWindow, formatWindow), &d.LeadTime),
		key("failure_percent", codec[string]{read: parsePercent, encode: anything[string]}, &d.FailurePercent),
	}
}

func nonEmpty(s string) (string, error) {
	if s = strings.TrimSpace(s); s == "" {
		return "", fmt.Errorf("the text is empty")
	}
	return s, nil
}

// decimal is a positive number that is kept exactly as written.
func decimal(noun string) codec[string] {
	return codec[string]{encode: anything[string], read: func(r *reader, at string, n *yaml.Node) (string, bool) {
		tag := n.ShortTag()
		if n.Kind != yaml.ScalarNode || tag != "!!str" && tag != "!!float" && tag != "!!int" {
			r.fault(n, "%s must be %s, not %s", name(at), noun, kindOf(n))
			return "", false
		}
		v, ok := new(big.Rat).SetString(n.Value)
		if !ok || v.Sign() <= 0 || len(n.Value) > 18 || strings.Trim(n.Value, "0123456789.") != "" {
			r.fault(n, "%s: invalid number %s (use %s)", name(at), quote(n.Value), noun)
			return "", false
		}
		return n.Value, true
	}}
}

// deriveReadiness checks that a query has a server.
func (f *File) deriveReadiness(r *reader) {
	d := f.Readiness
	if d.SpeedIndexQuery != "" && d.Prometheus == "" && !r.reported()("readiness.speed_index_query", "readiness.prometheus") {
		r.faultAt("readiness.speed_index_query", "readiness.speed_index_query is set, but readiness.prometheus is missing")
	}
}
