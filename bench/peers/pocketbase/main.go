// Command pocketbase is a peer of the benchmarks of the server: PocketBase,
// used as a library as its documentation says, with the rows of the benchmark
// in two collections that only somebody who signed in may list.
//
//	pocketbase FOLDER ADDRESS ROWS.json
//
// It is a module of its own, so that what it needs is no part of Cadre. Before
// it serves, it prints a token of a user.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations" // of its own tables
	"github.com/pocketbase/pocketbase/tools/types"
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: pocketbase FOLDER ADDRESS ROWS.json")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2], os.Args[3]); err != nil && !errors.Is(err, http.ErrServerClosed) {
		fmt.Fprintln(os.Stderr, "pocketbase:", err)
		os.Exit(1)
	}
}

func run(folder, address, rows string) error {
	text, err := os.ReadFile(rows)
	if err != nil {
		return err
	}
	var content map[string][]map[string]any
	if err := json.Unmarshal(text, &content); err != nil {
		return err
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: folder})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	if err := fill(app, "families", families(), content["families"]); err != nil {
		return err
	}
	if err := fill(app, "principals", principals(), content["principals"]); err != nil {
		return err
	}
	token, err := user(app)
	if err != nil {
		return err
	}
	fmt.Println("token", token)
	return apis.Serve(app, apis.ServeConfig{HttpAddr: address})
}

// families are the fields of a family in a list.
func families() []core.Field {
	return []core.Field{
		&core.TextField{Name: "family"}, &core.NumberField{Name: "version"}, &core.TextField{Name: "title"},
		&core.TextField{Name: "description"}, &core.TextField{Name: "department"}, &core.TextField{Name: "path"},
		&core.JSONField{Name: "levels"}, &core.JSONField{Name: "finding_counts"}, &core.BoolField{Name: "retired"},
	}
}

// principals are the fields of an account in a list.
func principals() []core.Field {
	return []core.Field{
		&core.TextField{Name: "principal"}, &core.TextField{Name: "kind"}, &core.TextField{Name: "name"}, &core.TextField{Name: "email"},
		&core.BoolField{Name: "email_verified"}, &core.JSONField{Name: "roles"}, &core.TextField{Name: "created_at"},
	}
}

// fill makes a collection with rows, which everybody who signed in may list.
func fill(app core.App, name string, fields []core.Field, rows []map[string]any) error {
	c := core.NewBaseCollection(name)
	c.ListRule = types.Pointer(`@request.auth.id != ""`)
	c.Fields.Add(fields...)
	if err := app.Save(c); err != nil {
		return err
	}
	for _, row := range rows {
		r := core.NewRecord(c)
		for _, f := range fields {
			r.Set(f.GetName(), row[f.GetName()])
		}
		if err := app.Save(r); err != nil {
			return err
		}
	}
	return nil
}

// user makes a user and returns a token of theirs.
func user(app core.App) (string, error) {
	c, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return "", err
	}
	r := core.NewRecord(c)
	r.SetEmail("ada@meridian.example")
	r.SetPassword("a long enough password")
	r.SetVerified(true)
	if err := app.Save(r); err != nil {
		return "", err
	}
	return r.NewAuthToken()
}
