package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect"

	"auth-go/gen/catalyst/auth/v1/authv1connect"
	healthv1 "auth-go/gen/grpc/health/v1"
)

// public is what anybody may ask by HTTP: the published keys, and whether the process lives and is ready.
type public struct{ vault *Vault }

func (p public) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	switch r.URL.Path {
	case "/.well-known/jwks.json":
		p.jwks(w, r)
	case "/livez":
		w.WriteHeader(http.StatusOK)
	case "/readyz":
		if !p.vault.isReady() {
			http.Error(w, "not ready", http.StatusServiceUnavailable)
		}
	default:
		http.NotFound(w, r)
	}
}

func (p public) jwks(w http.ResponseWriter, r *http.Request) {
	document, err := p.vault.jwksDocument()
	if err != nil {
		http.Error(w, "no keys", http.StatusServiceUnavailable)
		return
	}
	digest := sha256.Sum256(document)
	tag := `"` + hex.EncodeToString(digest[:16]) + `"`
	w.Header().Set("Cache-Control", "public, max-age=300")
	w.Header().Set("ETag", tag)
	for given := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if given = strings.TrimPrefix(strings.TrimSpace(given), "W/"); given == tag || given == "*" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("Content-Type", "application/jwk-set+json")
	if r.Method == http.MethodGet {
		w.Write(document)
	}
}

// healthService answers any standard probe.
type healthService struct {
	vault  *Vault
	ending context.Context
}

func (h *healthService) status(service string) healthv1.HealthCheckResponse_ServingStatus {
	switch {
	case service != "" && service != authv1connect.AuthServiceName:
		return healthv1.HealthCheckResponse_SERVICE_UNKNOWN
	case h.vault.isReady():
		return healthv1.HealthCheckResponse_SERVING
	default:
		return healthv1.HealthCheckResponse_NOT_SERVING
	}
}

func (h *healthService) Check(
	_ context.Context, request *healthv1.HealthCheckRequest,
) (*healthv1.HealthCheckResponse, error) {
	status := h.status(request.GetService())
	if status == healthv1.HealthCheckResponse_SERVICE_UNKNOWN {
		return nil, connect.NewError(connect.CodeNotFound, errors.New("unknown service"))
	}
	return &healthv1.HealthCheckResponse{Status: status}, nil
}

func (h *healthService) Watch(
	ctx context.Context, request *healthv1.HealthCheckRequest, stream *connect.ServerStream[healthv1.HealthCheckResponse],
) error {
	told := healthv1.HealthCheckResponse_ServingStatus(-1)
	for {
		if status := h.status(request.GetService()); status != told {
			if err := stream.Send(&healthv1.HealthCheckResponse{Status: status}); err != nil {
				return err
			}
			told = status
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		case <-h.ending.Done():
			return connect.NewError(connect.CodeUnavailable, errors.New("ending"))
		}
	}
}
