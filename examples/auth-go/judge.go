package main

import (
	"math"
	"slices"

	authv1 "auth-go/gen/catalyst/auth/v1"
	commonv1 "auth-go/gen/catalyst/common/v1"
)

// judge says whether this node would take a token now, and if not, why.
func (v *Vault) judge(request *authv1.VerifyRequest) *authv1.VerifyResponse {
	refuse := func(reason string) *authv1.VerifyResponse { return &authv1.VerifyResponse{Reason: reason} }
	if request.GetToken() == "" {
		return refuse("missing")
	}
	token, reason := parse(request.GetToken())
	if reason != "" {
		return refuse(reason)
	}
	v.mutex.Lock()
	key, now, record := v.keys[token.head.Kid], v.now().UnixMilli(), v.record
	v.mutex.Unlock()
	if key == nil {
		return refuse("unknown-key")
	}
	if !token.isSignedBy(&key.PublicKey) {
		return refuse("signature")
	}
	// From here on it is of this node, whatever else is wrong with it.
	answer := &authv1.VerifyResponse{ClaimsJson: token.payload, Kid: token.head.Kid}
	answer.Reason = v.wrongWith(token, request, record, now)
	answer.Valid = answer.Reason == ""
	return answer
}

func (v *Vault) wrongWith(token jws, request *authv1.VerifyRequest, record Record, now int64) string {
	at := slices.IndexFunc(classes, func(known class) bool { return known.typ == token.head.Typ })
	wanted := request.GetClass()
	if at == -1 || wanted != commonv1.TokenClass_TOKEN_CLASS_UNSPECIFIED && wanted != classes[at].number {
		return "class"
	}
	if token.claims["iss"] != v.settings.Issuer {
		return "issuer"
	}
	audience, isText := token.claims["aud"].(string)
	if !isText || request.GetAudience() != "" && request.GetAudience() != audience {
		return "audience"
	}
	expires, hasExpiry := milliseconds(token.claims["exp"])
	issued, hasIssue := milliseconds(token.claims["iat"])
	jti, hasJti := token.claims["jti"].(string)
	if _, hasSubject := token.claims["sub"].(string); !hasExpiry || !hasIssue || !hasJti || !hasSubject {
		return "claims"
	}
	skew := clockSkew.Milliseconds()
	switch longest := classes[at].maxLifetime.Milliseconds(); {
	case now >= expires+skew:
		return "expired"
	case issued > now+skew:
		return "not-yet"
	case longest != 0 && expires-issued > longest:
		return "lifetime"
	case record.revocationOf(v.settings.Issuer, jti, token.head.Kid, issued) != nil:
		return "revoked"
	default:
		return ""
	}
}

func milliseconds(claim any) (int64, bool) {
	seconds, isNumber := claim.(float64)
	whole := isNumber && seconds == math.Trunc(seconds) && seconds >= 0 && seconds < 1<<40
	return int64(seconds) * 1000, whole
}
