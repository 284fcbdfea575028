package webpush

import (
	"errors"
	"strings"
	"testing"
)

// Whatever a program calls a subscription: it is refused, or one to which something can be sealed.
func FuzzRecipient(f *testing.F) {
	f.Add("https://push.test/x", "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4", "BTBZMqHH6r4Tts7J_aSIgg", true)
	f.Add("http://push.test", "====", "AA+/", false)
	f.Fuzz(func(t *testing.T, endpoint, key, auth string, standard bool) {
		r, err := NewRecipient(endpoint, key, auth, standard)
		if err != nil {
			if !errors.Is(err, ErrRecipient) {
				t.Errorf("an error of no kind: %v", err)
			}
			return
		}
		if !strings.HasPrefix(strings.ToLower(r.Endpoint), "https:") || len(r.Auth) != 16 {
			t.Errorf("taken: %+v", r)
		}
	})
}
