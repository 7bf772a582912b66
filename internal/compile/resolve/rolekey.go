package resolve

// RoleKey brings a title into the form in which two spellings of the same role
// are equal: lower-case words, abbreviations spelled out, fillers, brackets and
// plurals gone. The order of the words stays.
func RoleKey(title string) []string { return roleKey(title) }
