package translate_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/internal/golden"
	"orrery/social/socialtest"
)

func TestPollDocuments(t *testing.T) {
	t.Parallel()
	running, over := writer(), writer()
	running.Now = func() time.Time { return socialtest.Now() }
	over.Now = func() time.Time { return socialtest.Now().Add(48 * time.Hour) }
	secret := socialtest.Poll()
	secret.Poll.HideTotals, secret.Poll.Multiple = true, true
	berta, question := socialtest.Berta(), socialtest.Poll()
	for _, tt := range []struct {
		name string
		doc  vocab.Object
	}{
		{"question", running.NoteDocument(question, translate.Replies{})},
		{"question_over", over.NoteDocument(question, translate.Replies{})},
		{"question_secret", running.NoteDocument(secret, translate.Replies{})},
		{"update_poll", running.UpdatePoll(question, socialtest.Now())},
		{"vote", running.Vote(question.Author, berta, 9, socialtest.Article().Status, "Mars & Venus")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			golden.JSON(t, tt.name, tt.doc)
		})
	}
	order := []string{}
	for _, m := range over.Note(question, translate.Replies{}) {
		if slices.Contains([]string{"contentMap", "endTime", "closed", "votersCount", "attachment", "replies", "oneOf"}, m.Name) {
			order = append(order, m.Name)
		}
	}
	if diff := cmp.Diff([]string{"contentMap", "endTime", "closed", "votersCount", "attachment", "replies", "oneOf"}, order); diff != "" {
		t.Errorf("order of the members (-want +got):\n%s", diff)
	}
}

func TestPoll_end(t *testing.T) {
	t.Parallel()
	now := socialtest.Now()
	for name, tt := range map[string]struct {
		in   vocab.Poll
		want time.Time
	}{
		"never":                            {vocab.Poll{}, time.Time{}},
		"said":                             {vocab.Poll{End: now.Add(time.Hour)}, now.Add(time.Hour)},
		"over, since when it does not say": {vocab.Poll{Closed: true}, now},
		"over before its time":             {vocab.Poll{Closed: true, End: now.Add(time.Hour)}, now},
		"over, and says since when":        {vocab.Poll{Closed: true, End: now.Add(-time.Hour)}, now.Add(-time.Hour)},
	} {
		if got := translate.Poll(&tt.in, now).ExpiresAt; !got.Equal(tt.want) {
			t.Errorf("%s: ends %s, want %s", name, got, tt.want)
		}
	}
	if translate.Poll(nil, now) != nil {
		t.Error("no poll became one")
	}
}
