package search

// What the tests compare with.
var (
	WordsOf = wordsOf
	IsNear  = isNear
)

// FewHits is below how many hits mistyped words are thought of.
const FewHits = fewHits
