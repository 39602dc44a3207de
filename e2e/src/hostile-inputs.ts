import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { StackFile } from './stack.ts';

/** Something small that is made to cost much where it is read. */
export interface HostileInput {
  name: string;
  url: string;
  init: RequestInit;
  /** How it may be answered: as what it is, and never as a fault of ours. 0: by the end of the connection. */
  statuses: readonly number[];
}

const KIB = 1024;
const MIB = 1024 * KIB;
/** Below what Node lets a request's head have. */
const HEAD = 12 * KIB;

/** All of them: query strings, logout tokens and leak reports, and bodies that are small only while they are encoded. */
export function hostileInputs(stack: StackFile): HostileInput[] {
  return [...queries(stack), ...logoutTokens(stack), ...leakReports(stack), ...bombs(stack)];
}

function queries({ api, console: consoleUrl, demo }: StackFile): HostileInput[] {
  const texts: [name: string, query: string][] = [
    ['many parameters', 'a&'.repeat(HEAD / 2)],
    ['one parameter, many times', 'cursor=1&'.repeat(HEAD / 9)],
    ['brackets in brackets', `a${'[b]'.repeat(HEAD / 3)}=1`],
    ['an index beyond every list', 'cursor[999999999]=1&cursor[4294967295]=2'],
    ['names of prototypes', '__proto__[x]=1&constructor[prototype][x]=1&__proto__=1&toString=1'],
    ['broken escapes', '%'.repeat(HEAD)],
    ['escapes of half characters', '%ff%fe%c3'.repeat(HEAD / 9)],
    ['escaped nulls', 'limit=%00&cursor=%00%00'],
    ['one long value', `returnTo=${'/'.repeat(HEAD)}`],
    ['plus signs', `q=${'+'.repeat(HEAD)}`],
    ['semicolons and equals', '=;'.repeat(HEAD / 2)],
  ];
  const doors: [path: string, init: RequestInit, statuses: number[]][] = [
    [`${api}/v1/models`, { headers: { authorization: `Bearer ${demo.key}` } }, [200, 400]],
    [`${consoleUrl}/api/auth/login`, { redirect: 'manual' }, [302, 303, 400, 429]],
    [`${consoleUrl}/api/auth/callback`, { redirect: 'manual' }, [302, 303, 400, 429]],
    [`${consoleUrl}/api/teams/${demo.teamId}/keys`, {}, [400, 401, 404]],
  ];
  return doors.flatMap(([path, init, statuses]) =>
    texts.map(([name, query]) => ({
      name: `query of ${new URL(path).pathname}: ${name}`,
      url: `${path}?${query}`,
      init,
      statuses,
    })),
  );
}

const base64 = (value: string) => Buffer.from(value).toString('base64url');

function logoutTokens({ console: consoleUrl, issuer }: StackFile): HostileInput[] {
  const head = base64('{"alg":"RS256","kid":"x","typ":"logout+jwt"}');
  const claims = (more: string) => base64(`{"iss":"${issuer}","aud":"orgn-console","iat":1,"exp":2,"jti":"x"${more}}`);
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const bodies: [name: string, body: string][] = [
    ['nothing', ''],
    ['no signature', `logout_token=${base64('{"alg":"none"}')}.${claims('')}.`],
    ['a signature that is none', `logout_token=${head}.${claims('')}.${'A'.repeat(342)}`],
    ['a signature as long as may be', `logout_token=${head}.${claims('')}.${'A'.repeat(30 * KIB)}`],
    ['dots alone', `logout_token=${'.'.repeat(30 * KIB)}`],
    ['a head without end', `logout_token=${base64(`{"alg":"RS256","x":"${'y'.repeat(20 * KIB)}"}`)}.${claims('')}.AA`],
    ['a deep head', `logout_token=${base64(`{"alg":"RS256","x":${deep}}`)}.${claims('')}.AA`],
    ['deep claims', `logout_token=${head}.${claims(`,"events":${deep}`)}.AA`],
    [
      'keys of its own',
      `logout_token=${base64('{"alg":"RS256","jwk":{"kty":"RSA"},"jku":"http://127.0.0.1:1/"}')}.${claims('')}.AA`,
    ],
    ['a symmetric algorithm', `logout_token=${base64('{"alg":"HS256"}')}.${claims('')}.AA`],
    ['critical names', `logout_token=${base64('{"alg":"RS256","b64":false,"crit":["b64"]}')}.${claims('')}.AA`],
    ['an encrypted token', `logout_token=${base64('{"alg":"dir","enc":"A256GCM","zip":"DEF"}')}....`],
    [
      'PBES2 with a billion rounds',
      `logout_token=${base64('{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","p2c":1000000000,"p2s":"AA"}')}.AA.AA.AA.AA`,
    ],
    ['many tokens', 'logout_token=a.b.c&'.repeat(2_000)],
    ['many other parameters', 'a=b&'.repeat(8_000)],
    ['half characters', `logout_token=${'%ff'.repeat(10 * KIB)}`],
    ['more than is read', `logout_token=${'A'.repeat(4 * MIB)}`],
  ];
  return bodies.map(([name, body]) => ({
    name: `logout token: ${name}`,
    url: `${consoleUrl}/api/auth/backchannel-logout`,
    init: { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body },
    statuses: body.length > MIB ? [413, 0] : [400, 413, 429],
  }));
}

function leakReports({ console: consoleUrl }: StackFile): HostileInput[] {
  const bodies: [name: string, body: string][] = [
    ['many tokens', `[${'{"token":"orgn-x","type":"orgn","url":"http://x"},'.repeat(2_000)}{}]`],
    ['nesting without end', '['.repeat(100_000)],
    ['more than is read', `["${'x'.repeat(8 * MIB)}"]`],
  ];
  const headers = {
    'content-type': 'application/json',
    'github-public-key-identifier': 'x'.repeat(4 * KIB),
    'github-public-key-signature': 'A'.repeat(4 * KIB),
  };
  return bodies.map(([name, body]) => ({
    name: `leak report: ${name}`,
    url: `${consoleUrl}/api/leaks/github`,
    init: { method: 'POST', headers, body },
    statuses: body.length > MIB ? [413, 0] : [400, 401, 403, 404, 413, 429, 503],
  }));
}

function bombs({ api, demo }: StackFile): HostileInput[] {
  const blank = Buffer.alloc(256 * MIB, ' ');
  const json = Buffer.concat([
    Buffer.from('{"model":"near_qwen3_30b","messages":[{"role":"user","content":"'),
    Buffer.alloc(256 * MIB, 'x'),
    Buffer.from('"}]}'),
  ]);
  const once = gzipSync(json);
  const parts: [name: string, encoding: string, bytes: Buffer][] = [
    ['256 MiB of one letter as gzip', 'gzip', once],
    ['256 MiB of blanks as gzip', 'gzip', gzipSync(blank)],
    ['256 MiB as deflate', 'deflate', deflateSync(blank)],
    ['256 MiB as br', 'br', brotliCompressSync(blank)],
    ['256 MiB as zstd', 'zstd', zstdCompressSync(blank)],
    ['gzip of gzip', 'gzip, gzip', gzipSync(once)],
    ['gzip of gzip, said once', 'gzip', gzipSync(once)],
    ['gzip of gzip of gzip, and so on', Array(40).fill('gzip').join(', '), gzipSync(gzipSync(once))],
    ['ten thousand small members of gzip', 'gzip', Buffer.concat(Array<Buffer>(10_000).fill(gzipSync('')))],
    ['half of a gzip', 'gzip', once.subarray(0, once.length / 2)],
    ['gzip that is none', 'gzip', Buffer.alloc(64 * KIB, 'x')],
    ['a gzip with something after it', 'gzip', Buffer.concat([gzipSync('{}'), Buffer.alloc(64 * KIB, 'x')])],
  ];
  const authorization = `Bearer ${demo.key}`;
  return parts.map(([name, encoding, bytes]) => ({
    name: `encoded body: ${name}`,
    url: `${api}/v1/chat/completions`,
    init: {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'content-encoding': encoding },
      body: new Uint8Array(bytes),
    },
    statuses: [400, 413, 415],
  }));
}
