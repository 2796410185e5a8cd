/** What a GraphQL server answered, as a client sees it. */
export type Answer = {
  readonly status: number;
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: unknown;
    readonly extensions?: Record<string, unknown>;
  }[];
};

/** The status by which the smallest query is answered, as whom a token says, if there is one. */
export async function statusAs(url: string, token?: string): Promise<number> {
  return (await ask(url, "{ __typename }", {}, token)).status;
}

/** One operation over HTTP, with a deadline of 15 s; as whom a token says, if there is one. */
export async function ask(
  url: string,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
  token?: string,
): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  try {
    return { status: response.status, ...JSON.parse(text) };
  } catch {
    return { status: response.status, errors: [{ message: text.slice(0, 200) }] };
  }
}
