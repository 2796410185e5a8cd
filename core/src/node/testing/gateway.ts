import { sectionNames, type Sections } from "../desired.ts";
import {
  compareRevisions,
  type GatewayStatus,
  type Revision,
  type SectionName,
  type SectionResult,
} from "../gateway-status.ts";

/** A gateway by the letter of its contract, without any I/O. */
export class ModelGateway {
  alive = false;
  /** How many configurations it was sent. */
  configured = 0;
  /** Digests that it refuses. */
  readonly refuses = new Set<string>();
  status: GatewayStatus = fresh(0);
  #starts = 0;

  start(): number {
    this.alive = true;
    this.status = fresh(++this.#starts);
    return this.status.pid;
  }

  digests(): Partial<Record<SectionName, string>> {
    return Object.fromEntries(this.status.sections.map(({ section, digest }) => [section, digest]));
  }

  configure(revision: Revision, sections: Partial<Sections>): readonly SectionResult[] {
    this.configured++;
    const results = sectionNames.flatMap((section) => {
      const content = sections[section];
      return content === undefined ? [] : [this.#apply(revision, section, content.digest)];
    });
    if (sections.identity !== undefined && this.status.organization === "") {
      const { organization, node, mode } = sections.identity;
      this.status = { ...this.status, organization, node, mode };
    }
    return results;
  }

  #apply(revision: Revision, section: SectionName, digest: string): SectionResult {
    const served = this.status.sections.find((known) => known.section === section);
    if (served !== undefined && compareRevisions(served.revision, revision) > 0) {
      return { section, outcome: "superseded", problems: [] };
    }
    const refusals = this.status.refusals.filter((known) => known.section !== section);
    if (this.refuses.has(digest)) {
      const problems = [{ code: "CAT-GATEWAY-001", path: section, message: "it is not to its taste" }] as const;
      this.status = { ...this.status, refusals: [...refusals, { section, revision, digest, refusedAt: 0, problems }] };
      return { section, outcome: "refused", problems };
    }
    const sections = this.status.sections.filter((known) => known.section !== section);
    this.status = { ...this.status, refusals, sections: [...sections, { section, revision, digest, appliedAt: 0 }] };
    return { section, outcome: served?.digest === digest ? "unchanged" : "applied", problems: [] };
  }
}

function fresh(start: number): GatewayStatus {
  return {
    instanceId: `gateway-${start}`,
    version: "0.1.0",
    pid: 100 + start,
    startedAt: 0,
    state: "unconfigured",
    notReadyReasons: [],
    organization: "",
    node: "",
    mode: "production",
    sections: [],
    refusals: [],
    listeners: [{ name: "graphql", url: "http://127.0.0.1:4000" }],
    counters: undefined,
    workers: [],
    givenUpEndpoints: [],
    certificate: undefined,
  };
}
