/** Lets Node keep what it compiled, here and in every process that is started from here. */
export function keepCompiledCode(): void;
