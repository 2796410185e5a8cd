// Loaded into the process under measurement by NODE_OPTIONS=--require, so that it needs no switch of its own. CommonJS,
// because --require runs before anything else of the process does.
const { monitorEventLoopDelay } = require("node:perf_hooks");
const { createServer } = require("node:net");

const path = process.env["BENCH_PROBE"];
if (path !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  // Each connection is told what has been since the one before.
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    const { user, system } = process.cpuUsage();
    socket.end(JSON.stringify({ longestGapMs: delay.max / 1e6, cpuMs: (user + system) / 1000 }));
    delay.reset();
  });
  // A process of many, such as a worker, has a socket of its own.
  server.listen(`${path}-${process.pid}`).unref();
}
