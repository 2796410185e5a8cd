package main

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
)

// A coordinate on P-384, and each half of a signature, has 48 bytes.
const coordinate = 48

var base64url = base64.RawURLEncoding.Strict()

type header struct {
	Alg string `json:"alg"`
	Typ string `json:"typ"`
	Kid string `json:"kid"`
}

// sign makes a compact JWS with ES384 (RFC 7518, 3.4): the signature is r and s, not DER.
func sign(key *ecdsa.PrivateKey, head header, claims any) (string, error) {
	first, err := json.Marshal(head)
	if err != nil {
		return "", err
	}
	second, err := json.Marshal(claims)
	if err != nil {
		return "", err
	}
	input := base64url.EncodeToString(first) + "." + base64url.EncodeToString(second)
	digest := sha512.Sum384([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, key, digest[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 2*coordinate)
	r.FillBytes(signature[:coordinate])
	s.FillBytes(signature[coordinate:])
	return input + "." + base64url.EncodeToString(signature), nil
}

// jws is what stands in a token, believed by nobody yet.
type jws struct {
	head      header
	claims    map[string]any
	payload   string
	input     string
	signature []byte
}

// parse takes a token apart; the reason says why it cannot be one of ours.
func parse(token string) (jws, string) {
	if len(token) > 8192 {
		return jws{}, "too-long"
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return jws{}, "malformed"
	}
	var decoded [3][]byte
	for i, part := range parts {
		bytes, err := base64url.DecodeString(part)
		if err != nil || strings.ContainsAny(part, "\r\n") {
			return jws{}, "malformed"
		}
		decoded[i] = bytes
	}
	read := jws{payload: string(decoded[1]), input: parts[0] + "." + parts[1], signature: decoded[2]}
	var members map[string]any
	if json.Unmarshal(decoded[0], &members) != nil || json.Unmarshal(decoded[1], &read.claims) != nil || read.claims == nil {
		return jws{}, "malformed"
	}
	if members["alg"] != "ES384" {
		return jws{}, "algorithm"
	}
	// Nothing else is understood: no crit, and no key that a token brings along.
	if len(members) != 3 || json.Unmarshal(decoded[0], &read.head) != nil || read.head.Typ == "" || read.head.Kid == "" {
		return jws{}, "header"
	}
	if len(read.signature) != 2*coordinate {
		return jws{}, "signature"
	}
	return read, ""
}

func (t jws) isSignedBy(key *ecdsa.PublicKey) bool {
	digest := sha512.Sum384([]byte(t.input))
	r := new(big.Int).SetBytes(t.signature[:coordinate])
	s := new(big.Int).SetBytes(t.signature[coordinate:])
	return ecdsa.Verify(key, digest[:], r, s)
}

// jwk is a public key as RFC 7517 writes it. It has no place for a private member.
type jwk struct {
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Y   string `json:"y"`
	Kid string `json:"kid"`
	Alg string `json:"alg"`
	Use string `json:"use"`
}

func toJwk(key *ecdsa.PublicKey) (jwk, error) {
	point, err := key.Bytes() // 0x04, x, y
	if err != nil {
		return jwk{}, err
	}
	x, y := base64url.EncodeToString(point[1:1+coordinate]), base64url.EncodeToString(point[1+coordinate:])
	// RFC 7638: the required members, sorted, without spaces.
	thumbprint := sha256.Sum256([]byte(`{"crv":"P-384","kty":"EC","x":"` + x + `","y":"` + y + `"}`))
	return jwk{Kty: "EC", Crv: "P-384", X: x, Y: y, Kid: base64url.EncodeToString(thumbprint[:]), Alg: "ES384", Use: "sig"}, nil
}
