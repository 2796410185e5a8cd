import type { Learned, LearnedService, SchemaSource } from "@catalyst-node/core/node";
import { parseOwnTrust } from "./learned-trust.ts";

/** Of the form below; raised when it changes in a way that an older reader would misread. */
export const learnedVersion = 1;

/** Reads what an earlier process kept; undefined when it is not that. */
export function parseLearned(payload: unknown): Learned | undefined {
  if (!isRecord(payload) || !Array.isArray(payload["services"])) return undefined;
  const epoch = payload["epoch"];
  const services = payload["services"].map(parseService);
  if (typeof epoch !== "number" || !Number.isSafeInteger(epoch) || epoch < 0) return undefined;
  const good = services.filter((service) => service !== undefined);
  // What lies there of an earlier version holds no trust; of this one none is better than one that is not whole.
  const trust = parseOwnTrust(payload["trust"]);
  return good.length === services.length ? { epoch, services: good, ...(trust && { trust }) } : undefined;
}

function parseService(value: unknown): LearnedService | undefined {
  if (!isRecord(value)) return undefined;
  const { name, url, sdl, sha256, source, bytes, fetchedAt } = value;
  const texts =
    typeof name === "string" && typeof url === "string" && typeof sdl === "string" && typeof sha256 === "string";
  if (!texts || typeof bytes !== "number" || typeof fetchedAt !== "number" || !isSource(source)) return undefined;
  return { name, url, sdl, sha256, source, bytes, fetchedAt };
}

function isSource(value: unknown): value is SchemaSource {
  return value === "federation" || value === "introspection" || value === "file";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
