/** A text from outside within a message: in quotes, control characters escaped, never longer than a line. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}...` : text);
}
