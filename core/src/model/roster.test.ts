import { strict as assert } from "node:assert";
import { test } from "node:test";
import { array, boolean, assert as everyCase, nat, property, tuple } from "fast-check";
import { Roster, type Seated } from "./roster.ts";

const newMember = (): Seated => ({ seat: undefined });

test("is what a set would be, whoever comes and goes, and in whatever order", () => {
  const steps = array(tuple(boolean(), nat(11)), { maxLength: 200 });
  everyCase(
    property(steps, (all) => {
      const members = Array.from({ length: 12 }, newMember);
      const roster = new Roster();
      const model = new Set<Seated>();
      for (const [comes, index] of all) {
        const member = members[index] ?? newMember();
        if (comes) roster.add(member);
        else roster.remove(member);
        if (comes) model.add(member);
        else model.delete(member);
        assert.equal(roster.size, model.size);
        assert.deepEqual(new Set(roster.all), model);
        for (const each of members) assert.equal(each.seat !== undefined, model.has(each));
      }
    }),
  );
});

test("those of a moment are told, whoever leaves while they are gone through", () => {
  const roster = new Roster();
  const [first, second, third] = [newMember(), newMember(), newMember()];
  for (const member of [first, second, third]) roster.add(member);
  const met: Seated[] = [];
  for (const member of roster.all) {
    met.push(member);
    roster.remove(first);
    roster.remove(third);
  }
  assert.deepEqual(met, [first, second, third]);
  assert.deepEqual(roster.all, [second]);
});
