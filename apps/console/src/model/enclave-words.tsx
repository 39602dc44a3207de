import { measuredWords, type ConsoleModel } from '@orgn/console-api';
import { Time } from '../ui/time.tsx';

type Enclave = NonNullable<ConsoleModel['enclave']>;
type Software = NonNullable<Enclave['approved']>;

const proofs: Record<ConsoleModel['attestation'], string> = {
  proven: 'proven',
  not_proven: 'not proven',
  not_approved: 'not approved',
  failed: 'failed',
  not_checked: 'not checked',
  not_an_enclave: 'not an enclave',
};

/** How its enclave stands, since when, by which software, and what of that has changed. */
export function EnclaveWords({ model: { attestation, enclave } }: { model: ConsoleModel }) {
  if (!enclave) return <small>{proofs[attestation]}</small>;
  const { verifiedAt, composeHashes, failed, isDevelopment, approved, waiting } = enclave;
  return (
    <>
      <small>
        {isDevelopment && failed.length === 0 ? 'good, by a development root' : proofs[attestation]}
        {verifiedAt !== null && (
          <>
            , <Time at={verifiedAt} />
          </>
        )}
      </small>
      {failed.length > 0 && <small className="danger-text">failed: {failed.join(', ')}</small>}
      {composeHashes.map((hash) => (
        <small key={hash} title={`SHA-256 of the compose file: ${hash}`}>
          software <code>{hash.slice(0, 10)}…</code>
        </small>
      ))}
      {composeHashes.length > 1 && <small>Its provider is changing the software.</small>}
      {approved && <Changed software={approved} what="approved" />}
      {waiting && <Changed software={waiting} what="new, waits for an operator" />}
    </>
  );
}

/** What changed with some software, and when. */
function Changed({ software, what }: { software: Software; what: string }) {
  const changed = software.changed?.map((name) => measuredWords[name]).join(', ');
  return (
    <small title={measuredOf(software)}>
      {what} <Time at={software.at} />
      {changed !== undefined && changed !== '' && <>: {changed} changed</>}
    </small>
  );
}

function measuredOf({ composeHash, osImageHash, mrtd, imageDigests }: Software): string {
  const known = { 'Compose file': composeHash, 'OS image': osImageHash, MRTD: mrtd, Images: imageDigests.join(', ') };
  return Object.entries(known)
    .flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []))
    .join('\n');
}
