package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// privateFolder makes a folder of ours, or refuses one that others may enter.
func privateFolder(path string) error {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return unusable{err}
	}
	info, err := os.Lstat(path)
	if err != nil {
		return unusable{err}
	}
	if !info.IsDir() || info.Mode().Perm()&0o077 != 0 {
		return unusable{fmt.Errorf("%s: not a folder of mode 0700", path)}
	}
	return nil
}

// lockFolder lets one process write; the kernel lets go of it with the process.
func lockFolder(path string) (*os.File, error) {
	file, err := os.OpenFile(filepath.Join(path, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, unusable{err}
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return nil, unusable{fmt.Errorf("%s: another process has it", path)}
	}
	return file, nil
}

// readPrivate reads a file that is its owner's alone, never through a link.
func readPrivate(path string) ([]byte, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Mode().Perm()&0o077 != 0 {
		return nil, unusable{fmt.Errorf("%s: not a plain file of mode 0600", path)}
	}
	return os.ReadFile(path)
}

// writeDurably replaces a file: whoever reads it after a crash has the old one or the new one, whole.
func writeDurably(path string, bytes []byte) error {
	temporary := path + ".new"
	if err := os.Remove(temporary); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := os.OpenFile(temporary, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, written := file.Write(bytes)
	if err := errors.Join(written, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Rename(temporary, path); err != nil {
		return err
	}
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func newKeyFile(folder string) (*ecdsa.PrivateKey, string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		return nil, "", err
	}
	public, err := toJwk(&key.PublicKey)
	if err != nil {
		return nil, "", err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, "", err
	}
	bytes := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return key, public.Kid, writeDurably(keyPath(folder, public.Kid), bytes)
}

// readKeyFile never says what stands in the file, only what is wrong with it.
func readKeyFile(folder, kid string) (*ecdsa.PrivateKey, error) {
	path := keyPath(folder, kid)
	bytes, err := readPrivate(path)
	if err != nil {
		return nil, unusable{err}
	}
	block, _ := pem.Decode(bytes)
	if block == nil {
		return nil, unusable{fmt.Errorf("%s: not a PEM file", path)}
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	key, isEcdsa := parsed.(*ecdsa.PrivateKey)
	if err != nil || !isEcdsa || key.Curve != elliptic.P384() {
		return nil, unusable{fmt.Errorf("%s: not a private key on P-384", path)}
	}
	public, err := toJwk(&key.PublicKey)
	if err != nil || public.Kid != kid {
		return nil, unusable{fmt.Errorf("%s: not the key of its name", path)}
	}
	return key, nil
}

func keyPath(folder, kid string) string {
	return filepath.Join(folder, kid+".pem")
}
