package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts in testdata/script say what a person types, reads and gets. Beside the commands of testscript they have
//
//	refuses ARGS...            orrery ends with 2 and one sentence; stderr then checks the words
//	start NAME TEXT ARGS...    orrery runs until stop, and has said TEXT; the port it names is $PORT
//	stop NAME                  it is interrupted, ends with 0, and what it said is in NAME.out
//	post PERSON TEXT           somebody of the lab on $PORT posts
//	count VARIABLE QUERY       how many entries of the log QUERY selects
func TestCommands(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program and runs it")
	}
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", filepath.Dir(program)+string(filepath.ListSeparator)+e.Getenv("PATH"))
			e.Setenv("TMPDIR", filepath.Join(e.WorkDir, "tmp"))
			taken, err := net.Listen("tcp4", "127.0.0.1:0")
			if err != nil {
				return err
			}
			e.Defer(func() { _ = taken.Close() })
			e.Setenv("TAKEN", strconv.Itoa(taken.Addr().(*net.TCPAddr).Port))
			e.Values[deskKey{}] = &desk{program: program, runs: map[string]*process{}}
			return os.MkdirAll(e.Getenv("TMPDIR"), 0o755)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"refuses": refuses, "start": start, "stop": stop, "post": post, "count": counted,
		},
	})
}

// desk is what the commands of one script share.
type desk struct {
	program string
	runs    map[string]*process
}

func deskOf(ts *testscript.TestScript) *desk { return ts.Value(deskKey{}).(*desk) }

type deskKey struct{}

// process is an orrery that runs beside its script.
type process struct {
	cmd   *exec.Cmd
	ended chan error

	mu   sync.Mutex
	said bytes.Buffer
}

func (p *process) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.Write(b)
}

func (p *process) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.said.String()
}

var sentence = regexp.MustCompile(`^orrery: [^\n]+\.\n$`)

func refuses(ts *testscript.TestScript, neg bool, args []string) {
	err := ts.Exec("orrery", args...)
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 {
		ts.Fatalf("orrery %s ends with %v, want exit status 2", strings.Join(args, " "), err)
	}
	if said := ts.ReadFile("stderr"); !sentence.MatchString(said) {
		ts.Fatalf("orrery %s says %q, want one line", strings.Join(args, " "), said)
	}
}

var portSaid = regexp.MustCompile(`http://localhost:(\d+)/`)

func start(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: start NAME TEXT ARGS...")
	}
	d := deskOf(ts)
	p := &process{cmd: exec.Command(d.program, args[2:]...), ended: make(chan error, 1)}
	p.cmd.Dir, p.cmd.Stdout, p.cmd.Stderr = ts.MkAbs("."), p, p
	for _, name := range []string{"HOME", "TMPDIR", "PATH"} {
		p.cmd.Env = append(p.cmd.Env, name+"="+ts.Getenv(name))
	}
	begun := time.Now()
	ts.Check(p.cmd.Start())
	ts.Defer(func() { _ = p.cmd.Process.Kill() })
	go func() { p.ended <- p.cmd.Wait() }()
	d.runs[args[0]] = p
	deadline, tick := time.After(2*time.Minute), time.NewTicker(5*time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(p.text(), args[1]) {
		select {
		case err := <-p.ended:
			ts.Fatalf("it ended (%v) and said:\n%s", err, p.text())
		case <-deadline:
			ts.Fatalf("it never said %q, but:\n%s", args[1], p.text())
		case <-tick.C:
		}
	}
	ts.Logf("said %q after %s", args[1], time.Since(begun).Round(time.Millisecond))
	if m := portSaid.FindStringSubmatch(p.text()); m != nil {
		ts.Setenv("PORT", m[1])
	}
}

func stop(ts *testscript.TestScript, neg bool, args []string) {
	p := deskOf(ts).runs[args[0]]
	if p == nil {
		ts.Fatalf("nothing was started as %s", args[0])
	}
	ts.Check(p.cmd.Process.Signal(os.Interrupt))
	select {
	case err := <-p.ended:
		if err != nil {
			ts.Fatalf("%s ended with %v and said:\n%s", args[0], err, p.text())
		}
	case <-time.After(2 * time.Minute):
		ts.Fatalf("%s does not end when it is interrupted; it said:\n%s", args[0], p.text())
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".out"), []byte(p.text()), 0o644))
}

// onLab asks the lab on $PORT; bare localhost and its servers are all this machine.
func onLab(ts *testscript.TestScript, method, host, path, token string, body, into any) {
	raw, err := json.Marshal(body)
	ts.Check(err)
	req, err := http.NewRequest(method, "http://127.0.0.1:"+ts.Getenv("PORT")+path, bytes.NewReader(raw))
	ts.Check(err)
	req.Host = host + "localhost:" + ts.Getenv("PORT")
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	ts.Check(err)
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		ts.Fatalf("%s %s: %s", method, path, res.Status)
	}
	ts.Check(json.NewDecoder(res.Body).Decode(into))
}

func post(ts *testscript.TestScript, neg bool, args []string) {
	name, server, _ := strings.Cut(args[0], "@")
	var token struct {
		AccessToken string `json:"access_token"`
	}
	onLab(ts, http.MethodPost, "", "/api/orrery/v1/lab/tokens", "", map[string]string{"account": name + "@" + server}, &token)
	var made struct{ ID string }
	onLab(ts, http.MethodPost, server+".", "/api/v1/statuses", token.AccessToken, map[string]string{"status": args[1]}, &made)
}

func counted(ts *testscript.TestScript, neg bool, args []string) {
	var rows []json.RawMessage
	onLab(ts, http.MethodGet, "", "/api/orrery/v1/log?limit=200&"+args[1], "", nil, &rows)
	ts.Setenv(args[0], fmt.Sprint(len(rows)))
}
