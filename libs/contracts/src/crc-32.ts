/** The reversed polynomial of CRC-32 (ISO 3309, as zlib and Ethernet use it). */
const POLYNOMIAL = 0xedb88320;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0);
  return remainder;
});

/** CRC-32 of an ASCII text, unsigned. Written out because browsers check keys too, and have no zlib. */
export function crc32(text: string): number {
  let sum = 0xffffffff;
  for (let at = 0; at < text.length; at += 1) sum = (sum >>> 8) ^ (table[(sum ^ text.charCodeAt(at)) & 0xff] ?? 0);
  return (sum ^ 0xffffffff) >>> 0;
}
