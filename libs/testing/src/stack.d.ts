// The parts of tools/stack that tests run their servers with. It is plain JavaScript, because it runs before anything is
// installed; these are its types as this library uses them.

declare module '@orgn/stack/stack-dir.mjs' {
  export interface StackPaths {
    dir: string;
    logs: string;
    processes: string;
  }
  export function openStackDir(dir: string): StackPaths;
}

declare module '@orgn/stack/node-flags.mjs' {
  export const serviceOptions: readonly string[];
  export const serviceFlags: readonly string[];
  export const serviceAllocator: Readonly<Record<string, string>>;
}
declare module '@orgn/stack/process-identity.mjs' {
  export interface Identity {
    pid: number;
    started: string | undefined;
  }
  export function identify(pid: number): Identity;
}

declare module '@orgn/stack/stop-order.mjs' {
  import type { Identity } from '@orgn/stack/process-identity.mjs';
  export function waitGone(identity: Identity, boundMs: number): Promise<boolean>;
}

declare module '@orgn/stack/children.mjs' {
  import type { Identity } from '@orgn/stack/process-identity.mjs';
  import type { StackPaths } from '@orgn/stack/stack-dir.mjs';
  export class Children {
    constructor(stack: { paths: StackPaths; restart: boolean; note(text: string): void; changed(): void });
    readonly ready: { name: string; pid: number }[];
    set reaper(identity: Identity);
    stop(): Promise<void>;
  }
}

declare module '@orgn/stack/leftovers.mjs' {
  import type { StackPaths } from '@orgn/stack/stack-dir.mjs';
  export function recordProcesses(paths: StackPaths, table: { children: [] }): void;
}

declare module '@orgn/stack/reaper-keeper.mjs' {
  import type { Identity } from '@orgn/stack/process-identity.mjs';
  export function keepReaper(dir: string, record: (identity: Identity) => void): { release(): Promise<void> };
}

declare module '@orgn/stack/secrets.mjs' {
  export function deriveSecret(opsToken: string, name: string): string;
}

declare module '@orgn/stack/postgres-binaries.mjs' {
  export function findPostgres(root: string): { nativeDir: string };
}

declare module '@orgn/stack/postgres-owner.mjs' {
  import type { StackPaths } from '@orgn/stack/stack-dir.mjs';
  export function postgresOwner(paths: StackPaths, nativeDir: string): { dataDir: string };
  export function outsideDir(paths: StackPaths): string;
}

declare module '@orgn/stack/postgres.mjs' {
  import type { TestStack } from './test-stack.ts';
  export function startPostgres(stack: TestStack): Promise<string>;
  export function adminUrl(stack: TestStack): string;
}

declare module '@orgn/stack/nats.mjs' {
  import type { TestStack } from './test-stack.ts';
  export function startNats(stack: TestStack): Promise<string>;
}

declare module '@orgn/stack/bus-seed.mjs' {
  export function busSeed(stack: { opsToken: string }, user: string): string;
}

declare module '@orgn/stack/services.mjs' {
  export interface ServiceProcess {
    name: string;
    service: string;
    command: string;
    args: string[];
    env: Record<string, string>;
  }
  export function portSlots(options: object): { slot: string }[];
  export function serviceDefinitions(stack: object): Promise<ServiceProcess[]>;
  export function simulatorDefinitions(stack: object): ServiceProcess[];
}

declare module '@orgn/stack/certificates/certificate-folder.mjs' {
  export function ensureCertificates(dir: string, options?: { renew?: boolean }): Promise<string[]>;
}

declare module '@orgn/stack/nkeys.mjs' {
  export function userPublicKey(seed: string): string;
}

declare module '@orgn/stack/certificates/issue.mjs' {
  /** A certificate and its key, as PEM. */
  export interface Pair {
    certificate: string;
    key: string;
  }
  export function makeAuthority(): Promise<Pair>;
  export function issue(
    authority: Pair,
    name: string,
    party: { serves: boolean; asks?: boolean; also?: { dns: string[]; ip: string[] } },
  ): Promise<Pair>;
}
