package manifest

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
