package cli

import (
	"encoding/json"
	"io"

	"github.com/spf13/cobra"

	"github.com/cadre-hq/cadre/internal/calendar"
	"github.com/cadre-hq/cadre/internal/org"
	"github.com/cadre-hq/cadre/internal/org/roster"
)

// peopleExporters write people in a format.
var peopleExporters = map[string]func(io.Writer, []roster.Row) error{
	"csv": roster.WriteCSV, "yaml": roster.WriteYAML, "backstage": roster.WriteBackstage, "json": writePeopleJSON,
}

func (a *app) exportPeopleCommand() *cobra.Command {
	o := outputs{known: []string{"csv", "yaml", "backstage", "json"}}
	var data serverFlags
	var day string
	c := &cobra.Command{
		Use:   "people",
		Short: "Print who is here and on which position",
		Long: "Print who is here, on which position, and to whom they report, from the data folder of a server:\n" +
			"as CSV, as the team file of a handbook in YAML, as users and groups of Backstage, or as JSON.\n" +
			"CSV and YAML can be imported again, and then change nothing.",
		Example: "cadre export people --data DIR > people.csv\n" +
			"cadre export people --format backstage --output org.yaml --data DIR",
		Args: exactly(0, "no argument"),
	}
	o.flags(c)
	data.flags(c)
	c.Flags().StringVar(&day, "day", "", "the DAY to print (default today)")
	c.RunE = func(c *cobra.Command, _ []string) error {
		targets, err := o.resolve(c)
		if err != nil {
			return err
		}
		var on calendar.Day
		if day != "" {
			if on, err = calendar.ParseDay(day); err != nil {
				return wrongUse(c, "--day wants a day such as 2026-11-30, not %q", day)
			}
		}
		var rows []roster.Row
		err = a.onOrganisation(c, &data, func(s *org.Service) error {
			rows, err = s.Roster(c.Context(), byProgram, on)
			return err
		})
		if err != nil {
			return err
		}
		for _, t := range targets {
			if err := a.write(t, func(w io.Writer) error { return peopleExporters[t.format](w, rows) }); err != nil {
				return err
			}
		}
		return nil
	}
	return c
}

// writePeopleJSON writes rows with the names of their columns.
func writePeopleJSON(w io.Writer, rows []roster.Row) error {
	out := struct {
		SchemaVersion string              `json:"schema_version"`
		People        []map[string]string `json:"people"`
	}{"1", make([]map[string]string, len(rows))}
	for i := range rows {
		out.People[i] = map[string]string{}
		for _, f := range roster.All {
			if text := rows[i].Text(f); text != "" {
				out.People[i][string(f)] = text
			}
		}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", " ")
	return e.Encode(out)
}
