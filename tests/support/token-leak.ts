/** A compact JWS: two JSON objects and a signature. */
const token = /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{20,}/;
/** No token is longer (8 KiB), so that one which comes in pieces is found, too. */
const longest = 8192;

/** Listens to what a process prints where no token may ever stand. */
export class TokenLeak {
  #tail = "";
  #found = false;

  hear(text: string): void {
    const heard = this.#tail + text;
    this.#found ||= token.test(heard);
    this.#tail = heard.slice(-longest);
  }

  /** Fails when a token was heard; says where, never which. */
  assertNone(place: string): void {
    if (this.#found) throw new Error(`a token stands in ${place}`);
  }
}

/** The same of what is there as a whole. */
export function assertNoToken(text: string, place: string): void {
  if (token.test(text)) throw new Error(`a token stands in ${place}`);
}
