import { keyRoutes, type ConsoleKey } from '@orgn/console-api';
import type { KeyId } from '@orgn/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { codeOf } from '../api/fault.ts';
import { queryOf } from '../api/query.ts';
import { NotFoundPage } from '../page/not-found-page.tsx';
import { Page } from '../page/page.tsx';
import { paths } from '../paths.ts';
import { useTeam } from '../session/team.ts';
import { Loaded } from '../page/loaded.tsx';
import { Note } from '../ui/note.tsx';
import { hasEnded } from './key-state.ts';
import { RotateForm } from './rotate-form.tsx';
import { RotationUnderway } from './rotation-underway.tsx';
import { SecretOnce } from './secret-once.tsx';
import { modelFor } from './snippets.ts';
import './keys.css';

const POLL_MS = 2_000;

/** A new secret kept only by this page, for as long as it is open. */
interface Fresh {
  keyId: string;
  secret: string;
}

/** Puts a new secret in a key's place, and stays open until the old one is over. */
export default function RotationPage() {
  const { id: teamId } = useTeam();
  const { keyId = '' } = useParams();
  const navigate = useNavigate();
  const [fresh, setFresh] = useState<Fresh | null>(null);
  const query = useQuery({
    ...queryOf(keyRoutes.get, { params: { teamId, keyId: keyId as KeyId } }),
    refetchInterval: POLL_MS,
  });
  if (['not_found', 'invalid_request'].includes(codeOf(query.error) ?? '') && !query.data) return <NotFoundPage />;
  if (!query.data)
    return (
      <Page title="Rotation">
        <Loaded query={query}>{() => null}</Loaded>
      </Page>
    );
  return (
    <Loaded query={query}>
      {(key) => (
        <Page
          title={`Rotate “${key.name}”`}
          lead="A new secret, while the old one is still accepted: callers move over one by one, and none is refused."
          crumb={<Link to={paths.key({ teamId, keyId })}>{key.name}</Link>}
        >
          {fresh?.keyId === key.id && <SecretOnce secret={fresh.secret} hint={key.hint} model={modelFor(key.models)} />}
          <Rotation
            value={key}
            onRotated={(made) => {
              setFresh({ keyId: made.id, secret: made.key });
              void navigate(paths.rotation({ teamId, keyId: made.id }), { replace: true });
            }}
          />
        </Page>
      )}
    </Loaded>
  );
}

interface RotationProps {
  value: ConsoleKey;
  onRotated: (made: ConsoleKey & { key: string }) => void;
}

function Rotation({ value, onRotated }: RotationProps) {
  const { teamId, replaces, replacedBy } = value;
  const before = useQuery({
    ...queryOf(keyRoutes.get, { params: { teamId, keyId: replaces ?? value.id } }),
    enabled: replaces !== null,
    refetchInterval: POLL_MS,
  });
  if (replaces && !replacedBy && before.data?.state === 'rotating')
    return <RotationUnderway now={value} before={before.data} />;
  const obstacle = obstacleTo(value);
  if (obstacle) return obstacle;
  return (
    <>
      {before.data && replaces && value.lastUsedAt && <JustOver value={before.data} />}
      <RotateForm value={value} onRotated={onRotated} />
    </>
  );
}

/** Why this key cannot be rotated, and the way on; undefined: it can. */
function obstacleTo({ teamId, replacedBy, state }: ConsoleKey) {
  if (replacedBy) {
    return (
      <Note title="This key was replaced already">
        <p>
          <Link to={paths.rotation({ teamId, keyId: replacedBy })}>See how its callers move over</Link>, or rotate the
          new key.
        </p>
      </Note>
    );
  }
  if (hasEnded({ state }))
    return <Note title="This key has ended">A key that is over cannot be rotated. Make another one.</Note>;
  if (state === 'active') return undefined;
  return (
    <Note kind="warning" title="Only an active key can be rotated">
      Enable it first.
    </Note>
  );
}

const RECENT_MS = 3_600_000;

function JustOver({ value }: { value: ConsoleKey }) {
  const endedAt = new Date(value.revokedAt ?? value.expiresAt ?? 0).getTime();
  if (!hasEnded(value) || Date.now() - endedAt > RECENT_MS) return null;
  return (
    <Note kind="good" title="The rotation is done">
      <p>
        The old secret <code>{value.hint}</code> is refused now. This page can be closed.
      </p>
    </Note>
  );
}
