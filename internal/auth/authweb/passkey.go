package authweb

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/cadre-hq/cadre/internal/auth"
	"github.com/cadre-hq/cadre/internal/fault"
	"github.com/cadre-hq/cadre/internal/web"
	"github.com/cadre-hq/cadre/internal/web/ui"
)

// What passes between the script for passkeys and these handlers is JSON. A
// refusal is {"message": …}; a success {"next": …}, where the browser goes.

// tell answers the script.
func tell(w http.ResponseWriter, status int, content any) error {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(content) // the browser went away
	return nil
}

// refuse answers the script with what its reader can do about an error; what
// nobody can do anything about is returned.
func refuse(w http.ResponseWriter, err error) error {
	k := fault.KindOf(err)
	if k == fault.Internal {
		return err
	}
	return tell(w, k.HTTPStatus(), map[string]string{"message": sentence(err)})
}

func (h *pages) askPasskey(w http.ResponseWriter, r *http.Request) error {
	options, err := h.Passkeys.BeginSignIn(r.Context())
	if err != nil {
		return refuse(w, err)
	}
	return tell(w, http.StatusOK, options)
}

func (h *pages) takePasskey(w http.ResponseWriter, r *http.Request) error {
	answer, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	in, err := h.Passkeys.SignIn(r.Context(), answer, h.attempt(r))
	if err != nil {
		return refuse(w, err)
	}
	if err := h.enter(w, r, in); err != nil {
		return err
	}
	return tell(w, http.StatusOK, map[string]string{"next": web.Local(r.URL.Query().Get("next"))})
}

func (h *pages) offerPasskey(w http.ResponseWriter, r *http.Request) error {
	options, err := h.Passkeys.BeginAdd(r.Context(), auth.From(r.Context()))
	if errors.Is(err, auth.ErrStale) {
		return tell(w, http.StatusOK, map[string]string{"next": againAddress(meansPath)})
	}
	if err != nil {
		return refuse(w, err)
	}
	return tell(w, http.StatusOK, options)
}

func (h *pages) addPasskey(w http.ResponseWriter, r *http.Request) error {
	answer, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	_, err = h.Passkeys.FinishAdd(r.Context(), auth.From(r.Context()), r.URL.Query().Get("name"), answer)
	if err != nil {
		return refuse(w, err)
	}
	return tell(w, http.StatusOK, map[string]string{"next": meansPath})
}

func (h *pages) renamePasskey(w http.ResponseWriter, r *http.Request) error {
	if err := h.Accounts.RenamePasskey(r.Context(), auth.From(r.Context()), r.PathValue("id"), r.PostFormValue("name")); err != nil {
		return err
	}
	return web.Done(w, r, meansPath, ui.Toast{Text: "The passkey is renamed"})
}

func (h *pages) removePasskey(w http.ResponseWriter, r *http.Request) error {
	if err := h.Accounts.RemovePasskey(r.Context(), auth.From(r.Context()), r.PathValue("id")); err != nil {
		return Stale(w, r, err, meansPath)
	}
	return web.Done(w, r, meansPath, ui.Toast{Text: "The passkey is removed"})
}
