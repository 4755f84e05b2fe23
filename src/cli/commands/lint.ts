import { Option } from 'commander'
import type { Command } from 'commander'
import type { CommandContext, CommonFlags } from '../command.ts'
import { reporterIds } from '../../app/report-formats.ts'
import type { RuleChoice, RuleSetting } from '../../app/config/lint.ts'
import { ToolkitError } from '../../core/errors.ts'
import { suggestion } from '../../core/text.ts'
import type { Severity } from '../../model/finding.ts'
import type { FixRequest } from '../../app/answers/fix.ts'
import { give, newCommand, oneOf, toolkitFor, wholeNumber } from '../command.ts'
import { giveReports, ReportOptions } from '../reports.ts'

interface LintFlags extends CommonFlags {
  readonly target?: number
  readonly inTransaction?: boolean
  readonly failOn?: Severity
  readonly preset?: NonNullable<RuleChoice['presets']>
  readonly rule?: Readonly<Record<string, RuleSetting>>
  readonly changed?: boolean
  readonly base?: string
  readonly staged?: boolean
  readonly baseline?: string
  readonly updateBaseline?: boolean
  readonly snapshot?: string
  readonly fix?: boolean
  readonly dryRun?: boolean
}

/** `migrate lint [paths…]`. */
export function lintCommand(context: CommandContext): Command {
  const reports = new ReportOptions(reporterIds)
  const command = newCommand(
    'lint',
    'what would lock, rewrite, lose data or break, and what to write instead',
    reports.options,
  )
  return reports
    .listenTo(command)
    .description(
      'Reads migrations and says what would lock, rewrite, lose data or break the running version, and what to write ' +
        'instead. Offline: no database is needed, and none is asked but with --url. Files named one by one are one history in the order given; a ' +
        'directory is one in the order of its ids; "-" reads standard input.',
    )
    .argument('[paths...]', 'files or one directory (default: the directory of the migrations)')
    .addOption(
      new Option(
        '--target <major>',
        'major version of the server, 14 to 18 (default: that of --url or --snapshot, else 18)',
      ).argParser(wholeNumber('--target', 1, '--target 15')),
    )
    .option('--in-transaction', 'the runner of these files wraps each in a transaction')
    .option('--no-in-transaction', 'the runner of these files runs each statement by itself')
    .option('--no-cache', 'work everything out anew')
    .addOption(
      new Option('--preset <name>', `ask these rules too: ${presetNames.join(', ')}; may be repeated`).argParser(
        (value: string, before?: readonly string[]) => [...(before ?? []), oneOf('--preset', presetNames)(value)],
      ),
    )
    .addOption(
      new Option('--rule <id=severity>', `severity of a rule: ${severities.join(', ')}; may be repeated`).argParser(
        ruleSetting,
      ),
    )
    .addOption(
      new Option(
        '--fail-on <severity>',
        'the mildest finding that makes the exit code 1: error, warning, info (default: warning)',
      ).argParser(oneOf('--fail-on', ['error', 'warning', 'info'])),
    )
    .option('--changed', 'only what the branch adds or changes; the rest is history')
    .option(
      '--base <ref>',
      'with --changed and --fix: what the branch is compared with (default: origin/HEAD, main or master)',
    )
    .option('--staged', 'only what the next commit adds or changes, with the text that it would hold')
    .option(
      '--url <url>',
      'judge what is not applied there yet, on what it holds; DATABASE_URL is never asked for this',
    )
    .option('--snapshot <file>', 'the same with a file that "migrate snapshot" wrote')
    .option('--baseline <file>', 'known findings: they are counted and do not fail')
    .option(
      '--update-baseline',
      'write the baseline: when there is none all findings, else without those that are gone',
    )
    .option('--fix', 'mend what can be mended without harm: only migrations that are not applied yet')
    .option('--dry-run', 'with --fix: show the difference and write nothing; exit code 1 when there is any')
    .addHelpText('after', lintHelp)
    .action(async (paths: string[], flags: LintFlags) => {
      const requested = reports.requested()
      checkScope(paths, flags)
      checkFix(flags)
      const toolkit = await toolkitFor(flags, context)
      if (flags.fix === true) {
        give(await toolkit.fix({ ...requestOf(paths, flags), dryRun: flags.dryRun === true }), flags, context)
        return
      }
      const stdin = paths.includes('-') ? await context.terminal.readStdin() : undefined
      const answer = await toolkit.lint({ ...requestOf(paths, flags), stdin, updateBaseline: flags.updateBaseline })
      await giveReports(answer, requested, flags, context)
      for (const note of answer.notes) context.terminal.err(`${note}\n`)
    })
}

function requestOf(paths: readonly string[], flags: LintFlags): Omit<FixRequest, 'dryRun'> {
  return {
    paths,
    target: flags.target,
    inTransaction: flags.inTransaction,
    failOn: flags.failOn,
    choice: { presets: flags.preset, rules: flags.rule },
    changed: flags.changed === true ? { base: flags.base } : undefined,
    staged: flags.staged,
    baseline: flags.baseline,
    base: flags.base,
    url: flags.url,
    snapshot: flags.snapshot,
  }
}

function checkFix({ fix, dryRun, format, updateBaseline }: LintFlags): void {
  const invalid = (message: string, hint: string): ToolkitError =>
    new ToolkitError({ code: 'command-invalid', message, hint })
  if (fix !== true) {
    if (dryRun === true) throw invalid('--dry-run says what --fix would write.', 'migrate lint --fix --dry-run')
    return
  }
  if (updateBaseline === true)
    throw invalid('--fix and --update-baseline exclude each other.', 'Run one after the other.')
  if (format !== undefined && format !== 'terminal' && format !== 'json')
    throw invalid(`--fix has no form "${format}".`, 'Leave it out, or use --json. Reports: migrate lint, afterwards.')
}

function checkScope(paths: readonly string[], { base, changed, staged, fix }: LintFlags): void {
  const invalid = (message: string, hint: string): ToolkitError =>
    new ToolkitError({ code: 'command-invalid', message, hint })
  if (base !== undefined && changed !== true && fix !== true)
    throw invalid('--base says what --changed compares with.', `migrate lint --changed --base ${base}`)
  if (paths.includes('-') && (changed === true || staged === true))
    throw invalid(
      'Standard input is in no repository.',
      'Name files or a directory, or leave --changed and --staged out.',
    )
}

const presetNames = ['recommended', 'strict', 'style'] as const
const severities = ['error', 'warning', 'info', 'off'] as const

/** `drop-table=off`, added to those before it. */
function ruleSetting(value: string, before: Readonly<Record<string, RuleSetting>> = {}): Record<string, RuleSetting> {
  const [id = '', severity, ...rest] = value.split('=')
  const known = severities.find((one) => one === severity)
  if (known !== undefined && rest.length === 0) return { ...before, [id]: known }
  throw new ToolkitError({
    code: 'command-invalid',
    message: `--rule takes a rule and a severity, not "${value}".`,
    hint: severity === undefined ? `For example: --rule ${id}=warning` : suggestion(severity, severities),
  })
}

const lintHelp = `
Examples:
  migrate lint                          the whole directory of migrations
  migrate lint migrations/2026*.sql     these files, as one history
  echo "drop table books" | migrate lint --layout plain -
  migrate lint --json | jq '.findings[].rule'
  migrate lint --preset strict --rule drop-table=warning
  migrate lint --changed --base origin/main                only what a branch brings
  migrate lint --staged                                    in a hook before a commit
  migrate lint --format terminal --format sarif --output lint.sarif
  migrate lint --baseline lint-baseline.json --update-baseline
  migrate lint --url postgres://reader@replica/shop        what is pending there, with the sizes of its tables
  migrate lint --fix --dry-run                             what would be mended, as a difference
  migrate lint --fix migrations/20261101093000_add_isbn.sql

Several formats at once: each --output belongs to the --format before it; one format may go to stdout.

A finding is allowed, with a reason, by a line above the statement:
  -- migrate:allow drop-table because the table was only ever used in staging
`
