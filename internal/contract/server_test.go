package contract

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"gitlab.com/prodctl/prodctl/internal/fakegitlab"
	"gitlab.com/prodctl/prodctl/internal/testkit/recording"
)

// TestRunningServer sends a recording to a server that is already running:
//
//	PRODCTL_CONTRACT_URL      its address, without /api/v4
//	PRODCTL_CONTRACT_TOKENS   a file with a JSON object of tokens: root, ada, dev, rep, gus, mia, out
//	PRODCTL_CONTRACT_GROUP    full path of an empty group with these members: root (Owner), ada and mia (Maintainer), dev
//	                          (Developer), rep (Reporter), gus (Guest); out is none. Its name is its path. Two projects are made in it.
//
// The edition is the server's own. A paid license adds fields that the recordings do not have.
func TestRunningServer(t *testing.T) {
	t.Parallel()
	base := strings.TrimRight(os.Getenv("PRODCTL_CONTRACT_URL"), "/")
	if base == "" {
		t.Skip("PRODCTL_CONTRACT_URL is not set")
	}
	text, err := os.ReadFile(os.Getenv("PRODCTL_CONTRACT_TOKENS"))
	if err != nil {
		t.Fatal(err)
	}
	var tokens map[string]string
	if err := json.Unmarshal(text, &tokens); err != nil {
		t.Fatal(err)
	}
	noRedirects := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	r := &Replayer{Base: base, Tokens: tokens, Client: &http.Client{CheckRedirect: noRedirects}, Group: os.Getenv("PRODCTL_CONTRACT_GROUP")}
	checkServer(t, r)
}

// TestServerElsewhere is TestRunningServer with an embedded GitLab that serves on loopback, in a group with another path.
func TestServerElsewhere(t *testing.T) {
	t.Parallel()
	world := readWorld(t)
	world.Groups[0].Path, world.Projects = "contract", nil
	s, tokens := serverOf(t, fakegitlab.Community, world)
	listener := httptest.NewServer(s)
	defer listener.Close()
	s.SetURL(listener.URL)
	checkServer(t, &Replayer{Base: listener.URL, Tokens: tokens, Client: listener.Client(), Group: "contract"})
}

// checkServer makes the projects and compares the server with the recording of its edition.
func checkServer(t *testing.T, r *Replayer) {
	t.Helper()
	name := "tour-18.9-ce"
	if enterprise(t, r) {
		name = "tour-18.9-ee-free"
	}
	for _, project := range []string{"infrastructure", "production"} {
		makeProject(t, r, project)
	}
	compareAll(t, r, name, none)
}

// enterprise asks for the edition of the server.
func enterprise(t *testing.T, r *Replayer) bool {
	t.Helper()
	a, err := r.Do(t.Context(), recording.Step{Name: "edition", Who: "root", Method: "GET", Path: "/metadata"})
	if err != nil || a.Status != http.StatusOK {
		t.Fatal(err, a.Status, a.Body)
	}
	v, _ := at(a.Body, "enterprise")
	return v == true
}

// makeProject creates a project in the group, as root.
func makeProject(t *testing.T, r *Replayer, name string) {
	t.Helper()
	steps := []recording.Step{
		{Name: "group", Who: "root", Method: "GET", Path: "/groups/acme?with_projects=false", Save: map[string]string{"contract_group": "id"}},
		{Name: "create " + name, Who: "root", Method: "POST", Path: "/projects", Form: map[string]string{"path": name, "namespace_id": "{contract_group}"}},
	}
	for _, s := range steps {
		if a, err := r.Do(t.Context(), s); err != nil || a.Status >= 300 {
			t.Fatal(s.Name, err, a.Status, a.Body)
		}
	}
}

// inGroup replaces the group of the recordings by the one on the server, in a path or a value.
func inGroup(text, group string) string {
	if group == "" || text == "acme" {
		return cmp.Or(group, text)
	}
	escaped := url.PathEscape(group)
	return strings.NewReplacer(
		"/groups/acme", "/groups/"+escaped, "/namespaces/acme", "/namespaces/"+escaped,
		"acme%2F", escaped+"%2F", "Acme%2F", strings.ToUpper(escaped[:1])+escaped[1:]+"%2F", "acme/", group+"/",
	).Replace(text)
}

// fromGroup undoes inGroup in an answer.
func fromGroup(text []byte, group string) []byte {
	if group == "" {
		return text
	}
	back := strings.NewReplacer(`"`+group+`"`, `"acme"`, "/groups/"+group, "/groups/acme", group+"/", "acme/", url.PathEscape(group)+"%2F", "acme%2F",
		group+" / ", "acme / ")
	return []byte(back.Replace(string(text)))
}
