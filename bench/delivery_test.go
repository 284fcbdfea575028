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
	"sync/atomic"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/federation/signature"
	"orrery/social"
)

const inboxes = 2000

// BenchmarkDelivery measures how long one post takes to reach 2,000 inboxes, against sending as many requests that are
// signed already plus one bare RSA signature for each.
func BenchmarkDelivery(b *testing.B) {
	w, s := newWorld(b, true), newSink(b, 0)
	followers := w.people(inboxes, s.address)
	pairs := make([][2]social.Account, len(followers))
	for i, f := range followers {
		pairs[i] = [2]social.Account{f, w.alice}
	}
	w.follow(pairs...)
	var full, least cost
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		signed := w.signed(followers)
		b.StartTimer()
		full = full.plus(measure(b, func() {
			ctx, done := w.instance.Recorder.Action(b.Context(), activitylog.Summary{Type: "Create", Actor: w.alice.URI})
			_, err := w.instance.Services.Statuses.Publish(ctx, w.alice.ID, social.Draft{
				Text: fmt.Sprintf("Post number %d, for everybody.", n), Visibility: social.Public,
			})
			must(b, err)
			done()
			w.settle()
		}))
		s.got(inboxes)
		least = least.plus(measure(b, func() { w.sendSigned(signed) }))
		s.got(inboxes)
	}
	total := b.N * inboxes
	b.ReportMetric(full.perSecond(total), "deliveries/s")
	b.ReportMetric(full.cpuPer1000(total), "cpu-s/1000")
	b.ReportMetric(least.perSecond(total), "bare-deliveries/s")
	b.ReportMetric(least.cpuPer1000(total), "bare-cpu-s/1000")
	b.ReportMetric(float64(full.cpu)/float64(least.cpu), "cpu-ratio")
	b.ReportMetric(float64(full.wall)/float64(least.wall), "time-ratio")
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
func (w *world) sendSigned(requests []*http.Request) {
	w.b.Helper()
	client := wire()
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
// value is how long the sink takes over each answer.
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
	os.Exit(m.Run())
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
		time.Sleep(slow) // on the other side of the wire, where time passes by itself
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
	_, err := s.ask.Write([]byte{'?'})
	must(s.b, err)
	var got int
	_, err = fmt.Fscanln(s.answers, &got)
	must(s.b, err)
	if got != n {
		s.b.Fatalf("%d deliveries arrived, want %d", got, n)
	}
}
