import { Code, ConnectError, type ConnectRouter, healthRoutes, orchestratorV1 } from "@catalyst-node/adapters/rpc";
import {
  isReady,
  type Node,
  publishedKeys,
  viewGateway,
  viewNode,
  viewRoutes,
  viewSchema,
  viewServices,
} from "@catalyst-node/core/node";
import { encodeEvent, encodeGateway, encodeNode, encodeRoute, encodeService } from "./encode.ts";
import type { EventRing } from "./event-ring.ts";
import type { Mailbox } from "./mailbox.ts";

/** Watchers at one time; each holds a connection. */
const mostWatchers = 64;

/** Serves catalyst.orchestrator.v1.OrchestratorService and grpc.health.v1. Read only: no call posts an event. */
export function orchestratorRoutes(mailbox: Mailbox, events: EventRing): (router: ConnectRouter) => void {
  let watchers = 0;
  return (router) => {
    router.service(orchestratorV1.OrchestratorService, {
      getStatus: () => ({ status: encodeNode(viewNode(known(mailbox))) }),
      listServices({ name }) {
        const services = viewServices(known(mailbox)).filter((service) => name === "" || service.name === name);
        if (name !== "" && services.length === 0) throw new ConnectError(`no service ${name}`, Code.NotFound);
        return { services: services.map(encodeService) };
      },
      listRoutes: () => ({ routes: viewRoutes(known(mailbox)).map(encodeRoute) }),
      getGateway: () => ({ gateway: encodeGateway(viewGateway(known(mailbox))) }),
      getSchema: () => viewSchema(known(mailbox)),
      getJwks() {
        const node = known(mailbox);
        if (node.auth === undefined) throw new ConnectError("the node has no auth sidecar", Code.FailedPrecondition);
        const jwksJson = publishedKeys(node);
        if (jwksJson === undefined) throw new ConnectError("auth has not told its keys yet", Code.Unavailable);
        return { jwksJson };
      },
      async *watchEvents(_, { signal }) {
        if (watchers >= mostWatchers) throw new ConnectError("too many watchers", Code.ResourceExhausted);
        watchers += 1;
        try {
          for await (const event of events.watch(signal)) yield encodeEvent(event);
        } finally {
          watchers -= 1;
        }
      },
    });
    healthRoutes(router, {
      isServing: (service) =>
        service === "" || service === orchestratorV1.OrchestratorService.typeName
          ? mailbox.node !== undefined && isReady(mailbox.node)
          : undefined,
      changed: (signal) => mailbox.changes.next(signal),
    });
  };
}

/** The node, or that it is not there yet or any more. */
export function known({ node }: Mailbox): Node {
  if (node === undefined) throw new ConnectError("the node is starting or stopping", Code.Unavailable);
  return node;
}
