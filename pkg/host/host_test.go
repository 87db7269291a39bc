package host_test

import (
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/pkg/host"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"gitlab.example.com":                                 "https://gitlab.example.com",
		" https://GitLab.Example.com/ ":                      "https://gitlab.example.com",
		"https://gitlab.example.com:443/api/v4/":             "https://gitlab.example.com",
		"https://example.com/git/lab//":                      "https://example.com/git/lab",
		"http://localhost:80":                                "http://localhost",
		"http://127.0.0.1:8929":                              "http://127.0.0.1:8929",
		"[::1]:8929":                                         "https://[::1]:8929",
		"https://[2001:DB8::1]":                              "https://[2001:db8::1]",
		"gitlab.example.com:8443/Relative":                   "https://gitlab.example.com:8443/Relative",
		"":                                                   "",
		"https://":                                           "",
		"ftp://gitlab.example.com":                           "",
		"https://glpat-abc@gitlab.example.com":               "",
		"https://user:glpat-abc@gitlab.example.com":          "",
		"https://gitlab.example.com?private_token=glpat-abc": "",
		"https://gitlab.example.com#x":                       "",
		"gitlab.example.com:0":                               "",
		"gitlab.example.com:99999":                           "",
		"gitlab.example.com:":                                "",
		"git lab.example.com":                                "",
		"https://a\nb":                                       "",
		"https://gitlab.exämple.com":                         "",
		"gitläb.example.com:8443/lab":                        "",
		"https://gitlab。example.com":                         "",
		"https://gitlаb.example.com":                         "", // a Cyrillic letter
		"https://xn--gitlb-hra.example.com":                  "https://xn--gitlb-hra.example.com",
	} {
		got, err := host.Parse(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("Parse(%q) = %q, %v; want %q", in, got, err, want)
		}
		if err != nil && (strings.Contains(err.Error(), "user:") || strings.Contains(err.Error(), "glpat-")) {
			t.Errorf("Parse(%q) repeats a secret: %v", in, err)
		}
		if again, err := host.Parse(got); want != "" && (again != got || err != nil) {
			t.Errorf("Parse(%q) = %q, %v: not the same again", got, again, err)
		}
	}
}

func TestPlainRemote(t *testing.T) {
	t.Parallel()
	for base, want := range map[string]bool{
		"https://gitlab.example.com": false, "http://gitlab.example.com": true, "http://10.0.0.1": true,
		"http://localhost:8929": false, "http://gitlab.localhost": false, "http://127.8.9.1": false, "http://[::1]:1": false,
		"http://localhost.example.com": true, "http://127.0.0.1.example.com": true, "": false,
	} {
		if got := host.PlainRemote(base); got != want {
			t.Errorf("PlainRemote(%q) = %t", base, got)
		}
	}
}
