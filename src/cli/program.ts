import { Command } from 'commander'
import type { CommandContext, Run } from './command.ts'
import { approveCommand } from './commands/approve.ts'
import { baselineCommand } from './commands/baseline.ts'
import { downCommand } from './commands/down.ts'
import { driftCommand } from './commands/drift.ts'
import { explainCommand } from './commands/explain.ts'
import { gateCommand } from './commands/gate.ts'
import { importCommand } from './commands/import.ts'
import { initCommand } from './commands/init.ts'
import { lintCommand } from './commands/lint.ts'
import { lockCommand } from './commands/lock.ts'
import { newMigrationCommand } from './commands/new.ts'
import { planCommand } from './commands/plan.ts'
import { queriesCommand } from './commands/queries.ts'
import { repairCommand } from './commands/repair.ts'
import { snapshotCommand } from './commands/snapshot.ts'
import { statusCommand } from './commands/status.ts'
import { upCommand } from './commands/up.ts'
import { verifyCommand } from './commands/verify.ts'
import type { Terminal } from './terminal.ts'
import { toolVersion } from '../core/tool-version.ts'

/** By their names, in the order of the help. */
const commands: Readonly<Record<string, (context: CommandContext) => Command>> = {
  init: initCommand,
  new: newMigrationCommand,
  lint: lintCommand,
  lock: lockCommand,
  plan: planCommand,
  verify: verifyCommand,
  up: upCommand,
  down: downCommand,
  status: statusCommand,
  drift: driftCommand,
  baseline: baselineCommand,
  import: importCommand,
  repair: repairCommand,
  snapshot: snapshotCommand,
  queries: queriesCommand,
  approve: approveCommand,
  gate: gateCommand,
  explain: explainCommand,
}

/**
 * The whole command line; where its first word names a command, with that one alone: to make all of them takes 4 ms.
 * Building it loads no engine.
 */
export function buildProgram(terminal: Terminal, run: Run, word?: string): Command {
  const context: CommandContext = { terminal, run }
  const program = new Command('migrate')
    .description('Schema changes that are safe for software deployed continuously. PostgreSQL first.')
    .version(toolVersion, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'help for a command')
    .addHelpText('after', programHelp)
  const builders = Object.entries(commands)
  const named = builders.filter(([name]) => name === word)
  for (const [, build] of named.length > 0 ? named : builders) program.addCommand(build(context))
  for (const command of [program, ...program.commands, ...program.commands.flatMap(({ commands: inner }) => inner)])
    quieten(command, terminal)
  return program
}

/** Errors become `ToolkitError`s with one look instead of commander's own lines; help goes to stdout. */
function quieten(command: Command, terminal: Terminal): void {
  command.exitOverride()
  command.showSuggestionAfterError(true)
  command.configureOutput({
    writeOut: (text) => terminal.out(text),
    writeErr: () => undefined,
    outputError: () => undefined,
    getOutHelpWidth: () => Math.min(terminal.style('stdout').width, 100),
  })
}

const programHelp = `
Examples:
  migrate init                                 begin in a project: config, directory, CI job, hook
  migrate new add-author-to-books              a migration from a template
  migrate lint                                 what would lock, rewrite, lose or break
  migrate plan -e "alter table books alter column title set not null"
  migrate verify                               is each downgrade good? on a scratch server
  migrate up --safe --url postgres://…         apply what is proven and what gates allow
  migrate status --url postgres://…            applied, pending, held back and why

Exit codes: 0 nothing to say · 1 the answer is no · 2 asked wrongly · 3 pending · 4 locked, retry
  5 a gate is closed · 6 cannot connect · 7 unsafe place · 8 stopped half-way, resumable · 70 a bug
`
