import type { ConsoleKey } from '@orgn/console-api';
import { useNow } from '../ui/now.ts';
import { Note } from '../ui/note.tsx';
import { Copy } from '../ui/copy.tsx';
import { Fact } from '../ui/fact.tsx';
import { Time } from '../ui/time.tsx';
import { useTimeZone } from '../ui/time-zone.ts';
import { standingOf } from './key-state.ts';
import { KeyState } from './key-state.tsx';
import { limitsAsSentence } from './limits.ts';
import { lastUseInWords } from './use-words.ts';

/** What there is to know of a key, as a list of names and values. */
export function KeyFacts({ value }: { value: ConsoleKey }) {
  const zone = useTimeZone();
  const { meaning, word } = standingOf(value, useNow(60));
  return (
    <>
      {word === 'Leaked' && (
        <Note kind="problem" title="This key was found in public">
          <p>
            {meaning} Take the secret out of where it was found: it is refused, but the next one may be in the same
            place.
          </p>
        </Note>
      )}
      <p className="summary">{limitsAsSentence(value, zone)}</p>
      <dl className="facts">
        <Fact name="State">
          <KeyState value={value} /> <span className="quiet">{meaning}</span>
        </Fact>
        <Fact name="Secret">
          <code>{value.hint}</code> <span className="quiet">shown once, when it was made</span>
        </Fact>
        <Fact name="Id">
          <code>{value.id}</code> <Copy text={value.id} label="Copy key id" />
        </Fact>
        <Fact name="Created">
          <Time at={value.createdAt} isExact /> {value.createdBy ? `by ${value.createdBy.name}` : 'by the operator'}
        </Fact>
        <Fact name="Owner">{value.owner ? `${value.owner.name}, ${value.owner.email}` : 'the operator'}</Fact>
        <Fact name="Last used">
          {value.lastUsedAt ? <Time at={value.lastUsedAt} /> : 'never'} {lastUseInWords(value)}
        </Fact>
        <Fact name="Expires">{value.expiresAt ? <Time at={value.expiresAt} isExact /> : 'never'}</Fact>
        {value.models && (
          <Fact name="Models">
            {value.models.map((id) => (
              <code key={id}>{id}</code>
            ))}
          </Fact>
        )}
        {value.ipAllowList && (
          <Fact name="Networks">
            {value.ipAllowList.map((range) => (
              <code key={range}>{range}</code>
            ))}
          </Fact>
        )}
        {value.revokedAt && (
          <Fact name="Revoked">
            <Time at={value.revokedAt} isExact /> {value.revocationReason && `(${value.revocationReason})`}
          </Fact>
        )}
      </dl>
    </>
  );
}
