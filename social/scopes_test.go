package social

import "testing"

func TestCovers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		granted, scope string
		want           bool
	}{
		{"read", "read", true},
		{"read", "read:statuses", true},
		{"write", "read:statuses", false},
		{"read:statuses", "read", false},
		{"read:statuses", "read:statuses", true},
		{"push follow", "write:follows", true},
		{"follow", "read:mutes", true},
		{"follow", "write:statuses", false},
		{"follow", "follow", true},
		{"read write", "follow", false},
		{"read", "profile", false},
		{"profile", "read:accounts", false},
		{"read", "admin:read", false},
		{"admin:read", "admin:read:ip_blocks", true},
		{"admin:write", "admin:read:ip_blocks", false},
		{"", "read", false},
		{"rea", "read", false},
		{"read:", "read:statuses", false},
	} {
		if got := Covers(tt.granted, tt.scope); got != tt.want {
			t.Errorf("Covers(%q, %q) = %v, want %v", tt.granted, tt.scope, got, tt.want)
		}
	}
	for _, scope := range AllScopes() {
		if !KnownScope(scope) {
			t.Errorf("%s is listed and not known", scope)
		}
	}
	for _, scope := range []string{"", "read:", "READ", "admin", "read:push", "write:search", "read statuses"} {
		if KnownScope(scope) {
			t.Errorf("%q is known", scope)
		}
	}
}
