import { Badge, type Tone } from '../ui/badge.tsx';

/**
 * What is known of where an answer was made. Absent evidence is never a pass: nobody looked is a state of its own, and so is that
 * the gateway says that it looked.
 */
export type ProofState =
  'proven' | 'by_gateway' | 'development' | 'not_proven' | 'failed' | 'not_checked' | 'not_an_enclave';

const states: Record<ProofState, { word: string; tone: Tone; meaning: string }> = {
  proven: {
    word: 'Proven here',
    tone: 'good',
    meaning: 'This browser checked every step that is required, and all passed.',
  },
  by_gateway: {
    word: 'Verified by the gateway',
    tone: 'accent',
    meaning:
      'The gateway verified the enclave before the prompt left it. This browser has not checked: open the proof.',
  },
  development: {
    word: 'Good, by a development root',
    tone: 'warning',
    meaning: 'Every step passed, but a simulator made the evidence. It proves nothing about any hardware.',
  },
  not_proven: {
    word: 'Not proven',
    tone: 'warning',
    meaning: 'A step that is required was not checked.',
  },
  failed: { word: 'Failed', tone: 'bad', meaning: 'A step was checked and did not pass.' },
  not_checked: {
    word: 'Not checked',
    tone: 'neutral',
    meaning: 'Nobody has looked at the evidence of this enclave.',
  },
  not_an_enclave: {
    word: 'Not an enclave',
    tone: 'neutral',
    meaning: 'Its class of execution claims none: what is promised, somebody promises.',
  },
};

const said: Record<string, ProofState> = { verified: 'by_gateway', failed: 'failed', unknown: 'not_proven' };

/**
 * The state of an answer, by what its head says.
 * @param execution `tee`, `zdr` or `operator`; null: it is not known
 * @param attestation what the gateway says of the enclave: `verified`, `failed` or `unknown`; null: nothing
 */
export function proofStateOf(execution: string | null, attestation: string | null): ProofState {
  if (execution !== null && execution !== 'tee') return 'not_an_enclave';
  return (attestation !== null && Object.hasOwn(said, attestation) && said[attestation]) || 'not_checked';
}

/** One word on where an answer was made, and what it means. */
export function ProofBadge({ state }: { state: ProofState }) {
  const { word, tone, meaning } = states[state];
  return (
    <Badge tone={tone} title={meaning}>
      {word}
    </Badge>
  );
}

/** A state in a word. */
export function wordOf(state: ProofState): string {
  return states[state].word;
}

/** What a state means, in a sentence. */
export function meaningOf(state: ProofState): string {
  return states[state].meaning;
}
