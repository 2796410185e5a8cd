import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { Health, HealthCheckResponse_ServingStatus as Status } from "./gen/grpc/health/v1/health_pb.ts";

/** What a health probe is told. A port over the process's own state; `changed` settles at the next change. */
export type HealthSource = {
  /** Whether the named service serves now; undefined when there is none of this name. "" is the whole process. */
  readonly isServing: (service: string) => boolean | undefined;
  /** Settles at the next change of any answer, or when the signal fires. */
  readonly changed: (signal: AbortSignal) => Promise<void>;
};

/** Serves grpc.health.v1, so that any standard probe can ask (https://github.com/grpc/grpc/blob/master/doc/health-checking.md). */
export function healthRoutes(router: ConnectRouter, source: HealthSource): ConnectRouter {
  return router.service(Health, {
    check({ service }) {
      const serving = source.isServing(service);
      if (serving === undefined) throw new ConnectError("unknown service", Code.NotFound);
      return { status: serving ? Status.SERVING : Status.NOT_SERVING };
    },
    async *watch({ service }, { signal }) {
      let told: Status | undefined;
      while (!signal.aborted) {
        // Asked for before the state is read: a change between the two must not be lost.
        const changed = source.changed(signal);
        const serving = source.isServing(service);
        const status = serving === undefined ? Status.SERVICE_UNKNOWN : serving ? Status.SERVING : Status.NOT_SERVING;
        if (status !== told) yield { status };
        told = status;
        await changed;
      }
    },
  });
}
