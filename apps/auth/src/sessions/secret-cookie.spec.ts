import { describe, expect, test } from '@jest/globals';
import { newBrowserSecret } from './browser-secret.ts';
import { SecretCookie } from './secret-cookie.ts';

const secret = newBrowserSecret();

describe('the cookie of a session', () => {
  test('belongs to this host alone on https', () => {
    expect(new SecretCookie('session', 'https://console.example').give(secret, 60)).toBe(
      `__Host-orgn_session=${secret}; Max-Age=60; Path=/; HttpOnly; SameSite=Lax; Secure`,
    );
  });

  test('belongs to one port on http, and browsers take it there', () => {
    expect(new SecretCookie('session', 'http://localhost:8090').give(secret, 60)).toBe(
      `orgn_session_8090=${secret}; Max-Age=60; Path=/; HttpOnly; SameSite=Lax`,
    );
  });

  test('is taken away under the name and path it was given under', () => {
    const taken = new SecretCookie('session', 'https://console.example').take();
    expect(taken).toBe('__Host-orgn_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure');
  });

  test('is found among others', () => {
    const cookie = new SecretCookie('session', 'http://localhost:8090');
    expect(cookie.read(`orgn_session_80=x; a=b;orgn_session_8090=${secret}; c`)).toBe(secret);
  });

  test.each([
    undefined,
    '',
    ';;=;',
    'orgn_session_8090',
    'orgn_session_8090=',
    `orgn_session_8090=${secret}x`,
    `orgn_session_8090="${secret}"`,
    `xorgn_session_8090=${secret}`,
    `__Host-orgn_session=${secret}`,
  ])('is not found in %j', (header) => {
    expect(new SecretCookie('session', 'http://localhost:8090').read(header)).toBeUndefined();
  });
});
