import assert from "node:assert/strict";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { quick, serve } from "./testing/serving.ts";

const deadline = { timeout: 20_000 };

/** What comes back over a connection on which just this is said. */
async function answerTo(url: string, said: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(said);
  return await text(socket);
}

test(
  "what does not arrive in time, is too long or no HTTP has an answer with a code, and is counted",
  deadline,
  async () => {
    await using serving = await serve({ limits: { ...quick, headersTimeout: 300, receiveTimeout: 600 } });
    const post = "POST /graphql HTTP/1.1\r\nhost: h\r\ncontent-type: application/json\r\n";
    const said = {
      "408 REQUEST_TIMEOUT, of a head": "POST /graphql HTTP/1.1\r\nhost:",
      "408 REQUEST_TIMEOUT, of a body": `${post}content-length: 100\r\n\r\n{"query":`,
      "431 REQUEST_HEADER_FIELDS_TOO_LARGE": `${post}x-long: ${"x".repeat(20 * 1024)}\r\n\r\n`,
      "400 BAD_REQUEST": "HELLO\r\n\r\n",
    };
    const answers = await Promise.all(Object.values(said).map((each) => answerTo(serving.graphql, each)));
    const told = answers.map((answer) => {
      const [, status] = /^HTTP\/1\.1 (\d+)/.exec(answer) ?? [];
      const [, code] = /"code":"(\w+)"/.exec(answer) ?? [];
      return `${status} ${code}`;
    });
    assert.deepEqual(
      told,
      Object.keys(said).map((each) => each.replace(/,.*/, "")),
    );
    assert.deepEqual(serving.refusals.toSorted(), told.map((each) => each.slice(4)).toSorted());
  },
);
