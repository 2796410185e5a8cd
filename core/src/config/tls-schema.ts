import { z } from "zod";
import { path } from "./scalars.ts";

/** Certificates of one side of an RPC, and whom it trusts. */
export const tls = z.strictObject({
  caFile: path.meta({
    title: "path",
    description: "The authorities (PEM) that the other side's certificate must come from.",
    examples: ["/etc/catalyst/ca.pem"],
  }),
  certFile: path.meta({
    title: "path",
    description: "The certificate (PEM) that is shown to the other side.",
    examples: ["/etc/catalyst/orchestrator.pem"],
  }),
  keyFile: path.meta({
    title: "path",
    description: "The certificate's private key (PEM), readable by its owner alone.",
    examples: ["/etc/catalyst/orchestrator.key"],
  }),
});
