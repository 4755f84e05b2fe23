import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seededRandom } from './random.ts'
import type { Random } from './random.ts'

/** A generated migration file in the format that Lockstep and dbmate share. */
export interface GeneratedFile {
  readonly name: string
  readonly text: string
}

interface GrownTable {
  readonly name: string
  readonly columns: string[]
}

/** What one change is: statements up, and the statements that take them back. */
interface Change {
  readonly up: string
  readonly down: string
}

/** Enough per file that 700 files are about 1 MB. */
const changesPerFile = 7

const types = [
  'integer',
  'bigint',
  'text',
  'boolean',
  'numeric(12, 2)',
  'timestamptz',
  'uuid',
  'jsonb',
  'varchar(200)',
] as const

/** A history of valid PostgreSQL DDL: every file can be applied after the ones before it. Same seed, same bytes. */
export function generateHistory(count: number, seed: number): readonly GeneratedFile[] {
  const random = seededRandom(seed)
  const tables: GrownTable[] = []
  return Array.from({ length: count }, (_, index) => {
    const changes = Array.from({ length: changesPerFile }, (_unused, step) =>
      change(random, tables, index * changesPerFile + step),
    )
    const up = changes.map(({ up: sql }) => sql).join('\n\n')
    const down = changes
      .map(({ down: sql }) => sql)
      .toReversed()
      .join('\n')
    return migrationFile(index, `change_${index}`, up, down)
  })
}

/** Small migrations: a table and an index each. */
export function generateSmallHistory(count: number): readonly GeneratedFile[] {
  return Array.from({ length: count }, (_, index) => {
    const table = `item_${index}`
    const up = `create table ${table} (id bigint generated always as identity primary key, title text not null);\ncreate index ${table}_title_idx on ${table} (title);`
    return migrationFile(index, table, up, `drop table ${table};`)
  })
}

/** Writes the files into a folder that holds nothing else. */
export function writeHistory(directory: string, files: readonly GeneratedFile[]): void {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  for (const file of files) writeFileSync(join(directory, file.name), file.text)
}

function migrationFile(index: number, name: string, up: string, down: string): GeneratedFile {
  const id = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString().replaceAll(/\D/g, '').slice(0, 14)
  return { name: `${id}_${name}.sql`, text: `-- migrate:up\n${up}\n\n-- migrate:down\n${down}\n` }
}

function change(random: Random, tables: GrownTable[], number: number): Change {
  const table = tables[random.below(tables.length)]
  if (table === undefined || random.below(6) === 0) return createTable(random, tables, number)
  const make = random.pick([
    addColumn,
    addColumn,
    addColumn,
    createIndex,
    addCheck,
    addForeignKey,
    setDefault,
    createView,
    createFunction,
    comment,
    update,
  ])
  return make(random, table, number, tables)
}

function createTable(random: Random, tables: GrownTable[], number: number): Change {
  const name = `account_${number}`
  const columns = Array.from({ length: 3 + random.below(6) }, (_, index) => ({
    name: `field_${number}_${index}`,
    type: random.pick(types),
  }))
  tables.push({ name, columns: columns.map((column) => column.name) })
  const lines = columns.map((column) => `    ${column.name} ${column.type}${random.below(3) === 0 ? ' not null' : ''}`)
  const up = `create table ${name} (\n    id bigint generated always as identity primary key,\n${lines.join(',\n')},\n    created_at timestamptz not null default now()\n);`
  return { up, down: `drop table ${name};` }
}

function addColumn(random: Random, table: GrownTable, number: number): Change {
  const column = `extra_${number}`
  table.columns.push(column)
  const text = random.below(2) === 0
  const definition = text ? `text not null default 'value ${number}'` : random.pick(types)
  return {
    up: `alter table ${table.name} add column ${column} ${definition};`,
    down: `alter table ${table.name} drop column ${column};`,
  }
}

function createIndex(random: Random, table: GrownTable, number: number): Change {
  const unique = random.below(4) === 0 ? 'unique ' : ''
  const where = random.below(3) === 0 ? ` where ${columnOf(random, table)} is not null` : ''
  const name = `${table.name}_${number}_idx`
  return {
    up: `create ${unique}index ${name} on ${table.name} (${columnOf(random, table)}, id)${where};`,
    down: `drop index ${name};`,
  }
}

function addCheck(random: Random, table: GrownTable, number: number): Change {
  const name = `${table.name}_${number}_check`
  return {
    up: `alter table ${table.name} add constraint ${name} check (id > 0 or ${columnOf(random, table)} is not null) not valid;\nalter table ${table.name} validate constraint ${name};`,
    down: `alter table ${table.name} drop constraint ${name};`,
  }
}

function addForeignKey(random: Random, table: GrownTable, number: number, tables: readonly GrownTable[]): Change {
  const other = tables[random.below(tables.length)] ?? table
  const column = `${other.name}_ref_${number}`
  table.columns.push(column)
  return {
    up: `alter table ${table.name} add column ${column} bigint;\nalter table ${table.name} add constraint ${column}_fk foreign key (${column}) references ${other.name} (id) on delete set null;`,
    down: `alter table ${table.name} drop column ${column};`,
  }
}

function setDefault(_random: Random, table: GrownTable, number: number): Change {
  const days = 1 + (number % 30)
  return {
    up: `alter table ${table.name} alter column created_at set default now() + interval '${days} days';`,
    down: `alter table ${table.name} alter column created_at set default now();`,
  }
}

function createView(random: Random, table: GrownTable, number: number): Change {
  const name = `${table.name}_view_${number}`
  return {
    up: `create view ${name} as\nselect t.id, t.${columnOf(random, table)} as shown, count(*) over (partition by t.created_at) as same_day\nfrom ${table.name} t\nwhere t.created_at > now() - interval '30 days'\norder by t.id desc;`,
    down: `drop view ${name};`,
  }
}

function createFunction(_random: Random, table: GrownTable, number: number): Change {
  const name = `touch_${number}`
  return {
    up: `create function ${name}() returns trigger language plpgsql as $$\nbegin\n    new.created_at := coalesce(new.created_at, now());\n    return new;\nend\n$$;\ncreate trigger ${name}_trigger before insert on ${table.name} for each row execute function ${name}();`,
    down: `drop trigger ${name}_trigger on ${table.name};\ndrop function ${name}();`,
  }
}

function comment(random: Random, table: GrownTable, number: number): Change {
  const column = columnOf(random, table)
  return {
    up: `-- Said in meeting ${number}; it isn't obvious from the name.\ncomment on column ${table.name}.${column} is 'what it''s for: ${number}';`,
    down: `comment on column ${table.name}.${column} is null;`,
  }
}

function update(_random: Random, table: GrownTable, number: number): Change {
  return { up: `update ${table.name} set created_at = now() where id = ${number};`, down: 'select 1;' }
}

function columnOf(random: Random, table: GrownTable): string {
  return table.columns[random.below(table.columns.length)] ?? 'id'
}
