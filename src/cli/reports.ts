import { resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import type { Answer } from '../app/answer.ts'
import { exitCodes } from '../core/error-codes.ts'
import { ToolkitError } from '../core/errors.ts'
import type { ReportStyle } from '../model/report.ts'
import type { CommandContext, CommonFlags } from './command.ts'
import { oneOf } from './command.ts'

/** A report that was asked for; without a file it goes to stdout. */
interface RequestedReport {
  readonly format: string
  output?: string
}

/** `--format` and `--output` of a command that gives several reports at once. */
export class ReportOptions {
  readonly #requested: RequestedReport[] = []
  readonly options: readonly Option[]

  /** `formats`: the values that `--format` takes. */
  constructor(formats: readonly string[]) {
    this.options = [
      new Option(
        '--format <format>',
        `form of the answer: ${formats.join(', ')}; may be repeated, then all but one need an --output`,
      ).argParser((format: string) => this.#add(oneOf('--format', formats)(format))),
      new Option('--output <file>', 'write the --format before it to a file').argParser((file: string) =>
        this.#putInto(file),
      ),
    ]
  }

  /** `--json` is a `--format` like any other, and takes an `--output` like any other. */
  listenTo(command: Command): Command {
    return command.on('option:json', () => this.#add('json'))
  }

  /**
   * What was asked for; for people and to stdout when nothing was.
   *
   * @throws ToolkitError `command-invalid` for two reports that would go to one place
   */
  requested(): readonly Readonly<RequestedReport>[] {
    const [first, second] = this.#requested.filter(({ output }) => output === undefined)
    if (first !== undefined && second !== undefined) {
      throw invalid(
        `--format ${first.format} and --format ${second.format} would both go to stdout.`,
        `Give all but one a file: --format ${second.format} --output FILE`,
      )
    }
    const files = this.#requested.flatMap(({ output }) => output ?? [])
    const twice = files.find((file, index) => files.indexOf(file) !== index)
    if (twice !== undefined)
      throw invalid(`Two reports would be written to "${twice}".`, 'Give each a file of its own.')
    return this.#requested.length === 0 ? [{ format: 'terminal' }] : this.#requested
  }

  #add(format: string): string {
    this.#requested.push({ format })
    return format
  }

  #putInto(file: string): string {
    const last = this.#requested.at(-1)
    if (last === undefined) {
      throw invalid(
        '--output stands before every --format.',
        `It belongs to the one before it: --format sarif --output ${file}`,
      )
    }
    if (last.output !== undefined) {
      throw invalid(
        `--format ${last.format} has two outputs.`,
        `Repeat the format: --format ${last.format} --output ${file}`,
      )
    }
    last.output = file
    return file
  }
}

/** An answer that has several forms. */
interface ReportAnswer {
  readonly exit: Answer['exit']
  as(format: string, style: ReportStyle): Promise<string>
}

/** Writes each report to its place and records how the process ends. */
export async function giveReports(
  answer: ReportAnswer,
  requested: readonly Readonly<RequestedReport>[],
  flags: CommonFlags,
  { terminal, run }: CommandContext,
): Promise<void> {
  const { writeOutput } = await import('../app/write-output.ts')
  for (const { format, output } of requested) {
    // A file keeps no colours and has no width of its own.
    const style = output === undefined ? terminal.style('stdout', flags.color === false ? false : undefined) : inFile
    const text = await answer.as(format, style)
    if (output === undefined) terminal.out(text)
    else await writeOutput(resolve(terminal.cwd, output), output, text)
  }
  run.exitCode = exitCodes[answer.exit]
}

const inFile = { color: false, width: 80 }

function invalid(message: string, hint: string): ToolkitError {
  return new ToolkitError({ code: 'command-invalid', message, hint })
}
