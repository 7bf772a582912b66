package ui

import "strings"

func (c Column) class() string {
	var classes []string
	if c.Number {
		classes = append(classes, "num")
	}
	if c.Wide {
		classes = append(classes, "wide-only")
	}
	return strings.Join(classes, " ")
}

// way returns which way a table is sorted by a column; "" if it is not.
func (c Columns) way(col Column) string {
	if c.URL == nil || col.Sort == "" {
		return ""
	}
	switch c.URL.Query().Get("sort") {
	case col.Sort:
		return "ascending"
	case "-" + col.Sort:
		return "descending"
	}
	return ""
}

// sorted returns the address of the table sorted by a column, or the other way
// if it is sorted by it. Paging begins anew.
func (c Columns) sorted(col Column) string {
	key := col.Sort
	if c.way(col) == "ascending" {
		key = "-" + key
	}
	return Address(c.URL, "sort", key, "after", "")
}
