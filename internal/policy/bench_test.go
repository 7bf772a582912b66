package policy

import "testing"

func BenchmarkValues(b *testing.B) {
	p := Default()
	for b.Loop() {
		p.Values()
	}
}

func BenchmarkValue(b *testing.B) {
	p := Default()
	for b.Loop() {
		if _, err := p.Value("rooms.hiring.scorecards.due_business_days"); err != nil {
			b.Fatal(err)
		}
	}
}
