import { encode } from "./bytes.ts";
import { leaveDirectWay } from "./not-direct.ts";
import type { Scanner } from "./scanner.ts";

const dataLabel = encode('"data":');
const extensionsLabel = encode('"extensions":');

/** Reads a response that has data and no errors (GraphQL, 7.1); `read` takes the data. */
export function readData(scanner: Scanner, read: () => void): void {
  scanner.expect(0x7b);
  scanner.key(dataLabel);
  read();
  if (scanner.takes(0x2c)) {
    scanner.key(extensionsLabel);
    scanner.value();
  }
  scanner.expect(0x7d);
  if (scanner.peek() !== 0 || scanner.at < scanner.bytes.length) leaveDirectWay();
}
