package main

import (
	"slices"
	"time"
)

// Record is all that survives a restart beside the key files: one JSON document, replaced whole. Times are milliseconds.
type Record struct {
	// Greater with each change of what verifiers have to know.
	Version     uint64
	Keys        []KeyRecord
	Tokens      []TokenRecord
	Revocations []RevocationRecord
}

type KeyState string

const (
	prepared KeyState = "prepared"
	active   KeyState = "active"
	retiring KeyState = "retiring"
)

type KeyRecord struct {
	Kid     string
	State   KeyState
	Created int64
	// Zero: not yet.
	Activated, Retired int64
	// Its next state begins then. Zero: not by itself.
	Next int64
}

// TokenRecord is a service token that was issued; never its text.
type TokenRecord struct {
	Jti, Kid, Subject, ClientID, Audience string
	Scope                                 []string
	Name, Purpose                         string
	Issued, Expires                       int64
}

// RevocationRecord speaks of a token, a key or a time: exactly one of them is set.
type RevocationRecord struct {
	Issuer       string
	Jti, Kid     string
	IssuedBefore int64
	Revoked      int64
	Until        int64
	Reason       string
}

// What clocks may differ by.
const clockSkew = 5 * time.Second

// How long expired tokens are still listed.
const remembered = 24 * time.Hour

const mostTokens, mostRevocations, mostKeys = 10_000, 10_000, 32

func (r Record) clone() Record {
	r.Keys, r.Tokens, r.Revocations = slices.Clone(r.Keys), slices.Clone(r.Tokens), slices.Clone(r.Revocations)
	return r
}

func (r *Record) keyIn(state KeyState) *KeyRecord {
	for i := range r.Keys {
		if r.Keys[i].State == state {
			return &r.Keys[i]
		}
	}
	return nil
}

// activate has this key sign from now on; the one that did verifies until its last token has expired.
func (r *Record) activate(kid string, now time.Time) {
	if old := r.keyIn(active); old != nil {
		old.State, old.Retired = retiring, now.UnixMilli()
		old.Next = max(r.lastExpiry(old.Kid), now.Add(time.Minute).UnixMilli()) + clockSkew.Milliseconds()
	}
	for i := range r.Keys {
		if r.Keys[i].Kid == kid {
			r.Keys[i].State, r.Keys[i].Activated, r.Keys[i].Next = active, now.UnixMilli(), 0
		}
	}
}

// lastExpiry is of the service tokens that a key signed; all others live for a minute.
func (r *Record) lastExpiry(kid string) int64 {
	last := int64(0)
	for _, token := range r.Tokens {
		if token.Kid == kid {
			last = max(last, token.Expires)
		}
	}
	return last
}

// pass does what time alone brings about.
func (r *Record) pass(now time.Time) {
	at := now.UnixMilli()
	if next := r.keyIn(prepared); next != nil && next.Next <= at {
		r.activate(next.Kid, now)
	}
	r.Keys = slices.DeleteFunc(r.Keys, func(key KeyRecord) bool { return key.State == retiring && key.Next <= at })
	r.Tokens = slices.DeleteFunc(r.Tokens, func(token TokenRecord) bool {
		return token.Expires+remembered.Milliseconds() <= at
	})
	r.Revocations = slices.DeleteFunc(r.Revocations, func(gone RevocationRecord) bool { return gone.Until <= at })
}

// removeKeys takes keys away at once, with all that they ever signed.
func (r *Record) removeKeys(which func(KeyRecord) bool, revocation RevocationRecord) {
	for _, key := range r.Keys {
		if which(key) {
			revocation.Kid = key.Kid
			r.Revocations = append(r.Revocations, revocation)
		}
	}
	r.Keys = slices.DeleteFunc(r.Keys, which)
}

// revocationOf finds why a token of this node is no longer taken.
func (r *Record) revocationOf(issuer, jti, kid string, issued int64) *RevocationRecord {
	for i, gone := range r.Revocations {
		if gone.Issuer != issuer {
			continue
		}
		if (gone.Jti != "" && gone.Jti == jti) || (gone.Kid != "" && gone.Kid == kid) || issued < gone.IssuedBefore {
			return &r.Revocations[i]
		}
	}
	return nil
}
