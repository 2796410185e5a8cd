import { ok, type Result } from "@catalyst-node/core/model";
import type { ConfiguratorPorts, Desired, SectionName } from "./configurator.ts";
import { readLimits } from "./read-limits.ts";
import { readOperations } from "./read-operations.ts";
import { readTrust } from "./read-trust.ts";
import { readEndpoints, readIdentity } from "./sections.ts";

type Ports = Omit<ConfiguratorPorts<AsyncDisposable>, "build" | "serveSchema" | "settle" | "now">;

/** Reads a section that is served as soon as it is read; what serves it. Undefined of a schema, which has to be built. */
export function makeSwap(
  section: SectionName,
  { identity, endpoints, limits, operations, trust }: Desired,
  { served, serveEndpoints, serveLimits, serveOperations, serveTrust }: Ports,
  schemaRefused: boolean,
): Result<() => void> | undefined {
  switch (section) {
    case "identity":
      return identity && swapTo(readIdentity(identity, served.identity), (value) => served.setIdentity(value));
    case "endpoints":
      return endpoints && swapTo(readEndpoints(endpoints.services), (table) => serveEndpoints(table, schemaRefused));
    case "limits":
      return limits && swapTo(readLimits(limits), serveLimits);
    case "operations":
      return operations && swapTo(readOperations(operations), serveOperations);
    case "trust":
      return trust && swapTo(readTrust(trust), serveTrust);
    case "schema":
      return undefined;
  }
}

function swapTo<Read>(read: Result<Read>, serve: (value: Read) => void): Result<() => void> {
  return read.ok ? ok(() => serve(read.value)) : read;
}
