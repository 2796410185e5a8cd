/** As much of a generated enum's descriptor as names a value. */
type EnumDescriptor = {
  readonly sharedPrefix?: string | undefined;
  readonly value: Readonly<Record<number, { readonly name: string } | undefined>>;
};

/** An enum value as one lower-case word: STATE_SERVING is "serving"; one that this version does not know, "unknown". */
export function enumWord(descriptor: EnumDescriptor, value: number): string {
  const name = descriptor.value[value]?.name;
  if (name === undefined || value === 0) return "unknown";
  return name
    .slice(descriptor.sharedPrefix?.length ?? 0)
    .toLowerCase()
    .replaceAll("_", " ");
}
