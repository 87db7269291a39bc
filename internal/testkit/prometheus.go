package testkit

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Prometheus starts a real Prometheus on a free port of this machine whose history is a text in the OpenMetrics format, and returns its
// address. The test is skipped where PATH has no Prometheus. The server ends with the test.
func Prometheus(t *testing.T, history string) (address string) {
	t.Helper()
	server, missing := exec.LookPath("prometheus")
	tool, incomplete := exec.LookPath("promtool")
	if missing != nil || incomplete != nil {
		t.Skip("no Prometheus is installed: not tested against a real one (.ci/run prometheus does)")
	}
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	for name, content := range map[string]string{"history.txt": history, "prometheus.yml": "{}\n"} {
		if err := os.WriteFile(path(name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	load := exec.CommandContext(t.Context(), tool, "tsdb", "create-blocks-from", "openmetrics", path("history.txt"), path("data"))
	if out, err := load.CombinedOutput(); err != nil {
		t.Fatalf("promtool: %v\n%s", err, out)
	}
	cmd := exec.CommandContext(t.Context(), server, "--config.file="+path("prometheus.yml"), "--storage.tsdb.path="+path("data"),
		"--storage.tsdb.retention.time=100y", "--web.listen-address=127.0.0.1:0")
	log, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	listening := regexp.MustCompile(`msg="Listening on" address=(127\.0\.0\.1:[0-9]+)`)
	var lines []string
	for scan := bufio.NewScanner(log); scan.Scan(); {
		lines = append(lines, scan.Text())
		if m := listening.FindStringSubmatch(scan.Text()); m != nil {
			address = "http://" + m[1]
		}
		if strings.Contains(scan.Text(), "Server is ready to receive web requests") {
			break
		}
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	if address == "" {
		t.Fatalf("Prometheus did not start:\n%s", strings.Join(lines, "\n"))
	}
	return address
}
