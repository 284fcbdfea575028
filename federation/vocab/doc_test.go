package vocab_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/vocab"
)

func TestDecode(t *testing.T) {
	t.Parallel()
	nest := func(open, end string, n int) string { return strings.Repeat(open, n) + "1" + strings.Repeat(end, n) }
	for _, tt := range []struct {
		name, in string
		want     error // nil when it reads
	}{
		{"an object", `{"id":"https://a.test/1"}`, nil},
		{"an empty object", ` {} `, nil},
		{"nothing", ``, vocab.ErrMalformed},
		{"spaces", " \n\t", vocab.ErrMalformed},
		{"half an object", `{"id":"https://a.t`, vocab.ErrMalformed},
		{"words", `hello`, vocab.ErrMalformed},
		{"HTML", `<!doctype html><p>{}</p>`, vocab.ErrMalformed},
		{"a comment", `{/*x*/}`, vocab.ErrMalformed},
		{"a trailing comma", `{"a":1,}`, vocab.ErrMalformed},
		{"a byte order mark", "\ufeff{}", vocab.ErrMalformed},
		{"an array", `[{"id":"https://a.test/1"}]`, vocab.ErrNotObject},
		{"a string", `"https://a.test/1"`, vocab.ErrNotObject},
		{"a number", `1`, vocab.ErrNotObject},
		{"null", `null`, vocab.ErrNotObject},
		{"true", `true`, vocab.ErrNotObject},
		{"a second document behind it", `{} {}`, vocab.ErrMalformed},
		{"a bracket behind it", `{}]`, vocab.ErrMalformed},
		{"a word behind it", `{} x`, vocab.ErrMalformed},
		{"objects 100 deep", `{"a":` + nest("[", "]", 99) + `}`, nil},
		{"objects 101 deep", `{"a":` + nest("[", "]", 100) + `}`, vocab.ErrTooDeep},
		{"members 100 deep", nest(`{"a":`, "}", 100), nil},
		{"members 101 deep", nest(`{"a":`, "}", 101), vocab.ErrTooDeep},
		{"a mebibyte of brackets", strings.Repeat("[", 1<<20), vocab.ErrTooDeep},
		{"brackets inside a string do not nest", `{"a":"` + strings.Repeat("[{", 200) + `"}`, nil},
		{"nor behind an escaped quote", `{"a":"\"` + strings.Repeat("[", 200) + `"}`, nil},
		{"an escaped backslash ends no string early", `{"a":"\\","b":` + nest("[", "]", 100) + `}`, vocab.ErrTooDeep},
		{"closing brackets buy no depth", `{"a":` + strings.Repeat("]", 50) + nest("[", "]", 120) + `}`, vocab.ErrMalformed},
		{"wide is not deep", `{"a":[` + strings.Repeat("[],", 5000) + `[]]}`, nil},
		{"NUL as it is", "{\"a\":\"\x00\"}", vocab.ErrMalformed},
		{"NUL escaped (row 55)", `{"a":"x\u0000y"}`, vocab.ErrMalformed},
		{"NUL in a name", `{"\u0000":1}`, vocab.ErrMalformed},
		{"the text of that escape is no NUL", `{"a":"\\u0000"}`, nil},
		{"another control character escaped", `{"a":"\u0001"}`, nil},
		{"a backslash at the very end", `{"a":"\`, vocab.ErrMalformed},
		{"a newline inside a string", "{\"a\":\"x\ny\"}", vocab.ErrMalformed},
		{"a number that no float holds", `{"a":1e999999}`, nil},
		{"not a number", `{"a":NaN}`, vocab.ErrMalformed},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc, err := vocab.Decode([]byte(tt.in))
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if (doc != nil) != (tt.want == nil) {
				t.Errorf("got the document %v with error %v", doc, err)
			}
		})
	}
}

func TestDecode_repairs_what_is_not_UTF8(t *testing.T) {
	t.Parallel()
	doc, err := vocab.Decode([]byte("{\"a\":\"x\xff\xc3y\",\"b\":\"\\ud800\"}"))
	if err != nil {
		t.Fatal(err)
	}
	want := vocab.Doc{"a": "x\ufffd\ufffdy", "b": "\ufffd"}
	if diff := cmp.Diff(want, doc); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestDecode_takes_the_last_of_two_members(t *testing.T) {
	t.Parallel()
	doc := decode(t, `{"id":"https://a.test/1","id":"https://a.test/2"}`)
	if got := doc.String("id"); got != "https://a.test/2" {
		t.Errorf("got %s, want the last", got)
	}
}

func TestNumbersSurviveBeingPassedOn(t *testing.T) {
	t.Parallel()
	const in = `{"big":123456789012345678901234567890,"exact":1.0,"small":1e-400,"zero":-0}`
	got, err := vocab.Encode(decode(t, in))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != in {
		t.Errorf("got %s, want %s", got, in)
	}
}

func TestEncode_leaves_markup_alone(t *testing.T) {
	t.Parallel()
	o := vocab.Object{{Name: "<a>", Value: "<p>Q&A</p>"}, {Name: "none", Value: nil}, {Name: "in", Value: vocab.Object{{Name: "z", Value: 1}, {Name: "a", Value: []string{}}}}}
	got, err := vocab.Encode(o)
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"<a>":"<p>Q&A</p>","none":null,"in":{"z":1,"a":[]}}`; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := vocab.Encode(vocab.Object{{Name: "f", Value: func() {}}}); err == nil {
		t.Error("a function was written, want an error")
	}
}

func TestObject_With_leaves_its_origin_alone(t *testing.T) {
	t.Parallel()
	base := make(vocab.Object, 0, 8).With("a", 1)
	x, y := base.With("b", "x"), base.With("b", "y")
	if x.Get("b") != "x" || y.Get("b") != "y" || base.Get("b") != nil {
		t.Errorf("got %v, %v and %v, want x, y and nothing", x, y, base)
	}
}

func TestAccessors(t *testing.T) {
	t.Parallel()
	doc := decode(t, `{
		"string":"s", "number":7, "negative":-1, "fraction":1.5, "true":true, "word":"true", "null":null,
		"object":{"id":"https://a.test/o"}, "strings":["s1","s2"], "objects":[1,{"id":"https://a.test/1"},{"id":"https://a.test/2"}],
		"mixed":[null,{"name":"no id"},{"id":7},"https://a.test/3",["https://a.test/4"]], "empty":[], "":"unnamed",
		"type":["Note","ext:Thing"], "@context":["https://w3id.org/security/v1","https://www.w3.org/ns/activitystreams"]
	}`)
	for _, tt := range []struct {
		what      string
		got, want any
	}{
		{"String of a string", doc.String("string"), "s"},
		{"String of an array", doc.String("strings"), ""},
		{"String of nothing", doc.String("absent"), ""},
		{"Object of an object", doc.Object("object"), vocab.Doc{"id": "https://a.test/o"}},
		{"Object of an array is the first object", doc.Object("objects"), vocab.Doc{"id": "https://a.test/1"}},
		{"Object of a string", doc.Object("string"), vocab.Doc(nil)},
		{"Object of strings", doc.Object("strings"), vocab.Doc(nil)},
		{"List of an array", doc.List("strings"), []any{"s1", "s2"}},
		{"List of one", doc.List("string"), []any{"s"}},
		{"List of null", doc.List("null"), []any(nil)},
		{"List of an empty array", doc.List("empty"), []any{}},
		{"Ref of a string", doc.Ref("string"), "s"},
		{"Ref of an object", doc.Ref("object"), "https://a.test/o"},
		{"Ref of objects is the first with an id", doc.Ref("objects"), "https://a.test/1"},
		{"Ref passes over what has no id", doc.Ref("mixed"), "https://a.test/3"},
		{"Ref of a number", doc.Ref("number"), ""},
		{"Refs keeps the order", doc.Refs("objects"), []string{"https://a.test/1", "https://a.test/2"}},
		{"Refs looks into no array in an array", doc.Refs("mixed"), []string{"https://a.test/3"}},
		{"Refs of nothing", doc.Refs("absent"), []string(nil)},
		{"Bool of true", doc.Bool("true"), true},
		{"Bool of a word", doc.Bool("word"), false},
		{"Bool of nothing", doc.Bool("absent"), false},
		{"Count", doc.Count("number"), int64(7)},
		{"Count is not negative", doc.Count("negative"), int64(0)},
		{"Count of a fraction", doc.Count("fraction"), int64(0)},
		{"Count of a string", doc.Count("string"), int64(0)},
		{"Is one of its types", doc.Is("ext:Thing"), true},
		{"Is not another", doc.Is("Article"), false},
		{"the context may be an array", doc.SpeaksActivityStreams(), true},
	} {
		if diff := cmp.Diff(tt.want, tt.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.what, diff)
		}
	}
}

func TestSpeaksActivityStreams(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		`{"@context":"https://www.w3.org/ns/activitystreams"}`:             true,
		`{"@context":[{"a":"b"},"https://www.w3.org/ns/activitystreams"]}`: true,
		`{}`: false,
		`{"@context":"http://www.w3.org/ns/activitystreams"}`:                             false,
		`{"@context":["https://www.w3.org/ns/activitystreams#"]}`:                         false,
		`{"@context":{"@vocab":"https://www.w3.org/ns/activitystreams"}}`:                 false, // row 46
		`{"@context":[["https://www.w3.org/ns/activitystreams"]]}`:                        false,
		`{"context":"https://www.w3.org/ns/activitystreams"}`:                             false,
		`{"@context":null,"id":"https://www.w3.org/ns/activitystreams","@type":["Note"]}`: false,
	} {
		if got := decode(t, in).SpeaksActivityStreams(); got != want {
			t.Errorf("%s: got %v, want %v", in, got, want)
		}
	}
}

func decode(t *testing.T, in string) vocab.Doc {
	t.Helper()
	doc, err := vocab.Decode([]byte(in))
	if err != nil {
		t.Fatalf("%s: %v", in, err)
	}
	return doc
}
