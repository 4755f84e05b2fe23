import type { Finding, LintReport } from '../../src/model/finding.ts'

export const text = `-- größe 😀
alter table bücher
\talter column "標題" set not null,
\tadd column isbn text;
drop table books;
`

/** A finding about the first place of `words` in a file that all findings share. */
export function finding(words: string, more: Partial<Finding>): Finding {
  const start = text.indexOf(words)
  return {
    rule: 'set-not-null-without-check',
    severity: 'error',
    migration: '2',
    file: { path: 'migrations/2.sql', text, sha256: '' },
    span: { start, end: start + words.length },
    within: { start: text.indexOf(start < text.indexOf('drop') ? 'alter table' : 'drop'), end: start + words.length },
    fingerprint: `${'0'.repeat(30)}${start}`,
    statement: 1,
    message: 'Every row of bücher is read for a NULL while all reads and writes of the table wait.',
    why: 'SET NOT NULL takes ACCESS EXCLUSIVE and then looks at each row, unless a validated CHECK constraint proves that there is none.',
    instead:
      'alter table bücher add constraint c check ("標題" is not null) not valid;\n-- in the next migration:\nalter table bücher validate constraint c;',
    hazards: ['blocks-reads', 'blocks-writes', 'scans-table'],
    effects: [{ table: { schema: 'public', name: 'bücher' }, lock: 'ACCESS EXCLUSIVE', rewrites: false, scans: true }],
    docs: 'docs/rules/set-not-null-without-check.md',
    ...more,
  }
}

export const report: LintReport = {
  target: 18,
  files: 3,
  allowed: 1,
  rules: [],
  findings: [
    finding('alter column "標題" set not null', {}),
    finding('drop table books', {
      rule: 'drop-table',
      severity: 'warning',
      statement: 2,
      message: 'The rows of books are lost.',
      why: 'Only a backup brings them back.',
      instead: 'Wait until no version of the software that uses the table is running, then drop it behind a gate.',
      effects: [
        { table: { schema: 'public', name: 'books' }, lock: 'ACCESS EXCLUSIVE', rewrites: true, scans: true },
        { table: { schema: 'public', name: 'authors' }, lock: 'SHARE ROW EXCLUSIVE', rewrites: false, scans: true },
      ],
    }),
  ],
}
