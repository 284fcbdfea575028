package social_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/social"
)

func TestShortcodes(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{"no colon", nil},
		{":cat:", []string{"cat"}},
		{"<p>a :cat: and :Dog_2:, :cat: again</p>", []string{"cat", "Dog_2"}},
		{"one letter :a: is none", nil},
		{":cat::dog:", nil},
		{":cat: :dog:", []string{"cat", "dog"}},
		{"x:cat: and :dog:x", nil},
		{"日:cat:", nil},
		{"10:30:45", nil},
		{"unclosed :cat", nil},
		{": :cat:", []string{"cat"}},
		{":ca-t: :dog:", []string{"dog"}},
	} {
		if diff := cmp.Diff(tt.want, social.Shortcodes(tt.text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
	var many strings.Builder
	for i := range 1000 {
		many.WriteString(" :e" + social.ID(i).String() + ":")
	}
	if n := len(social.Shortcodes(many.String())); n != 200 {
		t.Errorf("got %d of a thousand, want 200", n)
	}
}
