package vocab

import "strings"

// text is a member in the plain or the language-mapped form, and in which language it is (federation.md §3.5). Of a map the
// entry counts that the plain form repeats: what servers write first is lost in JSON, but the plain form is that one.
// Else it is the alphabetically first. Both forms come in fixtures/synthetic/mastodon-4.7/note_image.json; that the map may stand
// alone is Mastodon's own reading.
func text(doc Doc, name string) (value, language string) {
	plain, _ := doc[name].(string)
	m, _ := doc[name+"Map"].(map[string]any)
	for lang, v := range m {
		s, ok := v.(string)
		if !ok {
			continue
		}
		repeats, kept := plain != "" && s == plain, plain != "" && value == plain
		if language == "" || repeats && !kept || repeats == kept && lang < language {
			language, value = lang, s
		}
	}
	if plain != "" {
		value = plain
	}
	return value, Language(language)
}

// Language is a tag in its usual spelling: "pt-br" is "pt-BR", "ZH_hant" is "zh-Hant". "" for what is no tag, or "und".
func Language(tag string) string {
	parts := strings.FieldsFunc(tag, func(r rune) bool { return r == '-' || r == '_' })
	if len(parts) == 0 || len(tag) > 35 || len(parts[0]) < 2 || len(parts[0]) > 8 {
		return ""
	}
	for i, p := range parts {
		for _, r := range p {
			if (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
				return ""
			}
		}
		switch p = strings.ToLower(p); {
		case i > 0 && len(p) == 2:
			parts[i] = strings.ToUpper(p)
		case i > 0 && len(p) == 4:
			parts[i] = strings.ToUpper(p[:1]) + p[1:]
		default:
			parts[i] = p
		}
	}
	if parts[0] == "und" {
		return ""
	}
	return strings.Join(parts, "-")
}
