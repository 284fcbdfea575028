package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/mattn/go-mastodon"
)

// toot is a person at a terminal with the program toot; what is tested is Debian's 0.34.1. It knows no streams, edits
// nothing and asks nothing, so that part of the story is its neighbour's.
type toot struct {
	t      *testing.T
	ctx    context.Context
	config string
}

func TestClient_toot(t *testing.T) {
	t.Parallel()
	_, err := exec.LookPath("toot")
	need(t, "toot", err)
	onEachStage(t, func(t *testing.T, s *stage) {
		s.needNames(t)
		ctx := within(t)
		p := &toot{t, ctx, t.TempDir()}
		p.logIn(s)
		p.says("@alice", "whoami")
		p.says(s.alice.host(), "instance", s.alice.host(), "--disable-https")
		berta := goMastodonAs(t, ctx, s, s.berta)
		berta.follow(s.alice)

		p.says("@"+s.berta.handle(), "search", "-r", "@"+s.berta.handle())
		p.says("You are now following", "follow", s.berta.handle())
		eventually(t, "alice follows berta", func(context.Context) bool {
			out, err := p.run("following", "alice")
			return err == nil && strings.Contains(out, "@"+s.berta.handle())
		})
		p.posts(s, berta)
		p.talks(s, berta)
		p.reads()
	})
}

// run is one command; its output has no colours.
func (p *toot) run(args ...string) (string, error) {
	cmd := exec.CommandContext(p.ctx, "toot", append(args, "--no-color")...)
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+p.config)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// says runs a command and holds its output to a pattern; it returns what was said.
func (p *toot) says(want string, args ...string) string {
	p.t.Helper()
	out, err := p.run(args...)
	if err != nil || !regexp.MustCompile(want).MatchString(out) {
		p.t.Fatalf("toot %s: %v; want %q in\n%s", strings.Join(args, " "), err, want, out)
	}
	return out
}

var (
	authorizeAddress = regexp.MustCompile(`http\S+/oauth/authorize/\?\S+`)
	postedAddress    = regexp.MustCompile(`Toot posted: http\S+/(\d+)`)
)

// logIn answers what toot asks: no browser, but the code.
func (p *toot) logIn(s *stage) {
	p.t.Helper()
	cmd := exec.CommandContext(p.ctx, "toot", "login", "-i", s.alice.host(), "--disable-https", "--no-color")
	cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+p.config)
	in, err := cmd.StdinPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	said, lines := "", bufio.NewScanner(out)
	for lines.Scan() {
		said += lines.Text() + "\n"
		if address := authorizeAddress.FindString(lines.Text()); address != "" {
			fmt.Fprintf(in, "n\n%s\n", s.authorise(p.t, s.alice, address))
		}
	}
	if err := cmd.Wait(); err != nil || !strings.Contains(said, "Successfully logged in") {
		p.t.Fatalf("toot login: %v\n%s%s", err, said, complaints.String())
	}
}

// post returns the id of a new post.
func (p *toot) post(args ...string) string {
	p.t.Helper()
	return postedAddress.FindStringSubmatch(p.says(postedAddress.String(), append([]string{"post"}, args...)...))[1]
}

func (p *toot) posts(s *stage, berta *goMastodon) {
	t := p.t
	t.Helper()
	file := filepath.Join(t.TempDir(), "picture.png")
	if err := os.WriteFile(file, picture(t), 0o600); err != nil {
		t.Fatal(err)
	}
	shown := p.post("A picture from a terminal", "-m", file, "-d", "Blue to yellow", "-p", "Colours", "-s", "-l", "en")
	p.says(`Media:\s+http`, "thread", shown)
	there := berta.receives(s.alice, "from a terminal")
	if len(there.MediaAttachments) != 1 || there.MediaAttachments[0].Description != "Blue to yellow" || there.SpoilerText != "Colours" || !there.Sensitive {
		t.Errorf("elsewhere the post is %+v", there)
	}
	gone := p.post("Not for long")
	there = berta.receives(s.alice, "Not for long")
	p.says("Status deleted", "delete", gone)
	eventually(t, "it is deleted elsewhere", func(ctx context.Context) bool {
		_, err := berta.GetStatus(ctx, there.ID)
		return err != nil && strings.Contains(err.Error(), "404")
	})
	if out, err := p.run("thread", gone); err == nil && strings.Contains(out, "Not for long") {
		t.Errorf("the deleted post is still\n%s", out)
	}
}

func (p *toot) talks(s *stage, berta *goMastodon) {
	t := p.t
	t.Helper()
	asked := berta.post(mastodon.Toot{Status: "Tea or coffee?", Poll: &mastodon.TootPoll{Options: []string{"Tea", "Coffee"}, ExpiresInSeconds: 3600}})
	var id string
	eventually(t, "toot shows the poll", func(context.Context) bool {
		out, err := p.run("timeline", "-1")
		at := strings.Index(out, "Tea or coffee?")
		if err != nil || at < 0 || !strings.Contains(out, "Coffee - 0%") {
			return false
		}
		id = regexp.MustCompile(`ID (\d+)`).FindStringSubmatch(out[at:])[1]
		return true
	})
	p.says("Status favourited", "favourite", id)
	p.says("Status reblogged", "reblog", id)
	p.says("Status bookmarked", "bookmark", id)
	p.says("Tea or coffee", "bookmarks", "-1")
	p.says("@alice", "reblogged_by", id)
	p.post("@"+s.berta.handle()+" Tea.", "-r", id)
	for _, kind := range []string{"favourite", "reblog", "mention"} {
		if n := berta.isTold(kind, s.alice); kind == "mention" && n.Status.InReplyToID != string(asked.ID) {
			t.Errorf("the answer is to %v, want %s", n.Status.InReplyToID, asked.ID)
		}
	}
	p.says(`(?s)Tea or coffee.*Tea\.`, "thread", id)
	said := berta.post(mastodon.Toot{Status: "@" + s.alice.handle() + " Thank you"})
	eventually(t, "toot tells of the mention", func(context.Context) bool {
		out, err := p.run("notifications")
		return err == nil && strings.Contains(out, "mentioned you in") && strings.Contains(out, "Thank you") && strings.Contains(out, "now follows you")
	})
	// An edit shows in place of what it was.
	if _, err := berta.UpdateStatus(p.ctx, &mastodon.Toot{Status: "@" + s.alice.handle() + " Thanks a lot"}, said.ID); err != nil {
		t.Fatal(err)
	}
	eventually(t, "toot shows the edit", func(context.Context) bool {
		out, err := p.run("notifications", "-m")
		return err == nil && strings.Contains(out, "Thanks a lot")
	})
}

// reads walks timelines to their end, two posts a page, as at a terminal: it pages only there.
func (p *toot) reads() {
	p.t.Helper()
	var mine []string
	for _, n := range []string{"one", "two", "three", "four", "five"} {
		mine = append(mine, p.post("Number "+n+" #numbers"))
	}
	for _, timeline := range []string{"timeline", "timeline --public", "timeline --public --local", "timeline --tag numbers"} {
		cmd := exec.CommandContext(p.ctx, "script", "-qec", "toot "+timeline+" --count 2 --no-color", "/dev/null")
		cmd.Env = append(os.Environ(), "XDG_CONFIG_HOME="+p.config, "TERM=dumb")
		in, err := cmd.StdinPipe()
		if err != nil {
			p.t.Fatal(err)
		}
		go func() { _, _ = io.WriteString(in, strings.Repeat("y\n", 30)) }() // yes, continue
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "That's all folks.") {
			p.t.Errorf("toot %s does not come to an end: %v\n%s", timeline, err, out)
			continue
		}
		for _, id := range mine {
			if n := strings.Count(string(out), "ID "+id); n != 1 {
				p.t.Errorf("toot %s shows %s %d times, want once:\n%s", timeline, id, n, out)
			}
		}
	}
}
