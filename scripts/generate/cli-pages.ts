import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command, Option } from 'commander'
import { page, table } from './markdown.ts'
import type { Output } from './output.ts'

const blockStart = '<!-- generated: commands -->'
const blockEnd = '<!-- /generated: commands -->'

/** `docs/cli.md`, and the block of commands in the README, where it has the markers. */
export async function cliOutputs(root: string): Promise<readonly Output[]> {
  const { buildProgram } = await import('../../src/cli/program.ts')
  const { processTerminal } = await import('../../src/cli/terminal.ts')
  const program = buildProgram(processTerminal(), { exitCode: 0 })
  return [{ path: 'docs/cli.md', text: cliPage(program) }, ...readmeOutput(program, root)]
}

function readmeOutput(program: Command, root: string): readonly Output[] {
  const file = join(root, 'README.md')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const start = text.indexOf(blockStart)
  if (start === -1) return []
  const end = text.indexOf(blockEnd, start)
  if (end === -1) throw new Error(`README.md has "${blockStart}" and no "${blockEnd}" after it.`)
  const rows = leaves(program).map((leaf) => [
    `\`${leaf.usage}\``,
    leaf.command.summary() || leaf.command.description(),
  ])
  const block = `${blockStart}\n\n${table(['command', 'what it answers'], rows)}\n\n`
  return [{ path: 'README.md', text: text.slice(0, start) + block + text.slice(end) }]
}

function cliPage(program: Command): string {
  const commands = leaves(program)
  const shared = sharedOptions(commands.map(({ command }) => command))
  const sharedFlags = new Set(shared.map((option) => option.flags))
  return page(
    `# ${program.name()}`,
    program.description(),
    'Exit codes and error codes: [errors.md](errors.md).',
    ...commands.flatMap((leaf) => commandBlocks(leaf, program.name(), sharedFlags)),
    ...(shared.length === 0 ? [] : ['## Options of every command', optionTable(shared)]),
  )
}

/** A command that does something, and what is typed to run it. */
interface Leaf {
  readonly command: Command
  readonly name: string
  readonly usage: string
}

/** The commands that do something, those of `queries` and the like one by one. */
function leaves(program: Command, above = ''): readonly Leaf[] {
  return visible(program).flatMap((command) => {
    const name = above + command.name()
    return command.commands.length > 0
      ? leaves(command, `${name} `)
      : [{ command, name, usage: above + usageOf(command) }]
  })
}

function commandBlocks(
  { command, name, usage }: Leaf,
  parent: string,
  sharedFlags: ReadonlySet<string>,
): readonly string[] {
  const own = command.options.filter((option) => !option.hidden && !sharedFlags.has(option.flags))
  const described = command.registeredArguments.filter((argument) => argument.description !== '')
  const rows = described.map((argument) => [`\`${argument.name()}\``, argument.description])
  return [
    `## ${parent} ${name}`,
    ...new Set([command.summary(), command.description()]),
    `\`\`\`sh\n${parent} ${usage}\n\`\`\``,
    ...(rows.length === 0 ? [] : [table(['argument', 'meaning'], rows)]),
    ...(own.length === 0 ? [] : [optionTable(own)]),
  ]
}

/** Options that all commands have with the same words: described once. */
function sharedOptions(commands: readonly Command[]): readonly Option[] {
  const [first, ...others] = commands
  const same = (a: Option, b: Option): boolean => a.flags === b.flags && a.description === b.description
  const everywhere = (option: Option): boolean =>
    others.every((command) => command.options.some((own) => same(own, option)))
  return (first?.options ?? []).filter((option) => !option.hidden && everywhere(option))
}

function optionTable(options: readonly Option[]): string {
  const rows = options
    .filter((option) => !option.hidden)
    .map((option) => [`\`${option.flags}\``, option.description + fallbackOf(option)])
  return table(['option', 'meaning'], rows)
}

/** What help says after an option: its default and its choices. */
function fallbackOf(option: Option): string {
  const choices = option.argChoices === undefined ? '' : ` (${option.argChoices.join(', ')})`
  const fallback: unknown = option.defaultValueDescription ?? option.defaultValue
  const said = typeof fallback === 'string' || typeof fallback === 'number' ? ` (default: ${fallback})` : ''
  return choices + said
}

function visible(command: Command): readonly Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((child) => child.name() !== 'help')
}

function usageOf(command: Command): string {
  return [command.name(), ...command.registeredArguments.map(argumentText)].join(' ')
}

function argumentText(argument: Command['registeredArguments'][number]): string {
  const name = argument.name() + (argument.variadic ? '…' : '')
  return argument.required ? `<${name}>` : `[${name}]`
}
