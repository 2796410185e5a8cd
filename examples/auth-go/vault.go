package main

import (
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"time"
)

// Vault owns the private keys and the record. One process writes; every change is on the disk before it is told.
type Vault struct {
	settings Settings
	folder   string
	lock     *os.File
	now      func() time.Time

	mutex   sync.Mutex
	record  Record
	keys    map[string]*ecdsa.PrivateKey
	secret  []byte
	changed chan struct{}
	// Whether the last write succeeded.
	writable bool
}

func openVault(settings Settings, now func() time.Time) (*Vault, error) {
	v := &Vault{settings: settings, folder: filepath.Join(settings.StateDir, "keys"), now: now,
		keys: map[string]*ecdsa.PrivateKey{}, changed: make(chan struct{}), writable: true}
	for _, folder := range []string{settings.StateDir, v.folder} {
		if err := privateFolder(folder); err != nil {
			return nil, err
		}
	}
	var err error
	if v.lock, err = lockFolder(settings.StateDir); err != nil {
		return nil, err
	}
	if err := errors.Join(v.load(), v.loadSecret()); err != nil {
		v.Close()
		return nil, err
	}
	// What time brought about while nobody ran.
	if err := v.change(func(next *Record) error { next.pass(now()); return nil }); err != nil {
		v.Close()
		return nil, err
	}
	return v, nil
}

func (v *Vault) Close() { v.lock.Close() }

func (v *Vault) recordPath() string { return filepath.Join(v.settings.StateDir, "record.json") }

func (v *Vault) load() error {
	bytes, err := readPrivate(v.recordPath())
	if errors.Is(err, fs.ErrNotExist) {
		return v.change(func(next *Record) error {
			kid, err := v.addKey(next, 0)
			next.activate(kid, v.now())
			return err
		})
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(bytes, &v.record); err != nil {
		return unusable{fmt.Errorf("%s: %w", v.recordPath(), err)}
	}
	for _, key := range v.record.Keys {
		if v.keys[key.Kid], err = readKeyFile(v.folder, key.Kid); err != nil {
			return err
		}
	}
	return nil
}

// loadSecret reads what pseudonyms are made with; they stay the same as long as the file does.
func (v *Vault) loadSecret() error {
	path := filepath.Join(v.folder, "pseudonyms")
	bytes, err := readPrivate(path)
	if errors.Is(err, fs.ErrNotExist) {
		bytes = make([]byte, 32)
		if _, err := rand.Read(bytes); err != nil {
			return err
		}
		err = writeDurably(path, bytes)
	}
	if err != nil {
		return err
	}
	if len(bytes) != 32 {
		return unusable{fmt.Errorf("%s: not 32 bytes", path)}
	}
	v.secret = bytes
	return nil
}

// look shows the record as it is, and settles a channel when what verifiers have to know changes.
func (v *Vault) look() (Record, <-chan struct{}) {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	return v.record, v.changed
}

func (v *Vault) isReady() bool {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	return v.writable && v.record.keyIn(active) != nil
}

// change writes what the verb makes of the record, and only then lets anybody see it.
func (v *Vault) change(verb func(next *Record) error) error {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	return v.changeLocked(verb)
}

func (v *Vault) changeLocked(verb func(next *Record) error) error {
	next := v.record.clone()
	if err := verb(&next); err != nil {
		return err
	}
	if reflect.DeepEqual(next, v.record) {
		return nil
	}
	told := !reflect.DeepEqual(next.Keys, v.record.Keys) || !reflect.DeepEqual(next.Revocations, v.record.Revocations)
	if told {
		next.Version++
	}
	bytes, err := json.Marshal(next)
	if err != nil {
		return err
	}
	if err := writeDurably(v.recordPath(), bytes); err != nil {
		v.writable = false
		return err
	}
	v.record, v.writable = next, true
	v.dropKeys()
	if told {
		close(v.changed)
		v.changed = make(chan struct{})
	}
	return nil
}

// addKey makes a key that signs nothing yet. Its file is there before the record names it.
func (v *Vault) addKey(next *Record, ahead time.Duration) (string, error) {
	if len(next.Keys) >= mostKeys {
		return "", errFull
	}
	key, kid, err := newKeyFile(v.folder)
	if err != nil {
		return "", err
	}
	now := v.now()
	v.keys[kid] = key
	next.Keys = append(next.Keys, KeyRecord{
		Kid: kid, State: prepared, Created: now.UnixMilli(), Next: now.Add(ahead).UnixMilli(),
	})
	return kid, nil
}

// dropKeys forgets, and takes from the disk, what the record no longer names.
func (v *Vault) dropKeys() {
	known := map[string]bool{}
	for _, key := range v.record.Keys {
		known[key.Kid] = true
	}
	for kid := range v.keys {
		if !known[kid] {
			delete(v.keys, kid)
		}
	}
	paths, _ := filepath.Glob(filepath.Join(v.folder, "*.pem"))
	for _, path := range paths {
		if !known[strings.TrimSuffix(filepath.Base(path), ".pem")] {
			os.Remove(path)
		}
	}
}
