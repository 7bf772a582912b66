package jobs

// NeverLead keeps a node from being elected.
func NeverLead(q *Queue) { q.follower = true }
