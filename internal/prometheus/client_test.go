package prometheus

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"gitlab.com/prodctl/prodctl/internal/fault"
	"gitlab.com/prodctl/prodctl/internal/gitlab/transport"
	"gitlab.com/prodctl/prodctl/pkg/metric"
)

var start = time.Date(2018, 8, 24, 10, 0, 0, 0, time.UTC)

// server answers range queries as Prometheus does: the same refusals, in the same words. value is the value at a time; "" is a gap.
type server struct {
	*httptest.Server
	value    func(at int64) string
	requests []*http.Request
}

func serve(t *testing.T, value func(at int64) string) *server {
	s := &server{value: value}
	s.Server = httptest.NewServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.requests = append(s.requests, r)
	w.Header().Set("Content-Type", "application/json")
	number := func(name string) int64 {
		n, err := strconv.ParseInt(r.FormValue(name), 10, 64)
		if err != nil {
			panic(err)
		}
		return n
	}
	from, to, step := number("start"), number("end"), number("step")
	if (to-from)/step > 11000 {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"status":"error","errorType":"bad_data","error":"exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"}`)
		return
	}
	var values []string
	for at := from; at <= to; at += step {
		if v := s.value(at); v != "" {
			values = append(values, fmt.Sprintf(`[%d,%q]`, at, v))
		}
	}
	result := ""
	if len(values) > 0 {
		result = `{"metric":{"__name__":"bad"},"values":[` + strings.Join(values, ",") + `]}`
	}
	fmt.Fprintf(w, `{"status":"success","data":{"resultType":"matrix","result":[%s]}}`, result)
}

func client(t *testing.T, address string, edit func(*Options)) *Client {
	t.Helper()
	o := Options{Address: address, UserAgent: "prodctl", Now: func() time.Time { return start },
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() }}
	if edit != nil {
		edit(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func minutesOf(n int) metric.Grid {
	return metric.Grid{From: start, To: start.Add(time.Duration(n) * time.Minute), Step: time.Minute}
}

// Four weeks in steps of a minute take four requests, and every sample comes once.
func TestRangeInPieces(t *testing.T) {
	t.Parallel()
	s := serve(t, func(int64) string { return "0" })
	g := minutesOf(28 * 24 * 60)
	got, err := client(t, s.URL, nil).Range(t.Context(), `max(bad) > bool 0`, g)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.requests) != 4 || len(got.Series) != 1 || len(got.Series[0].Samples) != g.Len() {
		t.Fatalf("%d requests, %d series", len(s.requests), len(got.Series))
	}
	for n, sample := range got.Series[0].Samples {
		if !sample.At.Equal(g.At(n)) {
			t.Fatalf("sample %d is at %s", n, sample.At)
		}
	}
	q := s.requests[0].URL.Query()
	if q.Get("query") != `max(bad) > bool 0` || q.Get("lookback_delta") != "59.999" || q.Get("step") != "60" || s.requests[0].Method != http.MethodGet {
		t.Errorf("asked %s for %v", s.requests[0].Method, q)
	}
}

// Exactly as many points as allowed are one piece; the server refuses the request that asks for more.
func TestLargestPiece(t *testing.T) {
	t.Parallel()
	s := serve(t, func(int64) string { return "0" })
	c := client(t, s.URL, nil)
	if _, err := c.Range(t.Context(), "bad", minutesOf(MaxPoints)); err != nil || len(s.requests) != 1 {
		t.Errorf("%d requests, %v", len(s.requests), err)
	}
	_, err := c.piece(t.Context(), "bad", minutesOf(MaxPoints+2))
	want := "query " + s.URL + " from 2018-08-24T10:00Z to 2018-09-01T01:21Z: Prometheus answered 400 Bad Request: exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)"
	if err == nil || err.Error() != want || fault.HintOf(err) != "Use a longer --step" || fault.KindOf(err) != fault.Usage {
		t.Errorf("got %v, hint %s", err, fault.HintOf(err))
	}
}

// Gaps, NaN and infinity come through to be unknown, and bad time is where the samples are bad.
func TestGapsAndNaN(t *testing.T) {
	t.Parallel()
	s := serve(t, func(at int64) string {
		return []string{"0", "1", "", "NaN", "+Inf", "0"}[(at-start.Unix())/60]
	})
	g := minutesOf(6)
	got, err := client(t, s.URL, nil).Range(t.Context(), "bad", g)
	if err != nil {
		t.Fatal(err)
	}
	spans, err := metric.Read(g.From, g.To, g, got, metric.AboveZero())
	var states []string
	for _, s := range spans {
		states = append(states, fmt.Sprintf("%s %s %s", s.To.Sub(s.From), s.State, s.Reason))
	}
	if text := strings.Join(states, ", "); err != nil || text != "1m0s good , 1m0s bad , 1m0s unknown no sample, 2m0s unknown not a number, 1m0s good " {
		t.Errorf("%s, %v", text, err)
	}
}

// one answers every request with a status and a body.
func one(t *testing.T, status int, body string, headers ...string) (*httptest.Server, *int) {
	asked := new(int)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		*asked++
		for n := 0; n+1 < len(headers); n += 2 {
			w.Header().Set(headers[n], headers[n+1])
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(s.Close)
	return s, asked
}

// A second series ends the reading: nothing can be concluded from such an answer, and the rest need not be computed.
func TestSeveralSeries(t *testing.T) {
	t.Parallel()
	s, asked := one(t, 200, `{"status":"success","data":{"resultType":"matrix","result":[
		{"metric":{"__name__":"bad","zone":"b","job":"web"},"values":[[1535104800,"0"]]},{"metric":{},"values":[[1535104800.5,"0"]]}]}}`)
	got, err := client(t, s.URL, nil).Range(t.Context(), "bad", minutesOf(3*MaxPoints))
	if err != nil || *asked != 1 || len(got.Series) != 2 || got.Series[0].Labels != `bad{job="web", zone="b"}` || got.Series[1].Labels != "{}" ||
		got.Series[1].Samples[0].At.Nanosecond() != 5e8 {
		t.Errorf("%+v, %d requests, %v", got, *asked, err)
	}
}

// A warning means that data may be missing; a remark of PromQL does not.
func TestWarnings(t *testing.T) {
	t.Parallel()
	s, _ := one(t, 200, `{"status":"success","warnings":["store 10.0.0.1: timeout","PromQL info: metric might not be a counter"],"infos":["PromQL info: other"],
		"data":{"resultType":"matrix","result":[{"metric":{},"histograms":[[1535104800,{}]]}]}}`)
	got, err := client(t, s.URL, nil).Range(t.Context(), "bad", minutesOf(2))
	if err != nil || len(got.Partial) != 1 || got.Partial[0].Reason != "store 10.0.0.1: timeout" || len(got.Notes) != 2 || !got.Series[0].Other {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status   int
		body     string
		location string
		cause    string
		kind     fault.Kind
		asked    int
	}{
		"syntax": {400, `{"status":"error","errorType":"bad_data","error":"1:5: parse error: unclosed left parenthesis"}`, "",
			"Prometheus answered 400 Bad Request: 1:5: parse error: unclosed left parenthesis", fault.Usage, 1},
		"too many samples": {422, `{"status":"error","errorType":"execution","error":"query processing would load too many samples into memory in query execution"}`, "",
			"Prometheus answered 422 Unprocessable Entity: query processing would load too many samples into memory in query execution", fault.Failed, 1},
		"its own timeout": {503, `{"status":"error","errorType":"timeout","error":"query timed out in expression evaluation"}`, "",
			"Prometheus answered 503 Service Unavailable: query timed out in expression evaluation", fault.Unreachable, 1},
		"a proxy":           {502, "<html>Bad Gateway</html>", "", "Prometheus answered 502 Bad Gateway: a web page", fault.Unreachable, 3},
		"no permission":     {401, "Unauthorized", "", "Prometheus answered 401 Unauthorized: Unauthorized", fault.Auth, 1},
		"another path":      {404, "404 page not found\n", "", "Prometheus answered 404 Not Found: 404 page not found", fault.Failed, 1},
		"sign-in page":      {200, "<html></html>", "", "got a web page instead of an answer from Prometheus", fault.Unreachable, 1},
		"another program":   {200, "OK", "", "unexpected answer: OK", fault.Unreachable, 1},
		"cut short":         {200, `{"status":"success","data":{"resu`, "", `unexpected answer: {"status":"success","data":{"resu`, fault.Unreachable, 1},
		"another type":      {200, `{"status":"success","data":{"resultType":"vector","result":[]}}`, "", `unexpected answer: status "success" with a result of type "vector"`, fault.Unreachable, 1},
		"a strange value":   {200, `{"status":"success","data":{"resultType":"matrix","result":[{"values":[[1535104800,1]]}]}}`, "", "unexpected answer: a value that is not text", fault.Unreachable, 1},
		"a strange time":    {200, `{"status":"success","data":{"resultType":"matrix","result":[{"values":[[1e9,"1"]]}]}}`, "", `unexpected answer: invalid time "1e9"`, fault.Unreachable, 1},
		"redirect":          {302, "", "https://u:p@elsewhere.example.com/x?token=y", "redirected to https://elsewhere.example.com/x", fault.Failed, 1},
		"redirect nowhere":  {301, "", "", "redirected to an empty location", fault.Failed, 1},
		"control sequences": {400, `{"status":"error","errorType":"bad_data","error":"a\u001b[31mb\nc"}`, "", "Prometheus answered 400 Bad Request: a[31mb c", fault.Usage, 1},
		"too large":         {200, strings.Repeat(" ", maxAnswer+1), "", "the answer has more than 16 MiB", fault.Failed, 1},
	} {
		s, asked := one(t, c.status, c.body, "Location", c.location)
		_, err := client(t, s.URL, nil).Range(t.Context(), "bad", minutesOf(1))
		want := "query " + s.URL + " from 2018-08-24T10:00Z to 2018-08-24T10:00Z: " + c.cause
		if err == nil || err.Error() != want || fault.KindOf(err) != c.kind || *asked != c.asked || fault.HintOf(err) == "" {
			t.Errorf("%s: %v (kind %d, hint %q, %d requests)\nwant %s", name, err, fault.KindOf(err), fault.HintOf(err), *asked, want)
		}
	}
}

// A failure that passes is followed by another attempt.
func TestAnotherAttempt(t *testing.T) {
	t.Parallel()
	asked := 0
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked++; asked == 1 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		fmt.Fprint(w, `{"status":"success","data":{"resultType":"matrix","result":[]}}`)
	}))
	t.Cleanup(s.Close)
	var traced []transport.Exchange
	got, err := client(t, s.URL, func(o *Options) { o.Trace = func(x transport.Exchange) { traced = append(traced, x) } }).Range(t.Context(), "bad", minutesOf(1))
	if err != nil || asked != 2 || len(got.Series) != 0 || len(traced) != 2 || traced[0].Status != 503 || traced[1].Attempt != 2 {
		t.Errorf("%v after %d requests: %+v", err, asked, traced)
	}
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	_, err := client(t, s.URL, nil).Range(t.Context(), "bad", minutesOf(1))
	want := "cannot connect to " + strings.TrimPrefix(s.URL, "http://") + ": connection refused"
	if err == nil || !strings.HasSuffix(err.Error(), want) || fault.KindOf(err) != fault.Unreachable {
		t.Errorf("%v, want %s", err, want)
	}
}

// An interrupt ends a request that is under way, and a deadline ends one that would take longer.
func TestInterruptAndDeadline(t *testing.T) {
	t.Parallel()
	ctx, interrupt := context.WithCancel(t.Context())
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		interrupt()
		<-r.Context().Done()
	}))
	t.Cleanup(s.Close)
	_, err := client(t, s.URL, nil).Range(ctx, "bad", minutesOf(1))
	if err == nil || !strings.HasSuffix(err.Error(), ": interrupted") || fault.KindOf(err) != fault.Interrupted {
		t.Errorf("after an interrupt: %v", err)
	}
	late, cancel := context.WithDeadline(t.Context(), start)
	defer cancel()
	_, err = client(t, s.URL, nil).Range(late, "bad", minutesOf(1))
	if err == nil || !strings.HasSuffix(err.Error(), ": Prometheus did not answer in time") || fault.KindOf(err) != fault.Unreachable {
		t.Errorf("after the deadline: %v", err)
	}
}

// The server's own token goes to the server; a redirect is not followed, so it goes nowhere else, and no message repeats it.
func TestCredentials(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ user, token, want string }{
		{"", "", ""}, {"", "s3cret", "Bearer s3cret"}, {"12", "s3cret", "Basic MTI6czNjcmV0"}, {"12", "", ""},
	} {
		var got []string
		elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got = append(got, r.Header.Get("Authorization"))
			if len(got) == 1 {
				http.Redirect(w, r, elsewhere.URL+"/api/v1/query_range", http.StatusTemporaryRedirect)
				return
			}
			w.WriteHeader(http.StatusForbidden)
			fmt.Fprintf(w, `{"status":"error","errorType":"x","error":"wrong token %s"}`, c.token)
		}))
		prom := client(t, s.URL, func(o *Options) { o.User, o.Token = c.user, c.token })
		for range 2 {
			if _, err := prom.Range(t.Context(), "bad", minutesOf(1)); err == nil || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%v", err)
			}
		}
		if len(got) != 2 || got[0] != c.want || got[1] != c.want {
			t.Errorf("%q %q: sent %q, want %q", c.user, c.token, got, c.want)
		}
		s.Close()
		elsewhere.Close()
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"prometheus.example.com":                            "https://prometheus.example.com",
		"https://example.com/prometheus/":                   "https://example.com/prometheus",
		"https://example.com/prometheus/api/v1":             "https://example.com/prometheus",
		"https://example.com/prometheus/api/v1/query_range": "https://example.com/prometheus",
		"http://127.0.0.1:9090":                             "http://127.0.0.1:9090",
		"http://localhost:9090":                             "http://localhost:9090",
		"http://prometheus:9090":                            "",
		"https://user:secret@prometheus.example.com":        "",
		"https://prometheus.example.com?token=secret":       "",
		"ftp://prometheus.example.com":                      "",
		"":                                                  "",
	} {
		c, err := New(Options{Address: in, Now: time.Now, Sleep: func(context.Context, time.Duration) error { return nil }})
		switch {
		case err != nil && (want != "" || fault.KindOf(err) != fault.Usage || strings.Contains(err.Error(), "secret")):
			t.Errorf("%q: %v", in, err)
		case err == nil && c.Address() != want:
			t.Errorf("%q is %q, want %q", in, c.Address(), want)
		}
	}
	if _, err := New(Options{Address: "http://prometheus:9090", AllowHTTP: true, Now: time.Now, Sleep: func(context.Context, time.Duration) error { return nil }}); err != nil {
		t.Error(err)
	}
}

// A server with a certificate of the team's own authority is read with its ca_file, and refused without.
func TestOwnAuthority(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `{"status":"success","data":{"resultType":"matrix","result":[]}}`)
	}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	read := func(string) ([]byte, error) {
		return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), nil
	}
	if _, err := client(t, s.URL, func(o *Options) { o.CAFile, o.ReadFile = "ca.pem", read }).Range(t.Context(), "bad", minutesOf(1)); err != nil {
		t.Errorf("with the authority: %v", err)
	}
	_, err := client(t, s.URL, nil).Range(t.Context(), "bad", minutesOf(1))
	if err == nil || !strings.Contains(err.Error(), "certificate not trusted") || !strings.Contains(fault.HintOf(err), "ca_file") {
		t.Errorf("without it: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"b"},"values":[[1535104800,"1"]]}]}}`)
	f.Add(`{"status":"success","data":{"resultType":"matrix","result":null}}`)
	f.Fuzz(func(t *testing.T, body string) {
		g := minutesOf(5)
		a, err := decode([]byte(body), g)
		if err != nil {
			return
		}
		if !json.Valid([]byte(body)) {
			t.Errorf("accepted %q", body)
		}
		_, _ = metric.Read(g.From, g.To, g, a, metric.AboveZero()) // does not panic
	})
}
