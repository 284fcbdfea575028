package api

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"

	"github.com/valyala/fasthttp/fasthttputil"

	"orrery/clientapi"
)

// The client and the server speak to each other over a connection, as scenarios will.
func TestClient_againstServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Act = nil
	listener := fasthttputil.NewInmemoryListener()
	stopped := make(chan error, 1)
	go func() { stopped <- w.app.Listener(listener) }()
	transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) { return listener.Dial() }}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := w.app.Shutdown(); err != nil {
			t.Errorf("shut down: %v", err)
		}
		if err := <-stopped; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	as := func(name string) *clientapi.Client {
		return &clientapi.Client{BaseURL: "http://alpha.test", Token: w.tokens[name], HTTP: &http.Client{Transport: transport}}
	}
	ctx, alice, bob, lena := t.Context(), as("alice"), as("bob"), as("lena")
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	who, err := bob.AccountLookup(ctx, "alice")
	must("lookup", err)
	rel, err := bob.Follow(ctx, who.ID)
	must("follow", err)
	if !rel.Following {
		t.Errorf("bob follows alice: %+v", rel)
	}
	_, err = bob.Follow(ctx, w.id("lena"))
	must("ask to follow", err)
	rel, err = lena.AuthorizeFollow(ctx, w.id("bob"))
	must("authorize", err)
	if !rel.FollowedBy {
		t.Errorf("lena is followed by bob: %+v", rel)
	}
	post, err := alice.Post(ctx, clientapi.NewStatus{Status: "hello @bob", Visibility: "unlisted", IdempotencyKey: "once"})
	must("post", err)
	answer, err := bob.Post(ctx, clientapi.NewStatus{Status: "hi", InReplyToID: post.ID})
	must("answer", err)
	thread, err := alice.Context(ctx, post.ID)
	must("context", err)
	if len(thread.Descendants) != 1 || thread.Descendants[0].ID != answer.ID {
		t.Errorf("below the post: %v, want %s", idsOf(thread.Descendants), answer.ID)
	}
	_, err = bob.Favourite(ctx, post.ID)
	must("favourite", err)
	boost, err := bob.Boost(ctx, post.ID, "public")
	must("boost", err)
	if boost.Reblog == nil || boost.Reblog.FavouritesCount != 1 || !boost.CreatedAt.After(post.CreatedAt.Time.Add(-1)) {
		t.Errorf("boost: %+v", boost)
	}
	noted, err := alice.Notifications(ctx, clientapi.Cursor{Limit: 5}, "favourite", "reblog")
	must("notifications", err)
	home, err := bob.Home(ctx, clientapi.Cursor{})
	must("home", err)
	rels, err := bob.Relationships(ctx, who.ID, w.id("lena"), w.id("rita"))
	must("relationships", err)
	if len(noted) != 2 || len(home) == 0 || len(rels) != 3 || !rels[1].Following || rels[2].Following {
		t.Errorf("%d notifications, %d at home, relationships %+v", len(noted), len(home), rels)
	}
	found, err := bob.Search(ctx, "ali", false)
	must("search", err)
	wrote, err := bob.AccountStatuses(ctx, who.ID, clientapi.Cursor{})
	must("statuses", err)
	public, err := bob.Public(ctx, true, clientapi.Cursor{})
	must("public", err)
	if len(found.Accounts) != 1 || len(wrote) != 1 || len(public) != 0 {
		t.Errorf("%d found, %d written, %d public; want 1, 1, 0", len(found.Accounts), len(wrote), len(public))
	}
	_, err = bob.Unboost(ctx, post.ID)
	must("unboost", err)
	_, err = bob.Unfavourite(ctx, post.ID)
	must("unfavourite", err)
	_, err = bob.Unfollow(ctx, who.ID)
	must("unfollow", err)
	gone, err := alice.Delete(ctx, post.ID)
	must("delete", err)
	if gone.Text == nil || *gone.Text != "hello @bob" {
		t.Errorf("deleted: %+v, want its text", gone.Text)
	}
	var refused *clientapi.ResponseError
	if _, err := bob.Status(ctx, post.ID); !errors.As(err, &refused) || refused.Status != http.StatusNotFound || refused.Message != "Record not found" {
		t.Errorf("the deleted post: %v, want 404 Record not found", err)
	}
}
