package scenarios

import (
	"context"

	"orrery/clientapi"
	"orrery/scenarios/play"
)

// act does what a person does, through the client API of their own server.
func (r *outside) act(ctx context.Context, a play.Action) error {
	switch a.(type) {
	case *play.Moves:
		return unfit("an account is moved by hand, in the settings of its server: apps cannot do it")
	case *play.Sends:
		return unfit("only the server has the key with which its people sign, so nothing can be sent in their name by hand")
	}
	_, err := r.screens.act(ctx, a)
	return err
}

// check judges what servers show; nothing else can be known of them.
func (r *outside) check(ctx context.Context, a *play.Assertion, done *Line) {
	var f finding
	var err error
	judged := true
	switch c := a.Condition.(type) {
	case *play.OnServers:
		f.ok, f.found, err = r.onServers(ctx, c)
	case *play.State:
		if c.Is == "deleted" {
			err = unfit("whether a server had it before, only a log tells; ask whether it is not on a server")
			break
		}
		f, judged, err = r.judge(ctx, c)
	default:
		f, judged, err = r.judge(ctx, c)
	}
	if !judged {
		err = unfit("it is about the wire or about decisions, and real servers show no log of these")
	}
	if err == nil && a.Because != nil {
		err = unfit("%s; which rule decided so, real servers do not tell", f.found)
	}
	r.judged(done, err)
	switch {
	case err != nil:
		return
	case f.ok:
	case a.Observe:
		done.Status = Differs
	default:
		done.Status = Failed
	}
	done.Found = f.found
}

// seen asks a server for a post, as each of its people in turn until one is shown it.
func (r *outside) seen(ctx context.Context, p *post, server string) (s clientapi.Status, there bool, err error) {
	asked := false
	for _, who := range r.sorted() {
		if who.server != server {
			continue
		}
		asked = true
		if s, there, err = known(ctx, who, p); err != nil || there {
			return s, there, err
		}
	}
	if !asked {
		return s, false, unfit("nobody of the script lives on %s, so nobody can look there", server)
	}
	return s, false, nil
}

func (r *outside) onServers(ctx context.Context, c *play.OnServers) (ok bool, found string, err error) {
	ok = true
	for _, p := range c.Posts {
		for _, s := range c.Servers {
			_, there, err := r.look(ctx, r.posts[p.Name], s.Name)
			if err != nil {
				return false, "", err
			}
			word := map[bool]string{true: "is on", false: "is not on"}[there]
			if found != "" {
				found += "; "
			}
			found += p.Name + " " + word + " " + s.Name
			ok = ok && there != c.Not
		}
	}
	return ok, found, nil
}
