import { Badge, type Tone } from '../ui/badge.tsx';

/** What is known of where an answer was made. Absent evidence is never a pass: nobody looked is a state of its own. */
export type ProofState = 'proven' | 'not_proven' | 'failed' | 'not_checked' | 'not_an_enclave';

const states: Record<ProofState, { word: string; tone: Tone; meaning: string }> = {
  proven: { word: 'Proven', tone: 'good', meaning: 'Every step that is required was checked, and passed.' },
  not_proven: { word: 'Not proven', tone: 'warning', meaning: 'A step that is required was not checked.' },
  failed: { word: 'Failed', tone: 'bad', meaning: 'A step was checked and did not pass.' },
  not_checked: {
    word: 'Not checked yet',
    tone: 'neutral',
    meaning: 'Nobody has looked at the evidence of this enclave.',
  },
  not_an_enclave: {
    word: 'Not an enclave',
    tone: 'neutral',
    meaning: 'Its class of execution claims none: what is promised, somebody promises.',
  },
};

/**
 * The state of an answer, by what its head says.
 * @param execution `tee`, `zdr` or `operator`; null: it is not known
 * @param attestation what is known of the enclave, in the words of the header; null: nothing
 */
export function proofStateOf(execution: string | null, attestation: string | null): ProofState {
  if (execution !== null && execution !== 'tee') return 'not_an_enclave';
  const said = attestation?.replaceAll('-', '_') ?? '';
  return Object.hasOwn(states, said) ? (said as ProofState) : 'not_checked';
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
