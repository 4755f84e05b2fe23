/**
 * The journal's own migrations: the journal is at version n when the first n have run. Numbered, never edited, only
 * added to; each runs in the journal's schema, which is first on the search path while it does.
 */
export const journalVersions: readonly string[] = [
  `
  create table run (
    id integer generated always as identity primary key,
    command text not null,
    by_user text not null,
    host text not null,
    process integer not null,
    tool text not null,
    git_sha text,
    ci_url text,
    started_at timestamp with time zone not null default clock_timestamp(),
    ended_at timestamp with time zone,
    outcome text check (outcome in ('done', 'failed')),
    error_code text,
    error text
  );
  create table migration (
    id text primary key,
    name text not null,
    sha256 text not null,
    meaning text not null,
    phase text not null check (phase in ('expand', 'backfill', 'contract')),
    change text,
    down text,
    down_transaction boolean not null,
    applied_at timestamp with time zone not null default clock_timestamp(),
    position integer generated always as identity unique,
    run integer not null references run (id)
  );
  create table step (
    id integer generated always as identity primary key,
    run integer not null references run (id),
    migration text not null,
    direction text not null check (direction in ('up', 'down')),
    statement integer,
    event text not null check (event in ('intent', 'done', 'failed', 'rolled-back', 'deferred')),
    sql text,
    attempt integer,
    lock_wait_ms double precision,
    duration_ms double precision,
    error text,
    sql_state text,
    at timestamp with time zone not null default clock_timestamp()
  );
  create index step_migration_idx on step (migration, id);
  create table backfill (
    migration text primary key,
    status text not null check (status in ('running', 'done')),
    cursor text,
    upper_bound text,
    rows_done bigint not null,
    rows_changed bigint not null,
    rows_estimated bigint not null,
    started_at timestamp with time zone not null default clock_timestamp(),
    updated_at timestamp with time zone not null default clock_timestamp()
  );
  create table verdict (
    id integer generated always as identity primary key,
    run integer not null references run (id),
    migration text not null,
    gate text not null,
    options jsonb not null,
    status text not null check (status in ('open', 'closed', 'unknown')),
    reason text not null,
    at timestamp with time zone not null default clock_timestamp()
  );
  create table approval (
    id integer generated always as identity primary key,
    subject text not null,
    by_user text not null,
    digest text not null,
    at timestamp with time zone not null default clock_timestamp()
  );
  `,
  `
  alter table step
    drop constraint step_event_check,
    add constraint step_event_check check (
      event in ('intent', 'done', 'failed', 'rolled-back', 'deferred', 'baselined', 'imported', 'forgotten')
    );
  create table repair (
    id integer generated always as identity primary key,
    run integer not null references run (id),
    migration text,
    action text not null,
    state_before jsonb not null,
    state_after jsonb not null,
    at timestamp with time zone not null default clock_timestamp()
  );
  `,
  // The digest of the run plan that a run was held to.
  `alter table run add column plan text;`,
  `
  alter table run add column sql_state text;
  alter table step add column position integer;
  `,
  `
  alter table run add column backend integer, add column watcher integer;
  `,
  `
  create table label (
    id integer generated always as identity primary key,
    name text not null,
    system_identifier bigint not null,
    database_oid bigint not null,
    run integer not null references run (id),
    at timestamp with time zone not null default clock_timestamp()
  );
  `,
  `
  create table lease (
    single boolean primary key default true check (single),
    token bigint not null,
    holder text,
    acquired_at timestamp with time zone not null default clock_timestamp(),
    expires_at timestamp with time zone not null
  );
  `,
  // What is asked after a migration.
  `
  alter table step
    drop constraint step_event_check,
    add constraint step_event_check check (
      event in ('intent', 'done', 'failed', 'rolled-back', 'deferred', 'baselined', 'imported', 'forgotten',
                'check-due', 'checked', 'check-failed')
    );
  `,
  // Some providers let no role ask for the identifier of the server.
  `alter table label alter column system_identifier drop not null;`,
  // How large the table was that a statement read or wrote as a whole.
  `
  alter table step
    add column work text check (work in ('read', 'rewrite', 'index')),
    add column bytes bigint;
  `,
]
