/** Checks of other tools that no rule here is about, by tool, and why. Several ids of one kind stand in one line. */
export const checksWithoutRule: Readonly<Record<string, readonly (readonly [ids: string, why: string])[]>> = {
  squawk: [
    [
      'syntax-error',
      'What the grammar refuses is reported as [syntax-error](syntax-error.md) for its statement alone.',
    ],
    ['unused-ignore', 'An allow that silences nothing is reported as [unused-allow](unused-allow.md).'],
  ],
  pgfence: [['missing-application-name', 'Migrations say who they are in the journal, and to the server as well.']],
  atlas: [
    ['MF102', 'Duplicates under a new unique index are in the data.'],
    ['NM101 NM102 NM103 NM104 NM105 NM106', 'How things are called endangers no release.'],
  ],
  migrationpilot: [
    ['MP042', 'How things are called endangers no release.'],
    ['MP050 MP051 MP105 MP106 MP107 MP108 MP109 MP111 MP112', 'Single extensions have documents of their own.'],
    ['MP056 MP061', 'Advice about design, not about a release.'],
    ['MP074', 'A constraint that is checked at once, and says nothing of ON DELETE, is what the standard means.'],
    ['MP077', 'Storage and compression hold a lock for a moment: [lock-timeout-missing](lock-timeout-missing.md).'],
    ['MP085', 'Comments and grants take nothing away.'],
    [
      'MP103',
      'Replicas get the schema by the same migrations; [change-publication](change-publication.md) is what can stop them.',
    ],
  ],
  pgsafe: [
    ['naming-convention require-columns require-comment', 'A policy of a team: a custom rule of the configuration.'],
  ],
}
