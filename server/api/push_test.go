package api

import (
	"net/http"
	"net/url"
	"testing"

	"orrery/storage/storagetest/prepared"
)

type subscription struct {
	ID, Endpoint, Policy string
	Standard             bool
	Alerts               map[string]bool
	ServerKey            string `json:"server_key"`
}

const (
	pushPath = "/api/v1/push/subscription"
	// The example keys of RFC 8291.
	p256dh   = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
	pushAuth = "BTBZMqHH6r4Tts7J_aSIgg"
)

func pushForm(endpoint, key, auth string, more ...string) string {
	f := url.Values{"subscription[endpoint]": {endpoint}, "subscription[keys][p256dh]": {key}, "subscription[keys][auth]": {auth}}
	for i := 0; i+1 < len(more); i += 2 {
		f.Set(more[i], more[i+1])
	}
	return f.Encode()
}

func TestPush_subscriptions(t *testing.T) {
	t.Parallel()
	prepared.Each(t, func(t *testing.T, dsn string) {
		w := newWorldOn(t, dsn)
		w.fails("alice", "GET", pushPath, "", http.StatusNotFound)
		w.fails("alice", "PUT", pushPath, "data[policy]=all", http.StatusNotFound)
		made := ok[subscription](w, "alice", "POST", pushPath, pushForm("https://push.test/1", p256dh, pushAuth+"==", "data[alerts][mention]", "true",
			"data[alerts][poll]", "0", "subscription[standard]", "1"))
		if made.Endpoint != "https://push.test/1" || made.Policy != "all" || !made.Standard || !made.Alerts["mention"] || made.Alerts["poll"] || made.ServerKey != "the key of alpha" {
			t.Errorf("made %+v", made)
		}
		w.fails("bob", "GET", pushPath, "", http.StatusNotFound)
		changed := ok[subscription](w, "alice", "PUT", pushPath, "data[alerts][poll]=true&data[policy]=follower")
		if !changed.Alerts["mention"] || !changed.Alerts["poll"] || changed.Policy != "follower" || changed.ID != made.ID || changed.Endpoint != made.Endpoint {
			t.Errorf("changed %+v", changed)
		}
		w.fails("alice", "PUT", pushPath, "data[policy]=sometimes", http.StatusUnprocessableEntity)
		res := w.sendJSON("alice", "POST", pushPath, `{"subscription":{"endpoint":"https://push.test/2","keys":{"p256dh":"`+p256dh+`","auth":"`+pushAuth+`"}},"data":{"alerts":{"follow":true}}}`)
		if res.status != http.StatusOK {
			t.Fatalf("POST as JSON: %d %s", res.status, res.body)
		}
		again := ok[subscription](w, "alice", "GET", pushPath, "")
		if again.Endpoint != "https://push.test/2" || again.Standard || !again.Alerts["follow"] || again.Alerts["mention"] || again.ID == made.ID {
			t.Errorf("the second one is %+v", again)
		}
		w.do("alice", "DELETE", pushPath, "")
		w.fails("alice", "GET", pushPath, "", http.StatusNotFound)
		if got := w.do("alice", "DELETE", pushPath, ""); got.status != http.StatusOK || string(got.body) != "{}" {
			t.Errorf("deleting nothing: %d %s", got.status, got.body)
		}
	})
}

func TestPush_refuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fails("alice", "POST", pushPath, "", http.StatusBadRequest)
	for name, form := range map[string]string{
		"http":      pushForm("http://push.test/1", p256dh, pushAuth),
		"no url":    pushForm("x", p256dh, pushAuth),
		"no key":    pushForm("https://push.test/1", "AAAA", pushAuth),
		"no base64": pushForm("https://push.test/1", "%%", pushAuth),
		"auth":      pushForm("https://push.test/1", p256dh, "AAAA"),
		"policy":    pushForm("https://push.test/1", p256dh, pushAuth, "data[policy]", "x"),
	} {
		t.Log(name)
		w.fails("alice", "POST", pushPath, form, http.StatusUnprocessableEntity)
	}
	w.fails("alice", "GET", pushPath, "", http.StatusNotFound)
}
