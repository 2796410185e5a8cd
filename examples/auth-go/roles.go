package main

import (
	"context"
	"errors"

	"connectrpc.com/connect"

	"auth-go/gen/catalyst/auth/v1/authv1connect"
	"auth-go/gen/grpc/health/v1/healthv1connect"
)

// role is who calls, known by the socket: whoever can open it is taken for its owner.
type role string

const (
	orchestrator role = "orchestrator"
	gateway      role = "gateway"
)

// What the gateway may call. The orchestrator may call everything; a role that is not named here, nothing.
var gatewayCalls = map[string]bool{
	authv1connect.AuthServiceSignProcedure:      true,
	authv1connect.AuthServiceGetJwksProcedure:   true,
	authv1connect.AuthServiceGetStatusProcedure: true,
	healthv1connect.HealthCheckProcedure:        true,
	healthv1connect.HealthWatchProcedure:        true,
}

func (r role) mayCall(procedure string) bool {
	return r == orchestrator || r == gateway && gatewayCalls[procedure]
}

func (r role) maySign(kind class) bool {
	return r == orchestrator || r == gateway && kind.gateway
}

// defaultDeny stands before every call.
type defaultDeny struct {
	role   role
	counts *counts
}

func (d defaultDeny) refusal(procedure string) error {
	if d.role.mayCall(procedure) {
		return nil
	}
	d.counts.add(func(c *counts) { c.denied++ })
	return connect.NewError(connect.CodePermissionDenied, errors.New(string(d.role)+" may not call this"))
}

func (d defaultDeny) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		if err := d.refusal(request.Spec().Procedure); err != nil {
			return nil, err
		}
		return next(ctx, request)
	}
}

func (d defaultDeny) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

func (d defaultDeny) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return func(ctx context.Context, stream connect.StreamingHandlerConn) error {
		if err := d.refusal(stream.Spec().Procedure); err != nil {
			return err
		}
		return next(ctx, stream)
	}
}
