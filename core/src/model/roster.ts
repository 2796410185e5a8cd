/** Who can be on a roster: on one at a time. */
export interface Seated {
  /** Where; the roster's to write. Undefined on none. */
  seat: number | undefined;
}

/**
 * Those who are present, in no order; to come and to leave cost the same, however many there are. For what comes and goes
 * with each request: a Map or a Set makes itself anew every few of those, and V8 leaves the old table, with all who were
 * in it, for the next collection of everything, because one such table points to the next (docs/adr/0019).
 */
export class Roster<Member extends Seated> {
  readonly #members: Member[] = [];

  get size(): number {
    return this.#members.length;
  }

  /** Those of this moment. */
  get all(): readonly Member[] {
    return [...this.#members];
  }

  /** Again does nothing. */
  add(member: Member): void {
    member.seat ??= this.#members.push(member) - 1;
  }

  /** Who is not there is not missed. */
  remove(member: Member): void {
    const { seat } = member;
    if (seat === undefined) return;
    member.seat = undefined;
    const last = this.#members.pop();
    if (last === undefined || last === member) return;
    this.#members[seat] = last;
    last.seat = seat;
  }
}
