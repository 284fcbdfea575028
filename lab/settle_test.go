package lab_test

import (
	"strings"
	"testing"

	"orrery/clientapi"
	"orrery/lab"
)

// What is due has a name, so that a lab that never comes to rest can say what keeps moving.
func TestMoving(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	l := newLab(t)
	if _, err := as(t, l, "alice").Post(ctx, clientapi.NewStatus{Status: "Hello world"}); err != nil {
		t.Fatal(err)
	}
	got, err := l.Moving(ctx)
	if err != nil || len(got) == 0 || !strings.HasPrefix(got[0], "academy: 1 × ") {
		t.Errorf("got %q, %v, want the work that the post left on academy", got, err)
	}
	never := &lab.RestlessError{Jobs: 7, Moving: got}
	if !strings.Contains(never.Error(), "7 jobs were done and there are more. What keeps moving: academy: 1 × ") {
		t.Errorf("the sentence is %q", never)
	}
	if err := l.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	if got, err = l.Moving(ctx); err != nil || len(got) != 0 {
		t.Errorf("after it settled: got %q, %v, want nothing", got, err)
	}
}
