// Command bare is the yardstick of the benchmarks: it walks a folder, reads
// the pages, parses their front matter as YAML and their text with goldmark,
// and does nothing with what it parsed. No program that reads these pages with
// these libraries can do less.
//
//	bare [-parallel] FOLDER
package main

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/text"
	"go.yaml.in/yaml/v4"
)

func main() {
	parallel := flag.Bool("parallel", false, "read and parse on all processors")
	flag.Parse()
	if err := run(flag.Arg(0), *parallel); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run parses every page below a folder.
func run(folder string, parallel bool) error {
	var pages []string
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() && (filepath.Ext(path) == ".md" || filepath.Ext(path) == ".erb") {
			pages = append(pages, path)
		}
		return err
	})
	if err != nil {
		return err
	}
	workers := 1
	if parallel {
		workers = runtime.GOMAXPROCS(0)
	}
	markdown := goldmark.New()
	var next, blocks atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, workers)
	for w := range workers {
		wg.Go(func() {
			for errs[w] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(pages) {
					return
				}
				n, err := parse(markdown, pages[i])
				errs[w] = err
				blocks.Add(int64(n))
			}
		})
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	fmt.Println(len(pages), "pages", blocks.Load(), "blocks")
	return nil
}

// parse reads one page and returns how many blocks it has.
func parse(markdown goldmark.Markdown, path string) (int, error) {
	page, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	if rest, ok := bytes.CutPrefix(page, []byte("---\n")); ok {
		if matter, body, ok := bytes.Cut(rest, []byte("\n---")); ok {
			var fields map[string]any
			_ = yaml.Unmarshal(matter, &fields) // pages with broken front matter are pages too
			page = body
		}
	}
	return markdown.Parser().Parse(text.NewReader(page)).ChildCount(), nil
}
