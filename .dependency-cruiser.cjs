/* The architecture. A name may import only from rows above its own; names in one row do not know each other. */
const rows = [
  ['model/'],
  ['bytes/'],
  ['pcap/', 'net/', 'isakmp/', 'logparse/', 'iosconfig/', 'crypto/', 'keymaterial/'],
  ['exchange/', 'select/', 'redact/'],
  ['intake/'],
  ['correlate/'],
  ['diagnose/'],
  ['report/'],
  ['analyze.ts'],
  ['workbench/'],
  ['index.ts'],
  ['cli/'],
];
const at = (name) => `^src/${name}`;

const layers = rows.flatMap((row, depth) =>
  row.map((name) => ({
    name: `layer ${name}`,
    severity: 'error',
    from: { path: at(name) },
    to: { path: '^src/', pathNot: [name, ...rows.slice(0, depth).flat()].map(at) },
  })),
);

module.exports = {
  forbidden: [
    ...layers,
    {
      name: 'no cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'files, processes and sockets belong to cli',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { dependencyTypes: ['core'], pathNot: '^(?:crypto|buffer)$' },
    },
    {
      name: 'node:crypto belongs to crypto/node.ts',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/crypto/node\\.ts$', '^src/cli/'] },
      to: { path: '^crypto$' },
    },
    {
      name: 'node:buffer belongs to bytes/ascii-node.ts',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/bytes/ascii-node\\.ts$', '^src/cli/'] },
      to: { path: '^buffer$' },
    },
    {
      name: 'production never imports tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|samples|scripts)/' },
    },
    {
      name: 'production never imports development packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
