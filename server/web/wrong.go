package web

import (
	"errors"
	"strings"

	"orrery/social"
	"orrery/views"
)

// blame leads from the field that an error names to the field of a form. What is not in it concerns the whole form.
type blame map[string]string

// wrong is the status and the sentences with which the form of that name comes back when err is why.
func (b blame) wrong(form string, err error) (int, views.Wrong) {
	status, f := judge(err)
	w := views.Wrong{Form: form, Fields: map[string]string{}}
	var all social.Problems
	if !errors.As(err, &all) {
		var one *social.Error
		if !errors.As(err, &one) {
			w.Whole = f.Sentence
			return status, w
		}
		all = social.Problems{one}
	}
	for _, e := range all {
		// Some sentences begin as apps know them from Mastodon.
		sentence := strings.TrimSuffix(strings.TrimPrefix(e.Message, "Validation failed: "), ".") + "."
		if field, ok := b[e.Field]; ok && sentence != "." {
			w.Fields[field] = strings.TrimSpace(w.Fields[field] + " " + sentence)
		} else if sentence != "." {
			w.Whole = strings.TrimSpace(w.Whole + " " + sentence)
		}
	}
	if !w.Any() {
		w.Whole = f.Sentence
	}
	return status, w
}

// itself is the blame of a form whose fields have the names that errors know.
func itself(fields ...string) blame {
	b := blame{}
	for _, f := range fields {
		b[f] = f
	}
	return b
}
