package server_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/federation/rules"
	"orrery/social"
)

// TestEdgeMediaRefused is what is kept of a server whose media are refused (federation.md §11).
func TestEdgeMediaRefused(t *testing.T) {
	t.Parallel()
	picture := func(name string) members {
		return members{"type": "Image", "mediaType": "image/png", "url": "https://peer.test/" + name, "name": "a " + name}
	}
	cat := members{"type": "Emoji", "id": "https://peer.test/emojis/1", "name": ":cat:", "icon": picture("cat.png")}
	post := members{"attachment": []any{picture("1.png")}, "tag": []any{cat}, "content": "<p>:cat:</p>"}
	refused := func(then func(s stage) members) func(w *world) sent {
		return func(w *world) sent {
			s := followed(w)
			w.decides(social.DomainBlock{Severity: social.SeverityNoop, RejectMedia: true})
			return w.send(s.berta, then(s))
		}
	}
	linked := func(t *testing.T, w *world, _ sent) {
		t.Helper()
		s := shown(t, w, "1")
		if len(s.MediaAttachments) != 1 || s.MediaAttachments[0].Type != "unknown" || *s.MediaAttachments[0].RemoteURL != "https://peer.test/1.png" {
			t.Errorf("shows %+v, want a link to the picture", s.MediaAttachments)
		}
		if len(s.Emojis) != 0 {
			t.Errorf("shows the emojis %+v, want none", s.Emojis)
		}
		wantRule(t, w, rules.LimitMedia)
	}
	run(t, []edge{
		{name: "§11 reject_media: a post with a picture and an emoji", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "attachments+1 home+1 statuses+1",
			send: refused(func(s stage) members { return s.berta.creates(s.berta.note("1", post)) }), also: linked},
		{name: "§11 reject_media: an edit that adds them", outcome: accepted, rule: rules.AcceptUpdate, changed: "attachments+1 versions+2",
			send: refused(func(s stage) members {
				s.world.send(s.berta, s.berta.creates(s.berta.note("1")))
				return s.berta.changes(s.berta.note("1", post, members{"updated": "2026-01-01T13:00:00Z"}))
			}), also: linked},
		{name: "§11 reject_media: a face", outcome: accepted, rule: rules.AcceptUpdate,
			send: refused(func(s stage) members {
				return s.berta.changes(with(s.berta.doc, members{"icon": picture("face.png"), "image": picture("top.png"), "name": "Berta"}))
			}), also: func(t *testing.T, w *world, _ sent) {
				if a := bertaOf(w); a.AvatarURL != "" || a.HeaderURL != "" || a.DisplayName != "Berta" {
					t.Errorf("berta is kept with the pictures %q and %q as %q, want the name alone", a.AvatarURL, a.HeaderURL, a.DisplayName)
				}
			}},
	})
}

// TestEdgeFingerGone is what 410 from WebFinger means: the account ended, in every version (federation.md §1.2).
func TestEdgeFingerGone(t *testing.T) {
	t.Parallel()
	gone := func(p *peer) {
		p.answers("/.well-known/webfinger", func(ctx *fasthttp.RequestCtx) { ctx.SetStatusCode(http.StatusGone) })
	}
	run(t, []edge{
		{name: "§1.2 WebFinger answers 410 when a failed check reads a stale actor again", status: 401, outcome: rejected, rule: rules.KeyRefreshFailed,
			changed: "accounts-1 follows-1", send: func(w *world) sent {
				s := followed(w)
				w.advance(25 * time.Hour)
				gone(s.p)
				s.berta.key = w.key()
				return w.send(s.berta, s.berta.creates(s.berta.note("1", members{"published": nil})))
			}},
		{name: "§1.2 WebFinger answers 410 when somebody is named a day later", outcome: accepted, rule: rules.AcceptFollowsAuthor,
			changed: arrives, send: func(w *world) sent {
				s := followed(w)
				s.p.actor("carol").known()
				w.advance(25 * time.Hour)
				gone(s.p)
				w.publish(w.here("alice"), social.Draft{Text: "hello @carol@peer.test"})
				w.settle()
				return w.send(s.berta, s.berta.creates(s.berta.note("1", members{"published": nil})))
			}, also: func(t *testing.T, w *world, _ sent) {
				if a, err := w.in.Services.Store.AccountByURI(t.Context(), "https://peer.test/users/carol"); !errors.Is(err, social.ErrNotFound) {
					t.Errorf("carol is kept as %s (%v), want nobody", a.Acct(), err)
				}
				wantRule(t, w, rules.LearnActorGone)
			}},
	})
}
