const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * A text's bytes without the byte order mark that some programs, on Windows above all, write before UTF-8. JSON must not
 * begin with one (RFC 8259, 8.1), and who reads it may ignore it; nobody further on gets to see it.
 */
export function withoutByteOrderMark(bytes: Buffer): Buffer {
  return bytes.subarray(0, MARK.length).equals(MARK) ? bytes.subarray(MARK.length) : bytes;
}
