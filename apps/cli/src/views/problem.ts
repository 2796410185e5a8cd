/** A problem as it comes from another process; its code is only shown, so it may be any text. */
export type ProblemItem = { readonly code: string; readonly path: string; readonly message: string };

export function problemItem({ code, path, message }: ProblemItem): ProblemItem {
  return { code, path, message };
}

/** `CODE path: message`, as `formatProblem` writes our own. */
export function problemLine({ code, path, message }: ProblemItem): string {
  return path === "" ? `${code} ${message}` : `${code} ${path}: ${message}`;
}

/** The first problem on one line, and how many more there are. */
export function firstReason(problems: readonly ProblemItem[]): string {
  const [first, ...more] = problems;
  if (!first) return "";
  return more.length > 0 ? `${problemLine(first)} (and ${more.length} more)` : problemLine(first);
}
