package play

import (
	"bytes"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFormat(t *testing.T) {
	t.Parallel()
	const src = "\uFEFF\n# The licence.\n\nscenario   \"T\"  # the title\n\n\nlevel beginner\npolicies mastodon-4.1,mastodon  , mastodon+relay\ntime real\nservers  # two\r\n" +
		"     # the teacher's\n academy runs mastodon-4.1 with clock -5m,forwarding on\nmasto runs mastodon\n  # no more\n\n" +
		"people\n  alice on academy as \"Al \\\"A\\\"\" locked\n  jo on masto\nfollows\n jo->alice # quietly\n" +
		"vary \"V\"\n  alice likes p   # last\n\n  # faster\n  masto runs mastodon-4.1\n  alice -> jo\n" +
		"# The story.\n\nstep \"S\"\n\n  alice posts \"x\" visibly public as p\n\n\n\n  expect   p is on academy,masto because deliver.mention\n  # done\n# end\n" +
		"-- note.json --\n{\"a\":\n\t1}\n"
	const want = `# The licence.

scenario "T"  # the title

level    beginner
policies mastodon-4.1, mastodon, mastodon+relay
time     real

servers  # two
  # the teacher's
  academy runs mastodon-4.1 with clock -5m, forwarding on
  masto   runs mastodon
  # no more

people
  alice on academy locked as "Al \"A\""
  jo    on masto

follows
  jo -> alice  # quietly

vary "V"
  # faster
  masto runs mastodon-4.1
  alice -> jo
  alice likes p  # last

# The story.
step "S"
  alice posts "x" as p visibly public

  expect p is on academy, masto because deliver.mention
  # done

# end

-- note.json --
{"a":
	1}
`
	f, ps := Load("t.play", []byte(src), vocabulary())
	if len(ps) > 0 {
		t.Fatalf("problems:\n%s", ps.Format([]byte(src)))
	}
	if diff := cmp.Diff(want, string(Format(f))); diff != "" {
		t.Errorf("Format (-want +got):\n%s", diff)
	}
	if line, _ := f.Attachments[0].Position(); line != strings.Count(src[:strings.Index(src, "-- note")], "\n")+1 {
		t.Errorf("the attachment is said to stand on line %d", line)
	}
	roundTrip(t, []byte(src))
}

// roundTrip proves that a file without problems survives formatting, and that a second time changes nothing.
func roundTrip(t *testing.T, src []byte) {
	t.Helper()
	f, ps := Parse("f.play", src)
	once := Format(f)
	if len(ps) > 0 {
		return // only that nothing panics
	}
	again, ps := Parse("f.play", once)
	for _, p := range ps {
		// Spaces that the canonical form adds may make a line too long; it is understood all the same.
		if !strings.HasPrefix(p.Message, "this line has ") && !strings.HasPrefix(p.Message, "the file has ") && !strings.HasPrefix(p.Message, "the script has ") {
			t.Fatalf("formatting made a problem: %v\nfrom %q\nto   %q", p, src, once)
		}
	}
	if len(once) > MaxFile || bytes.Count(once, []byte("\n")) > MaxLines {
		return
	}
	// cmp.Diff takes many times as long to find nothing, so it is asked for the words only.
	if before, after := plain(t, f), plain(t, again); !reflect.DeepEqual(before, after) {
		t.Fatalf("formatting changed the tree of %q (-before +after):\n%s", src, cmp.Diff(before, after))
	}
	if twice := Format(again); !bytes.Equal(once, twice) {
		t.Fatalf("formatting twice differs:\nsource %q\nonce   %q\ntwice  %q", src, once, twice)
	}
}

func FuzzParseFormat(f *testing.F) {
	for _, src := range shipped(f) {
		f.Add(src)
	}
	for _, w := range Words() {
		f.Add([]byte(w.Script()))
	}
	f.Add([]byte(frame))
	f.Add([]byte(frame + "-- a --\nx\n-- --\n"))
	f.Add([]byte("# a\n\n  # b\n" + frame + "  # c\n\n  # d\n# e\n\n\n# f\n"))
	f.Add([]byte(frame + "vary \"v\"\n  alice likes hello # x\n\n  techhub runs a with b c,d -5m\n  a->b\n"))
	for _, l := range []string{`expect exactly 1 deliveries overall because x`, `expect no forward of Undo(a) to b`, `predict "\"" = a,b`,
		`expect 2 fetch a->b of replies to c`, `settle within 1h`, `a replies to b with "\\\n" visibly direct as c`, `expect delivery Like(a) b->c written by d to shared inbox`} {
		f.Add([]byte(frame + l + "\n"))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		roundTrip(t, src)
		tree, ps := Load("f.play", src, vocabulary())
		ps.Format(src)
		if len(ps) > 2*maxProblems {
			t.Fatalf("%d problems", len(ps))
		}
		plain(t, tree)
	})
}

// Words of the language in any order: the parser must refuse them or keep them, never lose any.
func TestFormat_TokenSoup(t *testing.T) {
	t.Parallel()
	words := strings.Fields(frame + strings.Join([]string{strings.Join(verbs(), " "), strings.Join(lineWords(), " "), strings.Join(headerNames, " "),
		`vary "v" to with as visibly direct of for boost like within 2m is are not on , , : ( ) = -> -> exactly 2 fetch fetches deliveries replies
		delivery forward no nothing sent by signed written shared inbox overall because Create Undo likes of hello of replies at map yes # "x" runs locked`}, " "))
	r := rand.New(rand.NewPCG(1, 2))
	kept := 0
	for range 30000 {
		src := []string{"", "servers\n", "people\n", "follows\n", "step \"s\"\n", "vary \"v\"\n"}[r.IntN(6)]
		whole := []string{"expect", "alice posts \"x\"", "expect delivery Create(hello) a -> b", "alice replies to b with \"x\"", "expect exactly 2 fetches a -> b of",
			"predict \"x\" = a", "expect no delivery of Undo(x)", "a runs b with c d", "a on b", "settle", "expect likes of p: a 1", "expect p is not on a"}
		for range 1 + r.IntN(3) {
			src += "  " + whole[r.IntN(len(whole))]
			for range r.IntN(6) {
				src += " " + words[r.IntN(len(words))]
			}
			src += "\n"
		}
		if _, ps := Parse("s.play", []byte(src)); len(ps) == 0 {
			kept++
		}
		roundTrip(t, []byte(src))
	}
	if kept < 500 {
		t.Errorf("only %d of the soups were scripts; the test proves little", kept)
	}
}
