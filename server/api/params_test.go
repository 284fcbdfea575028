package api

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParams_JSON(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]params{
		``:                                     {},
		`[1]`:                                  {},
		`null`:                                 {},
		`{"a":"x","b":1.50,"c":true,"d":null}`: {"a": {"x"}, "b": {"1.50"}, "c": {"true"}},
		`{"id":[1,"2"],"media_ids[]":[3]}`:     {"id": {"1", "2"}, "media_ids": {"3"}},
		`{"poll":{"options":["a","b"],"expires_in":9}}`: {"poll[options]": {"a", "b"}, "poll[expires_in]": {"9"}},
		`{"fields":[{"name":"n"}]}`:                     {"fields[0][name]": {"n"}},
	} {
		got := params{}
		if err := got.addJSON([]byte(document)); err != nil {
			t.Errorf("%s: %v", document, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", document, diff)
		}
	}
	for _, bad := range []string{`{`, `{"a":` + strings.Repeat(`{"a":`, 20) + `1` + strings.Repeat(`}`, 21)} {
		if err := (params{}).addJSON([]byte(bad)); err == nil {
			t.Errorf("%s was read, want an error", bad)
		}
	}
}

func TestParams_flag(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"true": "yes", "1": "yes", "False": "yes", "no": "yes",
		"false": "no", "0": "no", "f": "no", "F": "no", "FALSE": "no", "off": "no", "OFF": "no", "": "absent",
	} {
		got := "absent"
		if v := (params{"x": {word}}).flag("x"); v != nil {
			got = map[bool]string{true: "yes", false: "no"}[*v]
		}
		if got != want {
			t.Errorf("%q is %s, want %s", word, got, want)
		}
	}
}
