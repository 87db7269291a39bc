package html

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// harness measures pages in frames of several widths and writes its findings into its own page.
//
//go:embed testdata/harness.html
var harness embed.FS

// finding is the result of the harness for one page in one frame.
type finding struct {
	Page    string
	Width   int
	Scheme  string
	Paper   string   // the background in use
	Wide    int      // how far the page can be scrolled to the side
	Out     []string // elements that stick out
	Small   float64  // the smallest text of a chart, in pixels
	Hostile bool     // the texts are an attacker's
	Pale    []string // texts without enough contrast
	Cut     []string // texts that are not shown in full; not looked for if hostile
	Heads   string   `json:"headings"` // "H1 H2 H2"
	Ran     []string // scripts that ran
	Fetched []string // what the page asked for
}

// TestPagesInChromium loads every page, if a browser is installed: nothing is fetched, no script runs, nothing sticks out on a phone, a tablet or a screen, in light and in dark. All requests of
// the browser go to the test, which serves only the pages. A control page that does everything wrong shows that the test would notice.
func TestPagesInChromium(t *testing.T) {
	t.Parallel()
	browser := chromium()
	if browser == "" {
		t.Skip("no Chromium is installed: pages are not tested in a browser")
	}
	pages := browserPages(t)
	asked, found := browse(t, browser, pages)
	if len(found) < len(pages)*3 {
		t.Errorf("%d frames of %d pages were tested", len(found), len(pages))
	}
	for _, f := range found {
		if f.Page == "control" {
			if f.Wide <= 0 || len(f.Out) == 0 || len(f.Ran) == 0 || len(f.Fetched) != 2 || len(f.Pale) == 0 || inOrder(f.Heads) {
				t.Errorf("the control page passes: %+v", f)
			}
			continue
		}
		checkFinding(t, f)
	}
	if !slices.Contains(asked, "GET leak.test/control") {
		t.Errorf("requests of a page do not arrive here: %q", asked)
	}
	for _, request := range asked {
		page, ours := strings.CutPrefix(request, "GET pages.test/page/")
		_, known := pages[page]
		if !(ours && known) && request != "GET pages.test/harness" && request != "GET leak.test/control" && !ofTheBrowser.MatchString(request) {
			t.Errorf("it asked for %s", request)
		}
	}
}

// ofTheBrowser matches requests that the browser makes for itself, whatever its flags. What a page fetches from the same hosts shows in its frame.
var ofTheBrowser = regexp.MustCompile(`^[A-Z]+ [a-z0-9.-]+\.(google|googleapis|gvt1)\.com[:/]`)

func checkFinding(t *testing.T, f finding) {
	t.Helper()
	if f.Wide > 0 || len(f.Out) > 0 {
		t.Errorf("%s at %d: can be scrolled by %d, and sticks out: %q", f.Page, f.Width, f.Wide, f.Out)
	}
	if len(f.Ran) > 0 || len(f.Fetched) > 0 {
		t.Errorf("%s at %d: scripts ran: %q; it fetched %q", f.Page, f.Width, f.Ran, f.Fetched)
	}
	if len(f.Pale) > 0 || len(f.Cut) > 0 {
		t.Errorf("%s at %d in %s: without enough contrast: %q; not shown in full: %q", f.Page, f.Width, f.Scheme, f.Pale, f.Cut)
	}
	if !inOrder(f.Heads) {
		t.Errorf("%s at %d: headings are %s", f.Page, f.Width, f.Heads)
	}
	if f.Small < 10 {
		t.Errorf("%s at %d: text of a chart is %.1f pixels high", f.Page, f.Width, f.Small)
	}
	if want := map[string]string{"light": "rgb(246, 244, 239)", "dark": "rgb(20, 23, 27)"}[f.Scheme]; f.Paper != want {
		t.Errorf("%s at %d in %s: the paper is %s, want %s", f.Page, f.Width, f.Scheme, f.Paper, want)
	}
}

// inOrder reports whether there is one heading of the first level, before all others, and no level is left out.
func inOrder(headings string) bool {
	list := strings.Fields(headings)
	for n, h := range list {
		if n == 0 && h != "H1" || n > 0 && (h == "H1" || h[1] > list[n-1][1]+1) {
			return false
		}
	}
	return len(list) > 0
}

// chromium returns the path of a browser, or "".
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

var contentPolicy = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy"[^>]*>`)

// browserPages returns the pages by name: ordinary and hostile ones, and hostile ones without their Content Security Policy, where escaping alone has to protect the reader.
func browserPages(t *testing.T) map[string]string {
	t.Helper()
	pages := map[string]string{"control": `<body><script>parent.ran.push(location.pathname)</script><img src=http://leak.test/control><link rel=stylesheet href=https://fonts.googleapis.com/x><div style="width:3000px;color:#999;background:#fff">wide</div><h3>low</h3>`}
	for _, d := range documents(same) {
		pages[d.name] = pageOf(t, d)
	}
	whole := os.Getenv("PRODCTL_MATRIX") == "whole" // otherwise each page with a tenth of the texts: this takes a browser a minute
	for from := 0; from < len(hostileTexts) && (whole || from == 0); from += 10 {
		for _, d := range documents(rotated(from)) {
			if strings.HasSuffix(d.name, "_empty") || strings.HasSuffix(d.name, "_quiet") {
				continue
			}
			page := pageOf(t, d)
			pages[fmt.Sprintf("%s_%d", d.name, from)] = page
			if from == 0 {
				pages[d.name+"_bare"] = contentPolicy.ReplaceAllString(page, "")
			}
		}
	}
	return pages
}

// browse loads the harness and returns the requests of the browser and the findings of the harness.
func browse(t *testing.T, browser string, pages map[string]string) (asked []string, found []finding) {
	t.Helper()
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked = append(asked, r.Method+" "+r.Host+r.URL.Path)
		mu.Unlock()
		serve(w, r, pages)
	}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	profile, err := os.MkdirTemp("", "prodctl-chromium-")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(profile) }() // its last processes may still write there, which is fine
	out, err := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-dev-shm-usage", "--no-first-run", "--no-default-browser-check",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-domain-reliability", "--metrics-recording-only",
		"--disable-breakpad", "--user-data-dir="+profile, "--proxy-server="+server.URL, "--proxy-bypass-list=<-loopback>", "--window-size=1600,1200",
		"--disable-features=OptimizationHints,NetworkTimeServiceQuerying,MediaRouter",
		"--virtual-time-budget=20000", "--dump-dom", "http://pages.test/harness").Output()
	if err != nil {
		t.Fatalf("%s: %v", browser, err)
	}
	_, text, ok := strings.Cut(string(out), `<pre id="found">`)
	text, _, closed := strings.Cut(text, "</pre>")
	if !ok || !closed || text == "" {
		t.Fatalf("the harness did not get to its end: %.400s", out)
	}
	if err := json.Unmarshal([]byte(html.UnescapeString(text)), &found); err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	defer mu.Unlock()
	return slices.Clone(asked), found
}

// serve is the whole web, as far as the browser can see it.
func serve(w http.ResponseWriter, r *http.Request, pages map[string]string) {
	page, ok := pages[strings.TrimPrefix(r.URL.Path, "/page/")]
	switch {
	case r.Method == http.MethodConnect || r.Host != "pages.test":
		w.WriteHeader(http.StatusNotFound)
	case r.URL.Path == "/harness":
		text, err := harness.ReadFile("testdata/harness.html")
		names, also := json.Marshal(sortedNames(pages))
		if err != nil || also != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, strings.ReplaceAll(string(text), "[/* pages */]", string(names)))
	case ok:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, page)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func sortedNames(pages map[string]string) []string {
	var names []string
	for name := range pages {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
