package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"log/slog"
	"maps"
	"sync"
	"time"

	"connectrpc.com/connect"

	authv1 "auth-go/gen/catalyst/auth/v1"
)

var errFull = errors.New("no more are kept than there are")

// AuthService answers the calls of one role; both roles share a vault and its counts.
type AuthService struct {
	role   role
	vault  *Vault
	counts *counts
	log    *slog.Logger
	status func() *authv1.GetStatusResponse
	ending context.Context
}

type counts struct {
	sync.Mutex
	signed, verified, denied uint64
	refused                  map[string]uint64
}

func (c *counts) add(change func(*counts)) {
	c.Lock()
	defer c.Unlock()
	change(c)
}

func (s *AuthService) Sign(_ context.Context, request *authv1.SignRequest) (*authv1.SignResponse, error) {
	pseudonym := func(subject, audience string) string { return pairwise(s.vault.secret, subject, audience) }
	kind, made, problem := claimsOf(request, pseudonym)
	if problem == nil && !s.role.maySign(kind) {
		s.counts.add(func(c *counts) { c.denied++ })
		return nil, connect.NewError(connect.CodePermissionDenied, errors.New(string(s.role)+" signs no token of this class"))
	}
	lifetime, wrong := lifetimeOf(request, kind, s.vault.settings.MaxTokenLifetime)
	if problem = firstOf(problem, wrong); problem != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, problem)
	}
	issued, err := s.vault.issue(request.GetService(), made, lifetime)
	if err != nil {
		return nil, toConnect(err)
	}
	token, err := sign(issued.key, header{Alg: "ES384", Typ: kind.typ, Kid: issued.Kid}, made)
	if err != nil {
		return nil, toConnect(err)
	}
	s.counts.add(func(c *counts) { c.signed++ })
	s.log.Info("signed", "audit", true, "role", s.role, "typ", kind.typ, "sub", made["sub"], "aud", made["aud"],
		"jti", issued.Jti, "kid", issued.Kid, "exp", made["exp"])
	return &authv1.SignResponse{Token: token, Jti: issued.Jti, Kid: issued.Kid, ExpiresAt: timestamp(issued.Expires)}, nil
}

type issuedToken struct {
	TokenRecord
	key *ecdsa.PrivateKey
}

// issue sets what no caller may choose, and registers a service token before it exists.
func (v *Vault) issue(token *authv1.ServiceToken, made claims, lifetime time.Duration) (issuedToken, error) {
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		return issuedToken{}, err
	}
	v.mutex.Lock()
	defer v.mutex.Unlock()
	now := v.now()
	key := v.record.keyIn(active)
	exp := now.Unix() + int64(lifetime/time.Second)
	issued := TokenRecord{Jti: base64.RawURLEncoding.EncodeToString(id), Kid: key.Kid,
		Issued: now.Unix() * 1000, Expires: exp * 1000}
	made["iss"], made["iat"], made["exp"], made["jti"] = v.settings.Issuer, now.Unix(), exp, issued.Jti
	if token == nil {
		return issuedToken{issued, v.keys[key.Kid]}, nil
	}
	issued.Subject, issued.ClientID = token.GetSubject(), made["client_id"].(string)
	issued.Audience, issued.Scope = token.GetAudience(), token.GetScope()
	issued.Name, issued.Purpose = token.GetName(), token.GetPurpose()
	err := v.changeLocked(func(next *Record) error {
		if next.pass(now); len(next.Tokens) >= mostTokens {
			return errFull
		}
		next.Tokens = append(next.Tokens, issued)
		return nil
	})
	return issuedToken{issued, v.keys[key.Kid]}, err
}

func (s *AuthService) Verify(_ context.Context, request *authv1.VerifyRequest) (*authv1.VerifyResponse, error) {
	answer := s.vault.judge(request)
	s.counts.add(func(c *counts) {
		if c.verified++; !answer.GetValid() {
			c.refused[answer.GetReason()]++
		}
	})
	return answer, nil
}

func (s *AuthService) GetStatus(context.Context, *authv1.GetStatusRequest) (*authv1.GetStatusResponse, error) {
	status := s.status()
	status.Ready = s.vault.isReady()
	s.counts.add(func(c *counts) {
		status.Counters = &authv1.Counters{
			Signed: c.signed, Verified: c.verified, Denied: c.denied, Refused: maps.Clone(c.refused),
		}
	})
	return status, nil
}

func toConnect(err error) error {
	if errors.Is(err, errFull) {
		return connect.NewError(connect.CodeResourceExhausted, err)
	}
	return connect.NewError(connect.CodeUnavailable, errors.New("the record could not be written"))
}
