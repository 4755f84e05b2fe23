import { spawn } from 'node:child_process'
import { styleText } from 'node:util'
import { fileURLToPath } from 'node:url'
import { wantsColor } from '../../src/cli/terminal.ts'

const bin = fileURLToPath(new URL('../../bin/migrate.js', import.meta.url))
const color = wantsColor(process.stdout.isTTY === true, process.env)

/** How a command must end, and what its output must hold. */
export interface Expected {
  readonly exit: number
  readonly shows: readonly string[]
}

export function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function heading(title: string, explanation: string): void {
  say(`\n${paint('bold', title)}\n${explanation}`)
}

/** Runs the real command line in `cwd`, shows what it prints, and stops the demo when it does not go as told. */
export function commandRunner(
  cwd: string,
  url: string,
): (args: readonly string[], expected: Expected) => Promise<void> {
  return async (args, expected) => {
    say(paint('dim', `\n$ ${commandLine(args)}`))
    const { code, output } = await runCommand(args, cwd, url)
    const missing = expected.shows.filter((text) => !output.includes(text))
    if (code === expected.exit && missing.length === 0) return
    throw new Error(
      `The demo did not go as told: "${commandLine(args)}" ended with ${code}, not ${expected.exit}` +
        (missing.length === 0 ? '.' : `, and its output lacks: ${missing.join(', ')}.`),
    )
  }
}

/** As one would type it: arguments with spaces in quotes. */
function commandLine(args: readonly string[]): string {
  return ['migrate', ...args.map((word) => (/\s/.test(word) ? JSON.stringify(word) : word))].join(' ')
}

function runCommand(
  args: readonly string[],
  cwd: string,
  url: string,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, DATABASE_URL: url, ...(color ? { FORCE_COLOR: '1' } : {}) }
    // stderr goes to the terminal as it is, so that progress is drawn in place.
    const child = spawn(process.execPath, [bin, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text
      process.stdout.write(text)
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

function paint(look: 'bold' | 'dim', text: string): string {
  return color ? styleText(look, text, { validateStream: false }) : text
}
