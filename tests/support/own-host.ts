/**
 * A loopback address that no other test process uses. Where a port is given up and asked for again, nobody else may come
 * between: the system hands out the ports of 127.0.0.1 to every test that runs at the same time.
 */
export const ownHost = `127.${1 + (process.pid >> 16)}.${(process.pid >> 8) & 255}.${process.pid & 255}`;
