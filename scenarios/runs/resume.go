package runs

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"orrery/activitylog/kept"
	"orrery/scenarios"
	"orrery/scenarios/play"
)

// mostBegun is how often a run is begun by itself before it counts as what makes the program end.
const mostBegun = 2

// Resume takes up the runs that were taken before the program was last stopped, in their order; one that was under way begins
// again, and comes to the same, since runs are deterministic. It is called once, before the first Take.
func (d *Desk) Resume(ctx context.Context) error {
	awaited, err := d.Store.AwaitedRuns(ctx)
	if err != nil {
		return fmt.Errorf("take up the runs that have not ended: %w", err)
	}
	for _, a := range awaited {
		ask := Ask{Owner: a.Owner, Name: a.Name, Source: a.Source, Policy: a.Policy, Seed: a.Seed}
		file, problems := d.read(ask)
		switch {
		case len(problems) > 0: // another version of the program took it
			err = d.keepStopped(ctx, a, fmt.Sprintf("the script was taken, and is no longer right for this program: %s; edit a copy of it", problems[0].Message))
		case a.Begun >= mostBegun:
			err = d.keepStopped(ctx, a, fmt.Sprintf("the program ended %d times while this was run, and it is not begun by itself again; run a copy of it to try once more", a.Begun))
		default:
			d.mu.Lock()
			d.queue = append(d.queue, d.ticket(ask, a.ID, file, a.Asked))
			d.mu.Unlock()
		}
		if err != nil {
			return fmt.Errorf("take up run %s: %w", a.ID, err)
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.begin()
	return nil
}

// keepStopped writes down a run that comes to nothing, and why.
func (d *Desk) keepStopped(ctx context.Context, a kept.Awaited, why string) error {
	file, _ := play.Load(a.Name, []byte(a.Source), scenarios.Vocabulary())
	o := Outcome{Servers: []string{}, Posts: []Post{}, Unkept: "the run did not come to its end, so there is no log of it"}
	o.Name, o.Title, o.About, o.Policy, o.Seed, o.Stopped = a.Name, file.Title(), file.About(), a.Policy, a.Seed, why
	log, err := kept.NewWriter(d.Bytes).Bytes()
	if err != nil {
		return err
	}
	result, err := json.Marshal(o)
	if err != nil {
		return err
	}
	return d.Store.KeepRun(ctx, kept.Run{
		ID: a.ID, Owner: a.Owner, Name: a.Name, Title: cmp.Or(o.Title, a.Name), Policy: a.Policy, Seed: a.Seed, Started: a.Asked,
		Source: a.Source, Result: result, Log: log,
	})
}

// begun and rest note how often a run was begun. Where that cannot be written the run goes on.
func (d *Desk) begun(t *ticket) { d.noted(t, d.Store.BeginRun) }

func (d *Desk) rest(t *ticket) { d.noted(t, d.Store.RestRun) }

func (d *Desk) noted(t *ticket, note func(context.Context, string) error) {
	if err := note(context.Background(), t.id); err != nil && !errors.Is(err, context.Canceled) {
		d.Slog.Error("note how a run stands", "run", t.id, "err", err)
	}
}
