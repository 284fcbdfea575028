package views

import "context"

type placeKey struct{}

// Under is a context in which the pages of a log lead to each other below place, such as "/lab/run/ID", and not to the log of
// the servers that live.
func Under(ctx context.Context, place string) context.Context {
	return context.WithValue(ctx, placeKey{}, place)
}

// Place is where the pages of a log stand: "/lab", unless Under says otherwise.
func Place(ctx context.Context) string {
	if p, ok := ctx.Value(placeKey{}).(string); ok {
		return p
	}
	return "/lab"
}
