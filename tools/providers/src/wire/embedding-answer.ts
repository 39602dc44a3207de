/** Vectors in the encoding that was asked for: numbers, or base64 of little-endian float32. */
export interface EmbeddingAnswer {
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly model: string;
  readonly vectors: readonly (readonly number[] | string)[];
  readonly promptTokens: number;
  readonly showsUsage: boolean;
}
