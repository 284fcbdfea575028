package social

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"orrery/social/richtext"
)

// PostSearch says which posts are looked for. What it finds is what Viewer wrote, was named in, liked, boosted or
// bookmarked, and public posts of people who let themselves be found so.
type PostSearch struct {
	Viewer          ID
	Words, NotWords []string
	From, NotFrom   []ID     // several in From find nothing: a post has one author
	Has, HasNot     []string // media, image, video, audio, poll, link, embed
	Is, IsNot       []string // reply, quote, sensitive
	Languages       []string // any of them
	NotLanguages    []string
	Since, Until    time.Time // zero for no bound; Until is not within
	Library, Public bool      // only what concerns the viewer; only what is public
	MinID, MaxID    ID
	Offset, Limit   int
	Impossible      bool // nothing can be found, such as posts of somebody unknown

	phrases, notPhrases [][]string
}

// PostSearchStore finds posts.
type PostSearchStore interface {
	SearchPosts(ctx context.Context, p PostSearch) ([]ID, error)
}

// SearchWords are the words by which a status is found.
func SearchWords(s Status) []string {
	text := s.SpoilerText + " " + richtext.ShownText(s.Content)
	if s.Poll != nil {
		for _, o := range s.Poll.Options {
			text += " " + o.Title
		}
	}
	for _, a := range s.Attachments {
		text += " " + a.Description
	}
	words := richtext.Words(text)
	slices.Sort(words)
	return slices.Compact(words)
}

// PostScope narrows a search for posts.
type PostScope struct {
	Author        ID // 0 for anybody
	MinID, MaxID  ID
	Offset, Limit int
}

// maxPhrased is how many posts with all words of a phrase are looked at.
const maxPhrased = 400

// Posts finds posts by their words, newest first. q may hold words, "phrases", and operators: from:, has:, is:, language:,
// before:, after:, during:, in:. What begins with "-" must not be. Only for people who are signed in.
func (s *Searches) Posts(ctx context.Context, viewer ID, q string, scope PostScope) ([]StatusView, error) {
	if viewer == 0 {
		return nil, nil
	}
	p, err := s.readQuery(ctx, viewer, q)
	if err != nil {
		return nil, err
	}
	if p.Impossible || len(p.From) > 1 {
		return nil, nil
	}
	if scope.Author != 0 {
		p.From = append(p.From, scope.Author)
	}
	p.MinID, p.MaxID, p.Offset, p.Limit = scope.MinID, scope.MaxID, scope.Offset, scope.Limit
	phrased := len(p.phrases)+len(p.notPhrases) > 0
	if phrased {
		p.Offset, p.Limit = 0, maxPhrased
	}
	ids, err := s.Store.SearchPosts(ctx, p)
	if err != nil {
		return nil, err
	}
	views, err := (&Reader{Store: s.Store}).Wanted(ctx, viewer, ids)
	if err != nil || !phrased {
		return views, err
	}
	views = slices.DeleteFunc(views, func(v StatusView) bool { return !p.says(v) })
	views = views[min(scope.Offset, len(views)):]
	return views[:min(scope.Limit, len(views))], nil
}

// says reports whether v has the phrases that it must have, and none that it must not.
func (p PostSearch) says(v StatusView) bool {
	words := richtext.Words(v.Status.SpoilerText + " " + richtext.ShownText(v.Status.Content))
	has := func(phrase []string) bool {
		for i := 0; i+len(phrase) <= len(words); i++ {
			if slices.Equal(words[i:i+len(phrase)], phrase) {
				return true
			}
		}
		return false
	}
	for _, phrase := range p.phrases {
		if !has(phrase) {
			return false
		}
	}
	return !slices.ContainsFunc(p.notPhrases, has)
}

// readQuery reads what a person typed. An operator that is not known is taken for words.
func (s *Searches) readQuery(ctx context.Context, viewer ID, q string) (PostSearch, error) {
	p := PostSearch{Viewer: viewer}
	for _, term := range queryTerms(q) {
		word, not := strings.CutPrefix(term, "-")
		if phrase, ok := strings.CutPrefix(word, `"`); ok {
			p.phrase(richtext.Words(strings.TrimSuffix(phrase, `"`)), not)
			continue
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(word, "+"), ":")
		value = strings.Trim(value, `"`)
		if ok && value != "" {
			known, err := s.operator(ctx, &p, strings.ToLower(name), value, not)
			if err != nil {
				return p, err
			}
			if known {
				continue
			}
		}
		add(&p.Words, &p.NotWords, not, richtext.Words(word)...)
	}
	p.Impossible = p.Impossible || len(p.Words) == 0 && len(p.From) == 0 && !p.Library && len(p.Has) == 0 && len(p.Is) == 0 &&
		len(p.Languages) == 0 && p.Since.IsZero() && p.Until.IsZero()
	return p, nil
}

// phrase wants several words in a row. A single one is a word.
func (p *PostSearch) phrase(words []string, not bool) {
	switch {
	case len(words) < 2:
		add(&p.Words, &p.NotWords, not, words...)
	case not:
		p.notPhrases = append(p.notPhrases, words)
	default:
		p.phrases = append(p.phrases, words)
		p.Words = append(p.Words, words...)
	}
}

func add[T any](yes, no *[]T, not bool, values ...T) {
	if not {
		*no = append(*no, values...)
	} else {
		*yes = append(*yes, values...)
	}
}

// maxTerms bounds a search.
const maxTerms = 32

// queryTerms parts a query at spaces, but not within quotation marks.
func queryTerms(q string) []string {
	quoted := false
	found := strings.FieldsFunc(q, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return !quoted && (r == ' ' || r == '\t' || r == '\n' || r == '\u3000')
	})
	return found[:min(len(found), maxTerms)]
}

func (s *Searches) operator(ctx context.Context, p *PostSearch, name, value string, not bool) (bool, error) {
	switch name {
	case "from":
		id, err := s.author(ctx, p.Viewer, value)
		if errors.Is(err, ErrNotFound) {
			p.Impossible = p.Impossible || !not
			return true, nil
		}
		add(&p.From, &p.NotFrom, not, id)
		return true, err
	case "has":
		if !slices.Contains([]string{"media", "image", "video", "audio", "poll", "link", "embed"}, value) {
			return false, nil
		}
		add(&p.Has, &p.HasNot, not, value)
	case "is":
		if !slices.Contains([]string{"reply", "quote", "sensitive"}, value) {
			return false, nil
		}
		add(&p.Is, &p.IsNot, not, value)
	case "language":
		add(&p.Languages, &p.NotLanguages, not, strings.ToLower(value))
	case "before", "after", "during":
		day, err := time.Parse(time.DateOnly, value)
		if err != nil || not {
			return false, nil
		}
		if name != "before" {
			p.Since = day
		}
		if name == "after" {
			p.Since = day.AddDate(0, 0, 1)
		}
		if name == "before" {
			p.Until = day
		}
		if name == "during" {
			p.Until = day.AddDate(0, 0, 1)
		}
	case "in":
		p.Library, p.Public = p.Library || value == "library", p.Public || value == "public"
		return slices.Contains([]string{"all", "library", "public"}, value), nil
	default:
		return false, nil
	}
	return true, nil
}

// author is whom from: means. Nobody is looked up elsewhere.
func (s *Searches) author(ctx context.Context, viewer ID, handle string) (ID, error) {
	if handle == "me" {
		return viewer, nil
	}
	user, domain, _ := strings.Cut(strings.TrimPrefix(handle, "@"), "@")
	if s.Host != "" && strings.EqualFold(domain, s.Host) {
		domain = ""
	}
	a, err := s.Store.AccountByHandle(ctx, user, strings.ToLower(domain))
	return a.ID, err
}
