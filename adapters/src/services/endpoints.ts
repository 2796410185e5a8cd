/** Where each service is reached, by its name in the supergraph; the URLs in order of preference. */
export type EndpointTable = ReadonlyMap<string, readonly { readonly url: string }[]>;

/** One URL, in the parts that a pool and a request want. */
export type Target = { readonly origin: string; readonly path: string };

/** Splits an http or https URL; undefined for any other text. A user or password in it is not sent. */
function parseTarget(url: string): Target | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || (parsed.protocol !== "http:" && parsed.protocol !== "https:")) return undefined;
  return { origin: parsed.origin, path: `${parsed.pathname}${parsed.search}` };
}

/** The table in parsed form; what is no http URL is left out, so such a service is unavailable. */
export function parseTable(table: EndpointTable): ReadonlyMap<string, readonly Target[]> {
  return new Map(
    Array.from(table, ([service, urls]) => [service, urls.flatMap(({ url }) => parseTarget(url) ?? [])] as const),
  );
}
