/** What the process answers to its caller; the same in every output format. */
export const exitCode = {
  ok: 0,
  failed: 1,
  usage: 2,
  configuration: 3,
  unreachable: 4,
  denied: 5,
  timeout: 124,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
