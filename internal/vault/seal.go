package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
)

// errSeal tells that a sealed text is not what was written under its name.
var errSeal = errors.New("it was not sealed here, or was tampered with")

// box returns what seals with a key of 32 bytes. It makes a nonce for each text
// and writes it before the text. A data key seals one text; a master key may
// seal 2³² data keys (NIST SP 800-38D §8.3), of which there are thousands.
func box(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the keys of this package have 32 bytes
	}
	sealer, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // AES has blocks of 16 bytes
	}
	return sealer
}

// bound is what a seal is bound to besides its key.
func bound(what, name string, version int64) []byte {
	return fmt.Appendf(nil, "cadre vault 1\x00%s\x00%s\x00%d", what, name, version)
}

// seal returns a value sealed by a new data key, and that key sealed by the
// master key.
func seal(k *masterKey, name string, version int64, value Secret) (dataKey, sealed string) {
	var key [32]byte
	_, _ = rand.Read(key[:]) // never fails
	sealed = base64.StdEncoding.EncodeToString(box(key[:]).Seal(nil, nil, []byte(value), bound("value", name, version)))
	return wrap(k, name, version, key[:]), sealed
}

// unseal is the reverse of seal.
func unseal(k *masterKey, name string, version int64, dataKey, sealed string) (Secret, error) {
	key, err := unwrap(k, name, version, dataKey)
	if err != nil {
		return "", err
	}
	value, err := open(key, sealed, bound("value", name, version))
	return Secret(value), err
}

// wrap seals a data key.
func wrap(k *masterKey, name string, version int64, key []byte) string {
	return base64.StdEncoding.EncodeToString(box(k.key).Seal(nil, nil, key, bound("data key", name, version)))
}

// unwrap is the reverse of wrap.
func unwrap(k *masterKey, name string, version int64, dataKey string) ([]byte, error) {
	key, err := open(k.key, dataKey, bound("data key", name, version))
	if err == nil && len(key) != 32 {
		err = errSeal
	}
	return key, err
}

// probe returns a known text, sealed by a master key.
func probe(k *masterKey) string {
	return base64.StdEncoding.EncodeToString(box(k.key).Seal(nil, nil, []byte("cadre"), bound("probe", k.id, 0)))
}

func open(key []byte, sealed string, bound []byte) ([]byte, error) {
	text, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return nil, errSeal
	}
	opened, err := box(key).Open(nil, nil, text, bound)
	if err != nil {
		return nil, errSeal
	}
	return opened, nil
}
