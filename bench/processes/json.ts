/** The least that a JSON text costs whoever reads and writes it: parses stdin's, makes it text again, tells each time in ms. */
import { text } from "node:stream/consumers";

const given = await text(process.stdin);
const times = Array.from({ length: 4 }, () => {
  const began = performance.now();
  JSON.stringify(JSON.parse(given));
  return performance.now() - began;
});
process.stdout.write(JSON.stringify(times));
