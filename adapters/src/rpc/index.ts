export {
  authority,
  isLoopback,
  type ListenAddress,
  parseListenAddress,
  parsePeerAddress,
  type PeerAddress,
} from "./address.ts";
export { callerNames } from "./caller.ts";
export { healthRoutes, type HealthSource } from "./health.ts";
export { rpcProblems, toConnectError, toProblem } from "./problems.ts";
export { defaultReadMaxBytes, type RpcCredentials, type RpcServer, serveRpc, type ServeRpcOptions } from "./serve.ts";
export type { TlsFiles } from "./tls-files.ts";
export { rpcTransport, type RpcTransport, type RpcTransportOptions } from "./transport.ts";
export { fromWireIssuer, fromWireRevocation, toWireIssuer, toWireRevocation, wireClasses } from "./wire-trust.ts";
export { fromWireTime, toWireCounts, toWireTime } from "./wire.ts";

export {
  Code,
  ConnectError,
  type ConnectRouter,
  createClient,
  type Client,
  type HandlerContext,
  type ServiceImpl,
} from "@connectrpc/connect";
export { create, type MessageInitShape, toJson } from "@bufbuild/protobuf";
export { durationFromMs, durationMs, timestampDate, timestampFromDate, timestampFromMs } from "@bufbuild/protobuf/wkt";

/** The generated contracts, one name for each .proto package (admin.proto apart: it has its own socket). */
export * as adminV1 from "./gen/catalyst/orchestrator/v1/admin_pb.ts";
export * as authV1 from "./gen/catalyst/auth/v1/auth_pb.ts";
export * as commonV1 from "./gen/catalyst/common/v1/common_pb.ts";
export * as gatewayV1 from "./gen/catalyst/gateway/v1/gateway_pb.ts";
export * as orchestratorV1 from "./gen/catalyst/orchestrator/v1/orchestrator_pb.ts";
export * as trustV1 from "./gen/catalyst/common/v1/trust_pb.ts";
export { Health, HealthCheckResponse_ServingStatus } from "./gen/grpc/health/v1/health_pb.ts";
