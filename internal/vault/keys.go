package vault

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/cadre-hq/cadre/internal/fault"
)

// Variable is the environment variable that holds the master key.
const Variable = "CADRE_MASTER_KEY"

// KeyFile is the name of the file in the data folder that holds the master key
// where the variable does not.
const KeyFile = "master.key"

// Keys are the master keys that the operator gives: one to seal with, and older
// ones that can still be read.
type Keys struct {
	current *masterKey
	old     []*masterKey
}

type masterKey struct {
	id  string
	key []byte // 32 bytes
}

// NewKey returns a new master key in the form in which an operator keeps it.
func NewKey() string {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails
	return base64.StdEncoding.EncodeToString(key[:])
}

// ParseKeys reads master keys from the text of the variable or the file: keys of
// 32 bytes in base64, with blanks or line ends between them. The first one
// seals; those behind it are older. Lines that begin with # are comments.
func ParseKeys(text string) (Keys, error) {
	var k Keys
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for _, word := range strings.Fields(line) {
			key, err := decode(word)
			if err != nil || len(key) != 32 {
				return Keys{}, fault.New(fault.Invalid, "a master key is 32 random bytes in base64: make one with `openssl rand -base64 32`")
			}
			m := &masterKey{id: idOf(key), key: key}
			if k.current == nil {
				k.current = m
			} else {
				k.old = append(k.old, m)
			}
		}
	}
	if k.current == nil {
		return Keys{}, fault.New(fault.Invalid, "there is no master key: make one with `openssl rand -base64 32`")
	}
	return k, nil
}

// decode reads base64 of either alphabet, with or without padding.
func decode(word string) ([]byte, error) {
	word = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(word), "=")
	return base64.RawStdEncoding.DecodeString(word)
}

// idOf returns the name of a key, which does not tell the key.
func idOf(key []byte) string {
	h := hmac.New(sha256.New, key)
	_, _ = h.Write([]byte("cadre vault key id"))
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// find returns the key with an id, or nil.
func (k Keys) find(id string) *masterKey {
	for _, m := range append([]*masterKey{k.current}, k.old...) {
		if m.id == id {
			return m
		}
	}
	return nil
}

// readKeyFile returns the keys of the file in a folder, and whether there is
// one.
func readKeyFile(folder string) (k Keys, found bool, err error) {
	path := filepath.Join(folder, KeyFile)
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Keys{}, false, nil
	}
	if err != nil {
		return Keys{}, true, fault.New(fault.Invalid, "the master key cannot be read: %w", err)
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return Keys{}, true, fault.New(fault.Invalid, "others may read %s: chmod 600 it", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Keys{}, true, fault.New(fault.Invalid, "the master key cannot be read: %w", err)
	}
	if k, err = ParseKeys(string(text)); err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return k, true, err
}

// makeKeyFile makes a key and keeps it in a folder, where there is none.
func makeKeyFile(folder string) (k Keys, err error) {
	path := filepath.Join(folder, KeyFile)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) { // another process was faster
		k, _, err = readKeyFile(folder)
		return k, err
	}
	if err != nil {
		return Keys{}, fault.New(fault.Invalid, "the master key cannot be written: %w", err)
	}
	key := NewKey()
	_, err = fmt.Fprintf(f, "# The master key of Cadre. Keep a copy of it apart from the backups: without it the\n# secrets in them are lost, and with it they are not secret.\n%s\n", key)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return Keys{}, errors.Join(fault.New(fault.Invalid, "the master key cannot be written: %w", err), os.Remove(path))
	}
	return ParseKeys(key)
}
