package lab

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"orrery/internal/lockfile"
)

// format is the version of lab.json.
const format = 1

// state is lab.json: what a second start must know (contracts.md 25).
type state struct {
	Format     int               `json:"format"`
	Port       int               `json:"port"`
	Servers    []string          `json:"servers"`
	Policies   map[string]string `json:"policies"`
	Graph      string            `json:"graph"`
	SetUpUntil int64             `json:"set_up_until,string"`
}

// folder is where a lab's data live.
type folder struct {
	dir   string
	lock  *lockfile.Lock
	temp  bool
	state *state // nil while the lab is new
}

// openFolder takes dir for this process, or makes a temporary folder when dir is "". Errors are sentences.
func openFolder(dir string) (*folder, error) {
	f := &folder{dir: dir}
	if dir == "" {
		temp, err := os.MkdirTemp("", "orrery-lab-")
		if err != nil {
			return nil, fmt.Errorf("no temporary folder can be made (%w). Use --data DIR with a folder you may write to", err)
		}
		f.dir, f.temp = temp, true
	} else if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("the folder %s cannot be made (%w). Choose another with --data", dir, err)
	}
	lock, err := lockfile.Acquire(filepath.Join(f.dir, "lock"))
	if errors.Is(err, lockfile.ErrHeld) {
		return nil, fmt.Errorf("another orrery uses the folder %s: %w with --data", dir, err)
	}
	if err != nil {
		return nil, fmt.Errorf("the folder %s cannot be written to (%w). Choose another with --data", f.dir, err)
	}
	f.lock = lock
	return f, nil
}

// read learns what an earlier start left in the folder.
func (f *folder) read() error {
	raw, err := os.ReadFile(f.path())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s cannot be read: %w", f.path(), err)
	}
	var s state
	if err := json.Unmarshal(raw, &s); err != nil || s.Format == 0 {
		return fmt.Errorf("%s is damaged. Begin anew with --fresh, or choose another folder with --data", f.path())
	}
	if s.Format > format {
		return fmt.Errorf("the folder %s was written by a newer orrery. Use that one, or choose another folder with --data", f.dir)
	}
	f.state = &s
	return nil
}

// fits reports why a lab of these servers on this port cannot go on in the folder: ids contain the port.
func (f *folder) fits(port int, plan Plan) error {
	if f.state == nil {
		return nil
	}
	if port != 0 && port != f.state.Port {
		return fmt.Errorf("the lab in %s lives on port %d, and its addresses contain it. Use --port %d, or --fresh to begin anew", f.dir, f.state.Port, f.state.Port)
	}
	var names []string
	for _, s := range plan.Servers {
		names = append(names, s.Name)
	}
	if !slices.Equal(names, f.state.Servers) {
		return fmt.Errorf("the folder %s holds a lab of other servers (%v). Choose another with --data, or --fresh to begin anew", f.dir, f.state.Servers)
	}
	return nil
}

func (f *folder) write(s state) error {
	s.Format = format
	raw, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(f.path()+".new", append(raw, '\n'), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", f.path(), err)
	}
	if err := os.Rename(f.path()+".new", f.path()); err != nil {
		return fmt.Errorf("write %s: %w", f.path(), err)
	}
	f.state = &s
	return nil
}

// clear removes the lab's data and keeps the folder taken.
func (f *folder) clear(plan Plan) error {
	f.state = nil
	names := []string{f.path()}
	for _, s := range plan.Servers {
		for _, ext := range []string{".db", ".db-wal", ".db-shm"} {
			names = append(names, filepath.Join(f.dir, s.Name+ext))
		}
	}
	for _, s := range plan.Servers {
		if err := os.RemoveAll(f.media(s.Name)); err != nil {
			return fmt.Errorf("begin anew: %w", err)
		}
	}
	for _, name := range names {
		if err := os.Remove(name); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("begin anew: %w", err)
		}
	}
	return nil
}

// media is where a server keeps pictures.
func (f *folder) media(server string) string { return filepath.Join(f.dir, server+".media") }

func (f *folder) path() string { return filepath.Join(f.dir, "lab.json") }

// close gives the folder back; a temporary one is removed.
func (f *folder) close() error {
	err := f.lock.Release()
	if f.temp {
		return errors.Join(err, os.RemoveAll(f.dir))
	}
	return err
}
