import { camelCase } from '../generate/catalogues.ts'

/** What a member's file starts as: it compiles, and its tests fail until it is filled in. `up` leads from the file's folder to the catalogue's: `./` or `../`. */
export type Template = (id: string, up: string) => string

export const templates: Readonly<Record<string, Template>> = {
  rule,
  recipe,
  gate,
  reporter,
  layout,
  journal,
  shadow,
}

function rule(id: string, up: string): string {
  return `import { defineRule } from '${up}rule.ts'
import type { Rule } from '${up}rule.ts'

export const ${camelCase(id)}: Rule = defineRule({
  id: '${id}',
  summary: 'To write: one sentence that says what is dangerous, and for whom.',
  severity: 'error',
  hazards: ['blocks-writes'],
  looksAt: ['create-index'],
  sources: [],
  why: 'To write: what happens inside the database, in two or three sentences.',
  examples: [
    {
      given: 'create table books (id int primary key, title text);',
      bad: 'create index books_title_idx on books (title);',
      good: 'create index concurrently books_title_idx on books (title);',
      transaction: false,
    },
  ],
  *check(index, { isNew }) {
    if (index.concurrently || isNew(index.table)) return
    yield { at: index.span, message: 'To write: what the statement does to the user’s own objects.' }
  },
})
`
}

function recipe(id: string, up: string): string {
  return `import { defineRecipe } from '${up}recipe.ts'
import type { Recipe } from '${up}recipe.ts'

export const ${camelCase(id)}: Recipe = defineRecipe({
  id: '${id}',
  title: 'To write: the operation',
  summary: 'To write: the way through several releases, in one sentence.',
  looksAt: ['drop-column'],
  why: 'To write: why the one-shot change is dangerous and what each phase is for.',
  examples: [
    {
      given: 'create table books (id int primary key, title text, subtitle text);',
      change: 'alter table books drop column subtitle;',
      rows: "insert into books values (1, 'a', 'b');",
      oldQueries: ['select id, title from books'],
      newQueries: ['select id, title from books'],
    },
  ],
  *steps(fact) {
    yield {
      kind: 'sql',
      id: 'drop-column',
      phase: 'contract',
      title: 'To write: what this step does',
      why: 'To write: why it is a step of its own.',
      up: \`alter table \${fact.table.name} drop column \${fact.column}\`,
      down: { kind: 'none', reason: 'to write' },
      transaction: true,
      lock: 'ACCESS EXCLUSIVE',
      holds: 'moment',
      gates: [],
    }
  },
  notes: () => ['To write: what a person must know besides the steps; or an empty list.'],
})
`
}

function gate(id: string, up: string): string {
  return `import type { Gate } from '${up}gate.ts'

export const ${camelCase(id)}: Gate = {
  id: '${id}',
  summary: 'To write: the question, in one sentence.',
  why: 'To write: what goes wrong when nobody asks.',
  options: [],
  examples: ['-- migrate:gate ${id}'],
  ask: async () => ({ status: 'unknown', reason: 'The gate ${id} cannot be asked yet.' }),
}
`
}

function reporter(id: string, up: string): string {
  return `import type { Reporter } from '${up}reporter.ts'

export const ${camelCase(id)}: Reporter = {
  id: '${id}',
  summary: 'To write: the form, and who reads it.',
  report: ({ findings }) => findings.map((finding) => \`\${finding.file.path}: \${finding.rule}: \${finding.message}\\n\`).join(''),
}
`
}

function layout(id: string, up: string): string {
  return `import type { Layout } from '${up}layout.ts'

export const ${camelCase(id)}: Layout = {
  id: '${id}',
  title: 'To write: the tool whose files these are',
  notes: ['To write: what is a transaction, what is read and what is left out.'],
  rank: 50,
  directories: [],
  marks: [],
  wants: (path) => path.endsWith('.sql'),
  detect: () => 'no',
  read: () => ({ migrations: [], problems: [] }),
  writer: { never: 'to write: why no machine writes its files' },
}
`
}

function journal(id: string, up: string): string {
  return `import type { ToolJournal } from '${up}journal.ts'
import { matched } from '${up}reading/match.ts'

export const ${camelCase(id)}: ToolJournal = {
  id: '${id}',
  title: 'To write: the tool, and its table',
  tables: [{ name: 'to_write_migrations', columns: ['name'] }],
  notes: ['To write: what is taken over, and what is refused.'],
  read: ({ rows, files }) =>
    matched({
      rows: rows['to_write_migrations'] ?? [],
      files,
      ofRow: (row) => row['name'] ?? '',
      ofFile: ({ id }) => id,
    }),
}
`
}

function shadow(id: string, up: string): string {
  return `import { ToolkitError } from '${up === './' ? '../' : `${up}../`}core/errors.ts'
import type { Shadow } from '${up}shadow.ts'

const reason = 'To write: what is missing here, and how to get it.'

export const ${camelCase(id)}: Shadow = {
  id: '${id}',
  summary: 'To write: where the scratch database comes from.',
  rank: 50,
  available: async () => ({ available: false, reason }),
  start: async () => {
    throw new ToolkitError({ code: 'shadow-unavailable', message: reason })
  },
}
`
}
