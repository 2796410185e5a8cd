package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/timestamppb"

	authv1 "auth-go/gen/catalyst/auth/v1"
	commonv1 "auth-go/gen/catalyst/common/v1"
)

// A verifier is told at least so often.
const heartbeat = 5 * time.Second

func (s *AuthService) WatchTrust(
	ctx context.Context, _ *authv1.WatchTrustRequest, stream *connect.ServerStream[authv1.WatchTrustResponse],
) error {
	for {
		record, changed := s.vault.look()
		told, err := s.vault.trust(record)
		if err != nil {
			return err
		}
		if err := stream.Send(told); err != nil {
			return err
		}
		select {
		case <-changed:
		case <-time.After(heartbeat):
		case <-ctx.Done():
			return ctx.Err()
		case <-s.ending.Done():
			return connect.NewError(connect.CodeUnavailable, errors.New("ending"))
		}
	}
}

func (v *Vault) trust(record Record) (*authv1.WatchTrustResponse, error) {
	told := &authv1.WatchTrustResponse{Version: record.Version, Issuer: &commonv1.TrustedIssuer{Issuer: v.settings.Issuer}}
	set, err := v.jwks()
	if err != nil {
		return nil, err
	}
	for _, public := range set {
		key := &commonv1.VerificationKey{Kid: public.Kid, X: public.X, Y: public.Y}
		for _, known := range classes {
			key.Classes = append(key.Classes, known.number)
		}
		for _, kept := range record.Keys {
			if kept.Kid == public.Kid && kept.State == retiring {
				key.NotAfter = timestamp(kept.Next)
			}
		}
		told.Issuer.Keys = append(told.Issuer.Keys, key)
	}
	for _, kept := range record.Revocations {
		told.Revocations = append(told.Revocations, toRevocation(kept))
	}
	return told, nil
}

func toRevocation(kept RevocationRecord) *commonv1.Revocation {
	told := &commonv1.Revocation{Issuer: kept.Issuer, RevokedAt: timestamp(kept.Revoked), Until: timestamp(kept.Until),
		Reason: strings.ToValidUTF8(kept.Reason, "")}
	switch {
	case kept.Jti != "":
		told.What = &commonv1.Revocation_Jti{Jti: kept.Jti}
	case kept.Kid != "":
		told.What = &commonv1.Revocation_Kid{Kid: kept.Kid}
	default:
		told.What = &commonv1.Revocation_IssuedBefore{IssuedBefore: timestamp(kept.IssuedBefore)}
	}
	return told
}

// timestamp is absent for zero.
func timestamp(milliseconds int64) *timestamppb.Timestamp {
	if milliseconds == 0 {
		return nil
	}
	return timestamppb.New(time.UnixMilli(milliseconds))
}
