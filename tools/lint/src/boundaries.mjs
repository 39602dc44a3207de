/** Of services, and of nothing below them. */
const frameworks = ['@nestjs/*', '@nats-io/*', 'typeorm'];

/** Who may import whom: one tag a project. What is not listed is refused. */
export const boundaries = [
  {
    sourceTag: 'type:contracts',
    onlyDependOnLibsWithTags: [],
    bannedExternalImports: ['@nestjs/*', '@nats-io/*', 'typeorm', 'rxjs'],
  },
  { sourceTag: 'type:domain', onlyDependOnLibsWithTags: [], bannedExternalImports: frameworks },
  { sourceTag: 'type:collections', onlyDependOnLibsWithTags: [], bannedExternalImports: ['*'] },
  { sourceTag: 'type:channel', onlyDependOnLibsWithTags: ['type:collections'], bannedExternalImports: ['*'] },
  {
    sourceTag: 'type:receipts',
    onlyDependOnLibsWithTags: ['type:domain'],
    bannedExternalImports: frameworks,
  },
  {
    sourceTag: 'type:dialects',
    onlyDependOnLibsWithTags: ['type:contracts'],
    bannedExternalImports: frameworks,
  },
  {
    sourceTag: 'type:console-api',
    onlyDependOnLibsWithTags: ['type:contracts'],
    bannedExternalImports: frameworks,
  },
  {
    sourceTag: 'type:kit',
    onlyDependOnLibsWithTags: ['type:contracts', 'type:collections'],
    bannedExternalImports: ['typeorm'],
  },
  { sourceTag: 'type:database', onlyDependOnLibsWithTags: [], bannedExternalImports: ['@nats-io/*'] },
  {
    sourceTag: 'type:service',
    onlyDependOnLibsWithTags: [
      'type:contracts',
      'type:domain',
      'type:dialects',
      'type:receipts',
      'type:console-api',
      'type:kit',
      'type:channel',
      'type:collections',
      'type:database',
      'type:web',
    ],
    bannedExternalImports: ['express', '@nats-io/*'],
  },
  {
    sourceTag: 'type:edge',
    onlyDependOnLibsWithTags: [
      'type:contracts',
      'type:dialects',
      'type:domain',
      'type:kit',
      'type:channel',
      'type:collections',
    ],
    bannedExternalImports: ['typeorm', '@nestjs/typeorm', 'express', '@nats-io/*'],
  },
  {
    sourceTag: 'type:web',
    onlyDependOnLibsWithTags: ['type:console-api', 'type:contracts', 'type:domain', 'type:receipts'],
    bannedExternalImports: frameworks,
  },
  {
    sourceTag: 'type:testing',
    onlyDependOnLibsWithTags: [
      'type:contracts',
      'type:domain',
      'type:dialects',
      'type:kit',
      'type:channel',
      'type:database',
      'type:simulator',
      'type:evidence',
      'type:tool',
    ],
  },
  {
    sourceTag: 'type:e2e',
    onlyDependOnLibsWithTags: ['type:dialects', 'type:console-api', 'type:testing', 'type:web'],
    bannedExternalImports: ['@nestjs/*', 'typeorm'],
  },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:tool'] },
  {
    sourceTag: 'type:evidence',
    onlyDependOnLibsWithTags: [],
    bannedExternalImports: frameworks,
  },
  {
    sourceTag: 'type:simulator',
    onlyDependOnLibsWithTags: ['type:evidence'],
    bannedExternalImports: frameworks,
  },
  { sourceTag: 'type:job', onlyDependOnLibsWithTags: ['type:contracts', 'type:service', 'type:database', 'type:kit'] },
  { sourceTag: 'type:verifier', onlyDependOnLibsWithTags: ['type:domain', 'type:receipts'] },
  { sourceTag: 'type:cli', onlyDependOnLibsWithTags: ['type:contracts', 'type:kit'] },
];

/** Specs may also use the testing library, the real service that theirs speaks to, and a job's whatever the job may use. */
export const specBoundaries = boundaries.map((rule) => ({
  ...rule,
  onlyDependOnLibsWithTags: [
    ...rule.onlyDependOnLibsWithTags,
    'type:testing',
    'type:evidence',
    'type:contracts',
    'type:service',
    'type:job',
    'type:kit',
    'type:database',
  ],
  bannedExternalImports: [],
}));
