package target

import "testing"

func TestParsePath(t *testing.T) {
	for _, c := range []struct {
		kind       Kind
		path, want string
	}{
		{Project, "acme/infrastructure", "acme/infrastructure"},
		{Project, " /acme/ops/infra-2_x.y/ ", "acme/ops/infra-2_x.y"},
		{Group, "acme", "acme"},
		{Group, "acme/ops", "acme/ops"},
		{Group, "größe/ops", "größe/ops"},
	} {
		got, err := ParsePath(c.kind, c.path)
		if err != nil || got != (Target{c.kind, c.want}) {
			t.Errorf("ParsePath(%s, %q) = %v, %v", c.kind, c.path, got, err)
		}
		if again, err := ParsePath(c.kind, got.Path); err != nil || again != got {
			t.Errorf("%v read again is %v, %v", got, again, err)
		}
	}
	for _, c := range []struct {
		kind Kind
		path string
	}{
		{Project, ""}, {Project, "/"}, {Project, "infrastructure"}, {Project, "31"}, {Group, ""}, {Group, "a//b"}, {Group, "../etc"},
		{Project, "acme/-x"}, {Project, "acme/.git"}, {Project, "acme/a b"}, {Project, "acme/a?b"}, {Project, "acme/%2e%2e"}, {Group, "acme\n" + "x"},
	} {
		if got, err := ParsePath(c.kind, c.path); err == nil {
			t.Errorf("ParsePath(%s, %q) = %v, want an error", c.kind, c.path, got)
		}
	}
}

func TestTargetInSentences(t *testing.T) {
	if s := ProjectAt("acme/infrastructure").String(); s != "project acme/infrastructure" {
		t.Errorf("a project is called %q", s)
	}
	if s := GroupAt("acme").String(); s != "group acme" {
		t.Errorf("a group is called %q", s)
	}
	if !(Target{}).IsZero() || GroupAt("acme").IsZero() {
		t.Error("IsZero is wrong")
	}
}
