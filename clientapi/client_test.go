package clientapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestClient_sendsWhatServersExpect(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		call func(*Client) error
		want string // method, target, body
	}{
		{"post", func(c *Client) error {
			_, err := c.Post(t.Context(), NewStatus{Status: "Hi & bye", Visibility: "private", InReplyToID: "7", IdempotencyKey: "k"})
			return err
		}, "POST /api/v1/statuses in_reply_to_id=7&status=Hi+%26+bye&visibility=private key=k"},
		{"boost", func(c *Client) error { _, err := c.Boost(t.Context(), "7", ""); return err }, "POST /api/v1/statuses/7/reblog  key="},
		{"search", func(c *Client) error { _, err := c.Search(t.Context(), "@a@b.test", true); return err },
			"GET /api/v2/search?q=%40a%40b.test&resolve=true  key="},
		{"an odd id stays one segment", func(c *Client) error { _, err := c.Account(t.Context(), "../7"); return err },
			"GET /api/v1/accounts/..%2F7  key="},
		{"authorize", func(c *Client) error { _, err := c.AuthorizeFollow(t.Context(), "7"); return err },
			"POST /api/v1/follow_requests/7/authorize  key="},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				got = r.Method + " " + r.RequestURI + " " + string(body) + " key=" + r.Header.Get("Idempotency-Key")
				if auth := r.Header.Get("Authorization"); auth != "Bearer secret" {
					t.Errorf("Authorization = %q, want the token", auth)
				}
				io.WriteString(w, "{}")
			}))
			defer server.Close()
			if err := tt.call(&Client{BaseURL: server.URL, Token: "secret", HTTP: server.Client()}); err != nil {
				t.Fatalf("call: %v", err)
			}
			if got != tt.want {
				t.Errorf("sent %q, want %q", got, tt.want)
			}
		})
	}
}

func TestClient_errorsCarryTheServersSentence(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"error":"Record not found"}`: "Record not found",
		`<h1>Oops</h1>`:                "<h1>Oops</h1>",
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			io.WriteString(w, body)
		}))
		_, err := (&Client{BaseURL: server.URL, HTTP: server.Client()}).Status(context.Background(), "1")
		server.Close()
		var answer *ResponseError
		if !errors.As(err, &answer) || answer.Status != http.StatusNotFound || answer.Message != want {
			t.Errorf("error of %s is %#v, want 404 %q", body, err, want)
		}
	}
}
