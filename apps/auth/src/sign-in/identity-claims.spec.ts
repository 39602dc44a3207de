import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toIdentity } from './identity-claims.ts';

const names = { OIDC_EMAIL_CLAIM: 'email', OIDC_EMAIL_VERIFIED_CLAIM: 'email_verified', OIDC_NAME_CLAIM: 'name' };
const right = { iss: 'https://id.example', sub: 'sub-1', email: 'a@b.example', email_verified: true, name: 'A B' };

describe('an identity', () => {
  test('is what the claims say', () => {
    expect(toIdentity(right, names)).toEqual({
      iss: 'https://id.example',
      sub: 'sub-1',
      email: 'a@b.example',
      isEmailVerified: true,
      name: 'A B',
    });
  });

  test('is read from the claims that the deployment names', () => {
    const claims = { ...right, mail: 'c@d.example', mail_ok: true, display: 'C D' };
    const others = { OIDC_EMAIL_CLAIM: 'mail', OIDC_EMAIL_VERIFIED_CLAIM: 'mail_ok', OIDC_NAME_CLAIM: 'display' };
    expect(toIdentity(claims, others)).toMatchObject({ email: 'c@d.example', isEmailVerified: true, name: 'C D' });
  });

  test.each([false, 'true', 1, null, undefined, {}])('has no verified address when the provider says %j', (value) => {
    expect(toIdentity({ ...right, email_verified: value }, names).isEmailVerified).toBe(false);
  });

  test('has no verified address without an address', () => {
    expect(toIdentity({ ...right, email: undefined }, names)).toMatchObject({ email: '', isEmailVerified: false });
  });

  test('does not get an address that was cut', () => {
    expect(toIdentity({ ...right, email: `${'a'.repeat(400)}@b.example` }, names)).toMatchObject({ email: '' });
  });

  test('is called by its address when it has no name', () => {
    expect(toIdentity({ ...right, name: ' \u0000 ' }, names).name).toBe('a@b.example');
  });

  test.each([
    { iss: undefined },
    { sub: undefined },
    { sub: '' },
    { sub: 1 },
    { sub: 'a\u0000' },
    { sub: 'a'.repeat(256) },
  ])('is nobody’s with %j', (wrong) =>
    expect(() => toIdentity({ ...right, ...wrong }, names)).toThrow(
      expect.objectContaining({ reason: 'untrusted_answer' }),
    ),
  );

  test('is something that a table can hold, whatever the claims are', () => {
    const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ maxLength: 600 }), fc.anything());
    fc.assert(
      fc.property(anything, anything, anything, (email, verified, name) => {
        const identity = toIdentity({ ...right, email, email_verified: verified, name }, names);
        for (const text of [identity.email, identity.name]) expect(text).not.toMatch(/[\p{Cc}\p{Cs}]/u);
        expect(identity.name.length).toBeGreaterThan(0);
        expect(identity.name.length).toBeLessThanOrEqual(80);
      }),
    );
  });
});
