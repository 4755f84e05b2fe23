/** What a process says with its exit code; the same for every command. See `docs/cli.md`. */
export const exitCodes = {
  ok: 0,
  no: 1,
  usage: 2,
  pending: 3,
  locked: 4,
  gateClosed: 5,
  cannotConnect: 6,
  unsafePlace: 7,
  halfway: 8,
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const

export type ExitName = keyof typeof exitCodes

/** Every error code there is: how the process ends, and what it means in one sentence. Adding one is adding a line. */
export const errorCodes = {
  'command-invalid': { exit: 'usage', meaning: 'An option, argument or command is not known or lacks its value.' },
  'config-invalid': { exit: 'usage', meaning: 'The configuration file has a key or a value that is not allowed.' },
  'config-unreadable': { exit: 'usage', meaning: 'The configuration file cannot be read or run.' },
  'duration-invalid': { exit: 'usage', meaning: 'A duration is not a number with a unit such as 30s or 7d.' },
  'url-missing': { exit: 'usage', meaning: 'No database was named, and none is ever guessed.' },
  'url-invalid': {
    exit: 'usage',
    meaning: 'The database URL cannot be read or names a kind of server that is not supported.',
  },
  'service-invalid': {
    exit: 'usage',
    meaning: 'A connection service (service=, PGSERVICE) is not known, or its file cannot be read.',
  },
  'directory-missing': { exit: 'usage', meaning: 'The directory of migrations does not exist.' },
  'directory-empty': { exit: 'usage', meaning: 'There is no migration in the directory.' },
  'file-unreadable': { exit: 'usage', meaning: 'A file cannot be read.' },
  'output-unwritable': { exit: 'usage', meaning: 'A file cannot be written.' },
  'file-changed': { exit: 'usage', meaning: 'A file changed while it was being fixed; nothing was written.' },
  'fix-refused': {
    exit: 'usage',
    meaning: 'Which migrations are applied already cannot be told, so none is changed.',
  },
  'baseline-invalid': { exit: 'usage', meaning: 'The file of known findings is not one that lint has written.' },
  'snapshot-invalid': {
    exit: 'usage',
    meaning: 'The snapshot of a database is damaged, or of another version than this program knows.',
  },
  'queries-invalid': {
    exit: 'usage',
    meaning: 'A file of captured queries is not one that this tool writes, or is of a newer version.',
  },
  'queries-unavailable': {
    exit: 'usage',
    meaning: 'A source of queries has nothing to give: pg_stat_statements is not there, or files hold no statement.',
  },
  'git-failed': {
    exit: 'usage',
    meaning: 'What a branch or the next commit changes cannot be told: no git, no repository, or not enough history.',
  },
  'file-exists': { exit: 'usage', meaning: 'A file that would be written exists already; nothing is overwritten.' },
  'file-not-utf8': { exit: 'usage', meaning: 'A file is not valid UTF-8.' },
  'migration-name-invalid': {
    exit: 'usage',
    meaning: 'A file name does not start with an id, or an id or name is malformed.',
  },
  'migration-duplicate': { exit: 'usage', meaning: 'Two migrations have one id.' },
  'migration-unknown': { exit: 'usage', meaning: 'A migration was named that does not exist.' },
  'migration-empty': { exit: 'usage', meaning: 'A migration file has no up section, or it holds no statement.' },
  'migration-without-down': {
    exit: 'no',
    meaning: 'A migration has no down section and does not declare that it has none.',
  },
  'directive-unknown': { exit: 'usage', meaning: 'A `-- migrate:` directive is misspelt.' },
  'directive-invalid': {
    exit: 'usage',
    meaning: 'A directive is in the wrong place, lacks a part, or has an option it does not take.',
  },
  'layout-unknown': {
    exit: 'usage',
    meaning: 'The layout named with --layout does not exist, or the files do not fit any.',
  },
  'layout-unfit': { exit: 'usage', meaning: 'No file looks like one of the layout that was named.' },
  'layout-ambiguous': {
    exit: 'usage',
    meaning: 'Several tools write migrations like these and run them differently, so the layout has to be named.',
  },
  'layout-not-run': { exit: 'usage', meaning: 'The migrations are those of another tool, which has to run them.' },
  'program-unrunnable': {
    exit: 'usage',
    meaning: 'Migrations are programs, and what is needed to run them is not installed in the project.',
  },
  'rule-unknown': { exit: 'usage', meaning: 'A rule is named that does not exist.' },
  'gate-unknown': { exit: 'usage', meaning: 'A gate is named that does not exist.' },
  'gate-invalid': { exit: 'usage', meaning: 'A gate lacks an option or has one that it does not take.' },
  'sql-syntax': { exit: 'no', meaning: 'The server’s grammar does not accept a statement.' },
  'sql-not-understood': {
    exit: 'no',
    meaning: 'A statement cannot be judged, so nothing that depends on judging it is done.',
  },
  'plan-invalid': {
    exit: 'usage',
    meaning: 'A run plan is damaged, was edited, or is of a newer version than this program knows.',
  },
  'plan-other-tool': { exit: 'no', meaning: 'A run plan was made by another version of this tool.' },
  'plan-other-target': { exit: 'unsafePlace', meaning: 'A run plan was made for another database.' },
  'plan-other-files': { exit: 'no', meaning: 'Migrations were changed after a run plan had been made from them.' },
  'plan-other-history': {
    exit: 'no',
    meaning: 'The journal says something else than when the run plan was made: another run was at work.',
  },
  'plan-other-schema': { exit: 'no', meaning: 'The live schema was changed after the run plan had been made.' },
  'plan-impossible': {
    exit: 'no',
    meaning: 'No recipe gives a safe way for this change, or the change needs facts that are missing.',
  },
  'transaction-control': {
    exit: 'usage',
    meaning: 'A migration begins or ends a transaction itself, which is the runner’s to do.',
  },
  'session-control': {
    exit: 'usage',
    meaning: 'A migration gives up what the runner holds in its session: DISCARD ALL, pg_advisory_unlock_all().',
  },
  'backfill-invalid': {
    exit: 'usage',
    meaning: 'A backfill cannot be cut into batches: wrong statement, table or key.',
  },
  'seed-failed': { exit: 'usage', meaning: 'A file of rows for scratch databases does not apply.' },
  'migration-failed': { exit: 'no', meaning: 'A migration failed and was rolled back.' },
  'migration-halfway': {
    exit: 'halfway',
    meaning: 'A step outside a transaction stopped half-way; the next run resumes it.',
  },
  'backfill-halfway': { exit: 'halfway', meaning: 'A backfill stopped between two batches; the next run resumes it.' },
  'check-failed': {
    exit: 'no',
    meaning: 'What is asked after a migration was answered with no, and its downgrade was run.',
  },
  'check-unreverted': {
    exit: 'halfway',
    meaning: 'What is asked after a migration was answered with no, and it stays applied; the next run asks again.',
  },
  'history-edited': { exit: 'no', meaning: 'A file was changed after it had been applied.' },
  'history-deleted': { exit: 'no', meaning: 'A migration that is applied has no file any more.' },
  'history-late': {
    exit: 'no',
    meaning: 'A migration with an older id than the newest applied one is not applied yet.',
  },
  'adoption-refused': {
    exit: 'no',
    meaning:
      'Migrations cannot be written down as applied: the journal has rows, or the database lacks what they make.',
  },
  'import-refused': {
    exit: 'no',
    meaning: 'The journal of another tool cannot be taken over as it is: something failed, was edited or has no file.',
  },
  'repair-refused': {
    exit: 'no',
    meaning: 'What `migrate repair` was told to mend is not there, or changed before it could be mended.',
  },
  'lock-file-stale': {
    exit: 'no',
    meaning:
      'migrate.lock does not say what the migrations say: one was added, edited or deleted since it was written.',
  },
  'lock-file-invalid': {
    exit: 'no',
    meaning: 'migrate.lock holds the marks of a merge, or was not written by this tool.',
  },
  'lint-failed': { exit: 'no', meaning: '`up --safe` refuses because lint has errors.' },
  'proof-missing': { exit: 'no', meaning: 'A downgrade was not verified, and it is not declared irreversible.' },
  'proof-broken': { exit: 'no', meaning: 'A downgrade was verified and does not work.' },
  'schema-unknown': {
    exit: 'no',
    meaning: '`up --safe` cannot tell what the live schema should be, because something applied has no valid proof.',
  },
  'schema-differs': {
    exit: 'no',
    meaning: 'The live schema is not the one that the proofs of what is pending begin with.',
  },
  'disk-short': { exit: 'no', meaning: 'What is pending may write more than there is room for on the disk.' },
  'disk-unknown': {
    exit: 'no',
    meaning: 'What is pending may write much, and how much room the disk of the server has is not known.',
  },
  'downgrade-refused': { exit: 'no', meaning: 'A migration is declared irreversible or has no down section.' },
  'gate-closed': { exit: 'gateClosed', meaning: 'A gate is closed or cannot be asked; nothing behind it was changed.' },
  'lock-timeout': {
    exit: 'locked',
    meaning: 'A lock on a table was not obtained in any of the attempts; nothing was changed.',
  },
  'runner-locked': { exit: 'locked', meaning: 'Another run holds the lock of this database.' },
  'lease-lost': { exit: 'locked', meaning: 'The lease of a run ran out, and another run has it or may have it.' },
  'cannot-connect': { exit: 'cannotConnect', meaning: 'The server cannot be reached or refuses the connection.' },
  'authentication-failed': { exit: 'cannotConnect', meaning: 'The server refuses the user or the password.' },
  'watcher-unavailable': {
    exit: 'cannotConnect',
    meaning: 'There is no connection left for the session that watches a run, and `up --safe` does not run unwatched.',
  },
  'password-command-failed': {
    exit: 'cannotConnect',
    meaning: 'The command that gives the password failed, took too long or printed nothing.',
  },
  'certificate-refused': {
    exit: 'unsafePlace',
    meaning: 'The certificate of the server is not signed by who it should be, or is for another name.',
  },
  'secret-exposed': { exit: 'usage', meaning: 'A file with a secret can be read by others.' },
  'connection-lost': { exit: 'cannotConnect', meaning: 'The connection broke while a command was running.' },
  'read-only-server': {
    exit: 'unsafePlace',
    meaning: 'The server is a read-only replica or its sessions are read-only.',
  },
  'permission-denied': {
    exit: 'unsafePlace',
    meaning: 'The role of the session may not do what the command needs.',
  },
  'role-unknown': { exit: 'usage', meaning: 'The role that the session was to take does not exist on the server.' },
  'server-refused': {
    exit: 'no',
    meaning: 'The server refused a statement that the tool itself needs, and said why.',
  },
  'transaction-pooler': {
    exit: 'unsafePlace',
    meaning: 'The connection goes through a pooler that gives each transaction another session.',
  },
  'label-mismatch': {
    exit: 'unsafePlace',
    meaning: 'The database does not have the label that was expected, or has one already that was not named.',
  },
  'label-copied': {
    exit: 'unsafePlace',
    meaning: 'The label in the database was given to another one, which this is a copy of.',
  },
  'label-needed': {
    exit: 'unsafePlace',
    meaning: 'Something that destroys was asked for on a labelled database without naming its label.',
  },
  'journal-newer': {
    exit: 'unsafePlace',
    meaning: 'The journal in the database was written by a newer version of this tool.',
  },
  'journal-unreadable': {
    exit: 'unsafePlace',
    meaning: 'The journal in the database does not have the shape it must have.',
  },
  'shadow-unavailable': { exit: 'cannotConnect', meaning: 'No scratch database can be had for the proof.' },
  'shadow-refused': {
    exit: 'unsafePlace',
    meaning: 'The database named with --shadow-url is not empty, or it is the target.',
  },
  'side-effect-refused': {
    exit: 'unsafePlace',
    meaning:
      'A migration would act outside the scratch database that it is verified on: files, programs, other servers.',
  },
  'confirmation-missing': {
    exit: 'usage',
    meaning: 'Something irreversible was asked for without --yes and without a terminal to ask on.',
  },
  interrupted: { exit: 'interrupted', meaning: 'The run was interrupted; what was open was rolled back.' },
  terminated: { exit: 'terminated', meaning: 'The run was told to end; what was open was rolled back.' },
  bug: { exit: 'bug', meaning: 'Something that cannot happen did. Please report it.' },
} as const

export type ErrorCode = keyof typeof errorCodes
