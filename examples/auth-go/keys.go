package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"connectrpc.com/connect"

	authv1 "auth-go/gen/catalyst/auth/v1"
)

func (s *AuthService) GetJwks(context.Context, *authv1.GetJwksRequest) (*authv1.GetJwksResponse, error) {
	document, err := s.vault.jwksDocument()
	return &authv1.GetJwksResponse{JwksJson: string(document)}, err
}

func (v *Vault) jwksDocument() ([]byte, error) {
	set, err := v.jwks()
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string][]jwk{"keys": set})
}

// jwks is the published set, prepared keys included.
func (v *Vault) jwks() ([]jwk, error) {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	set := []jwk{}
	for _, key := range v.record.Keys {
		public, err := toJwk(&v.keys[key.Kid].PublicKey)
		if err != nil {
			return nil, err
		}
		set = append(set, public)
	}
	slices.SortFunc(set, func(a, b jwk) int { return strings.Compare(a.Kid, b.Kid) })
	return set, nil
}

func (s *AuthService) ListKeys(context.Context, *authv1.ListKeysRequest) (*authv1.ListKeysResponse, error) {
	return &authv1.ListKeysResponse{Keys: s.vault.listKeys()}, nil
}

func (v *Vault) listKeys() []*authv1.Key {
	states := map[KeyState]authv1.Key_State{
		prepared: authv1.Key_STATE_PREPARED, active: authv1.Key_STATE_ACTIVE, retiring: authv1.Key_STATE_RETIRING,
	}
	record, _ := v.look()
	listed := []*authv1.Key{}
	for _, key := range record.Keys {
		listed = append(listed, &authv1.Key{
			Kid: key.Kid, State: states[key.State], CreatedAt: timestamp(key.Created), ActivatedAt: timestamp(key.Activated),
			RetiredAt: timestamp(key.Retired), NextAt: timestamp(key.Next),
		})
	}
	return listed
}

func (s *AuthService) Rotate(_ context.Context, request *authv1.RotateRequest) (*authv1.RotateResponse, error) {
	if err := optional("reason", request.GetReason()); err != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, err)
	}
	err := s.vault.change(func(next *Record) error {
		next.pass(s.vault.now())
		return s.vault.rotate(next, request)
	})
	if err != nil {
		return nil, toConnect(err)
	}
	s.log.Info("rotated", "audit", true, "role", s.role, "mode", request.GetMode().String(), "reason", request.GetReason())
	return &authv1.RotateResponse{Keys: s.vault.listKeys()}, nil
}

func (v *Vault) rotate(next *Record, request *authv1.RotateRequest) error {
	waiting := next.keyIn(prepared)
	switch request.GetMode() {
	case authv1.RotateRequest_MODE_ACTIVATE:
		if waiting != nil {
			next.activate(waiting.Kid, v.now())
			return nil
		}
		return v.replace(next)
	case authv1.RotateRequest_MODE_EMERGENCY:
		next.removeKeys(func(KeyRecord) bool { return true }, v.revocation(request.GetReason()))
		return v.replace(next)
	default:
		if waiting != nil {
			return nil
		}
		_, err := v.addKey(next, v.settings.PublishAhead)
		return err
	}
}

func (v *Vault) replace(next *Record) error {
	kid, err := v.addKey(next, 0)
	if err == nil {
		next.activate(kid, v.now())
	}
	return err
}

func (v *Vault) revocation(reason string) RevocationRecord {
	now := v.now()
	return RevocationRecord{
		Issuer: v.settings.Issuer, Reason: reason, Revoked: now.UnixMilli(), Until: now.Add(v.longest()).UnixMilli(),
	}
}

func (s *AuthService) Revoke(_ context.Context, request *authv1.RevokeRequest) (*authv1.RevokeResponse, error) {
	asked := request.GetRevocation()
	kept := s.vault.revocation(asked.GetReason())
	if asked.GetIssuer() != "" {
		kept.Issuer = asked.GetIssuer()
	}
	kept.Jti, kept.Kid = asked.GetJti(), asked.GetKid()
	if before := asked.GetIssuedBefore(); before != nil {
		kept.IssuedBefore = before.AsTime().UnixMilli()
		kept.Until = max(kept.Until, kept.IssuedBefore+s.vault.longest().Milliseconds())
	}
	if problem := firstOf(
		check(kept.Jti != "" || kept.Kid != "" || kept.IssuedBefore > 0, "what: missing"),
		optional("jti", kept.Jti), optional("kid", kept.Kid), optional("issuer", kept.Issuer), optional("reason", kept.Reason),
	); problem != nil {
		return nil, connect.NewError(connect.CodeInvalidArgument, problem)
	}
	if err := s.vault.change(func(next *Record) error { return s.vault.revoke(next, kept) }); err != nil {
		return nil, toConnect(err)
	}
	s.log.Info("revoked", "audit", true, "role", s.role, "jti", kept.Jti, "kid", kept.Kid, "issuedBefore", kept.IssuedBefore,
		"reason", kept.Reason)
	return &authv1.RevokeResponse{Revocation: toRevocation(kept)}, nil
}

func (v *Vault) revoke(next *Record, kept RevocationRecord) error {
	if next.pass(v.now()); len(next.Revocations) >= mostRevocations {
		return errFull
	}
	for _, token := range next.Tokens {
		if kept.Jti != "" && token.Jti == kept.Jti {
			kept.Until = max(kept.Until, token.Expires+clockSkew.Milliseconds())
		}
	}
	if kept.Kid == "" || kept.Issuer != v.settings.Issuer {
		next.Revocations = append(next.Revocations, kept)
		return nil
	}
	isGone := func(key KeyRecord) bool { return key.Kid == kept.Kid }
	if !slices.ContainsFunc(next.Keys, isGone) {
		next.Revocations = append(next.Revocations, kept)
		return nil
	}
	next.removeKeys(isGone, kept)
	if next.keyIn(active) != nil {
		return nil
	}
	// Somebody has to sign.
	return v.replace(next)
}

func (s *AuthService) ListTokens(_ context.Context, request *authv1.ListTokensRequest) (*authv1.ListTokensResponse, error) {
	record, _ := s.vault.look()
	now, listed := s.vault.now().UnixMilli(), []*authv1.IssuedToken{}
	for _, token := range slices.Backward(record.Tokens) {
		if token.Expires <= now && !request.GetExpired() {
			continue
		}
		told := &authv1.IssuedToken{Jti: token.Jti, Kid: token.Kid, Subject: token.Subject, ClientId: token.ClientID,
			Audience: token.Audience, Scope: token.Scope, Name: token.Name, Purpose: token.Purpose,
			IssuedAt: timestamp(token.Issued), ExpiresAt: timestamp(token.Expires)}
		if gone := record.revocationOf(s.vault.settings.Issuer, token.Jti, token.Kid, token.Issued); gone != nil {
			told.RevokedAt = timestamp(gone.Revoked)
		}
		listed = append(listed, told)
	}
	return &authv1.ListTokensResponse{Tokens: listed}, nil
}
