package richtext

import "strings"

// escaper writes text so that it stands for itself in an element or a double-quoted attribute.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

func escape(s string) string { return escaper.Replace(s) }

// clean drops what has no place in HTML or XML: bytes that are not UTF-8, control characters but tab and newline, and the
// two non-characters XML forbids. Carriage returns become newlines, as an HTML parser would do on reading them again.
func clean(s string) string {
	if !strings.ContainsFunc(s, unclean) {
		return s
	}
	s = strings.ToValidUTF8(s, "")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case unclean(r) && r != '\uFFFD':
			return -1
		}
		return r
	}, s)
}

// unclean also answers for U+FFFD, because that is how a byte that is not UTF-8 shows itself.
func unclean(r rune) bool {
	return r < 0x20 && r != '\t' && r != '\n' || r >= 0x7F && r < 0xA0 || r >= 0xFFFD && r <= 0xFFFF
}

// textEscaper is enough between tags, and leaves quotes readable in the source.
var textEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func escapeText(s string) string { return textEscaper.Replace(s) }
