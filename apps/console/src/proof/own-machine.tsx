import { Code } from '../ui/code.tsx';

interface OwnMachineProps {
  requestId: string;
  /** Where bundle and keys are loaded from. */
  bundle: string;
  keys: string;
}

/** A page cannot vouch for whoever serves it: the way to look without it. */
export function OwnMachine({ requestId, bundle, keys }: OwnMachineProps) {
  const file = `receipt-${requestId}.json`;
  return (
    <div className="own-machine">
      <p className="quiet">
        This page and the verifier in it come from the operator of this gateway. Whoever does not want to take their
        word loads the files, and verifies on a machine of their own, without a network:
      </p>
      <div className="actions">
        <a className="button plain" href={bundle} download={file}>
          Receipt with evidence
        </a>
        <a className="button plain" href={keys} download="keys.json">
          Keys
        </a>
      </div>
      <Code label="Command that verifies" text={`node cli.js verify ${file} --keys keys.json`} />
    </div>
  );
}
