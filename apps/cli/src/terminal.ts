/** What a command may use of its surroundings: stdout for the result only, stderr for all else. */
export type Terminal = {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Ends the program with this code once the command has returned. */
  readonly exitWith: (code: number) => void;
  /** Whether stdout is a person's terminal that wants colours (NO_COLOR is unset); default false. */
  readonly color?: boolean;
  /** What comes in by stdin, to its end; rejects beyond so many bytes. Absent where nothing can come. */
  readonly stdin?: (maxBytes: number) => Promise<string>;
  /** Asks the person at the terminal for one line. Absent when nobody is there: stdin or stderr is no terminal. */
  readonly ask?: (question: string) => Promise<string>;
  /** Aborts when nobody reads stdout any more; a command that repeats its result then ends. */
  readonly closed?: AbortSignal;
};
