import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../../examples/auth-go", import.meta.url));

export const authGoBinary = fileURLToPath(new URL("../../.tools/auth-go", import.meta.url));

/** Where Go's own installation lies, for a PATH that does not say so. */
const usualPlace = "/usr/local/go/bin";

/** Builds the auth sidecar in Go; where it is built already, that takes a second. Throws what is wrong. */
export function buildAuthGo(): void {
  const path = `${process.env["PATH"] ?? ""}:${usualPlace}`;
  const env = { ...process.env, PATH: path, GOFLAGS: "-mod=readonly -buildvcs=false", CGO_ENABLED: "0" };
  const args = ["build", "-trimpath", "-o", authGoBinary, "."];
  try {
    execFileSync("go", args, { cwd: source, env, stdio: ["ignore", 2, 2], timeout: 300_000 });
  } catch (error) {
    if (Object(error).code !== "ENOENT") throw error;
    throw new Error("go is missing: the auth sidecar in examples/auth-go is built with Go 1.26 or later", {
      cause: error,
    });
  }
}

/** The same, for a machine that may not have Go: says what is wrong instead. */
export function installAuthGo(): void {
  try {
    buildAuthGo();
  } catch (error) {
    process.stderr.write(`auth-go: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
