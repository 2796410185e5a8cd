/** A lower-case DNS label (RFC 1123): 1 to 63 of `a-z 0-9 -`, no hyphen at either end. */
export const dnsLabelPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** `organization/node`: who a node is, to itself and to every peer. */
export type NodeId = `${string}/${string}`;

/** `organization/node/service`: what a route is addressed by; nothing in it needs percent-encoding. */
export type RouteKey = `${NodeId}/${string}`;

export type Identity = { readonly organization: string; readonly node: string };

export function isDnsLabel(text: string): boolean {
  return dnsLabelPattern.test(text);
}

export function nodeId({ organization, node }: Identity): NodeId {
  return `${organization}/${node}`;
}

export function routeKey(identity: Identity, service: string): RouteKey {
  return `${nodeId(identity)}/${service}`;
}
