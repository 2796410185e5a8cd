package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	authv1 "auth-go/gen/catalyst/auth/v1"
	commonv1 "auth-go/gen/catalyst/common/v1"
)

// class tells one kind of token from another: a token of one is never taken for another.
type class struct {
	typ             string
	number          commonv1.TokenClass
	defaultLifetime time.Duration
	// Zero: what the settings say.
	maxLifetime time.Duration
	// Whether the gateway may have it signed.
	gateway bool
}

var (
	service  = class{"at+jwt", commonv1.TokenClass_TOKEN_CLASS_SERVICE, 15 * time.Minute, 0, false}
	internal = class{"catalyst-internal+jwt", commonv1.TokenClass_TOKEN_CLASS_INTERNAL, time.Minute, time.Minute, true}
	peer     = class{"catalyst-peer+jwt", commonv1.TokenClass_TOKEN_CLASS_PEER, time.Minute, time.Minute, true}
	session  = class{"catalyst-session+jwt", commonv1.TokenClass_TOKEN_CLASS_SESSION, time.Minute, time.Minute, false}
	subject  = class{"catalyst-subject+jwt", commonv1.TokenClass_TOKEN_CLASS_SUBJECT, time.Minute, time.Minute, true}
)

var classes = []class{service, internal, peer, session, subject}

type claims map[string]any

// claimsOf makes what is free in the class of a request into claims, or says what is wrong with it. `pseudonym` stands
// for the subject of a peer's token.
func claimsOf(request *authv1.SignRequest, pseudonym func(subject, audience string) string) (class, claims, error) {
	switch token := request.GetToken().(type) {
	case *authv1.SignRequest_Service:
		t := token.Service
		client := t.GetClientId()
		if client == "" {
			client = t.GetSubject()
		}
		made := claims{"sub": t.GetSubject(), "client_id": client, "aud": t.GetAudience()}
		return service, made, firstOf(
			text("subject", t.GetSubject()), text("client_id", client), isNode("audience", t.GetAudience()),
			optional("name", t.GetName()), optional("purpose", t.GetPurpose()), scoped(made, t.GetScope()))
	case *authv1.SignRequest_Internal:
		t := token.Internal
		made := claims{"sub": t.GetSubject(), "aud": t.GetAudience(), "act": claims{"sub": t.GetActor()}, "hop": t.GetHop()}
		return internal, made, firstOf(
			text("subject", t.GetSubject()), isNode("actor", t.GetActor()), isNode("audience", t.GetAudience()),
			check(t.GetHop() <= 8, "hop: at most 8"), scoped(made, t.GetScope()))
	case *authv1.SignRequest_Peer:
		return peerClaims(token.Peer, pseudonym)
	case *authv1.SignRequest_Session:
		return sessionClaims(token.Session)
	case *authv1.SignRequest_Subject:
		t := token.Subject
		made := claims{"sub": t.GetSubject(), "aud": t.GetAudience()}
		return subject, made, firstOf(
			text("subject", t.GetSubject()), isService("audience", t.GetAudience()), scoped(made, t.GetScope()))
	default:
		return class{}, nil, fmt.Errorf("token: no class")
	}
}

func peerClaims(t *authv1.PeerToken, pseudonym func(subject, audience string) string) (class, claims, error) {
	made := claims{"aud": t.GetAudience(), "act": claims{"sub": t.GetActor()}}
	wrong := firstOf(isNode("actor", t.GetActor()), isNode("audience", t.GetAudience()), scoped(made, t.GetScope()))
	switch who := t.GetWho().(type) {
	case *authv1.PeerToken_Subject:
		made["sub"] = pseudonym(who.Subject, t.GetAudience())
		return peer, made, firstOf(text("subject", who.Subject), wrong)
	case *authv1.PeerToken_Node:
		made["sub"] = who.Node
		return peer, made, firstOf(isNode("node", who.Node), wrong)
	default:
		return peer, nil, fmt.Errorf("who: neither subject nor node")
	}
}

func sessionClaims(t *authv1.SessionToken) (class, claims, error) {
	roles := map[authv1.SessionToken_Role]string{
		authv1.SessionToken_ROLE_DIALER: "dialer", authv1.SessionToken_ROLE_LISTENER: "listener",
	}
	made := claims{
		"sub": t.GetNode(), "aud": t.GetAudience(), "role": roles[t.GetRole()],
		"nonce":      base64.RawURLEncoding.EncodeToString(t.GetOwnNonce()),
		"peer_nonce": base64.RawURLEncoding.EncodeToString(t.GetPeerNonce()),
		"th":         base64.RawURLEncoding.EncodeToString(t.GetTranscriptHash()),
	}
	is32 := len(t.GetOwnNonce()) == 32 && len(t.GetPeerNonce()) == 32 && len(t.GetTranscriptHash()) == 32
	return session, made, firstOf(
		isNode("node", t.GetNode()), isNode("audience", t.GetAudience()),
		check(made["role"] != "", "role: neither dialer nor listener"), check(is32, "nonces and hash: 32 bytes each"))
}

// pairwise hides a subject from partners: the same one for all of an organization, another for each organization.
func pairwise(secret []byte, subject, audience string) string {
	partner, _, _ := strings.Cut(audience, "/")
	mac := hmac.New(sha256.New, secret)
	fmt.Fprintf(mac, "%s\x00%s", partner, subject)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// lifetimeOf is what was asked for, or the class's own.
func lifetimeOf(request *authv1.SignRequest, kind class, longest time.Duration) (time.Duration, error) {
	if kind.maxLifetime != 0 {
		longest = kind.maxLifetime
	}
	if request.GetLifetime() == nil {
		return min(kind.defaultLifetime, longest), nil
	}
	asked := request.GetLifetime().AsDuration()
	if asked <= 0 || asked%time.Second != 0 || asked > longest {
		return 0, fmt.Errorf("lifetime: whole seconds, 1 s to %s", longest)
	}
	return asked, nil
}

var (
	label       = `[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?`
	scopeWord   = regexp.MustCompile(`^[\x21\x23-\x5b\x5d-\x7e]{1,256}$`)
	labelOnly   = regexp.MustCompile(`^` + label + `$`)
	nodeOnly    = regexp.MustCompile(`^` + label + `/` + label + `$`)
	serviceOnly = regexp.MustCompile(`^` + label + `/` + label + `/` + label + `$`)
)

func isLabel(value string) bool { return labelOnly.MatchString(value) }

func isNode(name, value string) error {
	return check(nodeOnly.MatchString(value), name+": not organization/node")
}

func isService(name, value string) error {
	return check(serviceOnly.MatchString(value), name+": not organization/node/service")
}

func text(name, value string) error {
	return firstOf(check(value != "", name+": missing"), optional(name, value))
}

func optional(name, value string) error {
	plain := utf8.RuneCountInString(value) <= 256 && strings.IndexFunc(value, unicode.IsControl) == -1
	return check(plain, name+": at most 256 characters, none of them control characters")
}

func scoped(made claims, words []string) error {
	if len(words) > 64 {
		return fmt.Errorf("scope: at most 64 words")
	}
	for _, word := range words {
		if !scopeWord.MatchString(word) {
			return fmt.Errorf("scope: words of 1 to 256 characters as in RFC 6749, 3.3")
		}
	}
	if len(words) > 0 {
		made["scope"] = strings.Join(words, " ")
	}
	return nil
}

func check(holds bool, problem string) error {
	if holds {
		return nil
	}
	return fmt.Errorf("%s", problem)
}

func firstOf(problems ...error) error {
	for _, problem := range problems {
		if problem != nil {
			return problem
		}
	}
	return nil
}
