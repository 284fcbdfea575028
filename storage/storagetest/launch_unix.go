//go:build unix

package storagetest

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"strconv"
	"syscall"
)

// script makes and starts the server and waits for the end of its own input, a pipe that only the test binary holds: it
// closes when the test ends, panics or is killed. Then the server is stopped at once and its folder removed.
const script = `
"$1/initdb" -D "$2/data" -A trust -U postgres --no-sync -E UTF8 --locale=C </dev/null >"$2/log" 2>&1 || exit 1
"$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=200 -c shared_buffers=32MB \
	-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off >"$2/log" 2>&1 &
read -r end
kill -QUIT $!
wait
rm -rf "$2"
`

// launch starts the script. What it returns is closed when the script has ended, which is too early to be good.
// PostgreSQL refuses to run as root, so root becomes somebody else.
func launch(bin, dir string) (ended <-chan struct{}, err error) {
	attr := &syscall.SysProcAttr{Setsid: true} // Ctrl-C is for the test; the script hears of it by the pipe
	if os.Geteuid() == 0 {
		uid, gid, err := servant()
		if err != nil {
			return nil, err
		}
		if err := os.Chown(dir, uid, gid); err != nil {
			return nil, err
		}
		attr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	watch := exec.Command("/bin/sh", "-c", script, "sh", bin, dir)
	watch.Dir, watch.SysProcAttr = "/", attr
	if _, err := watch.StdinPipe(); err != nil {
		return nil, err
	}
	if err := watch.Start(); err != nil {
		return nil, err
	}
	done := make(chan struct{})
	go func() { // holds the pipe open, and leaves no zombie if the server fails
		defer close(done)
		_ = watch.Wait()
	}()
	return done, nil
}

// servant is the user that runs the server in root's place.
func servant() (uid, gid int, err error) {
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 == nil && err2 == nil {
			return uid, gid, nil
		}
	}
	return 0, 0, fmt.Errorf("no user postgres or nobody to run PostgreSQL as, and it refuses root")
}
