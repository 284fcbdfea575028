package bench

import (
	"bufio"
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/federation/signature"
	"orrery/social"
)

// BenchmarkDelivery measures how long one post takes to reach 1,000 inboxes on as many servers, against one bare RSA
// signature for each and, apart, against that and sending as many requests that are signed already.
func BenchmarkDelivery(b *testing.B) {
	each(b, func(b *testing.B, s setting) {
		sink := newSink(b, 0)
		s.sink = sink.address
		w := newWorld(b, s)
		followers := w.audience(inboxes, func(i int) string { return fmt.Sprintf("host%d.example", i) })
		var full, least, signing cost
		var took waits
		for n := 0; b.Loop(); n++ {
			b.StopTimer()
			signed, pos := w.signed(followers), w.lastPosition()
			b.StartTimer()
			full = full.plus(w.publish(fmt.Sprintf("Post number %d, for everybody.", n)))
			sink.got(inboxes)
			least = least.plus(w.meter.measure(b, func() { w.sendSigned(signed, sink.address) }))
			sink.got(inboxes)
			signing = signing.plus(w.meter.measure(b, func() { w.signOnly(inboxes) }))
			b.StopTimer()
			took = append(took, w.delivered("", pos)...)
			b.StartTimer()
		}
		full.against(b, least, b.N*inboxes, "deliveries")
		b.ReportMetric(signing.cpuPer1000(b.N*inboxes), "rsa-cpu-s/1000")
		took.report(b)
	})
}

const inboxes = 1000

// audience is n followers of alice elsewhere.
func (w *world) audience(n int, hostOf func(i int) string) []social.Account {
	w.b.Helper()
	followers := w.people(n, hostOf)
	pairs := make([][2]social.Account, len(followers))
	for i, f := range followers {
		pairs[i] = [2]social.Account{f, w.alice}
	}
	w.follow(pairs...)
	return followers
}

// publish lets alice post text and waits until it is everywhere.
func (w *world) publish(text string) cost {
	w.b.Helper()
	return w.meter.measure(w.b, func() {
		ctx, done := w.instance.Recorder.Action(w.b.Context(), activitylog.Summary{Type: "Create", Actor: w.alice.URI})
		_, err := w.instance.Services.Statuses.Publish(ctx, w.alice.ID, social.Draft{Text: text, Visibility: social.Public})
		must(w.b, err)
		done()
		w.settle()
	})
}

// delivered is how long after the first of all deliveries behind position pos each was answered, of those to hosts whose
// names begin with prefix, in order.
func (w *world) delivered(prefix string, pos int64) (out waits) {
	w.b.Helper()
	var first time.Time
	defer func() { slices.Sort(out) }()
	for {
		entries, err := w.instance.Source().Entries(w.b.Context(), activitylog.Filter{Since: max(pos, 1), Limit: 200})
		must(w.b, err)
		if len(entries) == 0 {
			return out
		}
		for _, e := range entries {
			x := e.Exchange
			if pos = e.Pos; x.Direction != activitylog.Out || e.Answer == nil {
				continue
			}
			if first.IsZero() || x.At.Before(first) {
				first = x.At
			}
			if strings.HasPrefix(x.Peer, prefix) {
				out = append(out, x.At.Add(e.Answer.Took).Sub(first))
			}
		}
	}
}

// signOnly makes n bare signatures, two at a time.
func (w *world) signOnly(n int) {
	w.b.Helper()
	spread(w.b, n, 2, func(_, i int) error {
		sum := sha256.Sum256([]byte{byte(i), byte(i >> 8)})
		_, err := rsa.SignPKCS1v15(rand.Reader, w.key, crypto.SHA256, sum[:])
		return err
	})
}

// signed are requests to everybody's inbox with a signature on them.
func (w *world) signed(people []social.Account) []*http.Request {
	w.b.Helper()
	body := note(people[0], 0, time.Now())
	out := make([]*http.Request, len(people))
	spread(w.b, len(people), 2, func(_, i int) (err error) {
		if out[i], err = http.NewRequest(http.MethodPost, people[i].InboxURL, bytes.NewReader(body)); err != nil {
			return err
		}
		out[i].Header.Set("Content-Type", "application/activity+json")
		return signature.Sign(out[i], body, signature.PrivateKey{ID: w.alice.KeyID, Key: w.key}, time.Now(), signature.SignAsMastodon41())
	})
	return out
}

// sendSigned sends them as the server would, with one more signature computed for each, over 32 connections.
func (w *world) sendSigned(requests []*http.Request, sink string) {
	w.b.Helper()
	client := wire(sink)
	defer client.CloseIdleConnections()
	spread(w.b, len(requests), 32, func(_, i int) error {
		sum := sha256.Sum256([]byte(requests[i].URL.Path))
		if _, err := rsa.SignPKCS1v15(rand.Reader, w.key, crypto.SHA256, sum[:]); err != nil {
			return err
		}
		res, err := client.RoundTrip(requests[i])
		if err != nil {
			return err
		}
		if _, err = io.Copy(io.Discard, res.Body); err != nil {
			return err
		}
		return res.Body.Close()
	})
}

// sink is a server that says 202 to everything posted to a person's inbox. It runs in a process of its own: what it
// costs is not ours.
type sink struct {
	b       *testing.B
	address string
	ask     io.Writer // each byte asks how many came since the last
	answers *bufio.Reader
}

// asSink in the environment makes this test binary a sink that listens on file 3 and is controlled by standard input. Its
// value is how long the sink takes over each answer to a host whose name begins with "slow".
const asSink = "ORRERY_BENCH_SINK"

func TestMain(m *testing.M) {
	if text := os.Getenv(asSink); text != "" {
		slow, err := time.ParseDuration(text)
		if err != nil {
			log.Fatal(err)
		}
		serveSink(slow)
		return
	}
	code := m.Run()
	os.Exit(code)
}

func serveSink(slow time.Duration) {
	l, err := net.FileListener(os.NewFile(3, "listener"))
	if err != nil {
		log.Fatal(err)
	}
	var arrived atomic.Int64
	go func() {
		for question := make([]byte, 1); ; {
			if _, err := os.Stdin.Read(question); err != nil {
				os.Exit(0) // the benchmark has ended, however it did
			}
			fmt.Println(arrived.Swap(0))
		}
	}()
	log.Fatal(fasthttp.Serve(l, func(c *fasthttp.RequestCtx) {
		if bytes.HasSuffix(c.Path(), []byte("/inbox")) {
			arrived.Add(1)
		}
		if bytes.HasPrefix(c.Host(), []byte("slow")) {
			time.Sleep(slow) // on the other side of the wire, where time passes by itself
		}
		c.SetStatusCode(http.StatusAccepted)
	}))
}

func newSink(b *testing.B, slow time.Duration) *sink {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	file, err := l.(*net.TCPListener).File()
	must(b, err)
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.ExtraFiles, cmd.Stderr = append(os.Environ(), asSink+"="+slow.String()), []*os.File{file}, os.Stderr
	in, err := cmd.StdinPipe()
	must(b, err)
	out, err := cmd.StdoutPipe()
	must(b, err)
	must(b, cmd.Start())
	must(b, file.Close())
	must(b, l.Close())
	b.Cleanup(func() {
		must(b, in.Close())
		_ = cmd.Wait()
	})
	return &sink{b: b, address: l.Addr().String(), ask: in, answers: bufio.NewReader(out)}
}

// got checks that n deliveries came since it was asked last.
func (s *sink) got(n int) {
	s.b.Helper()
	if got := s.arrived(); got != n {
		s.b.Fatalf("%d deliveries arrived, want %d", got, n)
	}
}

// arrived is how many deliveries came since it was asked last.
func (s *sink) arrived() (n int) {
	s.b.Helper()
	_, err := s.ask.Write([]byte{'?'})
	must(s.b, err)
	_, err = fmt.Fscanln(s.answers, &n)
	must(s.b, err)
	return n
}
