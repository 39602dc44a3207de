import type { Bytes } from './bytes.ts';
import { Malformed } from './malformed.ts';

/** Reads a structure front to back; reading beyond its end is {@link Malformed}. Integers are little-endian. */
export class ByteReader {
  private at = 0;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get offset(): number {
    return this.at;
  }

  get left(): number {
    return this.bytes.length - this.at;
  }

  take(length: number): Bytes {
    if (length > this.left) throw new Malformed('ends too early');
    const part = this.bytes.slice(this.at, this.at + length);
    this.at += length;
    return part;
  }

  u8(): number {
    return this.take(1)[0] ?? 0;
  }

  u16(): number {
    return this.u8() + this.u8() * 0x100;
  }

  u32(): number {
    return this.u16() + this.u16() * 0x1_0000;
  }

  /** @throws Malformed when anything is left. */
  end(what: string): void {
    if (this.left > 0) throw new Malformed(`${what}: ${this.left} bytes too many`);
  }
}
