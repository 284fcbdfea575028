package lockfile_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"orrery/internal/lockfile"
)

// holdEnv makes this test binary a process that takes the lock named by it and holds it until it is killed.
const holdEnv = "ORRERY_LOCKFILE_TEST_HOLD"

func TestMain(m *testing.M) {
	if path := os.Getenv(holdEnv); path != "" {
		if _, err := lockfile.Acquire(path); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("held")
		_, _ = os.Stdin.Read(make([]byte, 1))
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestAcquire_excludes_and_releases(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	l, err := lockfile.Acquire(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = lockfile.Acquire(path)
	if !errors.Is(err, lockfile.ErrHeld) || !strings.Contains(err.Error(), fmt.Sprintf("pid %d", os.Getpid())) {
		t.Errorf("second Acquire: %v, want ErrHeld with pid %d", err, os.Getpid())
	}
	for range 2 {
		if err := l.Release(); err != nil {
			t.Errorf("Release: %v", err)
		}
	}
	again, err := lockfile.Acquire(path)
	if err != nil {
		t.Fatalf("Acquire after Release: %v", err)
	}
	if err := again.Release(); err != nil {
		t.Error(err)
	}
}

func TestAcquire_the_death_of_a_process_releases(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), holdEnv+"="+path)
	if _, err := child.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the other process said %q, want held", line)
	}
	_, err = lockfile.Acquire(path)
	if want := fmt.Sprintf("pid %d", child.Process.Pid); !errors.Is(err, lockfile.ErrHeld) || !strings.Contains(err.Error(), want) {
		t.Errorf("while it lives: %v, want ErrHeld with %s", err, want)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	l, err := lockfile.Acquire(path)
	if err != nil {
		t.Fatalf("after its death: %v", err)
	}
	if err := l.Release(); err != nil {
		t.Error(err)
	}
}

func TestAcquire_says_what_is_wrong(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "no", "such", "folder", "lock")
	if _, err := lockfile.Acquire(path); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("Acquire in a missing folder: %v, want not-exist with the path", err)
	}
}
