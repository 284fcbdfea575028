package richtext_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"orrery/social/richtext"
)

// However much goes through it, what was cleaned before comes back the same, for each version.
func TestCleaned(t *testing.T) {
	t.Parallel()
	var c richtext.Cleaned
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 400 {
				// 400 texts of 20 KB are more than is remembered.
				text := fmt.Sprintf(`<p class="x">%d <s onclick="x">a</s></p>`, (i*(worker+1))%400) + strings.Repeat("long ", 4<<10)
				for _, v := range []richtext.Version{richtext.Current, richtext.Mastodon41} {
					if got, want := c.Sanitize(v, text), v.Sanitize(text); got != want {
						t.Errorf("version %d: got %.80q, want %.80q", v, got, want)
					}
				}
			}
		})
	}
	wg.Wait()
	var none *richtext.Cleaned
	if got, want := none.Sanitize(richtext.Current, "<b onclick=x>bold"), richtext.Current.Sanitize("<b onclick=x>bold"); got != want {
		t.Errorf("without a memory: got %q, want %q", got, want)
	}
}
