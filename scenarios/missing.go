package scenarios

import "orrery/scenarios/play"

// missing says which post a line needs that an earlier, failed line should have written; "" when there is none.
func (r *run) missing(l play.Line) string {
	var refs []play.PostRef
	var loose []play.AnyRef
	switch l := l.(type) {
	case *play.Replies:
		refs = append(refs, l.To)
	case *play.Boosts:
		refs = append(refs, l.Post)
	case *play.Likes:
		refs = append(refs, l.Post)
	case *play.Undoes:
		refs = append(refs, l.Post)
	case *play.Deletes:
		refs = append(refs, l.Post)
	case *play.Opens:
		refs = append(refs, l.Post)
	case *play.Searches:
		refs = append(refs, l.Post)
	case *play.Assertion:
		switch c := l.Condition.(type) {
		case *play.OnServers:
			refs = c.Posts
		case *play.Counter:
			refs = append(refs, c.Post)
		case *play.Fetches:
			refs = append(refs, c.Post)
		case *play.Delivery:
			loose = append(loose, c.Activity.Of)
		case *play.NoDelivery:
			loose = append(loose, c.Activity.Of)
		}
	}
	for _, p := range refs {
		if r.posts[p.Name] == nil {
			return p.Name + " was never written: the line that should have written it failed"
		}
	}
	for _, x := range loose {
		if r.posts[x.Name] == nil && r.people[x.Name] == nil {
			return x.Name + " was never written: the line that should have written it failed"
		}
	}
	return ""
}
