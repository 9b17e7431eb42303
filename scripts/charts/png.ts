const START = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const END = Buffer.from("IEND\xaeB`\x82", "latin1");

/** Whether bytes are a PNG from its first to its last byte: one that was cut short is none. */
export function isWholePng(bytes: Buffer): boolean {
  return bytes.subarray(0, START.length).equals(START) && bytes.subarray(-END.length).equals(END);
}
