/**
 * Thrown where an answer is not as plain as the direct way needs it: an error, a null that the client's schema forbids,
 * keys in another order. One for all, without a stack: it is no fault, only the end of a short cut.
 */
const notDirect = Object.freeze({ name: "NotDirect" });

export function leaveDirectWay(): never {
  throw notDirect;
}

export function hasLeftDirectWay(error: unknown): boolean {
  return error === notDirect;
}
