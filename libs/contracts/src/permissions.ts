import { allContracts } from './all-contracts.ts';
import type { Contract } from './contract.ts';
import { services, type Party, type Service } from './parties.ts';
import { streamApi } from './streams.ts';

/** What a user of the bus may publish and subscribe to, as nats-server's configuration says it; anything else it refuses. */
export interface Permissions {
  publish: string[];
  /** A subject alone, or with the one queue group that it may be subscribed in. */
  subscribe: string[];
}

/**
 * A service's rights: what contracts name it for. Answers come to `_INBOX.<asker>.<responder>.>`, so a service hears its own
 * inboxes only, and writes only to those that name it as the one asked.
 */
export function permissionsOf(service: Service, contracts: readonly Contract[] = allContracts): Permissions {
  const rights = contracts.map((contract) => rightsOf(service, contract));
  const publish = rights.flatMap((right) => right.publish);
  const subscribe = rights.flatMap((right) => right.subscribe);
  const answers = contracts.some((contract) => 'answeredBy' in contract && includes(contract.answeredBy, service));
  return {
    publish: sorted([...publish, ...(answers ? [`_INBOX.*.${service}.>`] : [])]),
    subscribe: sorted([...subscribe, `_INBOX.${service}.>`]),
  };
}

/** An operator's rights: questions under its own name, which nobody else can use, and what is told to operators. */
export function operatorPermissions(name: string, contracts: readonly Contract[] = allContracts): Permissions {
  const heard = contracts.filter((contract) => contract.kind === 'broadcast' && includes(contract.heardBy, 'operator'));
  return {
    publish: [`ops.${name}.>`],
    subscribe: sorted([...heard.map(({ subject }) => subject), `_INBOX.op-${name}.>`]),
  };
}

/** Where operators ask: the bus lets each use its own name only, so the name is proven. */
export function operatorsSubject(operator: string, subject: string): string {
  return `ops.${operator}.${subject}`;
}

/**
 * The services' permissions in nats-server's configuration language: one variable a service, for the users to name.
 */
export function toNatsPermissions(contracts: readonly Contract[] = allContracts): string {
  const blocks = services.map((service) => {
    const { publish, subscribe } = permissionsOf(service, contracts);
    return `${toVariable(service)}: {
  publish: { allow: ${toList(publish)} }
  subscribe: { allow: ${toList(subscribe)} }
}
`;
  });
  const head = '# Made of libs/contracts by `UPDATE_DOCS=1` on the spec of permissions.ts; do not change it by hand.\n';
  return head + blocks.join('');
}

/** The variable that holds a service's permissions. */
function toVariable(service: Service): string {
  return service.toUpperCase().replaceAll('-', '_');
}

function toList(subjects: readonly string[]): string {
  return `[\n${subjects.map((subject) => `    "${subject}"\n`).join('')}  ]`;
}

function rightsOf(service: Service, contract: Contract): Permissions {
  if (contract.kind === 'request' || contract.kind === 'survey') return rightsInQuestion(service, contract);
  if (contract.kind === 'event') return rightsInEvent(service, contract);
  return {
    publish: includes(contract.saidBy, service) ? [contract.subject] : [],
    subscribe: includes(contract.heardBy, service) ? [contract.subject] : [],
  };
}

function rightsInQuestion(service: Service, contract: Extract<Contract, { kind: 'request' | 'survey' }>): Permissions {
  const asked = isHedged(contract) ? [contract.subject, `${contract.subject}.*`] : [contract.subject];
  const publish = includes(contract.askedBy, service) ? asked : [];
  if (!includes(contract.answeredBy, service)) return { publish, subscribe: [] };
  const group = answeredSubjects(contract).map((subject) => inGroup(subject, service, contract));
  return { publish, subscribe: [...group, ...(isHedged(contract) ? [`${contract.subject}.*`] : [])] };
}

/** The subjects that a question arrives on: its own for services, those of all operators for operators. */
export function answeredSubjects(contract: Extract<Contract, { kind: 'request' | 'survey' }>): string[] {
  const askers: readonly Party[] = contract.askedBy;
  return [
    ...(askers.some((party) => party !== 'operator') ? [contract.subject] : []),
    ...(askers.includes('operator') ? [operatorsSubject('*', contract.subject)] : []),
  ];
}

/** Such a question is also asked of one instance, on `<subject>.<instance>`. */
function isHedged(contract: Contract): boolean {
  return contract.kind === 'request' && contract.isHedged === true;
}

/** A request is heard in its service's queue group only: nobody listens in. A survey is heard by every instance. */
function inGroup(subject: string, service: Service, contract: Contract): string {
  return contract.kind === 'request' ? `${subject} ${service}` : subject;
}

/** Publishers write their subject and no more. The consumer keeps the stream and reads it; nobody purges or deletes its messages. */
function rightsInEvent(service: Service, contract: Extract<Contract, { kind: 'event' }>): Permissions {
  return {
    publish: [
      ...(includes(contract.publishedBy, service) ? [contract.subject] : []),
      ...(includes(contract.consumedBy, service) ? streamApi : []),
    ],
    subscribe: [],
  };
}

function includes(list: readonly Party[], party: Party): boolean {
  return list.includes(party);
}

function sorted(subjects: readonly string[]): string[] {
  return [...new Set(subjects)].sort();
}
