import { trustV1 } from "@catalyst-node/adapters/rpc";
import type { ClassWord } from "./words.ts";

const values: Readonly<Record<ClassWord, trustV1.TokenClass>> = {
  service: trustV1.TokenClass.SERVICE,
  internal: trustV1.TokenClass.INTERNAL,
  peer: trustV1.TokenClass.PEER,
  session: trustV1.TokenClass.SESSION,
  subject: trustV1.TokenClass.SUBJECT,
};

/** As the contract has it; any class when none is named. */
export function classValue(word: ClassWord | undefined): trustV1.TokenClass {
  return word === undefined ? trustV1.TokenClass.UNSPECIFIED : values[word];
}
