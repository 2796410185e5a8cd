import type { OutgoingHttpHeaders } from "node:http";
import { Http2ServerResponse, type ServerHttp2Stream } from "node:http2";

type Headers = OutgoingHttpHeaders | readonly string[];

/** An answer over HTTP/2, with what an answer over HTTP/1 has and Node leaves out, whatever its types say. */
export class Http2Answer extends Http2ServerResponse {
  override closed = false;
  override destroyed = false;

  constructor(stream: ServerHttp2Stream) {
    super(stream);
    this.once("close", () => {
      this.closed = true;
      this.destroyed = true;
    });
  }

  /** Without a word on the connection, which is none of the answer's business here: Node would warn of it. */
  override setHeader(name: string, value: number | string | readonly string[]): void {
    if (name.toLowerCase() !== "connection") super.setHeader(name, value);
  }

  /** Without the words beside the status, of which HTTP/2 knows nothing either. */
  override writeHead(status: number, words?: Headers | string, headers?: Headers): this {
    const given = typeof words === "string" ? headers : words;
    if (given === undefined || isList(given)) return super.writeHead(status, given);
    for (const [name, value] of Object.entries(given)) if (value !== undefined) this.setHeader(name, value);
    return super.writeHead(status);
  }
}

function isList(headers: Headers): headers is readonly string[] {
  return Array.isArray(headers);
}
