package wording

import "strings"

// keyOf returns the key of a word in small letters: the head of its group of
// synonyms, or its stem.
func keyOf(fold string) string {
	s := stem(fold)
	if head, ok := synonyms()[s]; ok {
		return head
	}
	return s
}

// stem removes what inflection and the two spellings of English add. It need
// not be a word; it need only be the same for all forms of one word.
func stem(s string) string {
	if base, ok := irregular()[s]; ok {
		s = base
	}
	if len(s) < 4 {
		return s
	}
	s = withoutPlural(s)
	s = withoutEnding(s)
	s = american(s)
	if len(s) > 3 {
		s = strings.TrimSuffix(s, "e")
	}
	return single(s)
}

func withoutPlural(s string) string {
	switch {
	case strings.HasSuffix(s, "ies") && len(s) > 4:
		return s[:len(s)-3] + "y"
	case hasAnySuffix(s, "sses", "ches", "shes", "xes", "zes"):
		return s[:len(s)-2]
	case strings.HasSuffix(s, "s") && !hasAnySuffix(s, "ss", "us", "is"):
		return s[:len(s)-1]
	}
	return s
}

// withoutEnding removes -ing and -ed from a stem that can stand alone.
func withoutEnding(s string) string {
	for _, ending := range []string{"ing", "ed"} {
		if base, ok := strings.CutSuffix(s, ending); ok && len(base) >= 3 && strings.ContainsAny(base, "aeiouy") {
			if strings.HasSuffix(base, "i") {
				return base[:len(base)-1] + "y"
			}
			return base
		}
	}
	return s
}

// american writes the British endings as the American ones.
func american(s string) string {
	switch {
	case strings.HasSuffix(s, "ise"), strings.HasSuffix(s, "yse"):
		return s[:len(s)-2] + "ze"
	case strings.HasSuffix(s, "is") && len(s) > 6, strings.HasSuffix(s, "ys") && len(s) > 5:
		return s[:len(s)-1] + "z"
	case strings.HasSuffix(s, "isation"):
		return s[:len(s)-7] + "ization"
	case hasAnySuffix(s, "iour", "lour", "vour", "bour", "nour"):
		return s[:len(s)-2] + "r"
	case strings.HasSuffix(s, "ogramme"):
		return s[:len(s)-2]
	case strings.HasSuffix(s, "centre"):
		return s[:len(s)-2] + "er"
	}
	return s
}

// single writes a doubled last consonant once: "planning" and "plan" meet.
func single(s string) string {
	n := len(s)
	if n > 3 && s[n-1] == s[n-2] && !strings.ContainsRune("aeiou", rune(s[n-1])) {
		return s[:n-1]
	}
	return s
}

func hasAnySuffix(s string, suffixes ...string) bool {
	for _, x := range suffixes {
		if strings.HasSuffix(s, x) {
			return true
		}
	}
	return false
}

// related reports whether two folded words are forms of one word that differ
// by derivation: "negotiate" and "negotiation", "proficient" and "proficiency".
// Who does something is not what is done: "manage" and "manager" differ.
func related(a, b string) bool {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n < 5 {
		return false
	}
	return derivations()[a[n:]] && derivations()[b[n:]]
}
