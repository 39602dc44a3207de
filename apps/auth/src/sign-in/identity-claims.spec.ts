import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { joinUserInfo, toIdentity } from './identity-claims.ts';

const names = {
  OIDC_EMAIL_CLAIM: 'email',
  OIDC_EMAIL_VERIFIED_CLAIM: 'email_verified',
  OIDC_NAME_CLAIM: 'name',
  OIDC_TRUST_EMAIL: undefined,
};
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
    const others = {
      OIDC_EMAIL_CLAIM: 'mail',
      OIDC_EMAIL_VERIFIED_CLAIM: 'mail_ok',
      OIDC_NAME_CLAIM: 'display',
      OIDC_TRUST_EMAIL: undefined,
    };
    expect(toIdentity(claims, others)).toMatchObject({ email: 'c@d.example', isEmailVerified: true, name: 'C D' });
  });

  test.each([false, 'false', 1, '1', null, undefined, {}, ''])(
    'has no verified address when the provider says %j',
    (value) => {
      expect(toIdentity({ ...right, email_verified: value }, names).isEmailVerified).toBe(false);
    },
  );

  test.each(['true', 'True'])('has a verified address when the provider writes %j as text', (value) => {
    expect(toIdentity({ ...right, email_verified: value }, names).isEmailVerified).toBe(true);
  });

  test('has a verified address of a trusted issuer that says nothing of it, and of no other', () => {
    const trusting = { ...names, OIDC_TRUST_EMAIL: 'https://id.example' };
    for (const silent of [undefined, null]) {
      expect(toIdentity({ ...right, email_verified: silent }, trusting).isEmailVerified).toBe(true);
    }
    for (const [iss, said] of [
      ['https://id.example', false],
      ['https://id.example', 'false'],
      ['https://id.example', 0],
      ['https://id.example/', undefined],
      ['https://other.example', undefined],
    ]) {
      expect(toIdentity({ ...right, iss, email_verified: said }, trusting).isEmailVerified).toBe(false);
    }
    expect(toIdentity({ ...right, email: '', email_verified: undefined }, trusting).isEmailVerified).toBe(false);
  });

  test.each([
    ['its own word', { email: 'a@b.example', email_verified: true }, { email: 'a@b.example' }, true],
    ['userinfo’s word', { email: 'a@b.example' }, { email: 'A@b.example', email_verified: true }, true],
    ['userinfo’s word without an address', { email: 'a@b.example' }, { email_verified: 'true' }, true],
    [
      'no word for another address',
      { email: 'a@b.example' },
      { email: 'c@d.example', email_verified: true },
      undefined,
    ],
    ['a no, wherever it is said', { email: 'a@b.example', email_verified: true }, { email_verified: false }, false],
    ['a no without an address', { email: 'a@b.example' }, { email_verified: 'false' }, false],
    ['an address of userinfo', {}, { email: 'a@b.example', email_verified: true }, true],
    ['no word at all', { email: 'a@b.example' }, {}, undefined],
  ])('joins ID token and userinfo by %s', (_, token, userinfo, verified) => {
    expect(joinUserInfo(token, userinfo, names)).toMatchObject({ email: 'a@b.example', email_verified: verified });
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
