package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
)

// buildDir is where the program is built when a test first asks for it.
var buildDir string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "orrery-built-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	buildDir = dir
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// built makes the program, once for all tests, and returns its path.
var built = sync.OnceValues(func() (string, error) {
	path := filepath.Join(buildDir, "orrery")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})
