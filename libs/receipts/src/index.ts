export { digestOf, digestOfJson } from './bytes/digest.ts';
export { replay, undo, type Splice, type UndoableSplice } from './bytes/splices.ts';
export { bundleSchema, readBundle, type Bundle, type LogProof } from './form/bundle.ts';
export { keysSchema, readKeys, type ReceiptKeys } from './form/keys.ts';
export {
  policySchema,
  receiptSchema,
  receiptStatuses,
  type Receipt,
  type ReceiptSession,
  type ReceiptStatus,
  type UnsignedReceipt,
} from './form/receipt.ts';
export { signReceipt, type ReceiptSigner } from './form/sign.ts';
export { signSuccession, type Succession, type UnsignedSuccession } from './form/succession.ts';
export { openCheckpoint, signCheckpoint, verifierKey, type Checkpoint } from './log/checkpoint.ts';
export { leafOf } from './log/leaf.ts';
export { growLevel, hashesOf, proofByTiles, rootByTiles, TILE_WIDTH, type ReadTile } from './log/tiles.ts';
export { inclusionProof, leafHash, nodeHash, rootByProof, rootOf } from './log/merkle.ts';
export { defaultDemands } from './verify/default-demands.ts';
export { readDemands, type Demands } from './verify/demands.ts';
export type { ReceiptQuestion } from './verify/question.ts';
export {
  receiptCheckIds,
  receiptCheckMeanings,
  type ReceiptCheck,
  type ReceiptCheckId,
} from './verify/receipt-checks.ts';
export { verifyBundle, type Outcome, type VerifiedReceipt } from './verify/verify-bundle.ts';
