import { readFileSync } from "node:fs";

/** Where the network of a process is listened on, over IPv4 and IPv6. */
export function listening(pid: number): readonly string[] {
  return ["tcp", "tcp6"]
    .flatMap((family) => readFileSync(`/proc/${pid}/net/${family}`, "utf8").split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state === "0A")
    .map(([, local = ""]) => {
      const [address = "", port = ""] = local.split(":");
      const bytes = [...address.matchAll(/../g)].map(([byte]) => Number.parseInt(byte, 16));
      return `${bytes.toReversed().join(".")}:${Number.parseInt(port, 16)}`;
    });
}
