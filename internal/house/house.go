// Package house keeps the rules of the code base that a compiler does not
// know: which package may import which (imports.txt), what the compiler's
// stages must not touch, that every package says what it is for, that no file
// holds more than one idea, and that the documents name commands and files
// that exist.
//
// The rules are tests. They read the source files themselves: a test that asks
// the go command would be answered from its cache and pass with a violation in
// place. Nothing imports this package.
package house
