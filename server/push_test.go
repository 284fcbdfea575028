package server_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/clientapi"
	"orrery/social"
)

// browser is a program that wants to be told, and the push service that it uses.
type browser struct {
	t       *testing.T
	private *ecdh.PrivateKey
	auth    []byte
	status  int // what the service answers
	got     []clientapi.WebPushMessage
	tries   int
}

func (w *world) browser() *browser {
	w.t.Helper()
	private, err := ecdh.P256().GenerateKey(rand.Reader)
	w.must(err)
	b := &browser{t: w.t, private: private, auth: []byte("sixteen bytes ok"), status: 201}
	w.net.Handle("push.test", func(ctx *fasthttp.RequestCtx) {
		b.tries++
		if ctx.SetStatusCode(b.status); b.status == 201 {
			b.got = append(b.got, b.open(ctx))
		}
	})
	return b
}

// open decrypts as RFC 8291 §3 tells browsers to.
func (b *browser) open(ctx *fasthttp.RequestCtx) (m clientapi.WebPushMessage) {
	h := &ctx.Request.Header
	if string(h.Peek("Content-Encoding")) != "aes128gcm" || !strings.HasPrefix(string(h.Peek("Authorization")), "vapid t=") || len(h.Peek("TTL")) == 0 {
		b.t.Errorf("the push service got the header\n%s", h.String())
	}
	body := ctx.PostBody()
	derive := func(secret, salt []byte, info string, n int) []byte {
		key, err := hkdf.Key(sha256.New, secret, salt, info, n)
		if err != nil {
			b.t.Error(err)
		}
		return key
	}
	sender, err := ecdh.P256().NewPublicKey(body[21:86])
	if err != nil {
		b.t.Error(err)
		return m
	}
	shared, err := b.private.ECDH(sender)
	if err != nil {
		b.t.Error(err)
	}
	material := derive(shared, b.auth, "WebPush: info\x00"+string(b.private.PublicKey().Bytes())+string(sender.Bytes()), 32)
	block, err := aes.NewCipher(derive(material, body[:16], "Content-Encoding: aes128gcm\x00", 16))
	if err != nil {
		b.t.Error(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		b.t.Error(err)
	}
	plain, err := aead.Open(nil, derive(material, body[:16], "Content-Encoding: nonce\x00", 12), body[86:], nil)
	if err != nil || plain[len(plain)-1] != 2 {
		b.t.Errorf("decrypt: %v", err)
		return m
	}
	if err := json.Unmarshal(plain[:len(plain)-1], &m); err != nil {
		b.t.Error(err)
	}
	return m
}

// subscribe makes b's subscription for somebody, by a token of theirs.
func (w *world) subscribe(b *browser, owner social.Account, policy social.PushPolicy) social.PushSubscription {
	w.t.Helper()
	secret, token, err := w.in.Services.SignIns.Token(w.t.Context(), owner.ID, 0, "read push")
	w.must(err)
	p := social.PushSubscription{
		ID: w.in.Services.Statuses.NewID(), AccountID: owner.ID, TokenHash: token.Hash, AccessToken: secret, Endpoint: "https://push.test/to/" + owner.Username,
		P256dh: base64.RawURLEncoding.EncodeToString(b.private.PublicKey().Bytes()), Auth: base64.StdEncoding.EncodeToString(b.auth),
		Standard: true, Alerts: []social.NotificationType{social.NotifyMention, social.NotifyFavourite}, Policy: policy, CreatedAt: w.clock.Now(),
	}
	w.must(w.in.Services.Store.PutPushSubscription(w.t.Context(), p))
	return p
}

func (w *world) pushed(p social.PushSubscription) bool {
	w.t.Helper()
	_, err := w.in.Services.Store.PushSubscriptionByID(w.t.Context(), p.ID)
	return err == nil
}

func TestPush_tells_what_was_asked_for(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice, bob := w.person("alice"), w.person("bob")
	b := w.browser()
	p := w.subscribe(b, alice, social.PushAll)
	w.say(bob, "hello @alice, <how> are you?")
	mine := w.say(alice, "like or boost this")
	_, err := w.in.Services.Statuses.Boost(t.Context(), bob.ID, mine.ID, social.Public) // not asked for
	w.must(err)
	w.settle()
	if len(b.got) != 1 {
		t.Fatalf("the browser got %+v, want one message", b.got)
	}
	got := b.got[0]
	ns, err := w.in.Services.Store.Notifications(t.Context(), alice.ID, social.NotificationFilter{Types: []social.NotificationType{social.NotifyMention}}, social.Page{Limit: 1})
	w.must(err)
	if got.NotificationType != "mention" || got.NotificationID != int64(ns[0].ID) || got.AccessToken != p.AccessToken ||
		got.Title != "bob mentioned you" || got.Body != "hello @alice, <how> are you?" || got.PreferredLocale != "en" || !strings.HasPrefix(got.Icon, "https://") {
		t.Errorf("the browser got %+v", got)
	}
}

func TestPush_tries_again_and_forgets_who_is_gone(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice, bob := w.person("alice"), w.person("bob")
	b := w.browser()
	p := w.subscribe(b, alice, social.PushAll)
	b.status = 503
	w.say(bob, "@alice once")
	w.settle()
	if b.tries != 1 || !w.pushed(p) {
		t.Fatalf("after a 503: %d tries, subscribed %v", b.tries, w.pushed(p))
	}
	b.status = 201
	w.advance(time.Minute)
	if len(b.got) != 1 || b.tries != 2 {
		t.Errorf("after a minute: %d messages in %d tries, want 1 in 2", len(b.got), b.tries)
	}
	b.status = 410
	w.say(bob, "@alice twice")
	w.settle()
	if w.pushed(p) {
		t.Error("after a 410 the subscription is still there")
	}
	w.say(bob, "@alice thrice")
	w.settle()
	if b.tries != 3 {
		t.Errorf("%d tries, want 3: nothing is sent to who is gone", b.tries)
	}
}

func TestPush_is_only_by_those_whom_the_policy_names_and_ends_with_the_token(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice, bob, carol := w.person("alice"), w.person("bob"), w.person("carol")
	b := w.browser()
	w.follows(alice, bob)
	p := w.subscribe(b, alice, social.PushFollowed)
	w.say(bob, "@alice from whom she follows")
	w.say(carol, "@alice from a stranger")
	w.settle()
	if len(b.got) != 1 || !strings.HasPrefix(b.got[0].Title, "bob") {
		t.Errorf("the browser got %+v, want bob's alone", b.got)
	}
	w.must(w.in.Services.Store.Atomically(t.Context(), func(ctx context.Context, tx social.Tx) error {
		return tx.RevokeTokens(ctx, []string{p.TokenHash}, w.clock.Now())
	}))
	if w.pushed(p) {
		t.Error("the subscription outlives its token")
	}
}
