import { expect, test } from '@jest/globals';
import { withPassword } from './service-database.ts';

test('a password that came by a way of its own gets into the URL, whatever it is made of', () => {
  const password = 'p@ss/wo:rd%41 ü?#';
  const url = withPassword('postgresql://auth@postgres:5432/orgn', password);
  expect(decodeURIComponent(new URL(url).password)).toBe(password);
  expect(new URL(url)).toMatchObject({ username: 'auth', host: 'postgres:5432', pathname: '/orgn' });
});

test('a URL that has its password stays as it is', () => {
  const url = 'postgresql://auth:secret@postgres/orgn';
  expect(withPassword(url, undefined)).toBe(url);
});
