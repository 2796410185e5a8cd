/** The few shapes of DER (X.690) that a certificate takes. */

export function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, Buffer.concat(parts));
}

export function set(...parts: readonly Buffer[]): Buffer {
  return element(0x31, Buffer.concat(parts));
}

export function integer(bytes: Buffer): Buffer {
  return element(0x02, bytes);
}

/** By its bytes, in hexadecimal: what each identifier says stands where it is used. */
export function identifier(hex: string): Buffer {
  return element(0x06, Buffer.from(hex, "hex"));
}

export function octets(content: Buffer): Buffer {
  return element(0x04, content);
}

export function bits(content: Buffer, unused = 0): Buffer {
  return element(0x03, Buffer.concat([Buffer.from([unused]), content]));
}

export const yes = element(0x01, Buffer.from([0xff]));

export function text(content: string): Buffer {
  return element(0x0c, Buffer.from(content));
}

/** With two digits for the year until 2049, as X.509 demands. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return date.getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(digits.slice(2)))
    : element(0x18, Buffer.from(digits));
}

/** `[number]`: around elements of its own (`explicit`), or in the place of one's own tag. */
export function tagged(number: number, content: Buffer, explicit = false): Buffer {
  return element((explicit ? 0xa0 : 0x80) + number, content);
}

function element(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const head = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), value]);
}
