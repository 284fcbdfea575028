package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/federation/rules"
	"orrery/social"
)

// api is what anybody gets at a path of the client API.
func api[T any](t *testing.T, w *world, path string) T {
	t.Helper()
	res, err := w.wire.RoundTrip(request(t, "GET", "https://alpha.test"+path))
	w.must(err)
	defer res.Body.Close()
	body := read(t, res)
	var out T
	if err := json.Unmarshal([]byte(body), &out); err != nil || res.StatusCode != 200 {
		t.Fatalf("%s: %d %v %s", path, res.StatusCode, err, body)
	}
	return out
}

func shown(t *testing.T, w *world, id string) clientapi.Status {
	t.Helper()
	return api[clientapi.Status](t, w, "/api/v1/statuses/"+w.status(id).ID.String())
}

func TestEdgeIngest_posts(t *testing.T) {
	t.Parallel()
	from := func(change ...members) func(*world) sent {
		return func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.creates(s.berta.note("1", change...)))
		}
	}
	keep := func(name, changed string, send func(*world) sent, also func(*testing.T, *world, sent)) edge {
		return edge{name: name, outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: changed, send: send, also: also}
	}
	content := func(want string) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			if got := w.status("1").Content; got != want {
				t.Errorf("kept %q, want %q", got, want)
			}
		}
	}
	pictures := func(n int) members {
		var list []any
		for i := range n {
			list = append(list, members{"type": "Document", "mediaType": "image/png", "url": fmt.Sprintf("https://peer.test/%d.png", i), "name": fmt.Sprint("picture ", i), "focalPoint": []any{0.5, -0.25}, "width": 30, "height": 20})
		}
		return members{"attachment": list}
	}
	emoji := func(url string) any {
		return members{"type": "Emoji", "id": "https://peer.test/emojis/1", "name": ":cat:", "icon": members{"type": "Image", "mediaType": "image/png", "url": url}}
	}
	collection := func(w *world) sent {
		s := followed(w)
		return w.send(s.berta, members{"@context": activityStreams, "id": "https://peer.test/c/1", "type": "OrderedCollection", "actor": s.berta.uri,
			"orderedItems": []any{s.berta.creates(s.berta.note("2", members{"inReplyTo": s.berta.uri + "/statuses/1"})), "https://peer.test/x", s.berta.creates(s.berta.note("1"))}})
	}
	run(t, []edge{
		only("mastodon-4.1", keep("§14.2/49 a collection of activities (≤4.6)", "home+2 statuses+2", collection, func(t *testing.T, w *world, _ sent) {
			if w.status("2").ReplyToID != w.status("1").ID {
				t.Error("the items were not applied last to first")
			}
		})),
		only("mastodon", edge{name: "§14.2/49 a collection of activities", outcome: dropped, rule: rules.DropUnknownType, send: collection, requests: "-"}),
		keep("§14.3/72 five attachments", "attachments+4 home+1 statuses+1", from(pictures(5)), func(t *testing.T, w *world, _ sent) {
			got := shown(t, w, "1").MediaAttachments
			if len(got) != 4 {
				t.Fatalf("shows %d attachments, want four", len(got))
			}
			a := got[1]
			if a.Type != "image" || *a.RemoteURL != "https://peer.test/1.png" || *a.Description != "picture 1" || a.Meta.Focus.Y != -0.25 || a.Meta.Original.Size != "30x20" {
				t.Errorf("got %+v", a)
			}
		}),
		keep("§14.3/72 a link to a page is no attachment", "home+1 jobs+1 statuses+1", from(members{"attachment": members{"type": "Link", "href": "https://peer.test/page"}}), nil),
		keep("§14.3/74 a mention that cannot be reached", "home+1 jobs+1 statuses+1", from(mention("https://later.test/users/x")), func(t *testing.T, w *world, _ sent) {
			w.peer("later.test").actor("x")
			w.advance(time.Minute)
			v, err := w.in.Services.Reader.Status(t.Context(), 0, w.status("1").ID)
			if err != nil || len(v.Mentions) != 1 || v.Mentions[0].Acct() != "x@later.test" {
				t.Errorf("mentions %v (%v), want x once their server answers", v.Mentions, err)
			}
			wantRule(t, w, rules.FetchMention)
		}),
		keep("§14.3/74 a mention that can never be reached", "home+1 jobs+1 statuses+1", from(mention("https://nowhere.test/users/x")), func(t *testing.T, w *world, _ sent) {
			w.advance(48 * time.Hour)
			if n := w.counts()["jobs"]; n != 0 {
				t.Errorf("%d jobs are left after two days, want none", n)
			}
		}),
		keep("§14.3/75 an emoji", "emojis+1 home+1 statuses+1", from(members{"tag": emoji("https://peer.test/cat.png"), "content": "<p>:cat: :dog:</p>"}), func(t *testing.T, w *world, _ sent) {
			want := []clientapi.CustomEmoji{{Shortcode: "cat", URL: "https://peer.test/cat.png", StaticURL: "https://peer.test/cat.png", VisibleInPicker: true}}
			if diff := cmp.Diff(want, shown(t, w, "1").Emojis); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}),
		keep("§14.3/75 an emoji whose picture is at no address", arrives, from(members{"tag": []any{emoji("javascript:alert(1)")}}), nil),
		keep("§3.5 types as an array", arrives, from(members{"type": []any{"as:Note", "Note"}}), nil),
		keep("§3.5 text and warning by language only", arrives, from(members{"content": nil, "contentMap": members{"pt-br": "<p>olá</p>"}, "summaryMap": members{"pt-br": "aviso"}}),
			func(t *testing.T, w *world, _ sent) {
				if s := w.status("1"); s.Content != "<p>olá</p>" || s.SpoilerText != "aviso" || s.Language != "pt-BR" || !s.Sensitive {
					t.Errorf("kept as %+v", s)
				}
			}),
		keep("§3.5 an edit as old as the post is none", arrives, from(members{"updated": "2026-01-01T12:00:00Z"}), func(t *testing.T, w *world, _ sent) {
			if !w.status("1").EditedAt.IsZero() {
				t.Error("it counts as edited")
			}
		}),
		keep("§3.5 a year beyond 9999", arrives, from(members{"published": "10000-01-01T00:00:00Z"}), func(t *testing.T, w *world, _ sent) {
			if got := w.status("1").CreatedAt; !got.Equal(w.clock.Now()) {
				t.Errorf("written %s, want now", got)
			}
		}),
		only("mastodon-4.1", keep("§14.3/95 an Article (4.1)", "home+1 jobs+1 statuses+1", from(article),
			content(`<p>Title &amp; &lt;b&gt;more&lt;/b&gt;</p><p>about</p><p>`+pageLink("nofollow noopener noreferrer")+`</p>`))),
		only("mastodon", keep("§14.3/95 an Article", "home+1 jobs+1 statuses+1", from(article),
			content("<h2>Title & <b>more</b></h2>\n\nabout\n\n<p>"+pageLink("nofollow noopener")+`</p>`))),
	})
}

var article = members{"type": "Article", "name": "Title & <b>more</b>", "summary": "about", "url": "https://peer.example/a/1", "content": "long"}

func pageLink(rel string) string {
	return `<a href="https://peer.example/a/1" target="_blank" rel="` + rel + `" translate="no"><span class="invisible">https://</span><span class="">peer.example/a/1</span><span class="invisible"></span></a>`
}

// wantRule wants some entry of the log to have a fact by that rule.
func wantRule(t *testing.T, w *world, rule rules.ID) {
	t.Helper()
	for _, e := range w.entries(activitylog.Filter{Directions: []activitylog.Direction{activitylog.In, activitylog.Out, activitylog.Local}, Limit: 200}) {
		if e.Exchange.Rule == rule || strings.Contains(strings.Join(facts(w.entry(e)), " "), string(rule)) {
			return
		}
	}
	t.Errorf("the log knows nothing of %s", rule)
}

func TestEdgeIngest_edits(t *testing.T) {
	t.Parallel()
	run(t, []edge{{name: "§4.2 step 4 other attachments", outcome: accepted, rule: rules.AcceptUpdate, changed: "attachments+1 versions+2", send: func(w *world) sent {
		s := followed(w)
		picture := func(name, text string) members {
			return members{"type": "Document", "mediaType": "image/png", "url": "https://peer.test/" + name, "name": text}
		}
		w.send(s.berta, s.berta.creates(s.berta.note("1", members{"attachment": []any{picture("a", "A"), picture("b", "B")}})))
		return w.send(s.berta, s.berta.changes(s.berta.note("1", members{"updated": "2026-01-01T13:00:00Z", "attachment": []any{picture("c", "C"), picture("b", "other")}})))
	}, also: func(t *testing.T, w *world, _ sent) {
		var got []string
		for _, a := range shown(t, w, "1").MediaAttachments {
			got = append(got, *a.RemoteURL+" "+*a.Description)
		}
		if diff := cmp.Diff([]string{"https://peer.test/c C", "https://peer.test/b other"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if w.status("1").EditedAt.IsZero() {
			t.Error("it does not count as edited")
		}
	}}})
}

func TestEdgeIngest_actors(t *testing.T) {
	t.Parallel()
	change := func(change members) func(*world) sent {
		return func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.changes(with(s.berta.doc, change)))
		}
	}
	update := func(name, changed string, send func(*world) sent, also func(*testing.T, *world, sent)) edge {
		return edge{name: name, outcome: accepted, rule: rules.AcceptUpdate, changed: changed, send: send, also: also}
	}
	berta := func(t *testing.T, w *world) social.Account {
		t.Helper()
		a, err := w.in.Services.Store.AccountByURI(t.Context(), "https://peer.test/users/berta")
		w.must(err)
		return a
	}
	acct := func(want string) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			if got := berta(t, w).Acct(); got != want {
				t.Errorf("berta is %s, want %s", got, want)
			}
		}
	}
	run(t, []edge{
		update("§2.5 a whole profile", "emojis+1", change(members{
			"name": "Berta :cat:", "summary": "<p>hi<script>x</script></p>", "indexable": true, "memorial": true, "type": "Service", "manuallyApprovesFollowers": true,
			"showMedia": true, "showRepliesInMedia": false, "showFeatured": false,
			"alsoKnownAs": []any{"https://old.test/u"}, "attributionDomains": []any{"blog.test"}, "icon": members{"type": "Image", "url": "https://peer.test/i.png", "summary": "me"},
			"attachment": []any{members{"type": "PropertyValue", "name": "site", "value": `<a href="https://x.test" onclick="y">x</a>`}},
			"tag":        []any{members{"type": "Emoji", "name": ":cat:", "icon": members{"type": "Image", "url": "https://peer.test/cat.png"}}},
		}), func(t *testing.T, w *world, _ sent) {
			got := api[clientapi.Account](t, w, "/api/v1/accounts/"+berta(t, w).ID.String())
			if len(got.Fields) != 1 || strings.Contains(got.Fields[0].Value, "onclick") || got.Fields[0].Name != "site" || len(got.Emojis) != 1 ||
				!got.Indexable || !got.Memorial || !got.Bot || !got.Locked || got.AvatarDescription != "me" || !got.ShowMedia || got.ShowMediaReplies || got.ShowFeatured {
				t.Errorf("shown as %+v", got)
			}
		}),
		update("§2.5 a profile that does not say what it shows, shows all", "", func(w *world) sent {
			s := followed(w)
			s.berta.doc["showMedia"], s.berta.doc["showRepliesInMedia"], s.berta.doc["showFeatured"] = false, false, "no"
			w.send(s.berta, s.berta.changes(s.berta.doc))
			delete(s.berta.doc, "showMedia")
			return w.send(s.berta, s.berta.changes(s.berta.doc))
		}, func(t *testing.T, w *world, _ sent) {
			got := api[clientapi.Account](t, w, "/api/v1/accounts/"+berta(t, w).ID.String())
			if !got.ShowMedia || got.ShowMediaReplies || !got.ShowFeatured {
				t.Errorf("media %v, answers there %v, featured %v are shown, want true false true", got.ShowMedia, got.ShowMediaReplies, got.ShowFeatured)
			}
		}),
		update("§2.5 lists of people without a first page are hidden ones", "", func(w *world) sent {
			s := followed(w)
			s.p.has(members{"@context": activityStreams, "id": s.berta.uri + "/followers", "type": "OrderedCollection", "totalItems": 7})
			return w.send(s.berta, s.berta.changes(s.berta.doc))
		}, func(t *testing.T, w *world, _ sent) {
			if a := berta(t, w); !a.HideCollections || a.FollowersCount != 7 {
				t.Errorf("hidden %v with %d followers, want hidden with 7", a.HideCollections, a.FollowersCount)
			}
		}),
		update("§2.5 moved to somebody not known yet", "accounts+1", func(w *world) sent {
			w.peer("new.test").actor("bertha")
			return change(members{"movedTo": "https://new.test/users/bertha"})(w)
		}, func(t *testing.T, w *world, _ sent) {
			got := api[clientapi.Account](t, w, "/api/v1/accounts/"+berta(t, w).ID.String())
			if got.Moved == nil || got.Moved.Acct != "bertha@new.test" {
				t.Errorf("moved to %+v, want bertha", got.Moved)
			}
			wantRule(t, w, rules.FetchMovedTo)
		}),
		update("§2.5 moved to somebody who moved on", "", func(w *world) sent {
			next := w.peer("new.test").actor("bertha")
			next.doc["movedTo"] = "https://third.test/users/b"
			return change(members{"movedTo": next.uri})(w)
		}, func(t *testing.T, w *world, _ sent) {
			if to := berta(t, w).MovedToID; to != 0 {
				t.Errorf("moved to %d, want nobody", to)
			}
		}),
		only("mastodon", update("§14.3/92 a new handle that WebFinger proves", "", func(w *world) sent {
			s := followed(w)
			s.p.says("bertha@peer.test", s.berta.uri)
			return w.send(s.berta, s.berta.changes(with(s.berta.doc, members{"preferredUsername": "bertha"})))
		}, func(t *testing.T, w *world, s sent) {
			acct("bertha@peer.test")(t, w, s)
			wantRule(t, w, rules.LearnRenamed)
		})),
		only("mastodon", update("§14.3/92 a new handle that nothing proves", "", change(members{"preferredUsername": "bertha"}), acct("berta@peer.test"))),
		only("mastodon", update("§1.2 a new handle that somebody else had", "", func(w *world) sent {
			s := followed(w)
			other := s.p.actor("bertha")
			other.known()
			s.p.says("bertha@peer.test", s.berta.uri)
			return w.send(s.berta, s.berta.changes(with(s.berta.doc, members{"preferredUsername": "bertha"})))
		}, func(t *testing.T, w *world, s sent) {
			acct("bertha@peer.test")(t, w, s)
			lost, err := w.in.Services.Store.AccountByURI(t.Context(), "https://peer.test/users/bertha")
			if err != nil || lost.Acct() != lost.ID.String()+"@handle.invalid" {
				t.Errorf("the other is %s (%v), want an invalid handle", lost.Acct(), err)
			}
			if got := api[clientapi.Account](t, w, "/api/v1/accounts/"+lost.ID.String()); !got.InvalidHandle {
				t.Error("apps are not told that the handle is invalid")
			}
			wantRule(t, w, rules.FetchHandleLost)
		})),
		only("mastodon", update("§1.2 the handle that a document states itself", "", func(w *world) sent {
			s := followed(w)
			w.peer("named.test").says("b@named.test", s.berta.uri)
			return w.send(s.berta, s.berta.changes(with(s.berta.doc, members{"webfinger": "b@named.test"})))
		}, acct("b@named.test"))),
		only("mastodon-4.1", update("§1.2 the handle that a document states itself (4.1)", "", change(members{"webfinger": "b@named.test"}), acct("berta@peer.test"))),
		only("mastodon", edge{name: "§2.5 the actor is gone for good", status: http.StatusUnauthorized, outcome: rejected, rule: rules.KeyRefreshFailed, changed: "accounts-1 follows-1", send: gone, also: func(t *testing.T, w *world, _ sent) {
			wantRule(t, w, rules.LearnActorGone)
		}}),
	})
}

// gone sends something signed with another key by somebody whose document answers 410.
func gone(w *world) sent {
	s := followed(w)
	doc := s.berta.doc
	s.berta.rotate()
	s.berta.doc = doc
	s.p.answers("/users/berta", func(ctx *fasthttp.RequestCtx) { ctx.SetStatusCode(http.StatusGone) })
	return w.send(s.berta, s.berta.creates(s.berta.note("1")))
}

func TestEdgeIngest_strangers(t *testing.T) {
	t.Parallel()
	naming := func(uris []string) func(*world) sent {
		return func(w *world) sent {
			s := followed(w)
			var tags []any
			for _, uri := range uris {
				tags = append(tags, members{"type": "Mention", "href": uri, "name": "@x"})
			}
			return w.send(s.berta, s.berta.creates(s.berta.note("1", members{"tag": tags})))
		}
	}
	run(t, []edge{
		{name: "§1.2 twelve subdomains of one domain", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "accounts+10 home+1 mentions+10 statuses+1",
			send: func(w *world) sent {
				var uris []string
				for i := range 12 {
					uris = append(uris, w.peer(fmt.Sprintf("s%d.many.test", i)).actor("x").uri)
				}
				return naming(uris)(w)
			}, also: func(t *testing.T, w *world, _ sent) { wantRule(t, w, rules.LimitSubdomains) }},
	})
}
