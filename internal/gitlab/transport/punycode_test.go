package transport

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fault"
)

// A host with letters outside ASCII may look like another one. It is refused before any request, with the form to enter.
func TestHostOutsideASCIIIsRefused(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]string{
		"gitlab.exämple.com": "gitlab.xn--exmple-cua.com", "https://GITLÄB.example.com/lab": "xn--gitlb-jra.example.com",
		"https://gitlаb.example.com": "xn--gitlb-7ve.example.com", "gitlab。example.com": "gitlab.example.com",
	} {
		_, err := parseHost(name, false)
		if fault.KindOf(err) != fault.Usage || !strings.HasSuffix(fault.HintOf(err), " "+form) {
			t.Errorf("%s: %v, hint %q, want %s", name, err, fault.HintOf(err), form)
		}
	}
}
