/** One database of each tool, as it would leave it: files, and SQL that makes its tables from what is known of them. */
export interface ToolCase {
  readonly tool: string
  readonly files: Readonly<Record<string, string>>
  /** Its tables, with the first two migrations applied; the third is pending. */
  readonly journal: string
  /** The ids and times that come out. */
  readonly imported: readonly string[]
  /** Makes the journal say that something else was applied; absent where the tool keeps no hash. */
  readonly otherHash?: string
  /** Makes the journal say that something failed or is under way; absent where it cannot. */
  readonly broken?: string
}

const a = 'create table books (id int primary key, title text);\n'
const b = 'create index books_title_idx on books (title);\n'
const c = 'alter table books add column isbn text;\n'

/** Computed with hashlib and zlib of Python. */
const hashes = {
  sha1: ['a587a9adf3583f05da66490b15298e74e76ffcd0', '94ed5e7709fd69be701c2a1ddf3d0c1b9a4d4165'],
  sha256: [
    'a8e4113570f33bbf6a33a8fcad998cb9cf656c92bec87e1def171d980a1ff836',
    '0e3cf4920f7244d1058454bd4ffdf66d2ac22adf9d2fd1d34a8da1aeb336dd1d',
  ],
  sha384: [
    'b3c58f0092db8bb6ea2cec9d59b76cc14f13e77690add9144e0d24d388e15a61bd97437b109f86ec5bc8596b8bbce429',
    '4d6068cebaff30e8faabce4329dc1001ecb87f8caf7bb03789b8416ebc916eec3dacfa581d215be5d8af20b60ade6aba',
  ],
  liquibase: ['9:1727035428b41887aac34028251c04ae', '9:839e955dd3d88890c1dfb617e2ad72fd'],
  crc32: [-1_219_253_819, 795_029_414],
  atlas: ['wqd1LzY3Bz9d/XkMJKuomzXQhjB8PYh97m7YCNS/Up8=', 'qxv0eh/yEQ+Rq6q43D/ebhdRGsZAgXZVbkT7GApTWqE='],
  graphile: ['sha1:a587a9adf3583f05da66490b15298e74e76ffcd0', 'sha1:fedbdb1ddb8f66c82e24762bf9f354d79c9b5c45'],
} as const

const knexFile = (sql: string): string =>
  `exports.up = (knex) => knex.raw(${JSON.stringify(sql.trim())})\nexports.down = (knex) => knex.raw('select 1')\n`
const kyselyFile = (sql: string): string =>
  `import { sql } from 'kysely'\nexport const up = (db) => sql.raw(${JSON.stringify(sql.trim())}).execute(db)\n`
const typeormFile = (name: string, sql: string): string =>
  `exports.${name} = class ${name} {\n  async up(queryRunner) { await queryRunner.query(${JSON.stringify(sql.trim())}) }\n  async down(queryRunner) { await queryRunner.query('select 1') }\n}\n`

const sqitchPlan = `%syntax-version=1.0.0
%project=garage

books 2024-03-01T08:00:00Z Anna Müller <anna@example.test> # Its first\\nline \\# 1
books_index [books !cars] 2024-03-02T08:00:00Z Anna <anna@example.test>
@v1 2024-03-03T08:00:00Z Anna <anna@example.test> # First release
isbn [books] 2024-03-04T08:00:00Z Ben <ben@example.test> # A column
`
const inTransaction = (sql: string): string => `BEGIN;\n${sql}COMMIT;\n`

export const tools: readonly ToolCase[] = [
  {
    tool: 'dbmate',
    files: {
      'migrations/20240101000000_books.sql': `-- migrate:up\n${a}-- migrate:down\ndrop table books;\n`,
      'migrations/20240102000000_index.sql': `-- migrate:up\n${b}-- migrate:down\ndrop index books_title_idx;\n`,
      'migrations/20240103000000_isbn.sql': `-- migrate:up\n${c}-- migrate:down\nalter table books drop column isbn;\n`,
    },
    journal: `create table schema_migrations (version varchar(128) primary key);
      insert into schema_migrations values ('20240102000000'), ('20240101000000')`,
    imported: ['20240101000000 books', '20240102000000 index'],
    broken: `insert into schema_migrations values ('20230101000000')`,
  },
  {
    tool: 'golang-migrate',
    files: {
      'db/migrations/000001_books.up.sql': a,
      'db/migrations/000001_books.down.sql': 'drop table books;\n',
      'db/migrations/000002_index.up.sql': b,
      'db/migrations/000002_index.down.sql': 'drop index books_title_idx;\n',
      'db/migrations/000003_isbn.up.sql': c,
      'go.mod': 'require github.com/golang-migrate/migrate/v4 v4.17.0\n',
    },
    journal: `create table schema_migrations (version bigint not null primary key, dirty boolean not null);
      insert into schema_migrations values (2, false)`,
    imported: ['000001 books', '000002 index'],
    broken: 'update schema_migrations set dirty = true',
  },
  {
    tool: 'goose',
    files: {
      'db/migrations/00001_books.sql': `-- +goose Up\n${a}-- +goose Down\ndrop table books;\n`,
      'db/migrations/00002_index.sql': `-- +goose NO TRANSACTION\n-- +goose Up\n${b}-- +goose Down\ndrop index books_title_idx;\n`,
      'db/migrations/20240103000000_isbn.sql': `-- +goose Up\n${c}`,
    },
    journal: `create table goose_db_version (id serial primary key, version_id bigint not null, is_applied boolean not null, tstamp timestamp default now());
      insert into goose_db_version (version_id, is_applied, tstamp) values (0, true, '2024-01-01'), (1, true, '2024-01-01 10:00'),
        (2, true, '2024-01-02'), (20240103000000, true, '2024-01-03'), (20240103000000, false, '2024-01-04'), (2, false, '2024-01-05'), (2, true, '2024-01-06')`,
    imported: ['00001 books 2024-01-01T10:00:00.000Z', '00002 index 2024-01-06T00:00:00.000Z'],
    broken: `insert into goose_db_version (version_id, is_applied) values (77, true)`,
  },
  {
    tool: 'flyway',
    files: {
      'db/migration/V1__create_books.sql': a,
      'db/migration/V1_1__index.sql': b,
      'db/migration/V2__isbn.sql': c,
    },
    journal: `create table flyway_schema_history (installed_rank int primary key, version varchar(50), description varchar(200) not null, type varchar(20) not null,
        script varchar(1000) not null, checksum int, installed_by varchar(100) not null, installed_on timestamp not null default now(), execution_time int not null, success boolean not null);
      insert into flyway_schema_history values
        (1, '1', 'create books', 'SQL', 'V1__create_books.sql', ${hashes.crc32[0]}, 'x', '2024-01-01 10:00', 1, true),
        (2, '1.1', 'index', 'SQL', 'V1_1__index.sql', ${hashes.crc32[1]}, 'x', '2024-01-02', 1, true),
        (3, '2', 'isbn', 'SQL', 'V2__isbn.sql', 1, 'x', '2024-01-03', 1, true),
        (4, '2', 'isbn', 'UNDO_SQL', 'U2__isbn.sql', 1, 'x', '2024-01-04', 1, true)`,
    imported: ['0001 create_books 2024-01-01T10:00:00.000Z', '0002 index 2024-01-02T00:00:00.000Z'],
    otherHash: `update flyway_schema_history set checksum = checksum + 1 where version = '1.1'`,
    broken: `update flyway_schema_history set success = false where version = '1.1'`,
  },
  {
    tool: 'liquibase',
    files: {
      'db/changelog/books.sql': `--liquibase formatted sql\n--changeset anna:1\n${a}--rollback drop table books;\n--changeset anna:2\n${b}--changeset ben:1\n${c}`,
    },
    journal: `create table databasechangelog (id varchar(255) not null, author varchar(255) not null, filename varchar(255) not null, dateexecuted timestamp not null, orderexecuted int not null, exectype varchar(10) not null, md5sum varchar(35));
      create table databasechangeloglock (id int primary key, locked boolean not null, lockgranted timestamp, lockedby varchar(255));
      insert into databasechangeloglock values (1, false);
      insert into databasechangelog values ('2', 'anna', 'classpath:changelog/books.sql', '2024-01-02', 2, 'MARK_RAN', '${hashes.liquibase[1]}'), ('1', 'anna', 'db/changelog/books.sql', '2024-01-01', 1, 'EXECUTED', '${hashes.liquibase[0]}')`,
    imported: ['0001 anna_1 2024-01-01T00:00:00.000Z', '0002 anna_2 2024-01-02T00:00:00.000Z'],
    otherHash: `update databasechangelog set md5sum = '${hashes.liquibase[0]}' where id = '2'`,
    broken: `update databasechangeloglock set locked = true`,
  },
  {
    tool: 'sqitch',
    files: {
      'sqitch.plan': sqitchPlan,
      'deploy/books.sql': inTransaction(a),
      'deploy/books_index.sql': b,
      'deploy/isbn.sql': inTransaction(c),
      'revert/books.sql': inTransaction('drop table books;\n'),
    },
    // The ids are those that sqitch 1.3.1 gives for this plan.
    journal: `create schema sqitch; create table sqitch.changes (change_id text primary key, script_hash text, change text not null, project text not null, note text not null default '', committed_at timestamptz not null);
      insert into sqitch.changes values
        ('5e75ce13408d4292cf9adff4a09f37457ccdb724', '5601276b1d36f2c1e071f27f0983a4a1d59d395d', 'books', 'garage', '', '2024-03-01T08:00:00Z'),
        ('cf682a67d03853c62626d24b06c199ea4c8cdd2b', '${hashes.sha1[1]}', 'books_index', 'garage', '', '2024-03-02T08:00:00Z')`,
    imported: ['0001 books 2024-03-01T08:00:00.000Z', '0002 books_index 2024-03-02T08:00:00.000Z'],
    otherHash: `update sqitch.changes set script_hash = '${hashes.sha1[0]}' where change = 'books_index'`,
    broken: `update sqitch.changes set change_id = '0000' where change = 'books'`,
  },
  {
    tool: 'graphile-migrate',
    files: {
      '.gmrc': '{}',
      'migrations/committed/000001-books.sql': `--! Previous: -\n--! Hash: ${hashes.graphile[0]}\n--! Message: Books\n\n${a}`,
      'migrations/committed/000002.sql': `--! Previous: ${hashes.graphile[0]}\n--! Hash: ${hashes.graphile[1]}\n\n${b}`,
      'migrations/current.sql': c,
    },
    journal: `create schema graphile_migrate; create table graphile_migrate.migrations (hash text primary key, previous_hash text, filename text not null, date timestamptz not null default now());
      insert into graphile_migrate.migrations values ('${hashes.graphile[0]}', null, '000001.sql', '2024-01-01T00:00:00+02:00'), ('${hashes.graphile[1]}', '${hashes.graphile[0]}', '000002.sql', '2024-01-02T00:00:00Z')`,
    imported: ['0001 books 2023-12-31T22:00:00.000Z', '0002 migration 2024-01-02T00:00:00.000Z'],
    otherHash: `update graphile_migrate.migrations set hash = 'sha1:0' where filename = '000002.sql'`,
  },
  {
    tool: 'node-pg-migrate',
    files: {
      'package.json': '{ "devDependencies": { "node-pg-migrate": "9" } }',
      'db/1709280000000_books.sql': `-- Up Migration\n${a}-- Down Migration\ndrop table books;\n`,
      'db/1709290000000_index.sql': `-- Up Migration\n${b}`,
      'db/1709300000000_isbn.sql': `-- Up Migration\n${c}`,
    },
    journal: `create table pgmigrations (id serial primary key, name varchar(255) not null, run_on timestamp not null);
      insert into pgmigrations (name, run_on) values ('1709280000000_books', '2024-03-01 08:00'), ('1709290000000_index', '2024-03-01 11:00')`,
    imported: ['1709280000000 books 2024-03-01T08:00:00.000Z', '1709290000000 index 2024-03-01T11:00:00.000Z'],
    broken: `insert into pgmigrations (name, run_on) values ('1709285000000_gone', now())`,
  },
  {
    tool: 'prisma',
    files: {
      'prisma/schema.prisma': '',
      'prisma/migrations/migration_lock.toml': 'provider = "postgresql"\n',
      'prisma/migrations/20240101000000_books/migration.sql': a,
      'prisma/migrations/20240102000000_index/migration.sql': b,
      'prisma/migrations/20240103000000_isbn/migration.sql': c,
    },
    journal: `create table _prisma_migrations (id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null, logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count int not null default 0);
      insert into _prisma_migrations (id, checksum, migration_name, started_at, finished_at, rolled_back_at) values
        ('1', '${hashes.sha256[0]}', '20240101000000_books', '2024-01-01T00:00:00Z', '2024-01-01T00:00:01Z', null),
        ('2', 'x', '20240102000000_index', '2024-01-02T00:00:00Z', null, '2024-01-02T00:00:05Z'),
        ('3', '${hashes.sha256[1]}', '20240102000000_index', '2024-01-02T00:00:06Z', '2024-01-02T00:00:07Z', null)`,
    imported: ['20240101000000 books 2024-01-01T00:00:01.000Z', '20240102000000 index 2024-01-02T00:00:07.000Z'],
    otherHash: `update _prisma_migrations set checksum = '${hashes.sha256[0]}' where id = '3'`,
    broken: `update _prisma_migrations set rolled_back_at = null where id = '2'`,
  },
  {
    tool: 'drizzle',
    files: {
      'drizzle.config.ts': '',
      'drizzle/0000_quiet_river.sql': a,
      'drizzle/0001_loud_hill.sql': b.replace(' on books', '\r\n  on books').replace(/\n$/, '\r\n'),
      'drizzle/0002_new_tree.sql': c,
      'drizzle/meta/_journal.json': JSON.stringify({
        version: '7',
        dialect: 'postgresql',
        entries: ['0000_quiet_river', '0001_loud_hill', '0002_new_tree'].map((tag, idx) => ({
          idx,
          tag,
          when: 1_700_000_000_000 + idx,
        })),
      }),
    },
    journal: `create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint);
      insert into drizzle.__drizzle_migrations (hash, created_at) values ('${hashes.sha256[0]}', 1700000000000), ('7be18195b52f6c2d9b416460dfd1930c0a8a48506414884d7cf3ae2bf107d788', 1700000000001)`,
    imported: ['0000 quiet_river', '0001 loud_hill'],
    otherHash: `update drizzle.__drizzle_migrations set hash = '${hashes.sha256[1]}' where id = 2`,
    broken: `insert into drizzle.__drizzle_migrations (hash, created_at) values ('x', 1)`,
  },
  {
    tool: 'drizzle',
    files: {
      'drizzle/20240101000000_quiet_river/migration.sql': a,
      'drizzle/20240101000000_quiet_river/snapshot.json': '{}',
      'drizzle/20240102000000_loud_hill/migration.sql': b,
      'drizzle/20240102000000_loud_hill/snapshot.json': '{}',
      'drizzle/20240103000000_new_tree/migration.sql': c,
      'drizzle/20240103000000_new_tree/snapshot.json': '{}',
    },
    journal: `create schema drizzle; create table drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint, name text);
      insert into drizzle.__drizzle_migrations (hash, created_at, name) values ('${hashes.sha256[0]}', 1704067200000, null), ('${hashes.sha256[1]}', 7, '20240102000000_loud_hill')`,
    imported: ['20240101000000 quiet_river', '20240102000000 loud_hill'],
    otherHash: `update drizzle.__drizzle_migrations set hash = '${hashes.sha256[1]}' where id = 1`,
  },
  {
    tool: 'knex',
    files: {
      'package.json': '{ "dependencies": { "knex": "3" } }',
      'db/migrations/20240101000000_books.js': knexFile(a),
      'db/migrations/20240102000000_index.js': knexFile(b),
      'db/migrations/20240103000000_isbn.js': knexFile(c),
    },
    journal: `create table knex_migrations (id serial primary key, name varchar(255), batch int, migration_time timestamptz);
      create table knex_migrations_lock (index serial primary key, is_locked int);
      insert into knex_migrations_lock (is_locked) values (0);
      insert into knex_migrations (name, batch, migration_time) values ('20240101000000_books.ts', 1, '2024-01-01T00:00:00Z'), ('20240102000000_index.js', 1, '2024-01-02T00:00:00Z')`,
    imported: ['20240101000000 books 2024-01-01T00:00:00.000Z', '20240102000000 index 2024-01-02T00:00:00.000Z'],
    broken: 'update knex_migrations_lock set is_locked = 1',
  },
  {
    tool: 'kysely',
    files: {
      'package.json': '{ "type": "module", "dependencies": { "kysely": "0.28" } }',
      'src/migrations/2024-01-01_books.js': kyselyFile(a),
      'src/migrations/2024-01-02_index.js': kyselyFile(b),
      'src/migrations/2024-01-03_isbn.js': kyselyFile(c),
    },
    journal: `create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);
      create table kysely_migration_lock (id varchar(255) primary key, is_locked int not null default 0);
      insert into kysely_migration_lock values ('migration_lock', 0);
      insert into kysely_migration values ('2024-01-02_index', '2024-01-02T00:00:00.000Z'), ('2024-01-01_books', '2024-01-02T00:00:00.000Z')`,
    imported: ['20240101 books 2024-01-02T00:00:00.000Z', '20240102 index 2024-01-02T00:00:00.000Z'],
    broken: 'update kysely_migration_lock set is_locked = 1',
  },
  {
    tool: 'typeorm',
    files: {
      'package.json': '{ "dependencies": { "typeorm": "1" } }',
      'src/migrations/1700000000001-Books.js': typeormFile('Books1700000000001', a),
      'src/migrations/1700000000002-Index.js': typeormFile('Index1700000000002', b),
      'src/migrations/1700000000003-Isbn.js': typeormFile('Isbn1700000000003', c),
    },
    journal: `create table migrations (id serial primary key, timestamp bigint not null, name varchar not null);
      insert into migrations (timestamp, name) values (1700000000001, 'Books1700000000001'), (1700000000002, 'Index1700000000002')`,
    imported: ['1700000000001 books', '1700000000002 index'],
    broken: `insert into migrations (timestamp, name) values (1600000000000, 'Gone1600000000000')`,
  },
  {
    tool: 'supabase',
    files: {
      'supabase/config.toml': '',
      'supabase/migrations/20240101000000_books.sql': a,
      'supabase/migrations/20240102000000_index.sql': b,
      'supabase/migrations/20240103000000_isbn.sql': c,
    },
    journal: `create schema supabase_migrations; create table supabase_migrations.schema_migrations (version text primary key, statements text[], name text);
      insert into supabase_migrations.schema_migrations values ('20240101000000', array['x'], 'books'), ('20240102000000', null, 'index')`,
    imported: ['20240101000000 books', '20240102000000 index'],
    broken: `insert into supabase_migrations.schema_migrations values ('20230101000000')`,
  },
  {
    tool: 'sqlx',
    files: {
      'Cargo.toml': 'sqlx = "0.8"\n',
      'migrations/20240101000000_books.up.sql': a,
      'migrations/20240101000000_books.down.sql': 'drop table books;\n',
      'migrations/20240102000000_index.up.sql': b,
      'migrations/20240102000000_index.down.sql': 'drop index books_title_idx;\n',
      'migrations/20240103000000_isbn.up.sql': c,
      'migrations/20240103000000_isbn.down.sql': 'alter table books drop column isbn;\n',
    },
    journal: `create table _sqlx_migrations (version bigint primary key, description text not null, installed_on timestamptz not null default now(), success boolean not null, checksum bytea not null, execution_time bigint not null);
      insert into _sqlx_migrations values (20240101000000, 'books', '2024-01-01T00:00:00Z', true, '\\x${hashes.sha384[0]}', 1), (20240102000000, 'index', '2024-01-02T00:00:00Z', true, '\\x${hashes.sha384[1]}', 1)`,
    imported: ['20240101000000 books 2024-01-01T00:00:00.000Z', '20240102000000 index 2024-01-02T00:00:00.000Z'],
    otherHash: `update _sqlx_migrations set checksum = '\\x00' where version = 20240102000000`,
    broken: `update _sqlx_migrations set success = false where version = 20240102000000`,
  },
  {
    tool: 'diesel',
    files: {
      'diesel.toml': '',
      'migrations/2024-01-01-000000_books/up.sql': a,
      'migrations/2024-01-01-000000_books/down.sql': 'drop table books;\n',
      'migrations/20240102000000_index/up.sql': b,
      'migrations/20240103000000_isbn/up.sql': c,
    },
    journal: `create table __diesel_schema_migrations (version varchar(50) primary key, run_on timestamp not null default now());
      insert into __diesel_schema_migrations values ('20240101000000', '2024-01-01'), ('20240102000000', '2024-01-02')`,
    imported: ['20240101000000 books 2024-01-01T00:00:00.000Z', '20240102000000 index 2024-01-02T00:00:00.000Z'],
    broken: `insert into __diesel_schema_migrations values ('20230101000000', now())`,
  },
  {
    tool: 'atlas',
    files: {
      'atlas.hcl': '',
      'migrations/20240101000000_books.sql': a,
      'migrations/20240102000000_index.sql': b,
      'migrations/20240103000000_isbn.sql': c,
      'migrations/atlas.sum': 'h1:x=\n',
    },
    journal: `create schema atlas_schema_revisions; create table atlas_schema_revisions.atlas_schema_revisions (version varchar primary key, description varchar not null, type bigint not null default 2, applied bigint not null default 0, total bigint not null default 0, executed_at timestamptz not null, execution_time bigint not null, error text, error_stmt text, hash varchar not null, partial_hashes jsonb, operator_version varchar not null);
      insert into atlas_schema_revisions.atlas_schema_revisions values
        ('.atlas_cloud_identifier', 'x', 2, 0, 0, '2024-01-01T00:00:00Z', 1, null, null, '', null, 'x'),
        ('20240101000000', 'books', 2, 1, 1, '2024-01-01T00:00:00Z', 1, '', '', '${hashes.atlas[0]}', null, 'x'),
        ('20240102000000', 'index', 2, 1, 1, '2024-01-02T00:00:00Z', 1, null, null, '${hashes.atlas[1]}', null, 'x')`,
    imported: ['20240101000000 books 2024-01-01T00:00:00.000Z', '20240102000000 index 2024-01-02T00:00:00.000Z'],
    otherHash: `update atlas_schema_revisions.atlas_schema_revisions set hash = 'x' where version = '20240102000000'`,
    broken: `update atlas_schema_revisions.atlas_schema_revisions set total = 2, error = 'no' where version = '20240102000000'`,
  },
]

export const schema: string = a + b
