package diag

import "bufio"

// gitlabSeverities maps severities to those of GitLab. "critical" and
// "blocker" are left to tools that find defects in running software.
var gitlabSeverities = map[Severity]string{Error: "major", Warning: "minor", Info: "info"}

// gitlabIssue is a finding as GitLab's Code Quality report has it.
type gitlabIssue struct {
	Description string         `json:"description"`
	CheckName   string         `json:"check_name"`
	Fingerprint string         `json:"fingerprint"`
	Severity    string         `json:"severity"`
	Location    gitlabLocation `json:"location"`
}

type gitlabLocation struct {
	Path  string      `json:"path"`
	Lines gitlabLines `json:"lines"`
}

type gitlabLines struct {
	Begin int `json:"begin"`
	End   int `json:"end"`
}

// gitlab writes a Code Quality report, one issue on a line. The report knows
// no notes about the run, so a page that could not be read is an issue too.
func (r *Report) gitlab(w *bufio.Writer) error {
	issues := make([]gitlabIssue, 0, len(r.Findings)+len(r.Unread))
	for i := range r.Findings {
		f := &r.Findings[i]
		first, last := shown(f.Place)
		issues = append(issues, gitlabIssue{
			clean(f.Message), string(f.Code), f.Fingerprint, gitlabSeverities[f.Severity],
			gitlabLocation{r.name(f.Path), gitlabLines{first.Line, last.Line}},
		})
	}
	for _, u := range r.Unread {
		path := r.name(u.Path)
		issues = append(issues, gitlabIssue{
			"not compiled: " + clean(u.Message), "unread", hash("unread", path), gitlabSeverities[Error],
			gitlabLocation{path, gitlabLines{1, 1}},
		})
	}
	w.WriteByte('[')
	for i := range issues {
		line, err := plainJSON(&issues[i])
		if err != nil {
			return err
		}
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteString("\n ")
		w.Write(line)
	}
	w.WriteString("\n]\n")
	return nil
}
