package scenarios_test

import (
	"testing"

	"orrery/scenarios"
	"orrery/scenarios/play"
)

// Every example of the reference page holds.
func TestReference_examplesHold(t *testing.T) {
	t.Parallel()
	for _, w := range play.Words() {
		t.Run(w.Group+"/"+w.Word, func(t *testing.T) {
			t.Parallel()
			holds(t, w.Word, w.Script(), scenarios.Options{})
		})
	}
}
