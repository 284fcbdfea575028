package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestClient_node has masto and megalodon live the story of testdata/clients/story.mjs, in the Node that is installed beside
// them. `make clients` installs them into the cache folder of this machine, or ORRERY_CLIENTS says where they are.
func TestClient_node(t *testing.T) {
	t.Parallel()
	installed, node, err := nodeClients()
	need(t, "Node with masto and megalodon (run make clients)", err)
	for _, client := range []string{"masto", "megalodon"} {
		t.Run(client, func(t *testing.T) {
			t.Parallel()
			onEachStage(t, func(t *testing.T, s *stage) {
				s.needNames(t)
				runNode(t, s, node, script(t, installed, client))
			})
		})
	}
}

// nodeClients says where the modules and the program node are.
func nodeClients() (modules, node string, err error) {
	dir := os.Getenv("ORRERY_CLIENTS")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", "", err
		}
		dir = filepath.Join(cache, "orrery", "clients")
	}
	modules = filepath.Join(dir, "node_modules")
	want, err := os.ReadFile("testdata/clients/package-lock.json")
	if err != nil {
		return "", "", err
	}
	if got, err := os.ReadFile(filepath.Join(dir, "package-lock.json")); err != nil || !bytes.Equal(got, want) {
		return "", "", errors.Join(fmt.Errorf("%s does not hold what testdata/clients/package-lock.json asks for", dir), err)
	}
	arch := map[string]string{"amd64": "x64"}[runtime.GOARCH]
	if arch == "" {
		arch = runtime.GOARCH
	}
	node = filepath.Join(modules, "node-"+runtime.GOOS+"-"+arch, "bin", "node")
	_, err = exec.LookPath(node)
	return modules, node, err
}

// script lays the story where Node finds the modules: modules are looked for beside the files that want them.
func script(t *testing.T, modules, client string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/clients")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, client+".mjs")
}

// runNode runs a script and does with a browser what it asks for.
func runNode(t *testing.T, s *stage, node, script string) {
	t.Helper()
	cmd := exec.CommandContext(within(t), node, script)
	cmd.Env = append(os.Environ(), "ALICE_ORIGIN="+s.alice.origin, "ALICE_NAME="+s.alice.name, "BERTA_ORIGIN="+s.berta.origin,
		"BERTA_NAME="+s.berta.name, "PICTURE="+base64.StdEncoding.EncodeToString(picture(t)))
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	said, done := "", false
	for lines := bufio.NewScanner(out); lines.Scan(); {
		words := strings.Fields(lines.Text())
		switch {
		case len(words) == 3 && words[0] == "authorise":
			who := s.alice
			if words[1] == s.berta.name {
				who = s.berta
			}
			fmt.Fprintln(in, s.authorise(t, who, words[2]))
		case lines.Text() == "done":
			done = true
		default:
			said += lines.Text() + "\n"
		}
	}
	if err := cmd.Wait(); err != nil || !done {
		t.Errorf("the story ends with %v\n%s%s", err, said, complaints.String())
	}
}
